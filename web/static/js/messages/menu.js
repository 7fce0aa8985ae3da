const LONG_PRESS = 500;
const MOVED = 10;
const LIFTED = 100;
const GAP = 4;

/** What can be done to a message, by its button or a long press; `onact(act, line, button)` hears what was chosen. */
export class Menu {
  #line;
  #held = false;

  constructor(list, onact) {
    this.dialog = document.getElementById("message-menu");
    this.acts = this.dialog.querySelector("[data-acts]");
    this.question = this.dialog.querySelector("[data-question]");
    this.onact = onact;
    list.addEventListener("click", (event) => {
      const more = event.target.closest(".message-more");
      if (!more || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      this.open(more.closest(".message"), more);
    });
    this.#pressLong(list);
    this.dialog.addEventListener("click", (event) => this.#choose(event));
  }

  open(line, beside) {
    this.#line = line;
    this.#ask(false);
    const mine = line.classList.contains("message-mine");
    for (const one of this.dialog.querySelectorAll("[data-of]")) one.hidden = (one.dataset.of === "mine") !== mine;
    for (const one of this.acts.querySelectorAll("[data-act=react]")) {
      one.setAttribute("aria-pressed", Boolean(line.querySelector(`.sign[value="${one.value}"][aria-pressed=true]`)));
    }
    const report = this.acts.querySelector("[data-act=report]");
    // Only on a safe address does the browser let us copy.
    this.acts.querySelector("[data-act=copy]").parentElement.hidden = !navigator.clipboard;
    const address = new URL(report.href);
    address.searchParams.set("message", line.dataset.seq);
    report.href = address;
    this.dialog.showModal();
    this.#place(beside.getBoundingClientRect());
  }

  /** Beside the button where there is room; on a phone the style puts it below. */
  #place(beside) {
    const { width, height } = this.dialog.getBoundingClientRect();
    const left = Math.min(Math.max(this.#line.parentElement.getBoundingClientRect().left, beside.right - width), innerWidth - width);
    const below = beside.bottom + GAP;
    const top = below + height < innerHeight ? below : Math.max(GAP, beside.top - height - GAP);
    this.dialog.style.setProperty("--menu-left", `${left}px`);
    this.dialog.style.setProperty("--menu-top", `${top}px`);
  }

  #choose(event) {
    // The finger that opened it is lifted: that chooses nothing.
    if (this.#held) return event.preventDefault();
    if (event.target === this.dialog) return this.dialog.close();
    const button = event.target.closest("[data-act]");
    if (!button) return;
    const { act } = button.dataset;
    if (act === "ask") return this.#ask(true);
    this.dialog.close();
    if (act !== "close" && act !== "report") this.onact(act, this.#line, button);
  }

  #ask(asking) {
    this.acts.hidden = asking;
    this.question.hidden = !asking;
    if (asking) this.question.querySelector("[data-act=close]").focus();
  }

  #pressLong(list) {
    let timer = 0;
    let start;
    const over = () => clearTimeout(timer);
    // Another touch is another will, however soon it comes.
    addEventListener("pointerdown", () => (this.#held = false), true);
    list.addEventListener("pointerdown", (event) => {
      const bubble = event.pointerType === "touch" && event.target.closest(".message-bubble");
      const line = bubble ? bubble.closest(".message") : null;
      over();
      if (!line?.querySelector(".message-more") || line.classList.contains("message-editing")) return;
      start = event;
      timer = setTimeout(() => {
        this.#held = true;
        this.open(line, bubble);
      }, LONG_PRESS);
    });
    list.addEventListener("pointermove", (event) => {
      if (start && Math.hypot(event.clientX - start.clientX, event.clientY - start.clientY) > MOVED) over();
    });
    for (const name of ["pointerup", "pointercancel"]) {
      addEventListener(name, () => {
        over();
        if (this.#held) setTimeout(() => (this.#held = false), LIFTED);
      });
    }
    // The browser's own menu for a long press would lie over ours.
    list.addEventListener("contextmenu", (event) => event.pointerType === "touch" && event.preventDefault());
  }
}
