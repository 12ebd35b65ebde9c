// Names that are proposed while somebody types, in a list under the field: arrows choose, Enter or Tab takes what is
// chosen, Escape leaves. `begun` gives what is typed of a name, or null; `take` puts an option in its place.
let lists = 0;
export const propose = (field, { address, people, hint }, { begun, take, heard = field, eager = false }) => {
  const list = Object.assign(document.createElement("ul"), { className: "names", id: `names-${(lists += 1)}`, hidden: true });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", people);
  const said = Object.assign(document.createElement("p"), { className: "visually-hidden" });
  said.setAttribute("role", "status");
  field.after(list, said);
  field.setAttribute("aria-controls", list.id);
  field.setAttribute("aria-autocomplete", "list");
  let at = -1, timer, asked = 0;
  const shut = () => {
    clearTimeout(timer);
    list.hidden = true;
    list.replaceChildren();
    said.textContent = "";
    field.removeAttribute("aria-activedescendant");
    at = -1;
    asked += 1;
  };
  const choose = (number) => {
    const options = [...list.children];
    at = (number + options.length) % options.length;
    options.forEach((option, place) => {
      option.id = `${list.id}-${place}`;
      option.setAttribute("aria-selected", String(place === at));
    });
    field.setAttribute("aria-activedescendant", `${list.id}-${at}`);
    options[at].scrollIntoView({ block: "nearest" });
  };
  const taken = (option) => {
    take(option);
    shut();
  };
  const ask = () => {
    clearTimeout(timer);
    const name = begun();
    if (!name) return shut();
    timer = setTimeout(async () => {
      const turn = (asked += 1);
      const answer = await fetch(`${address}?q=${encodeURIComponent(name)}`, { headers: { "HX-Request": "true" } }).catch(() => null);
      const names = answer?.ok ? await answer.text() : "";
      if (turn !== asked) return;
      list.innerHTML = names;
      list.hidden = !list.children.length;
      field.removeAttribute("aria-activedescendant");
      at = -1;
      said.textContent = list.hidden ? "" : hint ?? "";
      if (eager && !list.hidden) choose(0);
    }, 150);
  };
  heard.addEventListener("input", ask);
  // Before the field sees the key.
  field.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    if (event.key === "ArrowDown") choose(at + 1);
    else if (event.key === "ArrowUp") choose(at < 0 ? -1 : at - 1);
    else if ((event.key === "Enter" || event.key === "Tab") && at >= 0) taken(list.children[at]);
    else if (event.key === "Escape") shut();
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }, true);
  list.addEventListener("mousedown", (event) => {
    event.preventDefault();
    const option = event.target.closest("li");
    if (option) taken(option);
  });
  field.addEventListener("blur", shut);
  ask(); // what was typed while this file came
};
// In an input for one name, and a text area for one a line.
export const proposeIn = (field) => {
  const line = () => field.value.lastIndexOf("\n", field.selectionStart - 1) + 1;
  const begun = () => {
    const { value, selectionStart: caret } = field;
    if (caret !== field.selectionEnd || (value[caret] ?? "\n") !== "\n") return null;
    const name = value.slice(line(), caret).trim();
    return name.length > 1 && !/[@()]/.test(name) ? name : null;
  };
  const take = (option) => {
    const end = field.matches("textarea") && field.selectionStart === field.value.length ? "\n" : "";
    field.setRangeText(option.dataset.value + end, line(), field.selectionStart, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };
  propose(field, field.dataset, { begun, take });
};
