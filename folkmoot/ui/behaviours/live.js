// What others write appears by itself. Events carry numbers only: what is new is asked for behind the last number shown,
// so that a break leaves no gap and nothing comes twice. Without script, or without the stream, a reload does the same.
behaviour("live", (log) => {
  if (!window.EventSource) return;
  const stream = new EventSource(log.dataset.live);
  const last = () => Number(log.querySelector("[data-number]:last-of-type")?.dataset.number ?? 0);
  const fetched = async (query) => {
    const answer = await fetch(`${log.dataset.posts}?${query}`, { headers: { "HX-Request": "true" } });
    if (answer.status === 403 || answer.status === 404) stream.close();
    const holder = document.createElement("template");
    holder.innerHTML = answer.ok && !answer.redirected ? await answer.text() : "";
    return [...holder.content.querySelectorAll("[data-number]")];
  };
  const more = async () => {
    for (const post of await fetched(`after=${last()}`)) {
      if (Number(post.dataset.number) > last()) log.append(post);
    }
  };
  let turn = Promise.resolve();
  // One after the other; what fails, because the network is gone, is asked for again.
  const then = (work) => { turn = turn.then(work).catch(() => { setTimeout(() => then(more), 3000); }); };
  stream.addEventListener("changed", (event) => {
    const about = String(JSON.parse(event.data).id);
    if (!about.startsWith("=")) return then(more);
    then(async () => {
      const [post] = await fetched(`only=${about.slice(1)}`);
      if (post) document.getElementById(post.id)?.replaceWith(post);
    });
  });
  stream.addEventListener("again", () => then(more));
  stream.addEventListener("open", () => then(more));
  window.addEventListener("online", () => then(more));
  window.addEventListener("pagehide", () => stream.close());
});
