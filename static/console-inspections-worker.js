/* Keeps the inspections that were opened on this tablet, so that a page can be loaded again in a dead spot. Nothing else goes through it. */
"use strict";
const PAGES = "inspections", FILES = "inspection-files";
const PATIENCE = 6000, OLDEST = 16 * 3600 * 1000, MOST_PAGES = 12, MOST_FILES = 60;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

const put = async (name, key, response, most) => {
  const cache = await caches.open(name);
  await cache.delete(key);
  await cache.put(key, response);
  const keys = await cache.keys();
  for (const old of keys.slice(0, Math.max(0, keys.length - most))) await cache.delete(old);
};
// Only a page that was sent: a sign-in page in its place means that the session has ended, and with it what was kept.
const page = async (request) => {
  const path = new URL(request.url).pathname;
  const asked = fetch(request).then(async (response) => {
    if (response.ok && !response.redirected) await put(PAGES, path, response.clone(), MOST_PAGES);
    else if (response.status < 500) await caches.delete(PAGES);
    return response;
  });
  const patience = new Promise((resolve) => setTimeout(resolve, PATIENCE));
  const first = await Promise.race([asked.catch(() => null), patience]);
  if (first) return first;
  const kept = await (await caches.open(PAGES)).match(path);
  if (kept && Date.now() - Date.parse(kept.headers.get("Date")) < OLDEST) return kept;
  return asked;
};
const file = async (request) => {
  const kept = await (await caches.open(FILES)).match(request);
  if (kept) return kept;
  const response = await fetch(request);
  if (response.ok) await put(FILES, request, response.clone(), MOST_FILES);
  return response;
};

self.addEventListener("fetch", (event) => {
  const { request } = event, url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(request));
  else if (url.pathname.startsWith("/static/")) event.respondWith(file(request));
});
// The first time the page was there before this was: it says what it is made of.
self.addEventListener("message", ({ data }) => {
  const fetched = async () => {
    const files = await caches.open(FILES), pages = await caches.open(PAGES);
    for (const address of data.files) if (!await files.match(address)) await file(new Request(address)).catch(() => null);
    if (!await pages.match(data.page)) {
      const response = await fetch(data.page);
      if (response.ok && !response.redirected) await put(PAGES, data.page, response, MOST_PAGES);
    }
  };
  fetched().catch(() => null);
});
