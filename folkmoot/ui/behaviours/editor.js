// A text area becomes an editor when somebody begins to write; only then is it fetched, from data-editor.
behaviour("editor", (area) => {
  const frame = area.closest(".field");
  const formatted = Object.assign(document.createElement("input"), { type: "hidden", name: "html", value: area.dataset.html });
  area.after(formatted);
  let module, opened;
  const open = () => {
    opened ??= import(area.dataset.editor).then((found) => { module = found; return found.edit(area); });
    opened.catch(() => { opened = undefined; });
    return opened;
  };
  area.form.addEventListener("focusin", open);
  // What was formatted would be lost by typing into its plain words.
  if (area.dataset.html) open();
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-quote]");
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    const post = link.closest("article");
    open().then((editor) => { module.quote(editor, post); frame.scrollIntoView({ block: "nearest" }); },
      () => window.location.assign(link.href));
  });
});
