import { wire } from "../wire.js";
import { drawn } from "./asking.js";
import { Drawing } from "./drawing.js";
import { Fold } from "./fold.js";
import { Clock } from "./text.js";

const NEAR = 120;
const ONE_BREATH = 600000;

/**
 * The open conversation. Events are taken in order: what comes too early waits, a hole is read over HTTP.
 *
 * `onshown(event, mine)` hears of each event shown, `ongone()` that nobody is signed in.
 */
export class Thread {
  #early = new Map();
  #asked = new Map();
  #filling = false;
  #last;

  constructor(log) {
    const { conversation, viewer, head, read, quoted } = log.dataset;
    this.log = log;
    this.list = log.querySelector(".log-list");
    this.words = log.dataset;
    this.clock = new Clock(log.dataset);
    this.id = Number(conversation);
    this.me = Number(viewer);
    this.cursor = Number(head);
    this.read = Number(read);
    this.drawing = new Drawing(log.dataset, this.me, this.clock);
    const here = [...this.list.querySelectorAll("[data-state]")].map((line) => JSON.parse(line.dataset.state));
    this.fold = new Fold([...JSON.parse(quoted), ...here]);
    this.#last = here.at(-1);
    this.onshown = () => {};
    this.ongone = () => {};
    if (!location.hash) document.getElementById("nouveau")?.scrollIntoView({ block: "start" });
  }

  /** An event of this conversation, from the socket or from the log. */
  take(event) {
    if (event.seq <= this.cursor) return;
    this.#early.set(event.seq, event);
    this.#showWhatFollows();
    if (this.#early.size) this.fill();
  }

  /** Reads from the log what is missing after the last number shown. */
  async fill() {
    if (this.#filling) return;
    this.#filling = true;
    try {
      for (let more = true; more; ) {
        const answer = await fetch(`/api/v1/conversations/${this.id}/events?after=${this.cursor}&limit=100`);
        if (answer.status === 401) return this.ongone();
        if (!answer.ok) return;
        const { items, head } = await answer.json();
        // Numbers left out are not for me: said before I came, or kept no longer.
        this.cursor = Math.max(this.cursor, (items[0]?.seq ?? head + 1) - 1);
        for (const event of items) if (event.seq > this.cursor) this.#early.set(event.seq, event);
        this.#showWhatFollows();
        more = items.length > 0 && this.cursor < head;
      }
    } catch {
      // Away: the next hello, or the next event, asks again.
    } finally {
      this.#filling = false;
    }
  }

  /** A line of mine that the server does not know; `data` goes with the words, as {reply_to}. */
  pend(body, data = {}) {
    const hat = this.words.hatName;
    const said = { ...data, body, ...(hat && { for: { name: hat } }) };
    const line = this.#draw({ seq: 0, kind: "message", by: this.me, at: Date.now(), data: said, reactions: {} });
    this.list.append(line);
    this.#follow();
    return line;
  }

  /** A line of mine is in the log: it shows its hour. */
  settle(line, at) {
    line.classList.remove("message-sending", "message-failed");
    delete line.dataset.clientId;
    const foot = this.#draw({ ...BLANK, by: this.me, at }).querySelector(".message-foot");
    line.querySelector(".message-foot").replaceWith(foot);
  }

  entry(seq) {
    return this.fold.entries.get(Number(seq));
  }

  /** Draws anew what looks otherwise now; what is being reworded waits. */
  redraw(entries) {
    for (const entry of entries) {
      const line = this.line(entry.seq);
      if (!line || line.classList.contains("message-editing")) continue;
      if (this.#isWhole(entry)) this.#swap(line, this.#draw(entry, line.classList.contains("message-close")));
      else this.#complete(entry);
    }
  }

  line(seq) {
    return this.list.querySelector(`[data-seq="${seq}"]`);
  }

  /** True when the last message is in view. */
  get atEnd() {
    const last = this.list.lastElementChild;
    const frame = this.log.getBoundingClientRect();
    return !last || last.getBoundingClientRect().bottom <= Math.min(frame.bottom, innerHeight) + NEAR;
  }

  #showWhatFollows() {
    for (let event; (event = this.#early.get(this.cursor + 1)); ) {
      this.#early.delete(event.seq);
      this.cursor = event.seq;
      this.#show(event);
    }
    for (const seq of this.#early.keys()) if (seq <= this.cursor) this.#early.delete(seq);
  }

  #show(event) {
    const mine = event.by === this.me;
    const wasAtEnd = this.atEnd;
    this.drawing.meet(event.data);
    const touched = this.fold.take(event);
    const added = event.data.target === undefined;
    if (added) touched.forEach((entry) => this.#add(entry, event.client_id));
    else this.redraw(touched);
    if (wasAtEnd || (mine && added)) this.#follow();
    this.onshown(event, mine);
  }

  #add(entry, clientId) {
    const pending = entry.by === this.me && this.list.querySelector(`[data-client-id="${CSS.escape(clientId)}"]`);
    if (pending) {
      delete pending.dataset.clientId;
      pending.remove();
    }
    this.list.querySelector("[data-empty]")?.remove();
    const at = new Date(entry.at);
    const fresh = !this.#last || this.clock.day(at) !== this.clock.day(new Date(this.#last.at));
    const line = this.#draw(entry, !fresh && goesOn(this.#last, entry));
    const rule = fresh && this.drawing.template("day-rule");
    if (rule) rule.querySelector("span").textContent = this.clock.dayName(at);
    // What waits to be sent stays below what is written.
    const waiting = this.list.querySelector("[data-client-id]");
    for (const one of rule ? [rule, line] : [line]) this.list.insertBefore(one, waiting);
    this.#last = entry;
    if (!this.#isWhole(entry)) this.#complete(entry);
    // It says so on the moment that was proposed.
    if (entry.data.slot && this.entry(entry.data.reply_to)) this.redraw([this.entry(entry.data.reply_to)]);
  }

  #draw(entry, close = false) {
    return this.drawing.line(entry, this.entry(entry.data.reply_to), close);
  }

  #swap(line, fresh) {
    const focused = line.contains(document.activeElement) && document.activeElement;
    line.replaceWith(fresh);
    if (focused) (fresh.querySelector(`.sign[value="${focused.value}"]`) ?? fresh.querySelector(".message-more"))?.focus();
  }

  /** Whether it can be drawn here. */
  #isWhole({ gone, data }) {
    const { attachments, slot, warn, reply_to } = data;
    return gone || !(attachments?.length || slot || warn || (reply_to && !this.entry(reply_to)));
  }

  /** As the server draws it; of two answers the one asked for last. */
  async #complete({ seq }) {
    const turn = {};
    this.#asked.set(seq, turn);
    const answer = await drawn(`${this.words.url}/m/${seq}/ligne`);
    if (!answer || this.#asked.get(seq) !== turn) return;
    this.#asked.delete(seq);
    const line = this.line(seq);
    if (!line || this.entry(seq).gone || line.classList.contains("message-editing")) return;
    const wasAtEnd = this.atEnd;
    const fresh = answer.firstElementChild;
    fresh.classList.toggle("message-close", line.classList.contains("message-close"));
    this.#swap(line, fresh);
    wire(fresh);
    if (wasAtEnd) this.#follow();
  }

  #follow() {
    this.log.scrollTop = 0;
    this.list.lastElementChild.scrollIntoView({ block: "nearest" });
  }
}

const BLANK = { seq: 0, kind: "message", data: {}, reactions: {} };

/** Whether it is said in one breath with what stands before. */
function goesOn(last, entry) {
  const same = last.kind === entry.kind && last.by === entry.by && last.data.for?.name === entry.data.for?.name;
  return same && new Date(entry.at) - new Date(last.at) < ONE_BREATH;
}
