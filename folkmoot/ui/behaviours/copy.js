// Copies what the element named by data-copy holds, and says so. Where the clipboard refuses, it is selected instead.
behaviour("copy", (button) => {
  const words = button.querySelector("span");
  const before = words.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const source = document.getElementById(button.dataset.copy);
    try {
      await navigator.clipboard.writeText(source.value ?? source.textContent);
      words.textContent = button.dataset.copied;
    } catch {
      if (source.select) {
        source.focus();
        source.select();
      } else getSelection().selectAllChildren(source);
      words.textContent = button.dataset.selected;
    }
    setTimeout(() => { words.textContent = before; }, 4000);
  });
});
