/* The window from which an overview is sent opens over the work order; sending closes it, what is refused stays. No markup is made here. */
(() => {
  "use strict";
  const dialog = document.querySelector("#overview-dialog");
  if (!dialog) return;
  let unsent = ""; // a note that was typed when the window was left comes back with it
  document.addEventListener("htmx:after:swap", (event) => {
    if (event.detail.ctx?.target !== dialog || dialog.open || !dialog.querySelector("#overview-new")) return;
    dialog.showModal();
    dialog.querySelector("#note").value = unsent;
    dialog.querySelector("#contact")?.focus();
  });
  document.addEventListener("htmx:finally:request", (event) => {
    const { ctx } = event.detail;
    if (dialog.open && ctx?.request?.method === "POST" && ctx.response?.status === 200 && event.target.id === "overview-form") {
      dialog.querySelector("#note").value = "";
      dialog.close();
    }
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog || event.target.closest("[data-close-dialog]")) { event.preventDefault(); dialog.close(); }
  });
  dialog.addEventListener("close", () => {
    unsent = dialog.querySelector("#note")?.value || "";
    dialog.replaceChildren();
  });
})();
