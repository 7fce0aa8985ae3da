const AGAIN_AFTER = 400;
const COUNTED_AT_MOST = 100;

/** How many messages wait, by conversation, for the badges. "changed" says that the list may look otherwise. */
export class Unread extends EventTarget {
  #counts = new Map();
  #heads = new Map();
  #muted = [];
  #asking = 0;

  /** @param isSeen whether somebody reads that conversation here. */
  constructor(live, me, isSeen = () => false) {
    super();
    this.live = live;
    this.me = me;
    this.isSeen = isSeen;
    live.addEventListener("welcome", ({ detail }) => this.#welcomed(detail));
    live.addEventListener("read", ({ detail }) => this.#read(detail));
    live.addEventListener("event", ({ detail }) => this.#happened(detail));
  }

  get count() {
    return [...this.#counts.values()].reduce((sum, one) => sum + one, 0);
  }

  #welcomed({ unread, heads, muted = [] }) {
    // What came before the socket was there is not in the list.
    const same = areSame(unread, this.#counts) && areSame(heads, this.#heads);
    this.#counts = numbered(unread);
    this.#heads = numbered(heads);
    this.#muted = muted;
    this.#say(!same);
  }

  /** Read on another device, or here. */
  #read({ conversation, seq }) {
    if (seq >= (this.#heads.get(conversation) ?? 0)) this.#counts.delete(conversation);
    else this.#ask();
    this.#say();
  }

  #happened({ conversation, seq, kind, by, data }) {
    // What is read on after a tunnel, the welcome has counted already.
    if (seq <= (this.#heads.get(conversation) ?? 0)) return;
    this.#heads.set(conversation, seq);
    const count = this.#counts.get(conversation) ?? 0;
    const counts = kind === "message" && by !== this.me && !data.deleted;
    if (counts && !this.#muted.includes(conversation) && !this.isSeen(conversation)) {
      this.#counts.set(conversation, Math.min(COUNTED_AT_MOST, count + 1));
    }
    // What was deleted may have been unread: only the server can tell.
    if (kind === "delete" && count) this.#ask();
    this.#say();
  }

  #ask() {
    clearTimeout(this.#asking);
    this.#asking = setTimeout(() => this.live.greet(), AGAIN_AFTER + 1000 * Math.random());
  }

  #say(changed = true) {
    for (const badge of document.querySelectorAll('[data-unread="messages"]')) say(badge, this.count);
    if (changed) this.dispatchEvent(new Event("changed"));
  }
}

/** Writes a number into a badge; nothing is no badge. */
export function say(badge, count) {
  badge.hidden = !count;
  badge.querySelector("[data-number]").textContent = short(count);
  const sentence = count === 1 ? badge.dataset.one : badge.dataset.many;
  badge.querySelector("[data-said]").textContent = `, ${sentence.replace("{n}", short(count))}`;
}

export function short(count) {
  return count < COUNTED_AT_MOST ? String(count) : "99+";
}

function areSame(counts, known) {
  const fresh = numbered(counts);
  return fresh.size === known.size && [...fresh].every(([id, count]) => known.get(id) === count);
}

function numbered(counts) {
  return new Map(Object.entries(counts).map(([id, count]) => [Number(id), count]));
}
