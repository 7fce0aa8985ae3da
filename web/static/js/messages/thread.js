import { Clock, write } from "./text.js";

const NEAR = 120;

/**
 * The open conversation. Events are shown in the order of their numbers only: what comes too early waits, and a
 * hole is read over HTTP.
 */
export class Thread {
  #early = new Map();
  #filling = false;

  constructor(log) {
    const { conversation, viewer, head, read } = log.dataset;
    this.log = log;
    this.list = log.querySelector(".log-list");
    this.words = log.dataset;
    this.clock = new Clock(log.dataset);
    this.id = Number(conversation);
    this.me = Number(viewer);
    this.cursor = Number(head);
    this.read = Number(read);
    const last = [...this.list.querySelectorAll(".message time")].at(-1);
    this.day = last ? this.clock.day(new Date(last.dateTime)) : "";
    this.onshown = () => {};
    this.ongone = () => {};
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

  /** A bubble of mine, shown before the server knows of it. */
  pend(body) {
    const bubble = this.#bubble("message-mine", body);
    this.#sign(bubble, true, this.words.hatName);
    this.list.append(bubble);
    this.#follow();
    return bubble;
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
    const at = new Date(event.at);
    const pending = mine && this.list.querySelector(`[data-client-id="${CSS.escape(event.client_id)}"]`);
    const bubble = pending || this.#bubble(mine ? "message-mine" : "message-theirs", event.data.body ?? "");
    bubble.dataset.seq = event.seq;
    this.#sign(bubble, mine, event.data.for?.name);
    this.#place(bubble, at);
    this.settle(bubble, at);
    if (wasAtEnd || mine) this.#follow();
    this.onshown(event, mine);
  }

  /** A bubble is in the log: it shows its hour, no longer that it waits. */
  settle(bubble, at) {
    bubble.classList.remove("message-sending", "message-failed");
    delete bubble.dataset.clientId;
    const foot = this.#template(bubble.classList.contains("message-mine") ? "message-mine" : "message-theirs");
    const time = foot.querySelector("time");
    time.dateTime = at.toISOString();
    time.textContent = this.clock.time(at);
    bubble.querySelector(".message-foot").replaceWith(foot.querySelector(".message-foot"));
  }

  #place(bubble, at) {
    this.list.querySelector("[data-empty]")?.remove();
    // What waits to be sent stays below what is written.
    const waiting = [...this.list.querySelectorAll("[data-client-id]")].find((one) => one !== bubble) ?? null;
    const day = this.clock.day(at);
    if (day !== this.day) {
      const rule = this.#template("day-rule");
      rule.querySelector("span").textContent = this.clock.dayName(at);
      this.list.insertBefore(rule, waiting);
      this.day = day;
    }
    this.list.insertBefore(bubble, waiting);
  }

  /** Says in whose name it was written, when that is an organisation. */
  #sign(bubble, mine, hat) {
    const author = bubble.querySelector("[data-author]");
    author.hidden = !hat;
    const who = mine ? this.words.me : this.words.other;
    author.textContent = hat ? this.words.for.replace("{who}", () => who).replace("{hat}", () => hat) : "";
  }

  #follow() {
    this.log.scrollTop = 0;
    this.list.lastElementChild.scrollIntoView({ block: "nearest" });
  }

  #bubble(name, body) {
    const bubble = this.#template(name);
    write(bubble.querySelector(".message-text"), body);
    return bubble;
  }

  #template(id) {
    return document.getElementById(id).content.firstElementChild.cloneNode(true);
  }
}
