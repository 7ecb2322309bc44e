/* Walking through the calendar by keyboard, from wherever the focus is in it: arrows to days and hours, Page Up and Page Down to what is before and after. */
(() => {
  "use strict";
  const links = (day) => [...day.querySelectorAll("a[href]")].filter((link) => link.offsetParent !== null);
  const days = () => [...document.querySelectorAll("#calendar [data-date]")].filter((day) => day.offsetParent !== null);

  // The same hour of another day, else its date.
  const enter = (day, from) => {
    const hour = from.dataset.time && day.querySelector(`.slot[data-time="${from.dataset.time}"]`);
    (hour || links(day)[0])?.focus();
  };

  const beside = (day, step, from) => {
    const all = days();
    const next = all[all.indexOf(day) + step];
    if (next) enter(next, from);
    else document.querySelector(step < 0 ? "a[rel=prev]" : "a[rel=next]")?.click();
  };

  const within = (day, step, from) => {
    const all = links(day);
    const at = all.indexOf(from.closest(".drop")?.querySelector("a") || from); // from the three dots as from the drop-off they belong to
    all[at + step]?.focus();
  };

  document.addEventListener("keydown", (event) => {
    const day = event.target.closest?.("#calendar [data-date]");
    if (!day || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || event.target.closest(".popover")) return;
    const week = day.closest(".month") && matchMedia("(min-width: 40.01rem)").matches ? 7 : 0;
    const moves = {
      ArrowLeft: () => beside(day, -1, event.target),
      ArrowRight: () => beside(day, 1, event.target),
      ArrowUp: () => (week ? beside(day, -week, event.target) : within(day, -1, event.target)),
      ArrowDown: () => (week ? beside(day, week, event.target) : within(day, 1, event.target)),
      PageUp: () => document.querySelector("a[rel=prev]")?.click(),
      PageDown: () => document.querySelector("a[rel=next]")?.click(),
    };
    if (!moves[event.key]) return;
    event.preventDefault();
    moves[event.key]();
  });
})();
