// What somebody types is kept at data-draft, a moment after they pause; so a browser that dies takes nothing with it.
behaviour("draft", (form) => {
  const note = form.querySelector("[data-kept]");
  let timer, sending;
  const keep = async () => {
    const said = new FormData(form);
    said.delete("attachments");
    sending = new AbortController();
    const answer = await fetch(form.dataset.draft, { method: "POST", body: said, signal: sending.signal }).catch(() => null);
    if (note && answer?.ok && !answer.redirected) note.textContent = note.dataset.kept;
  };
  form.addEventListener("input", (event) => {
    if (event.target.type === "file") return;
    clearTimeout(timer);
    timer = setTimeout(keep, 700);
  });
  // What is sent is no draft any more.
  form.addEventListener("submit", () => { clearTimeout(timer); sending?.abort(); });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && timer) { clearTimeout(timer); timer = undefined; keep(); }
  });
});
