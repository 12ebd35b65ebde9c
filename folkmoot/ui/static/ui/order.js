// A list whose items can be dragged; what is dropped is sent by the form that data-form names. Buttons do the same.
for (const list of document.querySelectorAll("[data-form]")) {
  const form = document.getElementById(list.dataset.form);
  let held;
  list.dataset.draggable = "";
  for (const item of list.children) item.draggable = true;
  for (const handle of list.querySelectorAll(".handle")) handle.hidden = false;
  list.addEventListener("dragstart", (event) => {
    held = event.target.closest("li");
    held.classList.add("dragged");
  });
  list.addEventListener("dragover", (event) => {
    const over = event.target.closest("li");
    if (!held || !over) return;
    event.preventDefault();
    const box = over.getBoundingClientRect();
    if (over !== held) over[event.clientY > box.top + box.height / 2 ? "after" : "before"](held);
  });
  list.addEventListener("dragend", () => {
    for (const { dataset } of list.children) {
      form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "item", value: dataset.item }));
    }
    form.submit();
  });
}
