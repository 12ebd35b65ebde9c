// A text area with data-save is saved there as one types: when one pauses, leaves it, or leaves the page. With it goes
// what the page showed ("seen") and what it sent last ("sent"), so that only another writer is in the way. The answer
// takes the place of what follows the area, also one that says that there is nothing to save to any more (410). What
// else stands in the form waits for its button; the browser asks first.
const PAUSE = 500;
const AGAIN = 5000;
const MOST = 20000; // characters: of a page that is left a browser sends no more than 64 KB
const unsavable = [];
let form;
for (const area of document.querySelectorAll("[data-save]")) {
  const { save, typing, saving, failed, unsaved } = area.dataset;
  const note = area.nextElementSibling;
  const field = (name) => form.elements[area.name.replace("text", name)];
  const say = (words) => note.querySelector("[role=status]")?.replaceChildren(words);
  const clashes = () => note.querySelector("[role=alert]") !== null;
  let kept = unsaved === undefined ? area.defaultValue : null;
  let timer, busy, lost;
  form = area.form;
  const send = async (leaving) => {
    clearTimeout(timer);
    if (area.value === kept || (busy && !leaving)) return;
    const text = area.value;
    const said = new FormData();
    said.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    for (const name of ["seen", "sent"]) said.append(name, field(name).value);
    said.append("text", text);
    field("sent").value = text;
    busy = true;
    const answer = await fetch(save, { method: "POST", body: said, keepalive: leaving }).catch(() => null);
    const fragment = [200, 410].includes(answer?.status) && !answer.redirected ? await answer.text().catch(() => "") : "";
    busy = false;
    lost = !fragment;
    if (lost) {
      say(failed);
      timer = setTimeout(send, AGAIN, false);
      return;
    }
    note.innerHTML = fragment;
    if (clashes()) return;
    kept = text;
    send(false);
  };
  // Where two clash one chooses first: the buttons for it stay where they are.
  const leave = (leaving) => { if (!clashes() && area.value.length < MOST) send(leaving); };
  area.addEventListener("input", () => {
    clearTimeout(timer);
    say(saving);
    timer = setTimeout(send, PAUSE, false);
  });
  area.addEventListener("change", () => leave(false));
  addEventListener("pagehide", () => leave(true));
  document.addEventListener("visibilitychange", () => { if (document.hidden) leave(true); });
  unsavable.push(() => area.value !== kept && (lost || clashes() || area.value.length >= MOST));
  say(typing);
}
if (form) {
  let submitting = false;
  const waits = (field) => field.type === "text" && field.value.trim() !== "";
  form.addEventListener("submit", () => { submitting = true; });
  addEventListener("pageshow", () => { submitting = false; });
  addEventListener("beforeunload", (event) => {
    if (!submitting && (unsavable.some((is) => is()) || [...form.elements].some(waits))) event.preventDefault();
  });
}
