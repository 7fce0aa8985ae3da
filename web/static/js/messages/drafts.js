const NAME = "draft:";
const KEEP_AFTER = 300;

/** Words begun and not sent, by conversation, with what they answer. */
export class Drafts {
  #timer = 0;

  constructor(store) {
    this.store = store;
  }

  /** Calls `hear` when another tab changed one. */
  watch(hear) {
    this.store.watch((name) => name.startsWith(NAME) && hear());
  }

  words(conversation) {
    return this.store.get(NAME + conversation)?.body ?? "";
  }

  /** Keeps what is in the composer as it changes, and brings back what was there; `answer(seq)` quotes. */
  mind(conversation, { elements: { body, reponse } }, answer) {
    const here = () => (body.value.trim() ? { body: body.value, reponse: Number(reponse?.value ?? 0) } : null);
    let known = "null";
    // Only what changed here: another tab may hold other words.
    const keep = () => {
      const words = JSON.stringify(here());
      if (words !== known) this.#keep(conversation, here());
      known = words;
    };
    body.addEventListener("input", () => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(keep, KEEP_AFTER);
    });
    // Choosing what to answer leads here too.
    body.addEventListener("focus", keep);
    addEventListener("pagehide", keep);
    const kept = this.store.get(NAME + conversation);
    if (!kept || body.value) return;
    body.value = kept.body;
    body.dispatchEvent(new Event("input", { bubbles: true }));
    if (kept.reponse && !Number(reponse?.value)) answer(kept.reponse);
    known = JSON.stringify(here());
  }

  forget(conversation) {
    this.#keep(conversation, null);
  }

  #keep(conversation, draft) {
    clearTimeout(this.#timer);
    this.store.set(NAME + conversation, draft);
  }
}
