/* The inspection on a tablet: shows what the server knows with what still waits here laid over it, and puts every tap into the outbox. */
(() => {
  "use strict";
  const root = document.querySelector("#inspection");
  if (!root) return;
  const find = (selector, within = document) => within.querySelector(selector);
  const every = (selector, within = document) => [...within.querySelectorAll(selector)];
  const words = root.dataset;
  const said = (sentence, values) => Object.entries(values).reduce((text, [name, value]) => text.replace(`{${name}}`, value), sentence);
  const points = new Map(every("[data-point]").map((element) => [Number(element.dataset.point), element]));
  const sections = every("[data-section]");
  const idsOf = (section) => every("[data-point]", section).map((element) => Number(element.dataset.point));
  const snapshot = `state-${words.order}`;
  const previews = new Map();
  let known = { version: -1, findings: new Map(), closed: false, complete: "" };
  let waiting = [], undo = null, taking = 0, ours = [];
  // What another tab has sent is shown until the server has told us of it.
  let elsewhere = [];
  const settledHere = new Set();

  // what the server knows

  const learn = (state, whole) => {
    if (state.version < known.version) return;
    const findings = whole ? new Map() : known.findings;
    for (const finding of state.findings) findings.set(finding.id, finding);
    known = { ...state, findings };
  };
  const remember = () => outbox.keep(snapshot, { ...known, findings: [...known.findings.values()] }).catch(() => {});
  let asking = 0;
  const ask = () => {
    clearTimeout(asking);
    asking = setTimeout(async () => {
      const gone = [...elsewhere];
      const response = await fetch(words.stateUrl, { headers, redirect: "manual", cache: "no-store" }).catch(() => null);
      if (!response?.ok) return;
      learn(await response.json(), true);
      elsewhere = elsewhere.filter((change) => !gone.includes(change));
      remember();
      show();
    }, 400);
  };

  // what is shown: that, and over it what still waits, in its order

  const shown = () => {
    const map = new Map([...points.keys()].map((id) => [id, { ...known.findings.get(id) }]));
    let complete = known.complete;
    for (const { facts, kind } of [...elsewhere, ...ours]) {
      for (const { finding, was, ...fields } of facts?.answers || []) {
        const point = map.get(finding);
        if (point && (was === undefined || was === (point.result || null))) Object.assign(point, fields);
      }
      if (kind === "complete") complete ||= " ";
      if (kind === "complete" && facts.rest) for (const point of map.values()) point.result ||= "not_checked";
      if (kind === "resume") complete = "";
    }
    return { map, complete };
  };
  const typing = (field) => field === document.activeElement;
  const showPoint = (element, point) => {
    for (const button of every("[data-result]", element)) button.setAttribute("aria-pressed", String(button.dataset.result === point.result));
    element.dataset.answer = point.result || "";
    const value = find("[data-value]", element), remark = find("[data-remark]", element);
    if (value && !typing(value)) value.value = point.value || "";
    if (!typing(remark)) remark.value = point.remark || "";
    for (const preset of every("[data-preset]", element)) preset.setAttribute("aria-pressed", String((point.remark || "").includes(preset.textContent)));
    const bad = ["recommended", "necessary"].includes(point.result);
    const note = find("[data-note]", element), open = element.dataset.note ? element.dataset.note === "open" : bad || Boolean(point.remark);
    note.setAttribute("aria-expanded", String(open));
    find(".point__note", element).hidden = !open;
    showSuggestion(element, value, point);
    showPictures(element, point);
  };
  const meets = (bound, number) => { const [, sign, limit] = /^([<>]=?)(.+)$/.exec(bound); return { "<": number < limit, "<=": number <= limit, ">": number > limit, ">=": number >= limit }[sign]; };
  const showSuggestion = (element, value, point) => {
    const { fine, limit } = element.dataset;
    const text = (value?.value || "").trim().replace(",", "."), number = Number(text);
    const plain = fine && text && Number.isFinite(number) && !point.result;
    const suggested = plain ? (meets(limit, number) ? "necessary" : meets(fine, number) ? "ok" : "recommended") : "";
    for (const button of every("[data-result]", element)) button.toggleAttribute("data-suggested", button.dataset.result === suggested);
  };
  const showPictures = (element, point) => {
    const list = find("[data-pictures]", element), id = Number(element.dataset.point);
    const sent = (point.pictures || []).map((picture) => ({ key: `sent-${picture.id}`, ...picture }));
    const local = ours.filter((change) => change.file && change.finding === id).map((change) => ({ key: `here-${change.number}`, change, words: words.waitingPicture }));
    const wanted = [...sent, ...local];
    for (const item of every("li", list)) if (!wanted.some((picture) => picture.key === item.dataset.key)) item.remove();
    for (const picture of wanted) {
      let item = find(`[data-key="${picture.key}"]`, list);
      if (!item) {
        item = find("#a-picture").content.cloneNode(true).firstElementChild;
        item.dataset.key = picture.key;
        list.append(item);
      }
      const image = find("img", item), link = find("a", item), drop = find("button", item);
      const source = picture.small || (picture.change && !picture.change.name.match(/\.(mov|mp4|webm|m4v)$/i) ? preview(picture.change) : "");
      if (source && image.getAttribute("src") !== source) image.src = source;
      image.hidden = !source;
      image.alt = picture.small ? picture.words : ""; // else the words stand beside it
      if (picture.page) link.href = picture.page;
      find(".picture__state", item).textContent = picture.small ? "" : picture.words;
      item.classList.toggle("picture--bad", Boolean(picture.bad));
      drop.hidden = !picture.change;
      drop.dataset.number = picture.change?.number || "";
    }
    list.hidden = !wanted.length;
  };
  const preview = (change) => {
    if (!previews.has(change.number)) previews.set(change.number, URL.createObjectURL(change.file));
    return previews.get(change.number);
  };
  const show = () => {
    const { map, complete } = shown();
    for (const [id, element] of points) showPoint(element, map.get(id));
    const left = [...map.values()].filter((point) => !point.result).length;
    find("#progress-words").textContent = said(words.progress, { answered: points.size - left, points: points.size });
    find("#progress").max = points.size;
    find("#progress").value = points.size - left;
    for (const section of sections) {
      const ids = idsOf(section), open = ids.filter((id) => !map.get(id).result);
      const count = find(`[data-count="${section.dataset.section}"]`);
      count.textContent = open.length ? `${ids.length - open.length}/${ids.length}` : "✓";
      count.parentElement.classList.toggle("jump--done", !open.length);
      const all = find("[data-all]", section), undone = undo?.section === section;
      all.hidden = !(open.length || undone);
      find("span", all).textContent = undone ? said(words.undo, { count: undo.ids.length }) : all.dataset.words;
    }
    find("#next-open").hidden = !left;
    find("#complete").hidden = Boolean(complete);
    find("#complete-note").hidden = !complete;
    find("#complete-words").textContent = complete;
    find("#closed-note").hidden = !known.closed;
    root.toggleAttribute("data-closed", known.closed);
    for (const control of every("button, input, textarea", root)) control.disabled = known.closed && !control.closest("#trouble-note");
    find("#complete").disabled = known.closed;
    showOutbox();
  };
  const showOutbox = () => {
    const place = find("#outbox-words"), mine = waiting.filter((change) => change.member === outbox.member).length, others = waiting.length - mine;
    const state = outbox.state;
    const late = state === "waiting" || state === "ended" || !navigator.onLine;
    const sentence = !mine ? words.saved : late ? (mine === 1 ? words.one : said(words.more, { count: mine })) : words.sending;
    const all = others ? `${sentence}. ${said(words.others, { count: others })}` : sentence;
    if (place.textContent !== all) place.textContent = all;
    place.dataset.tone = mine && late ? "late" : "";
    find("#ended-note").hidden = state !== "ended";
  };
  const look = async () => {
    waiting = await outbox.all();
    const numbers = new Set(waiting.map((change) => change.number)), gone = ours.filter((change) => !numbers.has(change.number) && !settledHere.has(change.number));
    ours = waiting.filter((change) => change.url.startsWith(`${location.pathname}/`));
    if (gone.length) { elsewhere.push(...gone); ask(); }
    for (const [number, address] of previews) if (!numbers.has(number)) { URL.revokeObjectURL(address); previews.delete(number); }
    show();
  };

  // what is said

  const trouble = (sentence) => {
    const place = find("#trouble-words");
    place.textContent = [...new Set([...place.textContent.split("\n"), sentence])].filter(Boolean).join("\n");
    find("#trouble-note").hidden = false;
  };
  const headers = JSON.parse(document.body.getAttribute("hx-headers:inherited"));
  const place = { shop: headers["X-Shop"], stateUrl: words.stateUrl };
  const put = (change) => outbox.add({ ...place, ...change }).catch(() => trouble(words.full));
  const tell = (kind, facts) => put({ url: words.changesUrl, kind, facts: { kind, ...facts } });
  const answer = (id, fields) => {
    undo = null;
    const error = find(".point__error", points.get(id));
    error.hidden = true;
    return tell("answers", { answers: [{ finding: id, ...fields }] });
  };
  const idOf = (element) => Number(element.closest("[data-point]").dataset.point);
  const now = (id) => shown().map.get(id);
  const write = (field) => {
    const id = idOf(field), name = field.matches("[data-value]") ? "value" : "remark";
    if (field.value.trim() !== (now(id)[name] || "")) answer(id, { [name]: field.value.trim() });
  };
  const setAll = (section) => {
    if (undo?.section === section) {
      tell("answers", { answers: undo.ids.map((id) => ({ finding: id, result: null, was: "ok" })) });
      undo = null;
      return;
    }
    const ids = idsOf(section).filter((id) => !now(id).result);
    undo = { section, ids };
    tell("answers", { answers: ids.map((id) => ({ finding: id, result: "ok", was: null })) });
  };
  const goToOpen = () => {
    const next = [...points].find(([id]) => !now(id).result);
    if (!next) return;
    next[1].scrollIntoView({ block: "center" });
    next[1].focus({ preventScroll: true });
  };
  const complete = () => {
    const left = [...shown().map.values()].filter((point) => !point.result).length;
    if (!left) return tell("complete", { rest: false });
    find("#rest-words").textContent = left === 1 ? words.leftOne : said(words.leftMore, { count: left });
    find("#rest").showModal();
  };

  root.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.dataset.result) {
      const id = idOf(button), same = now(id).result === button.dataset.result;
      answer(id, { result: same ? null : button.dataset.result });
    } else if (button.matches("[data-all]")) {
      setAll(button.closest("[data-section]"));
    } else if (button.dataset.take) {
      taking = idOf(button);
      find(`#take-${button.dataset.take}`).click();
    } else if (button.matches("[data-note]")) {
      const point = button.closest("[data-point]"), open = button.getAttribute("aria-expanded") !== "true";
      point.dataset.note = open ? "open" : "shut";
      show();
      if (open) find("[data-remark]", point).focus();
    } else if (button.matches("[data-preset]")) {
      const id = idOf(button), remark = now(id).remark || "", text = button.textContent;
      const without = remark.split("\n").filter((line) => line && line !== text);
      answer(id, { remark: (remark.includes(text) ? without : [...without, text]).join("\n") });
    } else if (button.matches(".picture__drop")) {
      settledHere.add(Number(button.dataset.number));
      outbox.drop(Number(button.dataset.number));
    } else if (button.id === "resume") {
      tell("resume", {});
    } else if (button.id === "trouble-seen") {
      find("#trouble-words").textContent = "";
      find("#trouble-note").hidden = true;
    }
  });
  find("#next-open").addEventListener("click", goToOpen);
  find("#complete").addEventListener("click", complete);
  find("#rest-not-checked").addEventListener("click", () => { find("#rest").close(); tell("complete", { rest: true }); });
  find("#rest-show").addEventListener("click", () => { find("#rest").close(); goToOpen(); });
  for (const name of ["photo", "video"]) {
    find(`#take-${name}`).addEventListener("change", (event) => {
      for (const file of event.target.files) {
        if (file.size > Number(words.largest)) trouble(words.tooLarge);
        else put({ url: words.picturesUrl, finding: taking, file, name: file.name || `${name}.${file.type.split("/")[1] || "jpg"}` });
      }
      event.target.value = "";
    });
  }
  // A reading is kept when the field is left, and when typing rests: a tablet that goes dark in between loses nothing.
  let resting = 0;
  root.addEventListener("change", (event) => { if (event.target.matches("[data-value], [data-remark]")) write(event.target); });
  root.addEventListener("input", (event) => {
    if (!event.target.matches("[data-value], [data-remark]")) return;
    clearTimeout(resting);
    resting = setTimeout(() => write(event.target), 1500);
    if (event.target.matches("[data-value]")) showSuggestion(event.target.closest("[data-point]"), event.target, now(idOf(event.target)));
  });
  window.addEventListener("pagehide", () => { if (document.activeElement?.matches("[data-value], [data-remark]")) write(document.activeElement); });
  document.addEventListener("visibilitychange", () => { if (document.hidden && document.activeElement?.matches("[data-value], [data-remark]")) write(document.activeElement); });

  // what comes back

  document.addEventListener("outbox", look);
  document.addEventListener("outbox:taken", ({ detail: { change, answer } }) => {
    settledHere.add(change.number);
    if (change.url.startsWith(`${location.pathname}/`)) { learn(answer, false); remember(); }
  });
  document.addEventListener("outbox:refused", ({ detail: { change, sentence } }) => {
    settledHere.add(change.number);
    const id = change.finding || change.facts?.answers?.[0]?.finding, point = change.facts?.answers?.length === 1 || change.file ? points.get(id) : null;
    if (!point || !change.url.startsWith(`${location.pathname}/`)) { trouble(sentence); ask(); return; }
    const error = find(".point__error", point);
    error.textContent = sentence;
    error.hidden = false;
    document.activeElement?.blur();
    ask();
  });
  const live = find("#live");
  for (const topic of ["inspections", "findings", "attachments", "work_orders", "refresh"]) live.addEventListener(topic, ask);
  window.addEventListener("online", ask);
  window.addEventListener("offline", showOutbox);

  const begin = async () => {
    learn(JSON.parse(words.state), true);
    try { await outbox.open(); } catch { trouble(words.noStore); root.toggleAttribute("data-closed", true); show(); return; }
    const before = await outbox.kept(snapshot);
    if (before && before.version > known.version) learn(before, true);
    navigator.storage?.persist?.(); // what waits is not to be thrown away when the device wants room
    remember();
    outbox.begin(Number(words.member), { "X-CSRFToken": headers["X-CSRFToken"] });
    await look();
    if (!navigator.serviceWorker) { find("#limit-note").textContent = words.unreloadable; find("#limit-note").hidden = false; return; }
    // Loaded once, the page can be loaded again without the network.
    await navigator.serviceWorker.register(words.worker).catch(() => null);
    const worker = (await navigator.serviceWorker.ready).active;
    const files = every("link[rel=stylesheet][href], script[src]").map((element) => element.href || element.src);
    worker.postMessage({ page: location.pathname, files });
  };
  begin();
})();
