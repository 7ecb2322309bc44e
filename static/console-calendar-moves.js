/*
  Moving a drop-off to another place of the calendar: by pointer (drag; on a touch screen hold first) and by keyboard (M, arrows, Enter, Escape).
  Nothing moves here: the form asks the server, which moves it, asks back, or says no; then the calendar refreshes itself.
*/
(() => {
  "use strict";
  const HOLD = 350, SLIP = 6, QUARTER = 15, EDGE = 56;
  const find = (selector) => document.querySelector(selector);
  const form = find("#hand"), words = find("#moving");
  if (!form || !words) return;

  // days and clock times, as words and as numbers
  const lang = document.documentElement.lang || "en";
  const dayWords = new Intl.DateTimeFormat(lang, { weekday: "short", month: "short", day: "numeric", timeZone: "UTC" });
  const clockWords = new Intl.DateTimeFormat(lang, { hour: "numeric", minute: "2-digit", timeZone: "UTC" });
  const minutes = (at) => Number(at.slice(0, 2)) * 60 + Number(at.slice(3, 5));
  const clock = (count) => `${String(Math.floor(count / 60)).padStart(2, "0")}:${String(count % 60).padStart(2, "0")}`;
  const later = (day, count) => new Date(Date.parse(`${day}T00:00Z`) + count * 864e5).toISOString().slice(0, 10);
  const dayOf = (day) => document.querySelector(`#calendar [data-date="${day}"]`);
  const view = () => find("#calendar").dataset.view;
  const isList = () => view() !== "day" && matchMedia("(max-width: 40rem)").matches;

  const placed = ({ day, at }) => {
    const there = dayOf(day);
    const notes = [];
    if (there?.matches(".cell--closed, .column--closed")) notes.push(words.dataset.closed);
    if (there?.querySelector(".load--full")) notes.push(words.dataset.full);
    const when = at ? clockWords.format(new Date(`2000-01-01T${at}Z`)) : words.dataset.any;
    return [dayWords.format(new Date(`${day}T00:00Z`)), when, ...notes].join(", ");
  };
  const say = (key, place) => {
    words.textContent = words.dataset[key].replace("{name}", held?.name ?? "").replace("{place}", place ? placed(place) : "");
  };

  // what is in the hand, by whichever way it got there
  let held = null;
  const take = (item, way) => {
    const { appointment, revision, day, at, name } = item.dataset;
    held = { item, appointment, revision, name, way, from: { day, at }, to: { day, at } };
    item.classList.add("drop--held");
    document.body.classList.add("is-moving");
  };
  const same = (one, other) => one.day === other.day && one.at === other.at;
  const letGo = () => {
    paint(null);
    held?.item.classList.remove("drop--held");
    document.body.classList.remove("is-moving");
    held = null;
  };
  const leave = () => { say("left", held.from); letGo(); setTimeout(() => { if (!held) words.textContent = ""; }, 4000); };
  const drop = () => {
    if (!held.to || same(held.from, held.to)) { leave(); return; }
    say("dropped", held.to);
    const fields = { appointment: held.appointment, revision: held.revision, date: held.to.day, time: held.to.at };
    for (const [name, value] of Object.entries(fields)) form.elements[name].value = value;
    refocus = held.way === "keyboard" ? held.appointment : null;
    letGo();
    form.requestSubmit();
  };

  // where it would go
  const line = document.createElement("div");
  line.className = "drop-line";
  line.hidden = true;
  document.body.append(line);
  const paint = (place) => {
    for (const marked of document.querySelectorAll(".drop-here")) marked.classList.remove("drop-here");
    line.hidden = true;
    const there = place && dayOf(place.day);
    if (!there) return;
    const hour = !isList() && view() !== "month" && (place.at ? there.querySelector(`[data-hour="${Number(place.at.slice(0, 2))}"]`) : there.querySelector(".hour--any"));
    (hour || there).classList.add("drop-here");
    if (!hour || !place.at) return;
    const box = hour.getBoundingClientRect();
    line.hidden = false;
    line.style.left = `${box.left}px`;
    line.style.width = `${box.width}px`;
    line.style.top = `${box.top + (box.height * (minutes(place.at) % 60)) / 60}px`;
  };

  // by keyboard
  const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  const stepped = ({ day, at }, [days, down], much) => {
    if (days) return { day: later(day, days), at };
    if (view() === "month") return { day: later(day, 7 * down), at };
    if (!at) return { day, at: down > 0 ? dayOf(day)?.dataset.opens || "08:00" : "" };
    const count = minutes(at) + down * (much ? 60 : QUARTER);
    return { day, at: count < 0 ? "" : clock(Math.min(count, 24 * 60 - QUARTER)) };
  };
  const pressed = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const stop = () => { event.preventDefault(); event.stopImmediatePropagation(); };
    if (!held) {
      if (event.key !== "m" && event.key !== "M") return;
      const item = event.target.closest?.("#calendar .drop");
      if (!item || event.target.closest(".popover")) return;
      stop();
      if (!item.dataset.revision) { words.textContent = words.dataset.fixed; return; }
      take(item, "keyboard");
      paint(held.to);
      say("lifted", held.to);
    } else if (event.key === "Escape") {
      stop();
      leave();
    } else if (held.way !== "keyboard") {
      return;
    } else if (event.key === "Enter" || event.key === " ") {
      stop();
      drop();
    } else if (event.key === "Tab") {
      leave();
    } else if (step[event.key]) {
      stop();
      held.to = stepped(held.to, step[event.key], event.shiftKey);
      paint(held.to);
      say("over", held.to);
    }
  };
  document.addEventListener("keydown", pressed, true);

  // by pointer
  let grip = null;
  const label = document.createElement("div");
  label.className = "drop-label";
  label.hidden = true;
  document.body.append(label);
  const under = (x, y) => {
    const element = document.elementFromPoint(x, y);
    const day = element?.closest("#calendar [data-date]");
    if (!day) return null;
    const hour = element.closest(".hour");
    if (view() === "month" || isList() || !hour) return { day: day.dataset.date, at: held.from.at };
    if (!hour.dataset.hour) return { day: day.dataset.date, at: "" };
    const box = hour.getBoundingClientRect();
    const quarter = Math.min(Math.max(Math.floor(((y - box.top) / box.height) * 4), 0), 3);
    return { day: day.dataset.date, at: clock(Number(hour.dataset.hour) * 60 + quarter * QUARTER) };
  };
  const follow = (x, y) => {
    label.style.transform = `translate(${Math.min(x + 12, innerWidth - label.offsetWidth - 8)}px, ${Math.min(y + 12, innerHeight - label.offsetHeight - 8)}px)`;
    held.to = under(x, y);
    label.replaceChildren(Object.assign(document.createElement("b"), { textContent: held.name }), held.to ? placed(held.to) : "");
    paint(held.to);
  };
  const lift = () => {
    take(grip.item, "pointer");
    label.hidden = false;
    follow(grip.x, grip.y);
    roll();
  };
  // near the edge of the window the page moves along
  const roll = () => {
    if (!held || !grip) return;
    const by = grip.y < EDGE ? -12 : grip.y > innerHeight - EDGE ? 12 : 0;
    if (by) { scrollBy(0, by); follow(grip.x, grip.y); }
    requestAnimationFrame(roll);
  };
  const end = () => {
    clearTimeout(grip?.timer);
    label.hidden = true;
    grip = null;
  };
  document.addEventListener("pointerdown", (event) => {
    const item = event.target.closest?.("#calendar .drop[data-revision]");
    if (!item || held || grip || event.button || !event.isPrimary || event.target.closest("button, form, .popover, .button")) return;
    grip = { item, x: event.clientX, y: event.clientY, id: event.pointerId, touch: event.pointerType === "touch" };
    if (grip.touch) grip.timer = setTimeout(() => { navigator.vibrate?.(15); lift(); }, HOLD);
  });
  document.addEventListener("pointermove", (event) => {
    if (!grip || event.pointerId !== grip.id) return;
    const far = Math.hypot(event.clientX - grip.x, event.clientY - grip.y) > SLIP;
    if (!held && far && grip.touch) { end(); return; } // the finger scrolls
    if (!held && !far) return;
    [grip.x, grip.y] = [event.clientX, event.clientY];
    if (held) follow(grip.x, grip.y);
    else lift();
  });
  document.addEventListener("pointerup", (event) => {
    if (!grip || event.pointerId !== grip.id) return;
    end();
    if (held?.way !== "pointer") return;
    // the click that follows would open the drop-off's page
    const swallow = (click) => { click.preventDefault(); click.stopImmediatePropagation(); };
    document.addEventListener("click", swallow, { capture: true, once: true });
    setTimeout(() => document.removeEventListener("click", swallow, true), 50);
    drop();
  });
  document.addEventListener("pointercancel", () => { end(); if (held?.way === "pointer") leave(); });
  // links would be dragged by the browser itself, a held finger would scroll or open its menu
  document.addEventListener("dragstart", (event) => { if (event.target.closest?.("#calendar .drop[data-revision]")) event.preventDefault(); });
  document.addEventListener("touchmove", (event) => { if (held?.way === "pointer") event.preventDefault(); }, { passive: false });
  document.addEventListener("contextmenu", (event) => { if (grip?.touch) event.preventDefault(); });

  // what the server says: a question opens, the focus comes back, a panel that changed under the hand is painted anew
  let refocus = null;
  document.addEventListener("htmx:after:swap", () => {
    const question = find("#move-question[data-opens]");
    if (question) { question.removeAttribute("data-opens"); question.showModal(); }
    if (held) {
      const item = find(`#drop-off-${held.appointment}`);
      if (item) { held.item = item; item.classList.add("drop--held"); }
      paint(held.to);
    }
    if (refocus && !question?.open && (!document.activeElement || document.activeElement === document.body)) find(`#drop-off-${refocus} a`)?.focus();
  });
  document.addEventListener("htmx:finally:request", (event) => {
    if (event.target !== form && !event.target.closest?.("#move-question")) return;
    words.textContent = "";
    htmx.trigger(document.body, "refresh");
  });
  document.addEventListener("click", (event) => { if (event.target.closest?.("#move-question [data-closes]")) find("#move-question").close(); });
  document.addEventListener("submit", (event) => { const question = event.target.closest("#move-question"); if (question) setTimeout(() => question.close()); });
})();
