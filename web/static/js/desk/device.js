import { get, set } from "./store.js";

const CURVE = { name: "ECDSA", namedCurve: "P-256" };
const SIGNING = { name: "ECDSA", hash: "SHA-256" };
const WORKER = "/prets/comptoir/ouvrier.js";
const SCOPE = "/prets/comptoir";

/** Whether this browser can work without network here. */
export function able() {
  return isSecureContext && "serviceWorker" in navigator && "indexedDB" in window && !!crypto.subtle;
}

/** Makes a key that never leaves this device, and fetches today's sheet for a lender's desk. */
export async function prepare(lender) {
  const keys = await crypto.subtle.generateKey(CURVE, false, ["sign", "verify"]);
  const shown = await crypto.subtle.exportKey("spki", keys.publicKey);
  const answer = await fetch("/api/v1/desk/devices", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ lender, public_key: base64(shown), name: named() }),
  });
  if (!answer.ok) throw new Error((await answer.json()).title);
  await set("key", keys.privateKey);
  await keep(await answer.json());
  await navigator.storage?.persist?.();
  await shelter();
}

/** The newest sheet, when there is network and this device is still prepared. */
export async function refresh() {
  const sheet = await get("sheet");
  if (!sheet) return null;
  const answer = await fetch(`/api/v1/desk/devices/${sheet.device}/sheet`, { cache: "no-store" });
  if (answer.ok) await keep(await answer.json());
  return answer.status;
}

export async function sign(content) {
  const signature = await crypto.subtle.sign(SIGNING, await get("key"), new TextEncoder().encode(content));
  return base64(signature);
}

/** Our time by the server's clock, whatever this device's shows. */
export async function time() {
  return new Date(Date.now() + ((await get("offset")) ?? 0));
}

async function keep(sheet) {
  await set("offset", Date.parse(sheet.now) - Date.now());
  await set("device", sheet.device);
  await set("sheet", sheet);
}

/** Pages of the desk open without network from now on. */
async function shelter() {
  await navigator.serviceWorker.register(WORKER, { scope: SCOPE });
  const { active } = await navigator.serviceWorker.ready.catch(() => ({}));
  const worker = active ?? (await navigator.serviceWorker.getRegistration(SCOPE))?.active;
  const { port1, port2 } = new MessageChannel();
  await new Promise((resolve, reject) => {
    port1.onmessage = ({ data }) => (data === "kept" ? resolve() : reject(new Error(data)));
    worker.postMessage("keep", [port2]);
  });
}

function named() {
  return navigator.userAgentData?.platform || navigator.platform || "";
}

function base64(bytes) {
  return btoa(String.fromCharCode(...new Uint8Array(bytes)));
}
