/* The window from which an overview is sent opens over the work order; sending closes it, what is refused stays. No markup is made here. */
(() => {
  "use strict";
  const dialog = document.querySelector("#overview-dialog");
  if (!dialog) return;
  document.addEventListener("htmx:after:swap", (event) => {
    if (event.detail.ctx?.target !== dialog || dialog.open || !dialog.querySelector("#overview-new")) return;
    dialog.showModal();
    dialog.querySelector("#contact")?.focus();
  });
  document.addEventListener("htmx:finally:request", (event) => {
    const { ctx } = event.detail;
    if (dialog.open && ctx?.request?.method === "POST" && ctx.response?.status === 200 && event.target.id === "overview-form") dialog.close();
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog || event.target.closest("[data-close-dialog]")) { event.preventDefault(); dialog.close(); }
  });
  dialog.addEventListener("close", () => dialog.replaceChildren());
})();
