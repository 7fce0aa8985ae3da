const REFRESH_AFTER = 400;

/** Which conversations hold something unread: the badges, the title and the list say the same. */
export class Unread {
  #ids = new Set();
  #title = document.title;
  #timer = 0;

  constructor(live, me) {
    live.addEventListener("welcome", ({ detail }) => this.#set(new Set(detail.unread)));
    live.addEventListener("read", ({ detail }) => {
      this.#ids.delete(detail.conversation);
      this.#changed();
    });
    live.addEventListener("event", ({ detail }) => {
      if (detail.by !== me) this.#ids.add(detail.conversation);
      this.#changed();
    });
  }

  #set(ids) {
    const same = ids.size === this.#ids.size && [...ids].every((id) => this.#ids.has(id));
    this.#ids = ids;
    if (!same) this.#changed();
  }

  #changed() {
    const count = this.#ids.size;
    for (const badge of document.querySelectorAll('[data-unread="messages"]')) {
      badge.hidden = count === 0;
      badge.querySelector("[data-number]").textContent = count < 100 ? count : "99+";
    }
    document.title = count ? `(${count}) ${this.#title}` : this.#title;
    this.#refreshList();
  }

  /** The list is the server's own, asked for again once things are quiet. */
  #refreshList() {
    const talks = document.getElementById("talks");
    // An older page of the list does not change under one's eyes.
    if (!talks || "still" in talks.dataset) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(async () => {
      const answer = await fetch(talks.dataset.url).catch(() => null);
      if (!answer?.ok || answer.redirected) return;
      const fresh = document.createRange().createContextualFragment(await answer.text());
      const focused = talks.contains(document.activeElement) && document.activeElement.getAttribute("href");
      talks.replaceChildren(fresh);
      if (focused) talks.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus();
    }, REFRESH_AFTER);
  }
}
