/* What customers did a moment ago: shown once in this browser, whatever the number of its tabs, with a sound for who wants it. */
(() => {
  "use strict";
  const find = (selector) => document.querySelector(selector);
  const WANTED = "wrenchline-sound";
  const TOLD = "wrenchline-news";
  const MOST = 60; // what was told is remembered so far back
  const kept = (name) => { try { return localStorage.getItem(name); } catch { return null; } };
  const keep = (name, value) => { try { localStorage.setItem(name, value); } catch { /* private windows may refuse: then it is told in each tab */ } };

  // One tab claims what is told, so that the others stay still.
  const claim = async (keys) => {
    const take = () => {
      const told = JSON.parse(kept(TOLD) || "[]");
      const fresh = keys.filter((key) => !told.includes(key));
      if (fresh.length) keep(TOLD, JSON.stringify([...told, ...fresh].slice(-MOST)));
      return fresh;
    };
    return navigator.locks ? navigator.locks.request(TOLD, take) : take();
  };

  // A calm sound: two soft notes. Browsers let a page sound only after somebody has clicked or typed in it.
  let audio = null;
  const wanted = () => kept(WANTED) === "on";
  const wake = () => {
    if (!wanted()) return Promise.resolve();
    audio ||= new AudioContext();
    return audio.state === "suspended" ? audio.resume() : Promise.resolve();
  };
  const note = (frequency, at) => {
    const tone = audio.createOscillator();
    const loudness = audio.createGain();
    tone.frequency.value = frequency;
    loudness.gain.setValueAtTime(0, at);
    loudness.gain.linearRampToValueAtTime(0.12, at + 0.03);
    loudness.gain.exponentialRampToValueAtTime(0.001, at + 0.7);
    tone.connect(loudness).connect(audio.destination);
    tone.start(at);
    tone.stop(at + 0.75);
  };
  const sound = () => {
    if (!wanted()) return true;
    if (!audio || audio.state !== "running") return false;
    note(523.25, audio.currentTime);
    note(659.25, audio.currentTime + 0.16);
    return true;
  };
  for (const name of ["pointerdown", "keydown"]) document.addEventListener(name, wake, { capture: true });

  const say = (button) => {
    const on = wanted();
    const state = button.querySelector("[data-on]");
    button.hidden = false;
    button.setAttribute("aria-pressed", String(on));
    state.textContent = on ? state.dataset.on : state.dataset.off;
  };
  const button = find("[data-sound]");
  if (button) {
    say(button);
    button.addEventListener("click", async () => {
      keep(WANTED, wanted() ? "off" : "on");
      say(button);
      await wake();
      sound();
    });
    window.addEventListener("storage", () => say(button));
  }

  document.addEventListener("htmx:after:swap", async () => {
    const told = new Map([...document.querySelectorAll("#overview-news [data-news]")].map((one) => [one.dataset.news, one]));
    if (!told.size) return;
    for (const one of told.values()) one.remove();
    const fresh = await claim([...told.keys()]);
    const list = find("#news");
    if (!fresh.length || !list) return;
    list.append(...fresh.map((key) => told.get(key)));
    while (list.children.length > 4) list.firstElementChild.remove();
    if (!sound()) {
      const words = document.createElement("p");
      words.className = "small soft";
      words.textContent = list.dataset.blocked;
      list.lastElementChild.querySelector(".news__words").append(words);
    }
  });
  document.addEventListener("click", (event) => event.target.closest?.("[data-news-close]")?.closest("[data-news]").remove());
})();
