/* The Messages window: keeps the newest text in view, says what has been seen, and that somebody is here. No markup is made here. */
(() => {
  "use strict";
  const find = (selector) => document.querySelector(selector);
  const looking = () => document.visibilityState === "visible" && document.hasFocus();

  let newest = 0;
  const atEnd = (list) => list.scrollHeight - list.scrollTop - list.clientHeight < 80;
  // Who was at the end stays there when a picture has come or the box below has grown.
  let low = true;
  let watched = null;
  const stay = () => { if (low && watched) watched.scrollTop = watched.scrollHeight; };
  const watcher = new ResizeObserver(stay);
  document.addEventListener("load", (event) => { if (event.target.closest?.("#bubbles")) stay(); }, true);
  const show = () => {
    const thread = find("#thread");
    const list = find("#bubbles");
    if (!thread || !list) return;
    const first = newest === 0;
    if (Number(thread.dataset.newest) > newest && find(`#text-${thread.dataset.newest}`)?.classList.contains("bubble--out")) low = true;
    if (low) list.scrollTop = list.scrollHeight;
    if (first && find(".bubble--found")) { find(".bubble--found").scrollIntoView({ block: "center" }); low = atEnd(list); }
    newest = Number(thread.dataset.newest);
    if (watched !== list) { watcher.disconnect(); watcher.observe(list); watched = list; list.addEventListener("scroll", () => { low = atEnd(list); }); }
  };

  // Read is what a person has before them: the window is to be seen and has the focus. A refresh of an idle one reads nothing.
  const read = () => { if (looking() && Number(find("#thread")?.dataset.unread) > 0) htmx.trigger(find("#reading"), "seen"); };
  const here = () => { if (document.visibilityState === "visible") htmx.trigger(find("#presence"), "here"); };

  const begin = () => { show(); read(); here(); };
  document.addEventListener("htmx:after:swap", () => { show(); read(); });
  for (const name of ["focus", "pointerdown", "keydown"]) window.addEventListener(name, read);
  document.addEventListener("visibilitychange", () => { read(); here(); });
  setInterval(here, 20000);
  window.addEventListener("load", begin);
  window.addEventListener("pagehide", () => {
    const leaving = new FormData();
    leaving.set("leaving", "1");
    leaving.set("csrf_token", find("#write input[name=csrf_token], .composer__number input[name=csrf_token]")?.value || "");
    navigator.sendBeacon(find("#presence")?.getAttribute("hx-post"), leaving);
  });

  // A text goes and an empty box comes for the next: what was typed meanwhile moves over into it.
  let sent = "";
  let typed = null;
  document.addEventListener("submit", (event) => { if (event.target.id === "write") sent = find("#write textarea").value; }, true);
  document.addEventListener("htmx:before:swap", (event) => {
    // The answer to what is being sent brings the next box; a refresh before it would bring one whose button does nothing yet.
    if (event.detail.ctx?.sourceElement?.id === "composer" && find("#write.htmx-request")) { event.preventDefault(); return; }
    const box = find("#write textarea");
    typed = box && { id: box.id, words: box.value.startsWith(sent) ? box.value.slice(sent.length).trimStart() : box.value, here: document.activeElement === box };
  });
  document.addEventListener("htmx:after:swap", () => {
    const box = find("#write textarea");
    if (!box || !typed || box.id === typed.id) return;
    sent = "";
    if (typed.here) box.focus();
    if (box.value || !typed.words) return;
    box.value = typed.words;
    box.dispatchEvent(new Event("input", { bubbles: true }));
  });

  // A quick reply has joined what is typed: go on there, with the first blank taken up so that the next key fills it in.
  let asked = false;
  document.addEventListener("click", (event) => {
    const choice = event.target.closest?.("#quick-replies button, #animations-choice button");
    if (!choice) return;
    asked = true;
    setTimeout(() => choice.closest(".popover").hidePopover());
  });
  document.addEventListener("htmx:after:swap", () => {
    const box = find("#write textarea");
    if (!asked || !box) return;
    asked = false;
    const blank = /\[[^[\]\n]{1,60}\]/.exec(box.value);
    box.focus();
    box.setSelectionRange(blank ? blank.index : box.value.length, blank ? blank.index + blank[0].length : box.value.length);
  });

  // Ctrl+Enter sends.
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.matches?.("#write textarea")) { event.preventDefault(); find("#write").requestSubmit(); }
  });
})();
