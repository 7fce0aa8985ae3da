// Wires what the page asks for by data-behaviour; without it every page still works.
import { keepOnly, wipe } from "./messages/store.js";
import { wire } from "./wire.js";

// Whoever only passes by on the way to another page needs no socket.
const LISTEN_AFTER = 1500;
const me = document.body.dataset.viewer;

wire(document);
document.addEventListener("htmx:after:swap", (event) => wire(event.target));
document.addEventListener("submit", (event) => event.target.matches('form[action="/deconnexion"]') && leave(event));
if (me) {
  keepOnly(me);
  // The pages of messages have a socket of their own.
  if (!document.querySelector(".talks-page")) {
    setTimeout(() => import("./notices.js").then((module) => module.listen(Number(me))), LISTEN_AFTER);
  }
}

/** Nothing stays on this device; what was done at a desk without network is sent first. */
function leave(event) {
  if (Number(localStorage.getItem("echange-desk-unsent") ?? 0)) {
    event.preventDefault();
    location.assign("/prets/comptoir/hors-ligne");
    return;
  }
  wipe();
  indexedDB?.deleteDatabase("echange-desk");
  if (isSecureContext) caches.delete("echange-desk");
}
