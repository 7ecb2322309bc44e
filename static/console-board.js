/* The board's clocks tick here, counting open hours only; the server said when the colours change. Keys walk over the tiles. */
(() => {
  "use strict";
  const board = () => document.querySelector("#board");
  let ahead = 0; // how far the server's clock is before this screen's, in milliseconds
  let spans = [];
  const read = () => {
    const root = board();
    if (!root || root.dataset.read === root.dataset.now) return;
    root.dataset.read = root.dataset.now;
    ahead = Number(root.dataset.now) * 1000 - Date.now();
    spans = root.dataset.open.trim().split(" ").filter(Boolean).map((span) => span.split("-").map(Number));
  };
  const openBetween = (from, to) => spans.reduce((sum, [begins, ends]) => sum + Math.max(0, Math.min(ends, to) - Math.max(begins, from)), 0);
  const clock = (seconds) => {
    const minutes = Math.floor(seconds / 60);
    return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}`;
  };
  const fill = (words, values) => words.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const wordsOf = (timer, now, over, said) => {
    const of = timer.dataset;
    if (of.counts === "due") return over ? fill(said.late, { count: Math.floor((now - of.due) / 60) }) : "";
    const elapsed = Number(of.elapsed) + openBetween(Number(of.at), now);
    if (of.counts === "count_up") return over ? fill(said.long, { time: clock(elapsed) }) : clock(elapsed);
    const left = Number(of.estimate) - elapsed;
    if (left > 0) return fill(said.left, { time: clock(left + 59) });
    return -left < 3600 ? fill(said.minutesOver, { count: Math.floor(-left / 60) }) : fill(said.over, { time: clock(-left) });
  };
  const tick = () => {
    const root = board();
    if (!root) return;
    read();
    const now = (Date.now() + ahead) / 1000;
    for (const timer of root.querySelectorAll("[data-timer]")) {
      const over = timer.dataset.overAt && now >= Number(timer.dataset.overAt);
      const tone = over ? "over" : timer.dataset.soon && now >= Number(timer.dataset.soon) ? "soon" : "fine";
      const words = timer.querySelector(".timer__words");
      const said = wordsOf(timer, now, over, root.dataset);
      if (words.textContent.trim() !== said) words.textContent = said;
      const was = timer.classList.contains(`timer--${tone}`);
      if (was) continue;
      for (const each of ["fine", "soon", "over"]) {
        timer.classList.toggle(`timer--${each}`, each === tone);
        timer.closest(".tile")?.classList.toggle(`tile--${each}`, each === tone);
        timer.closest(".board-row")?.classList.toggle(`board-row--${each}`, each === tone);
      }
      // red asks for its reason: the server puts the question on the tile
      if (tone === "over") htmx.trigger(document.body, "refresh");
    }
  };
  tick();
  setInterval(tick, 1000);
  document.addEventListener("htmx:after:swap", tick);

  // The form that sets a status opens over the board; what was set closes it, what is refused stays.
  const dialog = document.querySelector("#status-dialog");
  document.addEventListener("htmx:after:swap", (event) => {
    // a panel that is swapped while the dialog closes must not open it again
    if (event.detail.ctx?.target === dialog && dialog && !dialog.open && dialog.querySelector("#status-choice")) {
      dialog.showModal();
      (dialog.querySelector("input[name=status]:checked") || dialog.querySelector("input[name=status]"))?.focus();
    }
  });
  document.addEventListener("htmx:finally:request", (event) => {
    const { ctx } = event.detail;
    if (dialog?.open && ctx?.request?.method === "POST" && ctx.response?.status === 200 && dialog.contains(event.target)) dialog.close();
  });
  dialog?.addEventListener("click", (event) => {
    if (event.target === dialog || event.target.closest("[data-close-dialog]")) { event.preventDefault(); dialog.close(); }
  });
  // Enter sets the status, Shift and Enter sets it silently
  dialog?.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.target.matches("textarea, button, a")) return;
    event.preventDefault();
    (event.shiftKey && dialog.querySelector("[name=silently]") || dialog.querySelector("#set-status"))?.click();
  });
  dialog?.addEventListener("close", () => dialog.replaceChildren());

  // Arrows walk over the tiles, S sets the status of the one with the focus.
  document.addEventListener("keydown", (event) => {
    const tile = event.target.closest?.("[data-tile]");
    if (!tile || event.target.matches("input, textarea, select") || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "s" || event.key === "S") {
      const button = tile.querySelector("[data-status-dialog]");
      if (button) { event.preventDefault(); button.click(); }
      return;
    }
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step) return;
    const tiles = [...document.querySelectorAll("[data-tile]")];
    const next = tiles[tiles.indexOf(tile) + step]?.querySelector("a");
    if (next) { event.preventDefault(); next.focus(); }
  });
})();
