/* A vehicle's fields: what its VIN says goes where nothing is typed, at the moment when it comes; what differs, by a click. */
(() => {
  "use strict";
  const field = (name) => document.getElementById(name);
  const put = (name, words) => {
    const input = field(name);
    if (!input) return;
    input.value = words;
    if (name === "vin") input.dispatchEvent(new Event("change", { bubbles: true })); // which has it read
  };
  document.addEventListener("htmx:after:swap", () => {
    for (const said of document.querySelectorAll("[data-fill]")) {
      for (const [name, words] of Object.entries(JSON.parse(said.dataset.fill))) {
        const input = field(name);
        if (!input || (input.value.trim() && input.value.trim() !== words)) {
          said.querySelector("[data-over][hidden]")?.removeAttribute("hidden");
        } else if (!input.value.trim()) {
          put(name, words);
          input.dataset.filled = words;
        }
      }
      said.removeAttribute("data-fill");
    }
  });
  // A VIN that is corrected takes back what the one before it had filled in, unless somebody has changed that since.
  document.addEventListener("input", (event) => {
    if (event.target.id !== "vin") return;
    for (const input of document.querySelectorAll("[data-filled]")) {
      if (input.value === input.dataset.filled && input !== event.target) input.value = "";
      delete input.dataset.filled;
    }
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-over]");
    if (!button) return;
    for (const [name, words] of Object.entries(JSON.parse(button.dataset.over))) put(name, words);
    if (button.closest("#vin-reading")) field("vin")?.dispatchEvent(new Event("change", { bubbles: true }));
    else button.hidden = true;
    field("vin")?.focus();
  });
})();
