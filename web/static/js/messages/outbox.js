import { clientId } from "./text.js";

const ANSWER_WITHIN = 8000;
const TRY_AGAIN = 3000;

/**
 * What I wrote and the server has not confirmed: shown at once, sent one after the other, sent again under the same
 * client id until it is confirmed or refused. Survives a reload of the tab.
 */
export class Outbox {
  #waiting = new Map();
  #busy = false;
  #timer = 0;

  constructor(thread, live) {
    this.thread = thread;
    this.live = live;
    // In whose name this page says that I write.
    this.hat = Number(thread.words.hat);
    this.key = `outbox:${thread.me}:${thread.id}`;
    live.addEventListener("open", () => this.#pump());
    for (const { client_id, body } of this.#kept()) this.#add(client_id, body);
    this.#pump();
  }

  /** Sends words of mine. */
  write(body) {
    this.#add(clientId(), body);
    this.#pump();
  }

  /** The log holds it. */
  settled(clientId) {
    this.#waiting.delete(clientId);
    this.#keep();
  }

  #add(client_id, body) {
    const item = { client_id, body, bubble: this.thread.pend(body), refused: "" };
    item.bubble.dataset.clientId = client_id;
    this.#waiting.set(client_id, item);
    this.#keep();
    this.#say(item, "message-sending", this.thread.words.sending);
  }

  /** One at a time, so that what I wrote first comes first. */
  async #pump() {
    clearTimeout(this.#timer);
    if (this.#busy) return;
    this.#busy = true;
    try {
      for (let item; (item = [...this.#waiting.values()].find((one) => !one.refused)); ) {
        const outcome = await (this.live.open ? this.#overSocket(item) : this.#overHttp(item));
        if (outcome.seq) this.#confirmed(item, outcome);
        else if (outcome.code) this.#refused(item, outcome.code);
        else return this.#later(item, outcome.retry);
      }
    } finally {
      this.#busy = false;
    }
  }

  #overSocket(item) {
    return new Promise((resolve) => {
      const over = new AbortController();
      const timer = setTimeout(() => this.live.restart(), ANSWER_WITHIN);
      const end = (outcome) => {
        clearTimeout(timer);
        over.abort();
        resolve(outcome);
      };
      const answered = ({ detail }) => {
        if (detail.client_id !== item.client_id) return;
        end(detail.type === "ack" ? detail : detail.retry_ms ? { retry: detail.retry_ms } : { code: detail.code });
      };
      this.live.addEventListener("ack", answered, { signal: over.signal });
      this.live.addEventListener("refusal", answered, { signal: over.signal });
      this.live.addEventListener("away", () => end({ retry: TRY_AGAIN }), { signal: over.signal });
      this.live.addEventListener("signedout", () => end({ code: "signed_out" }), { signal: over.signal });
      this.live.send({ type: "send", conversation: this.thread.id, client_id: item.client_id, body: item.body, for: this.hat });
    });
  }

  async #overHttp({ client_id, body }) {
    try {
      const answer = await fetch(`/api/v1/conversations/${this.thread.id}/messages`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ client_id, body, for: this.hat }),
        signal: AbortSignal.timeout(ANSWER_WITHIN),
      });
      if (answer.status === 429) return { retry: 1000 * Number(answer.headers.get("retry-after") ?? 1) };
      if (answer.status >= 500) return { retry: TRY_AGAIN };
      const { seq, at, code } = await answer.json();
      return answer.ok ? { seq, at } : { code };
    } catch {
      return { retry: TRY_AGAIN };
    }
  }

  #confirmed(item, { seq, at }) {
    const shown = !item.bubble.dataset.clientId;
    this.settled(item.client_id);
    if (shown) return;
    // Already in the page as it was loaded: it stands above.
    if (seq <= this.thread.cursor) return item.bubble.remove();
    this.thread.settle(item.bubble, new Date(at));
    item.bubble.dataset.clientId = item.client_id;
    this.thread.fill();
  }

  #refused(item, code) {
    item.refused = code;
    const { unavailable, hatChanged, failed } = this.thread.words;
    const words = { unavailable, hat_changed: hatChanged }[code] ?? failed;
    this.#say(item, "message-failed", words, true);
  }

  #later(item, wait) {
    if (!this.live.open) this.#say(item, "message-failed", this.thread.words.failed, true);
    this.#timer = setTimeout(() => this.#pump(), wait);
  }

  #retry(item) {
    // Taken for another message: only under a new name can it be sent.
    if (item.refused === "conflict") {
      this.#waiting.delete(item.client_id);
      item.client_id = item.bubble.dataset.clientId = clientId();
      this.#waiting.set(item.client_id, item);
      this.#keep();
    }
    item.refused = "";
    this.#say(item, "message-sending", this.thread.words.sending);
    this.#pump();
  }

  #say(item, look, words, retry = false) {
    item.bubble.classList.remove("message-sending", "message-failed");
    item.bubble.classList.add(look);
    const foot = item.bubble.querySelector(".message-foot");
    foot.replaceChildren(words);
    if (!retry) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "message-retry";
    button.textContent = this.thread.words.retry;
    button.addEventListener("click", () => this.#retry(item));
    foot.append(button);
  }

  #keep() {
    const kept = [...this.#waiting.values()].map(({ client_id, body }) => ({ client_id, body }));
    try {
      if (kept.length) sessionStorage.setItem(this.key, JSON.stringify(kept));
      else sessionStorage.removeItem(this.key);
    } catch {
      // No storage: what waits lives as long as the page.
    }
  }

  #kept() {
    try {
      return JSON.parse(sessionStorage.getItem(this.key)) ?? [];
    } catch {
      return [];
    }
  }
}
