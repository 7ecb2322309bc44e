// Two things a page cannot do without a script: tell the shop that a person, not a scanner, opened it
// (it was in view for two seconds, and touched, scrolled or moved through), and say so when a tap got lost on the way.
(() => {
  const main = document.querySelector("main");
  const trouble = document.getElementById("trouble");
  const signs = ["pointerdown", "scroll", "keydown", "focusin"];
  let seen = false, touched = false, told = false, timer;

  const tell = () => {
    if (!seen || !touched || told) return;
    told = true;
    signs.forEach((sign) => removeEventListener(sign, touch, true));
    fetch(main.dataset.opening, { method: "POST", keepalive: true, body: new URLSearchParams({ nonce: main.dataset.nonce }) }).catch(() => {});
  };
  const touch = (event) => { if (event.isTrusted) { touched = true; tell(); } };
  const watch = () => {
    clearTimeout(timer);
    if (document.visibilityState === "visible") timer = setTimeout(() => { seen = true; tell(); }, 2000);
  };
  signs.forEach((sign) => addEventListener(sign, touch, { capture: true, passive: true }));
  document.addEventListener("visibilitychange", watch);
  watch();

  const say = (words) => { trouble.textContent = words; if (words) trouble.scrollIntoView({ block: "nearest" }); };
  addEventListener("htmx:before:request", () => say(""));
  addEventListener("htmx:error", () => say(trouble.dataset.words));
  addEventListener("htmx:response:error", (event) => { if (event.detail.ctx.response.status !== 422) say(trouble.dataset.words); });
})();
