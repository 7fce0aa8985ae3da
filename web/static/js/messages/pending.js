/** The lines of the open conversation that wait to be sent, below what is written. */
export class Pending {
  #lines = new Map();

  constructor(thread, outbox, live, hat) {
    this.thread = thread;
    this.outbox = outbox;
    this.live = live;
    this.hat = hat;
    this.template = document.getElementById("unsent");
    outbox.addEventListener("changed", () => this.#draw());
    outbox.addEventListener("confirmed", ({ detail }) => detail.item.conversation === thread.id && this.#confirmed(detail));
    for (const name of ["open", "away", "signedout"]) live.addEventListener(name, () => this.#draw());
    this.#draw();
  }

  #draw() {
    // Wiped from this device: the words stay to be copied.
    if (this.live.ended) return this.#lines.forEach((line) => this.#say(line, { refused: "signed_out" }));
    const items = this.outbox.items(this.thread.id);
    for (const item of items) {
      const line = this.#lines.get(item.client_id) ?? this.#pend(item);
      this.#say(line, item);
    }
    const names = new Set(items.map((item) => item.client_id));
    for (const [name, line] of this.#lines) if (!names.has(name)) this.#gone(name, line);
  }

  #pend(item) {
    const { body, reply_to } = item;
    const line = this.thread.pend(body || this.thread.words.attached, reply_to ? { reply_to } : {});
    line.dataset.clientId = item.client_id;
    this.#lines.set(item.client_id, line);
    return line;
  }

  #say(line, item) {
    const { dataset, content } = this.template;
    const failed = item.refused || !this.live.open;
    const words = item.refused ? (dataset[item.refused] ?? dataset.other) : failed ? dataset.offline : dataset.sending;
    line.classList.toggle("message-failed", Boolean(failed));
    line.classList.toggle("message-sending", !failed);
    const foot = line.querySelector(".message-foot");
    if (foot.dataset.said === words) return;
    const fresh = content.firstElementChild.cloneNode(true);
    fresh.dataset.said = words;
    fresh.querySelector("[data-said]").textContent = words;
    const offered = failed && !this.live.ended;
    this.#offer(fresh.querySelector("[data-retry]"), offered, () => this.outbox.retry(item, this.hat));
    this.#offer(fresh.querySelector("[data-drop]"), offered, () => this.outbox.drop(item));
    foot.replaceWith(fresh);
  }

  #offer(button, offered, act) {
    button.hidden = !offered;
    button.addEventListener("click", () => {
      act();
      document.getElementById("f-body").focus();
    });
  }

  #confirmed({ item, seq, at, pushed }) {
    const line = this.#lines.get(item.client_id);
    this.#lines.delete(item.client_id);
    if (!line?.dataset.clientId) return;
    // Already in the page as it was loaded: it stands above.
    if (seq <= this.thread.cursor) return line.remove();
    this.thread.settle(line, new Date(at));
    // The event will find it by its name, and take its place.
    line.dataset.clientId = item.client_id;
    if (!pushed) this.thread.fill();
  }

  /** Sent by another tab, or dropped there: the log knows. */
  async #gone(name, line) {
    this.#lines.delete(name);
    if (!line.isConnected || !line.dataset.clientId) return;
    await this.thread.fill();
    line.remove();
  }
}
