// Wires what the page asks for by data-behaviour; without it every page still works.
import { keepOnly, wipe } from "./messages/store.js";
import { wire } from "./wire.js";

// Whoever only passes by on the way to another page needs no socket.
const LISTEN_AFTER = 1500;
const me = document.body.dataset.viewer;

wire(document);
document.addEventListener("htmx:after:swap", (event) => wire(event.target));
document.addEventListener("submit", ({ target }) => target.matches('form[action="/deconnexion"]') && wipe());
if (me) {
  keepOnly(me);
  // The pages of messages have a socket of their own.
  if (!document.querySelector(".talks-page")) {
    setTimeout(() => import("./notices.js").then((module) => module.listen(Number(me))), LISTEN_AFTER);
  }
}
