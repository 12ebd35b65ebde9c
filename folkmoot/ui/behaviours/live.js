// What others write appears by itself. Events carry numbers only: what is new is asked for behind the last number shown,
// so that a break leaves no gap and nothing comes twice. Without script, or without the stream, a reload does the same.
behaviour("live", (log) => {
  if (!window.EventSource) return;
  let stream;
  const last = () => Number(log.querySelector("[data-number]:last-of-type")?.dataset.number ?? 0);
  const parsed = (html) => {
    const holder = document.createElement("template");
    holder.innerHTML = html;
    return holder.content;
  };
  const fetched = async (query) => {
    const answer = await fetch(`${log.dataset.posts}?${query}`, { headers: { "HX-Request": "true" } });
    if (answer.status === 403 || answer.status === 404) stream.close();
    if (stream.readyState === EventSource.CLOSED && answer.ok && answer.headers.has("Live")) listen(answer.headers.get("Live"));
    return [...parsed(answer.ok && !answer.redirected ? await answer.text() : "").querySelectorAll("[data-number]")];
  };
  const more = async () => {
    for (const post of await fetched(`after=${last()}`)) {
      if (Number(post.dataset.number) > last()) log.append(post);
    }
  };
  let turn = Promise.resolve();
  // One after the other; what fails, because the network is gone, is asked for again.
  const then = (work) => { turn = turn.then(work).catch(() => { setTimeout(() => then(more), 3000); }); };
  // Whoever stands on a control of it stands on the same one afterwards.
  const replace = (post) => {
    const old = post && document.getElementById(post.id);
    if (!old) return;
    const controls = (of) => [...of.querySelectorAll("a, button")];
    const at = controls(old).indexOf(document.activeElement);
    old.replaceWith(post);
    controls(post)[at]?.focus();
  };
  const listen = (address) => {
    stream = new EventSource(address);
    stream.addEventListener("changed", (event) => {
      const about = String(JSON.parse(event.data).id);
      if (!about.startsWith("=")) return then(more);
      then(async () => replace((await fetched(`only=${about.slice(1)}`))[0]));
    });
    stream.addEventListener("again", () => then(more));
    stream.addEventListener("open", () => then(more));
    // A door was shut. Whoever may still come through is given another stream with what they ask for next.
    stream.addEventListener("closed", () => { stream.close(); then(more); });
  };
  listen(log.dataset.live);
  // A small act about a post is answered with the post.
  log.addEventListener("submit", (event) => {
    const form = event.target;
    if (!("quiet" in form.dataset)) return;
    event.preventDefault();
    const said = new FormData(form, event.submitter);
    then(async () => {
      const answer = await fetch(form.action, { method: "POST", body: said, headers: { "HX-Request": "true" } });
      if (!answer.ok || answer.redirected) return window.location.reload();
      replace(parsed(await answer.text()).querySelector("[data-number]"));
    });
  });
  window.addEventListener("online", () => then(more));
  window.addEventListener("pagehide", () => stream.close());
});
