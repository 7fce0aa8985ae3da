import { clientId } from "./text.js";

const ANSWER_WITHIN = 8000;
const TRY_AGAIN = 3000;
const NAME = "outbox:";

/**
 * What I wrote, in all conversations, and the server has not confirmed. It is kept on this device, in whichever tab
 * it was written, and sent one after the other under its client id until it is confirmed or refused.
 *
 * Items are {conversation, client_id, body, reply_to, attachments, for, n, refused}. "changed" tells of an item that
 * is new or waits otherwise, "confirmed" of one that the log holds ({item, seq, at, pushed}).
 */
export class Outbox extends EventTarget {
  #sending = false;
  #again = false;
  #timer = 0;
  #last = 0;
  #ended = false;

  constructor(store, live) {
    super();
    this.store = store;
    this.live = live;
    live.addEventListener("open", () => this.#pump());
    live.addEventListener("signedout", () => (this.#ended = true));
    addEventListener("online", () => this.#pump());
    store.watch((name) => name.startsWith(NAME) && this.#tell("changed"));
    this.#pump();
  }

  /** What waits, in the order in which it was written. */
  items(conversation) {
    const names = this.store.names(conversation ? `${NAME}${conversation}:` : NAME);
    return names.map((name) => this.store.get(name)).filter(Boolean).sort((one, other) => one.n - other.n);
  }

  /** Sends a message of mine. */
  write(conversation, message) {
    // Its place among what other tabs write, and after what this one wrote in the same millisecond.
    this.#last = Math.max(Date.now(), this.#last + 1);
    this.#keep({ ...message, conversation, client_id: clientId(), n: this.#last });
    this.#pump();
  }

  /** Once more. Under another name if this one is taken; in whose name is said by the page. */
  retry(item, hat) {
    this.drop(item);
    const fresh = { ...item, for: hat, refused: "" };
    if (item.refused === "conflict") fresh.client_id = clientId();
    // What it answered or carried is gone: the words still count.
    if (item.refused === "invalid") Object.assign(fresh, { reply_to: 0, attachments: [] });
    this.#keep(fresh);
    this.#pump();
  }

  drop({ conversation, client_id }) {
    this.settled(conversation, client_id);
    this.#tell("changed");
  }

  /** The log holds it. */
  settled(conversation, client_id) {
    this.store.set(nameOf({ conversation, client_id }), null);
  }

  #keep(item) {
    this.store.set(nameOf(item), item);
    this.#tell("changed");
  }

  async #pump() {
    clearTimeout(this.#timer);
    this.#again = true;
    if (this.#sending) return;
    this.#sending = true;
    while (this.#again) {
      this.#again = false;
      await inTurn(this.store.prefix + NAME, () => this.#sendAll());
    }
    this.#sending = false;
  }

  /** One at a time, so that what I wrote first comes first. */
  async #sendAll() {
    for (let item; !this.#ended && (item = this.items().find((one) => !one.refused)); ) {
      const outcome = await (this.live.open ? this.#overSocket(item) : this.#overHttp(item));
      if (outcome.seq) this.#confirmed(item, outcome);
      else if (outcome.code) this.#keep({ ...item, refused: outcome.code });
      else return this.#later(outcome.retry);
    }
  }

  #overSocket(item) {
    return new Promise((resolve) => {
      const over = new AbortController();
      const { signal } = over;
      const timer = setTimeout(() => this.live.restart(), ANSWER_WITHIN);
      const end = (outcome) => {
        clearTimeout(timer);
        over.abort();
        resolve(outcome);
      };
      const answered = ({ detail }) => {
        if (detail.client_id !== item.client_id) return;
        const { type, seq, at, code, retry_ms } = detail;
        end(type === "ack" ? { seq, at, pushed: true } : retry_ms ? { retry: retry_ms } : { code });
      };
      this.live.addEventListener("ack", answered, { signal });
      this.live.addEventListener("refusal", answered, { signal });
      this.live.addEventListener("away", () => end({ retry: TRY_AGAIN }), { signal });
      this.live.addEventListener("signedout", () => end({ code: "signed_out" }), { signal });
      this.live.send({ type: "send", conversation: item.conversation, ...said(item) });
    });
  }

  async #overHttp(item) {
    try {
      const answer = await fetch(`/api/v1/conversations/${item.conversation}/messages`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(said(item)),
        signal: AbortSignal.timeout(ANSWER_WITHIN),
      });
      if (answer.status === 429) return { retry: 1000 * Number(answer.headers.get("retry-after") ?? 1) };
      if (answer.status >= 500) return { retry: TRY_AGAIN };
      const { seq, at, code } = await answer.json();
      return answer.ok ? { seq, at } : { code: code === "not_found" ? "not_member" : code };
    } catch {
      return { retry: TRY_AGAIN };
    }
  }

  #confirmed(item, outcome) {
    this.settled(item.conversation, item.client_id);
    this.dispatchEvent(new CustomEvent("confirmed", { detail: { item, ...outcome } }));
  }

  #later(wait) {
    this.#timer = setTimeout(() => this.#pump(), wait);
    this.#tell("changed");
  }

  #tell(name) {
    this.dispatchEvent(new Event(name));
  }
}

function nameOf({ conversation, client_id }) {
  return `${NAME}${conversation}:${client_id}`;
}

function said({ client_id, body, reply_to, attachments, for: hat }) {
  return { client_id, body, for: hat, ...(reply_to && { reply_to }), ...(attachments?.length && { attachments }) };
}

/** No two tabs send at once, where the browser can see to it; the server stores a message once in any case. */
function inTurn(name, work) {
  return navigator.locks ? navigator.locks.request(name, work) : work();
}
