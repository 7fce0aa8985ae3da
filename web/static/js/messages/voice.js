const TOGETHER = 400;
const SAID_AT_ONCE = 3;

/** Says to screen readers who wrote what; the log itself stays silent. */
export class Voice {
  #lines = [];
  #timer = 0;

  constructor(region, drawing) {
    this.region = region;
    this.drawing = drawing;
  }

  say({ by, data }) {
    this.#lines.push(`${this.drawing.name(by)}\u00a0: ${data.body || this.drawing.firstWords({ data })}`);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.region.textContent = this.#lines.splice(0).slice(-SAID_AT_ONCE).join(" ");
    }, TOGETHER);
  }
}
