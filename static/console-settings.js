/* Settings: the colour beside its digits, and fields that are clicked into the words. */
(() => {
  "use strict";
  document.addEventListener("input", (event) => {
    const other = event.target.dataset?.same && document.getElementById(event.target.dataset.same);
    if (!other) return;
    if (other.type !== "color") other.value = event.target.value;
    else if (/^#[0-9a-f]{6}$/i.test(event.target.value)) other.value = event.target.value.toLowerCase();
  }, true);

  let last = null; // where the words were being typed
  document.addEventListener("focusin", (event) => {
    if (event.target.matches("#template-form input[type=text], #template-form textarea")) last = event.target.id;
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-insert]");
    if (!button) return;
    const words = document.getElementById(last || "body");
    words.setRangeText(button.dataset.insert, words.selectionStart, words.selectionEnd, "end");
    words.dispatchEvent(new Event("input", { bubbles: true }));
    words.focus();
  });
})();
