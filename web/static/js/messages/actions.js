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
    document.querySelector("#answered a")?.addEventListener("click", (event) => {
      event.preventDefault();
      this.answer(null, true);
    });
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

  async edit(entry) {
    const { thread } = this;
    const { seq } = entry;
    const script = await import("./rewording.js").catch(() => null);
    const line = thread.line(seq);
    if (!script) return this.#say(entry, "offline");
    if (entry.gone || line.classList.contains("message-editing")) return;
    const leave = () => {
      thread.redraw([entry]);
      thread.line(seq).querySelector(".message-more")?.focus();
    };
    script.reword(line, entry.data.body ?? "", leave, (body) => {
      this.#do(entry, { type: "edit", body }, { kind: "edit", data: { body } });
    });
  }

  /** Says above the composer which message is answered; its number goes with the form. */
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

  async #do(entry, frame, event) {
    const { thread } = this;
    const { seq } = entry;
    const before = { ...entry, reactions: { ...entry.reactions } };
    const touched = thread.fold.take({ ...event, by: thread.me, data: { ...event.data, target: seq } });
    thread.redraw(touched);
    const code = await ask(this.live, { ...frame, conversation: thread.id, target: seq });
    // The server may have drawn it too soon.
    if (!code) return thread.redraw(touched.map((one) => thread.entry(one.seq)));
    await this.#takeBack(before);
    this.#say(entry, code);
  }

  /** As it stands in the log; out of reach, as it was. */
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
