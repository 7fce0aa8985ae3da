import { ask } from "./asking.js";
import { Menu } from "./menu.js";

const SAID_FOR = 8000;

/** What one does to messages: shown at once, and taken back with a sentence if it is refused. */
export class Actions {
  constructor(thread, live) {
    this.thread = thread;
    this.live = live;
    this.sentences = document.getElementById("message-refused");
    new Menu(thread.list, (act, line, button) => this[act](this.thread.entry(line.dataset.seq), button));
    thread.list.addEventListener("submit", (event) => {
      if (!event.target.matches(".message-signs")) return;
      event.preventDefault();
      this.react(thread.entry(event.target.closest(".message").dataset.seq), event.submitter);
    });
    this.#wireAnswer();
  }

  react(entry, { value: emoji }) {
    const on = !entry.reactions[emoji]?.includes(this.thread.me);
    this.#do(entry, { type: "react", emoji, on }, { kind: "reaction", data: { emoji, on } });
  }

  delete(entry) {
    this.#do(entry, { type: "delete" }, { kind: "delete", data: {} });
  }

  async copy(entry) {
    await navigator.clipboard.writeText(entry.data.body ?? "");
    this.#say(entry, "copied");
  }

  /** Words of mine become a field, in their place. */
  edit(entry) {
    const line = this.thread.line(entry.seq);
    const form = document.getElementById("message-edit").content.firstElementChild.cloneNode(true);
    const area = form.elements.body;
    area.value = entry.data.body ?? "";
    const leave = () => {
      line.classList.remove("message-editing");
      this.thread.redraw([entry]);
      this.thread.line(entry.seq).querySelector(".message-more")?.focus();
    };
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const body = area.value.trim();
      if (!body) return area.focus();
      leave();
      if (body !== entry.data.body) this.#do(entry, { type: "edit", body }, { kind: "edit", data: { body } });
    });
    form.querySelector("[type=button]").addEventListener("click", leave);
    area.addEventListener("keydown", (event) => {
      if (event.key === "Escape") leave();
      if (event.key !== "Enter" || event.shiftKey || event.isComposing || !matchMedia("(pointer: fine)").matches) return;
      event.preventDefault();
      form.requestSubmit();
    });
    line.classList.add("message-editing");
    line.querySelector(".message-bubble").append(form);
    area.style.height = `${area.scrollHeight + 4}px`;
    area.focus();
  }

  /** Above the composer it says which message is answered; its number goes with the form (`reponse`), 0 is none. */
  answer(entry, asked) {
    const shown = document.getElementById("answered");
    if (!shown) return;
    shown.hidden = !entry;
    shown.querySelector("[name=reponse]").value = entry?.seq ?? 0;
    const who = shown.querySelector("[data-other]");
    const { other, mine } = who.dataset;
    const { me, drawing } = this.thread;
    if (entry) who.textContent = entry.by === me ? mine : other.replace("{name}", () => drawing.name(entry.by));
    shown.querySelector("[data-words]").textContent = entry ? drawing.firstWords(entry) : "";
    if (asked) document.getElementById("f-body").focus();
  }

  #wireAnswer() {
    document.querySelector("#answered a")?.addEventListener("click", (event) => {
      event.preventDefault();
      this.answer(null, true);
    });
  }

  async #do(entry, frame, event) {
    const { thread } = this;
    const { seq } = entry;
    const before = { ...entry, reactions: { ...entry.reactions } };
    thread.redraw(thread.fold.take({ ...event, by: thread.me, data: { ...event.data, target: seq } }));
    const code = await ask(this.live, { ...frame, conversation: thread.id, target: seq });
    if (!code) return;
    await this.#takeBack(before);
    this.#say(entry, code);
  }

  /** As it stands in the log, for others may have changed it meanwhile; out of reach, as it was. */
  async #takeBack(before) {
    const { thread } = this;
    const answer = await fetch(`/api/v1/conversations/${thread.id}/messages/${before.seq}`).catch(() => null);
    const now = answer?.ok ? await answer.json() : {};
    thread.redraw(thread.fold.put({ ...before, ...now }));
  }

  #say({ seq }, code) {
    const words = this.sentences.dataset[code] ?? this.sentences.dataset.other;
    const line = this.sentences.content.firstElementChild.cloneNode(true);
    line.textContent = words;
    line.classList.toggle("message-done", code === "copied");
    this.thread.line(seq)?.append(line);
    document.getElementById("announce").textContent = words;
    setTimeout(() => line.remove(), SAID_FOR);
  }
}
