/** Opens the desk's pages without network. It keeps no page of anybody: only the empty one, its styles and scripts. */
const CACHE = "echange-desk";
const SHELL = "/prets/comptoir/hors-ligne";
const PARTS = /(?:href|src)="(\/static\/[^"#]+)/g;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("message", ({ data, ports }) => {
  if (data !== "keep") return;
  keep().then(
    () => ports[0]?.postMessage("kept"),
    (error) => ports[0]?.postMessage(String(error)),
  );
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate") event.respondWith(fetch(request).catch(() => kept(SHELL)));
  else if (url.pathname.startsWith("/static/")) event.respondWith(first(request));
});

async function keep() {
  const cache = await caches.open(CACHE);
  const shell = await fetch(SHELL, { credentials: "omit", cache: "no-store" });
  const html = await shell.clone().text();
  await cache.put(SHELL, shell);
  await cache.addAll([...new Set([...html.matchAll(PARTS)].map(([, part]) => part))]);
}

async function first(request) {
  const address = new URL(request.url).pathname;
  return (await kept(address)) ?? fetch(request);
}

async function kept(address) {
  return (await caches.open(CACHE)).match(address, { ignoreVary: true });
}
