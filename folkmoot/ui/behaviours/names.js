// People are proposed while one types a name; what does it is fetched, from data-names, with the first letter.
behaviour("names", (field) => {
  field.addEventListener("input", () => import(field.dataset.names).then(({ proposeIn }) => proposeIn(field)), { once: true });
});
