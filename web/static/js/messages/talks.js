import { drawn } from "./asking.js";
import { short } from "./unread.js";

const REFRESH_AFTER = 400;
const SPREAD = 1000;

/** The list of conversations stays true, and so does the title; words begun show as « Brouillon : … ». */
export class Talks {
  #title = document.title;
  #timer = 0;

  constructor(unread, drafts) {
    this.list = document.getElementById("talks");
    this.drafts = drafts;
    unread.addEventListener("changed", () => {
      document.title = unread.count ? `(${short(unread.count)}) ${this.#title}` : this.#title;
      // An older page of the list stays.
      clearTimeout(this.#timer);
      if (!this.list || "still" in this.list.dataset) return;
      // Not everybody at once.
      this.#timer = setTimeout(this.#refresh, REFRESH_AFTER + SPREAD * Math.random());
    });
    drafts.watch(() => this.#showDrafts());
    this.#showDrafts();
  }

  /** It is the server's own, asked for again once things are quiet and somebody looks. */
  #refresh = async () => {
    if (document.hidden) return document.addEventListener("visibilitychange", this.#refresh, { once: true });
    const { list } = this;
    const fresh = await drawn(list.dataset.url);
    if (!fresh) return;
    const focused = list.contains(document.activeElement) && document.activeElement.getAttribute("href");
    list.replaceChildren(fresh);
    this.#showDrafts();
    if (focused) list.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus();
  };

  #showDrafts() {
    const word = this.list?.dataset.draft;
    if (!word) return;
    for (const row of this.list.querySelectorAll("[data-conversation]:not([aria-current])")) {
      const words = this.drafts.words(row.dataset.conversation);
      const last = row.querySelector(".talk-last");
      last.dataset.said ??= last.textContent;
      last.classList.toggle("talk-draft", Boolean(words));
      last.textContent = words ? word + words : last.dataset.said;
    }
  }
}
