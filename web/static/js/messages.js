// The messages pages come alive. Without this script they work by forms and links.
import { Live } from "./live.js";
import { Actions } from "./messages/actions.js";
import { Composer } from "./messages/composer.js";
import { Drafts } from "./messages/drafts.js";
import { Typing, showPresence } from "./messages/others.js";
import { Outbox } from "./messages/outbox.js";
import { Pending } from "./messages/pending.js";
import { Store } from "./messages/store.js";
import { Talks } from "./messages/talks.js";
import { Thread } from "./messages/thread.js";
import { Unread } from "./messages/unread.js";
import { Voice } from "./messages/voice.js";
import { showNotices } from "./notices.js";

const MARK_AFTER = 300;
// A short tunnel is nobody's business.
const SAY_AWAY_AFTER = 2000;
let marking = 0;
let telling = 0;
let slots = null;
const me = Number(document.body.dataset.viewer);
const store = new Store(me);
const log = document.getElementById("log");
// On a page of older messages the end is not there.
const thread = log && "tail" in log.dataset ? new Thread(log) : null;
const live = new Live(() => (thread ? { [thread.id]: thread.cursor } : {}));
const outbox = new Outbox(store, live);
const drafts = new Drafts(store);
const unread = new Unread(live, me, (conversation) => conversation === thread?.id && isSeen());
new Talks(unread, drafts);
showNotices(live);
if (thread) openThread(new Composer(document.getElementById("composer"), send));

function send(message) {
  if (live.ended) return false;
  outbox.write(thread.id, { ...message, for: Number(thread.words.hat) });
  drafts.forget(thread.id);
  return true;
}

function openThread(composer) {
  const actions = new Actions(thread, live);
  const typing = new Typing(thread, live, composer.area);
  const { drawing } = thread;
  const voice = new Voice(document.getElementById("announce"), drawing);
  new Pending(thread, outbox, live, composer.hat);
  showPresence(live);
  composer.form.addEventListener("sent", () => actions.answer(null));
  drafts.mind(thread.id, composer.form, (seq) => {
    const entry = thread.entry(seq);
    if (entry && !entry.gone) actions.answer(entry);
  });
  thread.ongone = () => live.end();
  thread.onshown = (event, mine) => {
    if (mine) outbox.settled(thread.id, event.client_id);
    markRead();
    if (event.kind !== "message") return;
    if (event.data.slot) mindSlots();
    typing.over(event.by);
    composer.fit(event, mine);
    if (!mine && !event.data.deleted) voice.say(event);
  };
  follow();
  addWhenNeeded(composer);
}

/** Scripts for what few messages need. */
function addWhenNeeded({ form }) {
  const panel = document.getElementById("attach");
  if (panel) attachWhenNeeded(form, panel);
  if (thread.list.querySelector(".slot-answers")) mindSlots();
}

/** A message waits for the script that sends what is chosen; where that does not come, it says so. */
function attachWhenNeeded(form, panel) {
  const pieces = form.querySelector("[name=pieces]");
  let asked;
  let there;
  const attach = () =>
    (asked ??= import("./messages/attach.js").then(
      ({ Attaching }) => (there = new Attaching(form)),
      () => (asked = null),
    ));
  if (pieces) attach();
  // Not every browser gives the focus to what is clicked.
  for (const name of ["focusin", "click", "change"]) form.addEventListener(name, attach);
  form.addEventListener("attachments", async ({ detail }) => {
    if (there || !(pieces || form.elements.fichiers.value)) return;
    detail.wait = true;
    if (await attach()) form.requestSubmit();
    else document.getElementById("attach-told").textContent = panel.dataset.failed;
  });
}

function mindSlots() {
  slots ??= import("./messages/slots.js").then(({ answerSlots }) => answerSlots(thread));
}

function follow() {
  live.addEventListener("event", ({ detail }) => detail.conversation === thread.id && thread.take(detail));
  live.addEventListener("gap", ({ detail }) => detail.conversation === thread.id && thread.fill());
  live.addEventListener("welcome", ({ detail }) => {
    // A mark sent into a tunnel was lost.
    if (detail.unread[thread.id]) thread.read = 0;
    showConnection("");
    markRead();
  });
  live.addEventListener("away", () => {
    showConnection(thread.words.away, SAY_AWAY_AFTER);
    thread.fill();
  });
  live.addEventListener("signedout", () => showConnection(thread.words.signedOut));
  for (const [target, name] of [[document, "visibilitychange"], [log, "scroll"], [window, "scroll"]]) {
    target.addEventListener(name, markRead, { passive: true });
  }
}

function isSeen() {
  return document.visibilityState === "visible" && thread.atEnd;
}

function markRead() {
  clearTimeout(marking);
  marking = setTimeout(() => {
    if (thread.cursor <= thread.read || !isSeen()) return;
    if (live.send({ type: "read", conversation: thread.id, seq: thread.cursor })) thread.read = thread.cursor;
  }, MARK_AFTER);
}

function showConnection(words, wait = 0) {
  clearTimeout(telling);
  telling = setTimeout(() => {
    const line = document.getElementById("connection");
    line.textContent = words;
    line.hidden = !words;
  }, wait);
}
