import { answer, request } from "./asking.js";
import { clientId } from "./text.js";

const TRY_AGAIN = 3000;
const NAME = "outbox:";

/**
 * What I wrote and the server has not confirmed: kept on this device, whichever tab wrote it, sent in turn.
 *
 * Items are {conversation, client_id, body, reply_to, attachments, for, n, refused}. "changed" tells that one waits
 * otherwise, "confirmed" that the log holds one ({item, seq, at, pushed}).
 */
export class Outbox extends EventTarget {
  #sending = false;
  #again = false;
  #timer = 0;
  #last = 0;

  constructor(store, live) {
    super();
    this.store = store;
    this.live = live;
    live.addEventListener("open", () => this.#pump());
    addEventListener("online", () => this.#pump());
    store.watch((name) => name.startsWith(NAME) && this.#tell("changed"));
    this.#pump();
  }

  /** What waits, as it was written. */
  items(conversation) {
    const names = this.store.names(conversation ? `${NAME}${conversation}:` : NAME);
    return names.map((name) => this.store.get(name)).filter(Boolean).sort((one, other) => one.n - other.n);
  }

  /** Sends a message of mine. */
  write(conversation, message) {
    // After what was written in the same millisecond.
    this.#last = Math.max(Date.now(), this.#last + 1);
    this.#keep({ ...message, conversation, client_id: clientId(), n: this.#last });
    this.#pump();
  }

  /** Once more, in the name of whom the page says. */
  retry(item, hat) {
    if (this.live.ended) return;
    const fresh = { ...item, for: hat, refused: "" };
    if (item.refused === "conflict") {
      this.settled(item.conversation, item.client_id);
      fresh.client_id = clientId();
    }
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
    for (let item; !this.live.ended && (item = this.items().find((one) => !one.refused)); ) {
      const { type, seq, at, code, retry_ms } = await this.#send(item);
      if (seq) this.#confirmed({ item, seq, at, pushed: type === "ack" });
      else if (retry_ms || !code) return this.#later(retry_ms || TRY_AGAIN);
      // Thrown away meanwhile, it stays so.
      else if (this.store.get(nameOf(item))) this.#keep({ ...item, refused: code });
    }
  }

  #send(item) {
    const { conversation } = item;
    if (this.live.open) return answer(this.live, { type: "send", conversation, ...said(item) });
    return request("POST", `/api/v1/conversations/${conversation}/messages`, said(item));
  }

  #confirmed(detail) {
    this.settled(detail.item.conversation, detail.item.client_id);
    this.dispatchEvent(new CustomEvent("confirmed", { detail }));
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

/** No two tabs send at once, where the browser can see to it. */
function inTurn(name, work) {
  return navigator.locks ? navigator.locks.request(name, work) : work();
}
