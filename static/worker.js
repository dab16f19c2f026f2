/* For installed staff pages: a plain word instead of the browser's error page without a connection.
   It keeps that one page with its style and script and nothing else; orders are never kept. */
"use strict";

const KEPT = `readyboard-offline-${new URL(location.href).searchParams.get("build")}`;
const OFFLINE = new URL("offline.html", location.href).href;

async function keepOffline() {
  const cache = await caches.open(KEPT);
  const answer = await fetch(OFFLINE, { cache: "reload" });
  const parts = (await answer.clone().text()).matchAll(/(?:href|src)="([^"]+\.(?:css|js))"/g);
  await cache.put(OFFLINE, answer);
  await cache.addAll([...parts].map((part) => part[1]));
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
  } else if (/\/(staff\.css|offline\.js)$/.test(url)) {
    event.respondWith(fetch(event.request).catch(() => caches.match(url)));
  }
});
