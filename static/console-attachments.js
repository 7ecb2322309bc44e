/* Sends what is chosen or dropped, one file after the other, and shows how far each is. Without it the form sends all at once. */
(() => {
  "use strict";
  const form = document.querySelector("#sending");
  if (!form) return;
  const field = form.querySelector("input[type=file]");
  const list = form.querySelector(".sending__files");
  const words = form.dataset;
  const queue = [];
  let current = null;
  form.toggleAttribute("data-sends", true);

  const newToken = () => Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("");

  const show = (one, words, bad = false, again = false) => {
    one.row.querySelector(".sending__state").textContent = words;
    one.row.classList.toggle("sending__file--bad", bad);
    one.row.querySelector("[data-again]").hidden = !again;
    const stop = one.row.querySelector("[data-stop]");
    stop.textContent = bad ? stop.dataset.dismiss : stop.dataset.cancel;
  };

  const add = (file) => {
    const row = form.querySelector("template").content.cloneNode(true).querySelector("li");
    const one = { file, row, token: newToken(), request: null };
    row.querySelector(".sending__name").textContent = file.name;
    row.querySelector("progress").setAttribute("aria-label", file.name);
    row.querySelector("[data-stop]").addEventListener("click", () => drop(one));
    row.querySelector("[data-again]").addEventListener("click", () => { queue.push(one); show(one, words.waiting); next(); });
    list.append(row);
    if (file.size > Number(words.largest)) { show(one, words.tooLarge, true); return; }
    show(one, words.waiting);
    queue.push(one);
  };

  const drop = (one) => {
    const at = queue.indexOf(one);
    if (at >= 0) queue.splice(at, 1);
    one.row.remove();
    if (current === one) one.request.abort();
    field.focus();
  };

  const next = () => {
    if (current || !queue.length) return;
    const one = current = queue.shift();
    const request = one.request = new XMLHttpRequest();
    const body = new FormData();
    body.append("token", one.token);
    body.append("files", one.file, one.file.name);
    request.open("POST", form.action);
    request.setRequestHeader("HX-Request", "true");
    for (const [name, value] of Object.entries(JSON.parse(document.body.getAttribute("hx-headers:inherited")))) request.setRequestHeader(name, value);
    request.upload.addEventListener("progress", (event) => {
      const percent = event.lengthComputable ? Math.floor(100 * event.loaded / event.total) : 0;
      one.row.querySelector("progress").value = percent;
      show(one, percent < 100 ? `${percent} %` : words.storing);
    });
    request.addEventListener("load", () => settle(one, request));
    request.addEventListener("error", () => show(one, words.lost, true, true));
    request.addEventListener("loadend", () => { current = null; next(); });
    request.send(body);
  };

  const settle = (one, request) => {
    if (request.status === 200) {
      one.row.remove();
      htmx.trigger(document.body, "refresh");
    } else if (request.status === 401) {
      location.assign(request.getResponseHeader("HX-Redirect"));
    } else {
      const page = new DOMParser().parseFromString(request.responseText, "text/html");
      const answer = page.querySelector("#files-error"), passes = [503, 507].includes(request.status) && page.querySelector(".headline p");
      show(one, (answer || passes || { textContent: words.lost }).textContent.trim(), true, !answer);
    }
  };

  const addAll = (files) => { for (const file of files) add(file); next(); };
  field.addEventListener("change", () => { addAll(field.files); field.value = ""; });

  const place = form.closest("[data-drop]") || form;
  const over = (event) => event.dataTransfer?.types.includes("Files");
  place.addEventListener("dragover", (event) => { if (over(event)) { event.preventDefault(); form.toggleAttribute("data-over", true); } });
  place.addEventListener("dragleave", (event) => { if (!place.contains(event.relatedTarget)) form.removeAttribute("data-over"); });
  place.addEventListener("drop", (event) => {
    form.removeAttribute("data-over");
    if (!over(event)) return;
    event.preventDefault();
    addAll(event.dataTransfer.files);
  });

  window.addEventListener("beforeunload", (event) => { if (current) event.preventDefault(); });
})();
