/* For installed staff pages: a plain word instead of the browser's error page while there is no
   connection. It keeps that one page and its style and nothing else; orders are never kept. */
"use strict";

const KEPT = `readyboard-offline-${new URL(location.href).searchParams.get("build")}`;
const OFFLINE = new URL("offline.html", location.href).href;

async function keepOffline() {
  const cache = await caches.open(KEPT);
  const answer = await fetch(OFFLINE, { cache: "reload" });
  const style = (await answer.clone().text()).match(/href="([^"]+\/staff\.css)"/);
  await cache.put(OFFLINE, answer);
  await cache.add(style[1]);
}

self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(keepOffline());
});

self.addEventListener("activate", (event) => {
  const drop = async () => {
    for (const name of await caches.keys()) {
      if (name.startsWith("readyboard-offline-") && name !== KEPT) await caches.delete(name);
    }
  };
  event.waitUntil(drop());
});

self.addEventListener("fetch", (event) => {
  const { mode, url } = event.request;
  if (mode === "navigate") {
    event.respondWith(fetch(event.request).catch(() => caches.match(OFFLINE)));
  } else if (url.endsWith("/staff.css")) {
    event.respondWith(fetch(event.request).catch(() => caches.match(url)));
  }
});
