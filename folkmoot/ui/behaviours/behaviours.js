// Binds small behaviours to elements that ask for them with data-behaviour="name". A page works without any of them.
const known = {};
const bound = new WeakSet();
const behaviour = (name, bind) => { known[name] = bind; };
const start = (root) => {
  for (const element of root.querySelectorAll("[data-behaviour]")) {
    if (bound.has(element)) continue;
    bound.add(element);
    for (const name of element.dataset.behaviour.split(" ")) known[name]?.(element);
  }
};
// A microtask, so that every behaviour below has been named first.
queueMicrotask(() => start(document));
document.addEventListener("htmx:load", (event) => start(event.detail.elt.parentElement ?? document));
