// What a script adds to the overview: pictures come closer in place, a signature can be drawn, and Send waits for the sum of the last tap.
(() => {
  const closer = document.getElementById("closer"), form = document.getElementById("answers");
  if (!form) return;

  form.addEventListener("click", (event) => {
    const link = event.target.closest(".pictures a");
    if (!link || !closer.showModal || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const small = link.querySelector("img"), film = link.classList.contains("film");
    const large = document.createElement(film ? "video" : "img");
    if (film) Object.assign(large, { controls: true, playsInline: true, poster: small.currentSrc });
    else large.alt = small.alt;
    large.src = link.href;
    closer.append(large);
    closer.showModal();
    if (film) large.play().catch(() => {});
  });
  closer.addEventListener("click", (event) => { if (event.target === closer) closer.close(); });
  closer.addEventListener("close", () => closer.querySelectorAll("img, video").forEach((large) => large.remove()));

  const drawn = form.querySelector(".drawn"), send = form.querySelector("#sign .main");
  if (!send) return;
  const canvas = drawn.querySelector("canvas"), pen = canvas.getContext("2d");
  let ink = false, last = null;
  const wipe = () => {
    canvas.width = Math.min(1600, canvas.clientWidth * 2);
    canvas.height = Math.min(800, canvas.clientHeight * 2);
    Object.assign(pen, { lineWidth: 5, lineCap: "round", lineJoin: "round" });
    ink = false;
  };
  const at = (event) => {
    const box = canvas.getBoundingClientRect();
    return [((event.clientX - box.left) * canvas.width) / box.width, ((event.clientY - box.top) * canvas.height) / box.height];
  };
  drawn.hidden = false;
  drawn.addEventListener("toggle", () => { if (drawn.open && !ink) wipe(); });
  drawn.querySelector("button").addEventListener("click", wipe);
  canvas.addEventListener("pointerdown", (event) => { last = at(event); canvas.setPointerCapture(event.pointerId); });
  canvas.addEventListener("pointermove", (event) => {
    if (!last) return;
    pen.beginPath();
    pen.moveTo(...last);
    last = at(event);
    pen.lineTo(...last);
    pen.stroke();
    ink = true;
  });
  ["pointerup", "pointercancel"].forEach((end) => canvas.addEventListener(end, () => { last = null; }));

  let asking = 0, waiting = false, sent = false;
  const words = send.textContent;
  const busy = (is) => {
    send.textContent = is ? send.dataset.busy : words;
    send.setAttribute("aria-busy", is);
  };
  form.addEventListener("htmx:before:request", () => { asking += 1; });
  form.addEventListener("htmx:finally:request", () => {
    asking -= 1;
    if (!asking && waiting) { waiting = false; form.requestSubmit(send); }
  });
  form.addEventListener("submit", (event) => {
    if (sent || asking) { event.preventDefault(); waiting = !sent; return; }
    sent = true;
    form.elements.signature.value = ink ? canvas.toDataURL() : "";
    busy(true);
  });
  addEventListener("pageshow", (event) => { if (event.persisted) { sent = false; busy(false); } });
})();
