// A button that prints, where there is a script; the browser's own menu does it too.
const button = document.querySelector("[data-print]");
if (button) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
