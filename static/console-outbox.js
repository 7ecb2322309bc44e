/* What was tapped and photographed waits on the device until the server has it: sent in order, once, by one tab at a time. */
const outbox = (() => {
  "use strict";
  const CHANGED = "outbox", WAITS = [2, 4, 8, 15, 30, 60];
  let database = null, timer = 0, failures = 0, state = "idle", headers = {}, member = 0;
  const others = "BroadcastChannel" in window ? new BroadcastChannel("outbox") : null;

  const settled = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const open = () => database ||= (() => {
    const request = indexedDB.open("inspections", 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("changes", { keyPath: "number", autoIncrement: true });
      request.result.createObjectStore("kept");
    };
    return settled(request);
  })();
  // Resolves once it is on the disk, so that nothing is said to be kept that a crash could lose.
  const within = async (name, mode, work) => {
    const transaction = (await open()).transaction(name, mode, { durability: "strict" });
    const done = new Promise((resolve, reject) => { transaction.oncomplete = resolve; transaction.onabort = transaction.onerror = () => reject(transaction.error); });
    const result = await work(transaction.objectStore(name));
    await done;
    return result;
  };
  const tell = (name, detail) => document.dispatchEvent(new CustomEvent(name, { detail }));
  const changed = () => { tell(CHANGED); others?.postMessage(CHANGED); };
  others?.addEventListener("message", () => tell(CHANGED));

  const keep = (key, value) => within("kept", "readwrite", (store) => settled(store.put(value, key)));
  const kept = (key) => within("kept", "readonly", (store) => settled(store.get(key)));
  const all = () => within("changes", "readonly", (store) => settled(store.getAll()));
  // Numbers are counted by the database and never used again; with its name they are the change's id.
  const device = () => within("kept", "readwrite", async (store) => {
    const known = await settled(store.get("device"));
    const name = known || Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("");
    if (!known) await settled(store.put(name, "device"));
    return name;
  });
  const add = async (change) => {
    await within("changes", "readwrite", (store) => settled(store.add({ ...change, member, made: Date.now() })));
    changed();
    send();
  };
  const drop = async (number) => {
    await within("changes", "readwrite", (store) => settled(store.delete(number)));
    changed();
  };

  const request = async (change) => {
    const word = { device: await device(), number: change.number, age: Math.max(0, Date.now() - change.made), member: change.member };
    const body = new FormData();
    if (change.file) {
      for (const [name, value] of Object.entries({ ...word, finding: change.finding })) body.append(name, value);
      body.append("files", change.file, change.name);
    }
    const kind = change.file ? {} : { "Content-Type": "application/json" };
    return fetch(change.url, { method: "POST", headers: { ...headers, "X-Shop": change.shop, "HX-Request": "true", ...kind }, body: change.file ? body : JSON.stringify({ ...word, ...change.facts }), redirect: "manual", cache: "no-store" });
  };
  const FINAL = [403, 404, 413, 422];
  // True: the server has said its word, and the next one can go.
  const settle = async (change, again = true) => {
    const response = await request(change);
    if (response.status === 401 || response.type === "opaqueredirect") { state = "ended"; return false; }
    if (response.status === 400 && again) {
      const fresh = await fetch(change.stateUrl, { headers: { ...headers, "X-Shop": change.shop, "HX-Request": "true" }, redirect: "manual", cache: "no-store" });
      if (fresh.ok) { headers["X-CSRFToken"] = (await fresh.json()).token; return settle(change, false); }
    }
    if (response.ok) {
      const answer = await response.json();
      tell("outbox:taken", { change, answer });
    } else if (FINAL.includes(response.status)) {
      const answer = await response.json().catch(() => ({}));
      tell("outbox:refused", { change, sentence: answer.sentence || `${response.status} ${response.statusText}` });
    } else {
      throw new Error(String(response.status));
    }
    await drop(change.number);
    return true;
  };
  const drain = async () => {
    clearTimeout(timer);
    state = "sending";
    tell(CHANGED);
    try {
      for (;;) {
        const next = (await all()).find((change) => change.member === member);
        if (!next) { state = "idle"; break; }
        if (!await settle(next)) break;
        failures = 0;
      }
    } catch {
      state = "waiting";
      timer = setTimeout(send, 1000 * WAITS[Math.min(failures++, WAITS.length - 1)] * (0.8 + Math.random() * 0.4));
    }
    changed();
  };
  // One tab sends at a time; who comes meanwhile looks once more when that one is done.
  let queued = false;
  const send = () => {
    if (queued) return;
    queued = true;
    const turn = () => { queued = false; return drain(); };
    if (navigator.locks) navigator.locks.request("outbox", turn); else setTimeout(turn);
  };
  const soon = () => { failures = 0; send(); };
  window.addEventListener("online", soon);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) soon(); });

  const begin = (who, with_) => { member = who; headers = with_; send(); };
  // A page that is no inspection says what waits from one, and sends it.
  const note = document.querySelector("[data-outbox]");
  const say = async () => {
    const mine = (await all()).filter((change) => change.member === member).length;
    note.hidden = !mine;
    note.textContent = mine === 1 ? note.dataset.one : note.dataset.more.replace("{count}", mine);
  };
  if (note) {
    document.addEventListener(CHANGED, () => say().catch(() => {}));
    begin(Number(note.dataset.outbox), JSON.parse(document.body.getAttribute("hx-headers:inherited")));
  }
  return { begin, add, drop, all, keep, kept, open, send, get state() { return state; }, get member() { return member; } };
})();
