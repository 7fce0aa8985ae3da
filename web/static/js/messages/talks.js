import { short } from "./unread.js";

const REFRESH_AFTER = 400;

/** The list of conversations stays true, and so does the title; words begun show as « Brouillon : … ». */
export class Talks {
  #title = document.title;
  #timer = 0;

  constructor(unread, drafts) {
    this.list = document.getElementById("talks");
    this.drafts = drafts;
    unread.addEventListener("changed", () => {
      document.title = unread.count ? `(${short(unread.count)}) ${this.#title}` : this.#title;
      // An older page of the list does not change under one's eyes.
      clearTimeout(this.#timer);
      if (this.list && !("still" in this.list.dataset)) this.#timer = setTimeout(() => this.#refresh(), REFRESH_AFTER);
    });
    drafts.watch(() => this.#showDrafts());
    this.#showDrafts();
  }

  /** It is the server's own, asked for again once things are quiet. */
  async #refresh() {
    const { list } = this;
    const answer = await fetch(list.dataset.url).catch(() => null);
    if (!answer?.ok || answer.redirected) return;
    const fresh = document.createRange().createContextualFragment(await answer.text());
    const focused = list.contains(document.activeElement) && document.activeElement.getAttribute("href");
    list.replaceChildren(fresh);
    this.#showDrafts();
    if (focused) list.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus();
  }

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
