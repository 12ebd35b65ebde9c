// Of a row that is wider than the screen, what is current stands in view.
behaviour("tabs", (row) => {
  const current = row.querySelector("[aria-current]");
  if (!current) return;
  const [inner, outer] = [current, row].map((element) => element.getBoundingClientRect());
  row.scrollLeft += inner.left + inner.width / 2 - outer.left - outer.width / 2;
});
