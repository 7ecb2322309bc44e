/* Putting things in order: rows by Alt and an arrow, cards between lanes by pointer or by the arrows on their handle. The server has the last word. */
(() => {
  "use strict";
  document.documentElement.dataset.scripted = "";

  // Rows: Alt+Up and Alt+Down press the row's own buttons.
  document.addEventListener("keydown", (event) => {
    const step = event.altKey && { ArrowUp: "-1", ArrowDown: "1" }[event.key];
    const button = step && event.target.closest?.("[data-steps]")?.querySelector(`[data-step="${step}"]`);
    if (!button) return;
    event.preventDefault();
    button.click();
  });

  // Cards. While one is being moved the page must not be redrawn under it.
  const pause = 400; // after the last key: several presses are one move
  let moving = null; // {card, list, next, pointer, x, y, lifted, timer}
  let handle = null; // which had the focus
  const cards = (list, besides) => [...list.querySelectorAll("[data-card]")].filter((card) => card !== besides);
  const put = (card, list, next) => {
    if (list.moveBefore && card.isConnected) list.moveBefore(card, next); else list.insertBefore(card, next);
  };
  const begin = (card, more) => {
    moving = { card, list: card.parentElement, next: card.nextElementSibling, ...more };
  };
  const end = (keep) => {
    const { card, list, next, timer } = moving;
    clearTimeout(timer);
    moving = null;
    card.classList.remove("card--lifted");
    delete document.documentElement.dataset.dragging;
    if (!keep) put(card, list, next);
    else if (card.parentElement !== list || card.nextElementSibling !== next) send(card);
  };
  const send = (card) => {
    const form = card.querySelector("form[data-moves]");
    for (const [name, value] of [["to", card.closest("[data-lane]").dataset.lane], ["before", card.nextElementSibling?.dataset.card || ""]]) {
      const field = form.querySelector(`input[name=${name}]`); // the menu's buttons have the same name
      field.disabled = false;
      field.value = value;
    }
    form.requestSubmit();
  };
  document.addEventListener("htmx:finally:request", (event) => {
    const form = event.target.closest?.("form[data-moves]");
    if (form) for (const field of form.querySelectorAll("input[name=to], input[name=before]")) field.disabled = true;
  });
  document.addEventListener("htmx:before:swap", (event) => {
    if (moving && event.target.id === "lanes") event.preventDefault();
  });
  document.addEventListener("focusin", (event) => { handle = event.target.matches("[data-handle]") ? event.target.id : null; });

  // By pointer: a mouse takes the card anywhere, a finger takes its handle, for else it scrolls.
  document.addEventListener("pointerdown", (event) => {
    const grip = event.target.closest?.("[data-handle]");
    const card = event.target.closest?.("[data-card]");
    if (!card || moving || event.button !== 0 || (!grip && (event.pointerType !== "mouse" || event.target.closest("a, button, .popover")))) return;
    if (event.target.hasPointerCapture?.(event.pointerId)) event.target.releasePointerCapture(event.pointerId);
    begin(card, { pointer: event.pointerId, x: event.clientX, y: event.clientY, lifted: false });
  });
  document.addEventListener("pointermove", (event) => {
    if (moving?.pointer !== event.pointerId) return;
    if (!moving.lifted) {
      if (Math.hypot(event.clientX - moving.x, event.clientY - moving.y) < 5) return;
      moving.lifted = true;
      moving.card.classList.add("card--lifted");
      document.documentElement.dataset.dragging = "";
    }
    event.preventDefault();
    const edge = event.clientY < 80 ? -14 : event.clientY > innerHeight - 60 ? 14 : 0;
    if (edge) scrollBy(0, edge);
    const lane = document.elementsFromPoint(event.clientX, event.clientY).map((element) => element.closest("[data-lane]")).find(Boolean);
    if (!lane) return;
    const list = lane.querySelector("[data-cards]");
    const middle = (card) => { const box = card.getBoundingClientRect(); return box.top + box.height / 2; };
    const next = cards(list, moving.card).find((card) => event.clientY < middle(card)) || null;
    if (moving.card.parentElement !== list || moving.card.nextElementSibling !== next) put(moving.card, list, next);
  });
  document.addEventListener("pointerup", (event) => { if (moving?.pointer === event.pointerId) end(moving.lifted); });
  document.addEventListener("pointercancel", (event) => { if (moving?.pointer === event.pointerId) end(false); });

  // By key, on the handle: up, down, to the mechanic beside. Escape puts it back.
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && moving) { end(false); document.getElementById(handle)?.focus(); return; }
    const card = event.target.matches?.("[data-handle]") && event.target.closest("[data-card]");
    if (!card || !event.key.startsWith("Arrow") || event.ctrlKey || event.metaKey || event.altKey || moving?.pointer !== undefined) return;
    event.preventDefault();
    const list = card.parentElement;
    const at = cards(list).indexOf(card);
    const lanes = [...document.querySelectorAll("#lanes [data-cards]")];
    const beside = lanes[lanes.indexOf(list) + { ArrowLeft: -1, ArrowRight: 1 }[event.key]];
    const there = beside || list;
    const place = beside ? at : at + { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!(place >= 0) || (!beside && place >= cards(list).length)) return;
    if (!moving) begin(card, {});
    put(card, there, cards(there, card)[place] || null);
    event.target.focus();
    card.scrollIntoView({ block: "nearest", inline: "nearest" });
    clearTimeout(moving.timer);
    moving.timer = setTimeout(() => { if (moving) end(true); }, pause);
  });
})();
