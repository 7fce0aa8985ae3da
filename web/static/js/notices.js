// On every page of who is signed in: badges stay true, and what one is told is said as it comes.
import { Live } from "./live.js";
import { wipe } from "./messages/store.js";
import { Unread, say } from "./messages/unread.js";
import { wire } from "./wire.js";

/** Listens from a page without messages of its own. */
export function listen(me) {
  const live = new Live(() => ({}), true);
  new Unread(live, me);
  showNotices(live);
}

/** Shows notices as they come, and forgets what is kept here once somebody signed out. */
export function showNotices(live) {
  const region = document.createElement("div");
  region.className = "told-live";
  region.setAttribute("role", "status");
  document.body.append(region);
  live.addEventListener("notice", ({ detail }) => {
    for (const badge of document.querySelectorAll('[data-unread="notices"]')) {
      say(badge, badge.hidden ? 1 : 1 + (parseInt(badge.querySelector("[data-number]").textContent, 10) || 0));
    }
    show(region, detail.id);
  });
  live.addEventListener("signedout", wipe);
}

async function show(region, id) {
  const answer = await fetch(`/avis/${id}/ligne`).catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  // One at a time: the others stand under « Avis ».
  region.replaceChildren(document.createRange().createContextualFragment(await answer.text()));
  wire(region);
}
