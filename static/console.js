/* What the server can't know and htmx can't do: is the stream alive, where does the focus go, keys. No markup is made here. */
(() => {
  "use strict";
  const find = (selector) => document.querySelector(selector);

  // The stream: any event of it is a sign of life; its absence is said in words.
  const patience = 40000;
  let heard = Date.now();
  const say = (alive) => {
    const state = find("#live-state");
    if (!state || state.dataset.now === String(alive)) return;
    state.dataset.now = String(alive);
    state.lastElementChild.textContent = alive ? state.dataset.live : state.dataset.lost;
  };
  const alive = () => { heard = Date.now(); say(true); };
  for (const name of ["htmx:sse:after:connection", "htmx:sse:after:message"]) document.addEventListener(name, alive);
  document.addEventListener("htmx:sse:error", () => say(false));
  document.addEventListener("htmx:sse:close", () => say(false));
  document.addEventListener("visibilitychange", () => { if (!document.hidden) heard = Date.now() - patience + 8000; });
  setInterval(() => { if (!document.hidden && Date.now() - heard > patience) say(false); }, 2000);
  // A tab that lost the network says so at once. What it could not fetch meanwhile it fetches until that works, then with the next word.
  let missed = 0;
  const refetch = (wait) => {
    say(false);
    clearTimeout(missed);
    missed = setTimeout(() => htmx.trigger(document.body, "refresh"), wait);
  };
  window.addEventListener("offline", () => say(false));
  window.addEventListener("online", () => refetch(200));
  document.addEventListener("htmx:after:swap", () => { if (missed && navigator.onLine && Date.now() - heard < patience) { missed = 0; say(true); } });
  document.addEventListener("logout", () => location.reload());

  // The title says how many customers wait for a call or an answer, for tabs in the background.
  const title = document.title;
  const count = () => {
    const waiting = [...document.querySelectorAll(".nav [data-count]")].reduce((sum, one) => sum + Number(one.dataset.count), 0);
    document.title = waiting ? `(${waiting}) ${title}` : title;
  };
  count();

  // A button is disabled while it sends, and loses the focus by that: give it back.
  let pressed = null, menu = "", sent = null;
  document.addEventListener("htmx:before:request", (event) => {
    const form = event.target.closest?.("form.action, form.form, .ask form");
    if (!form?.contains(document.activeElement)) return;
    pressed = document.activeElement;
    menu = pressed.closest("[popover]")?.id || "";
    sent = event.detail.ctx;
  });
  // Of a menu that has closed it is the button that opens it. The page stays where it is.
  const giveBack = () => {
    if (!pressed || (document.activeElement && document.activeElement !== document.body)) return;
    const button = pressed.isConnected ? pressed : pressed.id && document.getElementById(pressed.id);
    if (!button && menu) find(`#${menu}:popover-open`)?.hidePopover();
    (menu && !find(`#${menu}:popover-open`) ? find(`[popovertarget="${menu}"]`) : button)?.focus?.({ preventScroll: true });
  };
  // Its own answer is the end of it, not a panel that happens to refresh meanwhile. Where its row has gone to another list it is a new one,
  // and nobody hears of the end of the old one's request: the swap is the end then. Before that it may be disabled still.
  const end = (event) => {
    if (pressed && event.detail.ctx === sent && menu) find(`#${menu}:popover-open`)?.hidePopover();
    giveBack();
    if (event.detail.ctx === sent && document.activeElement !== document.body) pressed = null;
  };
  document.addEventListener("pointerdown", () => { pressed = null; }, true);
  document.addEventListener("htmx:finally:request", (event) => {
    event.target.closest?.(".popover:popover-open")?.hidePopover();
    end(event);
  });
  // A swap that moves or replaces what has the focus loses it, also when a colleague's change comes between: it goes to the one of the same id.
  document.addEventListener("htmx:before:swap", (event) => { event.detail.ctx.focused = document.activeElement; });
  const keep = (held) => {
    if (!held || held === document.body || (document.activeElement && document.activeElement !== document.body)) return;
    (held.isConnected ? held : held.id && document.getElementById(held.id))?.focus?.({ preventScroll: true });
  };
  document.addEventListener("htmx:after:swap", (event) => {
    count();
    keep(event.detail.ctx.focused);
    end(event);
    find("main [aria-invalid=true][autofocus]")?.focus();
  });

  // What a person asked for and the server could not do is said aloud; a panel that could not refresh tries again by itself.
  const trouble = (event) => {
    const { request, response } = event.detail.ctx || {};
    if (request?.method === "GET" && (!response || response.status >= 500)) return refetch(3000);
    if (!request || request.method === "GET" || response?.status === 422 || response?.status === 401) return;
    const words = find({ 403: "#too-late", 404: "#too-late", 409: "#too-late", 503: "#busy", 507: "#no-room" }[response?.status] || "#not-through");
    find("#toasts").replaceChildren(words.content.cloneNode(true));
    htmx.trigger(document.body, "refresh");
  };
  document.addEventListener("htmx:response:error", trouble);
  document.addEventListener("htmx:error", trouble);

  // Keys: / searches, arrows walk through what was found, Escape leaves.
  const typing = (element) => element.matches("input, textarea, select, [contenteditable]");
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !typing(event.target) && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      find("#find")?.focus();
      return;
    }
    const list = event.target.closest?.("[data-walk]");
    if (!list) return;
    if (event.key === "Escape" && event.target.id === "find") event.target.blur();
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const stops = [...list.querySelectorAll("input[type=search], a[href], button[data-stop]")].filter((stop) => stop.offsetParent !== null);
    const at = stops.indexOf(event.target);
    const next = stops[at + (event.key === "ArrowDown" ? 1 : -1)];
    if (at >= 0 && next) { event.preventDefault(); next.focus(); }
  });

  // What was kept on this device for a dead spot is nobody's after signing out; what waits to be sent stays.
  document.addEventListener("submit", (event) => { if (event.target.action?.endsWith("/sign-out")) window.caches?.delete("inspections"); });

  // Where one is can lie beyond the edge of a menu that scrolls, by itself, under the page.
  for (const here of document.querySelectorAll(".side [aria-current=page], .settings-menu [aria-current=page]")) {
    const menu = here.closest(".settings-menu, .side");
    const inside = here.getBoundingClientRect();
    const edge = menu.getBoundingClientRect();
    if (inside.bottom > edge.bottom) menu.scrollTop += inside.bottom - edge.bottom + inside.height;
    if (inside.right > edge.right) menu.scrollLeft += inside.right - edge.right + inside.width;
  }

  // Copy a link.
  document.addEventListener("click", async (event) => {
    const button = event.target.closest?.("[data-copy]");
    if (!button) return;
    await navigator.clipboard.writeText(button.dataset.copy);
    const word = button.querySelector("span");
    const before = word.textContent;
    word.textContent = button.dataset.copied;
    setTimeout(() => { word.textContent = before; }, 2000);
  });
})();
