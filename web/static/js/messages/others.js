const TELL_EVERY = 3000;
const GONE_AFTER = 6000;

/** Who is writing just now, until it is said. */
export class Typing {
  #writing = new Map();
  #told = 0;

  constructor(thread, live, area) {
    this.thread = thread;
    this.line = document.getElementById("typing");
    live.addEventListener("typing", ({ detail }) => detail.conversation === thread.id && this.#heard(detail.by));
    live.addEventListener("away", () => [...this.#writing.keys()].forEach((who) => this.over(who)));
    area.addEventListener("input", () => {
      if (!area.value.trim() || Date.now() - this.#told < TELL_EVERY) return;
      if (live.send({ type: "typing", conversation: thread.id })) this.#told = Date.now();
    });
  }

  /** They have said it. */
  over(who) {
    clearTimeout(this.#writing.get(who));
    if (this.#writing.delete(who)) this.#show();
  }

  #heard(who) {
    clearTimeout(this.#writing.get(who));
    this.#writing.set(who, setTimeout(() => this.over(who), GONE_AFTER));
    this.#show();
  }

  #show() {
    const names = [...this.#writing.keys()].map((who) => this.thread.drawing.name(who).split(" ")[0]).filter(Boolean);
    const { one, two, many } = this.line.dataset;
    const words = [one, one, two][names.length] ?? many;
    this.line.textContent = words.replace("{who}", () => names[0]).replace("{other}", () => names[1]);
    this.line.hidden = !names.length;
  }
}

/** « en ligne », as long as the server says so. */
export function showPresence(live) {
  const shown = document.getElementById("online");
  if (!shown) return;
  const other = Number(shown.dataset.member);
  live.addEventListener("presence", ({ detail }) => {
    if (detail.member === other) shown.hidden = !detail.online;
  });
  // Without connection nobody knows.
  live.addEventListener("away", () => (shown.hidden = true));
}
