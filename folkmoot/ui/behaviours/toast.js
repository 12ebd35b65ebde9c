// A message can be put away.
behaviour("toast", (toast) => {
  const button = toast.querySelector("button");
  button.hidden = false;
  button.addEventListener("click", () => toast.remove());
});
