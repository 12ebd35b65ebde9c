// An editor in the place of a text area; the behaviour "editor" fetches this file when somebody begins to write. What is
// written is in the area as plain text and beside it, in the field "html", with its formatting. People are named behind
// an "@"; data-mentions is where they are asked for. What is pasted is cut down to what the server would keep. What one
// has begun is kept as a draft.
const KEPT = new Set(["P", "BR", "B", "STRONG", "I", "EM", "S", "CODE", "PRE", "BLOCKQUOTE", "UL", "OL", "LI", "A"]);
const GONE = new Set(["SCRIPT", "STYLE", "TITLE", "TEXTAREA", "TEMPLATE", "IFRAME", "OBJECT", "SVG", "MATH", "HEAD"]);
const BLOCKS = new Set(["DIV", "H1", "H2", "H3", "H4", "H5", "H6", "SECTION", "ARTICLE", "TR"]);
const safe = (html) => {
  const parsed = new DOMParser().parseFromString(html, "text/html");
  const copy = (from, to) => {
    for (const node of from.childNodes) {
      if (node.nodeType === Node.TEXT_NODE) to.append(node.textContent);
      if (node.nodeType !== Node.ELEMENT_NODE || GONE.has(node.nodeName.toUpperCase())) continue;
      const name = BLOCKS.has(node.nodeName) ? "P" : node.nodeName;
      if (!KEPT.has(name)) { copy(node, to); continue; }
      const kept = document.createElement(name);
      const address = name === "A" ? node.getAttribute("href") ?? "" : "";
      if (/^(https?:\/\/|mailto:|\/(?![/\\]))/i.test(address)) kept.setAttribute("href", address);
      copy(node, kept);
      to.append(kept);
    }
  };
  const fragment = document.createDocumentFragment();
  copy(parsed.body, fragment);
  return fragment;
};
const TOOLS = [
  ["bold", "B", (editor) => (editor.hasFormat("B") ? editor.removeBold() : editor.bold())],
  ["italic", "I", (editor) => (editor.hasFormat("I") ? editor.removeItalic() : editor.italic())],
  ["list", "UL", (editor) => (editor.hasFormat("UL") ? editor.removeList() : editor.makeUnorderedList())],
  ["numbers", "OL", (editor) => (editor.hasFormat("OL") ? editor.removeList() : editor.makeOrderedList())],
  ["quote", "BLOCKQUOTE", (editor) => (editor.hasFormat("BLOCKQUOTE") ? editor.decreaseQuoteLevel() : editor.increaseQuoteLevel())],
  ["code", "CODE", (editor) => editor.toggleCode()],
  ["link", "A", (editor, ask) => (editor.hasFormat("A") ? editor.removeLink() : ask(editor))],
];
export const edit = async (area) => {
  const { default: Squire } = await import(area.dataset.squire);
  const frame = area.closest(".field");
  const formatted = frame.querySelector("input[name=html]");
  const root = document.createElement("div");
  root.className = "editor prose";
  root.setAttribute("role", "textbox");
  root.setAttribute("aria-multiline", "true");
  root.setAttribute("aria-label", frame.querySelector("label").textContent.trim());
  for (const name of ["aria-describedby", "aria-invalid"]) {
    if (area.hasAttribute(name)) root.setAttribute(name, area.getAttribute(name));
  }
  const plain = (text) => text.split("\n").map((line) => {
    const block = document.createElement("p");
    block.textContent = line.replace(/ (?= |$)|^ /g, "\u00a0"); // or what was typed last would lose its space
    return line ? block.outerHTML : "<p><br></p>";
  }).join("");
  const had = document.activeElement === area;
  const before = area.value.slice(0, area.selectionEnd).split("\n");
  area.after(root);
  const editor = new Squire(root, { blockTag: "P", sanitizeToDOMFragment: safe });
  editor.setHTML(formatted.value || plain(area.value));
  area.hidden = true;
  tools(editor, frame.querySelector(".tools"));
  if (area.dataset.mentions) naming(editor, root, area.dataset);
  editor.addEventListener("input", () => {
    area.value = root.innerText.trim();
    formatted.value = editor.getHTML();
    area.dispatchEvent(new Event("input", { bubbles: true }));
  });
  frame.querySelector("label").addEventListener("click", () => editor.focus());
  if (had) {
    editor.focus();
    editor.moveCursorToEnd();
    // Where they were typing, so that no letter goes astray; each line is a block.
    const words = formatted.value ? null : root.children[before.length - 1]?.firstChild;
    if (words?.nodeType === Node.TEXT_NODE) {
      const range = document.createRange();
      range.setStart(words, Math.min(before.at(-1).length, words.length));
      editor.setSelection(range);
    }
  }
  if (area.form.dataset.draft) keepDraft(area.form);
  return editor;
};
// What is typed is kept at data-draft when one pauses; so a browser that dies takes nothing with it.
const keepDraft = (form) => {
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
    clearTimeout(timer);
    if (event.target.type !== "file") timer = setTimeout(keep, 700);
  });
  // What is sent is no draft any more.
  form.addEventListener("submit", () => { clearTimeout(timer); sending?.abort(); });
};
// A post begins an answer to it, behind what is written already.
export const quote = (editor, post) => {
  const quoted = document.createElement("blockquote");
  const name = document.createElement("p");
  name.append(Object.assign(document.createElement("b"), { textContent: post.querySelector("strong").textContent }));
  quoted.append(name, safe(post.querySelector(".prose").innerHTML));
  const before = editor.getRoot().innerText.trim() ? editor.getHTML() : "";
  editor.setHTML(`${before}${quoted.outerHTML}<p><br></p>`);
  editor.focus();
  editor.moveCursorToEnd();
  editor.fireEvent("input");
};
const tools = (editor, bar) => {
  const link = bar.querySelector(".link");
  const address = link.querySelector("input");
  const ask = () => { link.hidden = false; address.focus(); };
  for (const [name, format, run] of TOOLS) {
    const button = bar.querySelector(`[data-tool="${name}"]`);
    button.addEventListener("click", () => { run(editor, ask); if (link.hidden) editor.focus(); });
    const look = () => button.setAttribute("aria-pressed", String(editor.hasFormat(format)));
    for (const moment of ["pathChange", "select", "cursor", "input"]) editor.addEventListener(moment, look);
    look();
  }
  const done = (takes) => {
    const typed = address.value.trim();
    address.value = "";
    link.hidden = true;
    editor.focus();
    if (takes && typed) editor.makeLink(/^(https?:\/\/|mailto:|\/)/i.test(typed) ? typed : `https://${typed}`);
  };
  link.querySelector("button").addEventListener("click", () => done(true));
  address.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== "Escape") return;
    event.preventDefault();
    done(event.key === "Enter");
  });
  bar.hidden = false;
};
// People to name behind an "@".
const naming = async (editor, root, { names, mentions, people }) => {
  const { propose } = await import(names);
  const begun = () => {
    const range = editor.getSelection();
    if (!range.collapsed || range.startContainer.nodeType !== Node.TEXT_NODE) return null;
    const before = range.startContainer.data.slice(0, range.startOffset).replace(/\u200b/g, "");
    return /(?:^|[\s(])@([\p{L}\p{M}'’.-]+(?: [\p{L}\p{M}'’.-]*)?)$/u.exec(before)?.[1];
  };
  const take = (option) => {
    const said = begun();
    if (said) {
      const range = editor.getSelection().cloneRange();
      range.setStart(range.startContainer, Math.max(0, range.startOffset - said.length - 1));
      editor.setSelection(range);
      const link = Object.assign(document.createElement("a"), { textContent: `@${option.dataset.name}` });
      link.setAttribute("href", option.dataset.url);
      editor.insertHTML(`${link.outerHTML}&nbsp;`);
    }
    editor.focus();
  };
  propose(root, { address: mentions, people }, { begun, take, heard: editor, eager: true });
};
