// The messages pages come alive. Without this script they work by forms and links.
import { Live } from "./live.js";
import { Outbox } from "./messages/outbox.js";
import { Thread } from "./messages/thread.js";
import { Unread } from "./messages/unread.js";

const MARK_AFTER = 300;
// A short tunnel is nobody's business.
const SAY_AWAY_AFTER = 2000;
const me = Number(document.body.dataset.viewer);
const log = document.getElementById("log");
// On a page of older messages nothing is added at the end: it is not there.
const thread = log && "tail" in log.dataset ? new Thread(log) : null;
const live = new Live(() => (thread ? { [thread.id]: thread.cursor } : {}));
new Unread(live, me);
if (thread) openThread(new Outbox(thread, live), document.getElementById("composer"));

function openThread(outbox, composer) {
  const announce = document.getElementById("announce");
  live.addEventListener("event", ({ detail }) => detail.conversation === thread.id && thread.take(detail));
  live.addEventListener("gap", ({ detail }) => detail.conversation === thread.id && thread.fill());
  live.addEventListener("welcome", ({ detail }) => {
    // A mark sent into a tunnel was lost.
    if (detail.unread.includes(thread.id)) thread.read = 0;
    showConnection("");
    markRead();
  });
  live.addEventListener("away", () => {
    showConnection(thread.words.away, SAY_AWAY_AFTER);
    thread.fill();
  });
  live.addEventListener("signedout", () => showConnection(thread.words.signedOut));
  thread.ongone = () => live.end();
  thread.onshown = (event, mine) => {
    if (mine) return outbox.settled(event.client_id);
    announce.textContent = `${thread.words.name}\u00a0: ${event.data.body}`;
    markRead();
  };
  for (const [target, name] of [[document, "visibilitychange"], [log, "scroll"], [window, "scroll"]]) {
    target.addEventListener(name, markRead, { passive: true });
  }
  wireComposer(outbox, composer);
}

function wireComposer(outbox, composer) {
  const area = composer.elements.body;
  composer.addEventListener("submit", (event) => {
    event.preventDefault();
    const words = [area.value.trim(), event.submitter?.name === "rapide" ? event.submitter.value : ""].join(" ").trim();
    if (!words) return area.focus();
    outbox.write(words);
    area.value = "";
    area.dispatchEvent(new Event("input", { bubbles: true }));
    area.focus();
  });
  // With a real keyboard Enter sends; on a phone it is a new line, and the button sends.
  area.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || !matchMedia("(pointer: fine)").matches) return;
    event.preventDefault();
    composer.requestSubmit();
  });
}

let marking = 0;

function markRead() {
  clearTimeout(marking);
  marking = setTimeout(() => {
    if (document.visibilityState !== "visible" || thread.cursor <= thread.read || !thread.atEnd) return;
    if (live.send({ type: "read", conversation: thread.id, seq: thread.cursor })) thread.read = thread.cursor;
  }, MARK_AFTER);
}

let telling = 0;

function showConnection(words, wait = 0) {
  clearTimeout(telling);
  telling = setTimeout(() => {
    const line = document.getElementById("connection");
    line.textContent = words;
    line.hidden = !words;
  }, wait);
}
