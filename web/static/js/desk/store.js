/** What lies on this device: the day's sheet, the key, and acts until they are sent. */
const NAME = "echange-desk";
const CACHE = "echange-desk";
/** How many acts are not sent yet, for pages that only need to know. */
const UNSENT = "echange-desk-unsent";

export async function get(name) {
  return run("kept", "readonly", (store) => store.get(name));
}

export async function set(name, value) {
  return run("kept", "readwrite", (store) => store.put(value, name));
}

export async function acts() {
  return (await run("acts", "readonly", (store) => store.getAll())) ?? [];
}

export async function putAct(act) {
  await run("acts", "readwrite", (store) => store.put(act));
  await count();
}

export async function dropAct(clientId) {
  await run("acts", "readwrite", (store) => store.delete(clientId));
  await count();
}

/** Nothing stays, but what was not sent yet and what it takes to send it. */
export async function wipe() {
  await run("kept", "readwrite", (store) => store.delete("sheet"));
  if ("caches" in self) await caches.delete(CACHE);
  if ((await acts()).length) return;
  await run("kept", "readwrite", (store) => store.clear());
  const workers = (await navigator.serviceWorker?.getRegistrations()) ?? [];
  await Promise.all(workers.map((one) => one.unregister()));
}

export function unsent() {
  return Number(localStorage.getItem(UNSENT) ?? 0);
}

async function count() {
  const left = (await acts()).length;
  if (left) localStorage.setItem(UNSENT, String(left));
  else localStorage.removeItem(UNSENT);
}

async function run(name, mode, ask) {
  const database = await opened();
  try {
    return await new Promise((resolve, reject) => {
      const turn = database.transaction(name, mode);
      const asked = ask(turn.objectStore(name));
      turn.oncomplete = () => resolve(asked.result);
      turn.onabort = turn.onerror = () => reject(turn.error);
    });
  } finally {
    database.close();
  }
}

function opened() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("kept");
      asked.result.createObjectStore("acts", { keyPath: "clientId" });
    };
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}
