/** The form at the foot of a conversation; `onsend({body, reply_to, attachments})` says whether it takes that. */
export class Composer {
  constructor(form, onsend) {
    this.form = form;
    this.area = form.elements.body;
    this.quick = document.getElementById("quick");
    this.onsend = onsend;
    form.addEventListener("submit", (event) => this.#submit(event));
    // With a real keyboard Enter sends; on a phone it is a new line, and the button sends.
    this.area.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing || !matchMedia("(pointer: fine)").matches) return;
      event.preventDefault();
      form.requestSubmit();
    });
    stayAboveTheKeyboard();
  }

  get hat() {
    return Number(this.form.elements.pour.value);
  }

  /** Ready answers to what was said last; to oneself there is none. */
  fit({ data }, mine) {
    const ready = document.getElementById(data.slot ? "quick-slot" : "quick-theirs");
    this.quick.replaceChildren(...(mine ? [] : [ready.content.cloneNode(true)]));
  }

  #submit(event) {
    event.preventDefault();
    const ready = event.submitter?.name === "rapide" ? event.submitter.value : "";
    const body = [this.area.value.trim(), ready].join(" ").trim();
    const detail = { ids: [], wait: false };
    this.form.dispatchEvent(new CustomEvent("attachments", { detail }));
    const { ids, wait } = detail;
    if (wait && ready) this.#fill(body);
    if (wait || (!body && !ids.length)) return this.area.focus();
    const reply_to = Number(this.form.elements.reponse?.value ?? 0);
    if (!this.onsend({ body, reply_to, attachments: ids })) return;
    this.#fill("");
    this.form.dispatchEvent(new Event("sent"));
    this.area.focus();
  }

  #fill(words) {
    this.area.value = words;
    this.area.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

/** The page is as high as what the keyboard on a phone leaves of it. */
function stayAboveTheKeyboard() {
  const seen = window.visualViewport;
  if (!seen) return;
  const fit = () => {
    const covered = innerHeight - seen.height > 100 && seen.scale === 1;
    document.documentElement.style.setProperty("--seen", covered ? `${seen.height}px` : "100dvh");
    if (covered) scrollTo(0, 0);
  };
  seen.addEventListener("resize", fit);
}
