import { write } from "./text.js";

const QUOTED = 120;
const TINTS = ["green", "clay", "blue", "sun", "sand"];

/** Draws what stands in a conversation, out of the page's templates and in its words. */
export class Drawing {
  constructor(words, me, clock) {
    this.words = words;
    this.me = me;
    this.clock = clock;
    this.notes = JSON.parse(words.notes);
    this.people = new Map(JSON.parse(words.people).map(([id, name, initials, tint]) => [id, { name, initials, tint }]));
    this.signs = [...document.querySelectorAll("#message-menu [data-act=react]")];
  }

  /** Whoever came since; letters and colour as in http/viewer.py. */
  meet({ member, name }) {
    if (!name || this.people.has(member)) return;
    const words = name.split(/\s+/).filter((word) => /^[\p{L}\p{N}]/u.test(word));
    const letters = [words.shift() ?? "?", words.pop() ?? ""].map((word) => [...word][0]);
    this.people.set(member, { name, initials: letters.join("").toUpperCase(), tint: TINTS[member % 5] });
  }

  name(id) {
    return id === this.me ? this.words.me : this.#real(id);
  }

  /** `quoted` is the entry that this one answers, as far as the page has it. */
  line(entry, quoted, close) {
    return entry.kind === "message" ? this.#message(entry, quoted, close) : this.#note(entry);
  }

  template(id) {
    return document.getElementById(id).content.firstElementChild.cloneNode(true);
  }

  /** The beginning of a message, on one line. */
  firstWords({ gone, data: { body } }) {
    if (gone) return this.words.gone;
    const words = [...(body || this.words.attached).replaceAll("\n", " ")];
    return words.length > QUOTED ? `${words.slice(0, QUOTED).join("")}…` : words.join("");
  }

  #message(entry, quoted, close) {
    const { seq, by, at, data, edited, gone } = entry;
    const mine = by === this.me;
    const line = this.template(mine ? "message-mine" : "message-theirs");
    const part = (name) => line.querySelector(name);
    if (seq) this.#number(line, seq);
    line.classList.toggle("message-close", Boolean(close));
    line.classList.toggle("message-gone", Boolean(gone));
    if (!mine) part("[data-who]").prepend(this.name(by));
    this.#author(line, by, data.for?.name, close || mine);
    this.#quote(part(".message-quote"), data.reply_to, quoted);
    if (gone) part("[data-sent]")?.remove();
    if (gone) part(".message-text").textContent = this.words.gone;
    else if (data.body) write(part(".message-text"), data.body);
    else part(".message-text").remove();
    this.#ways(line, entry);
    const time = part("time");
    time.dateTime = new Date(at).toISOString();
    time.textContent = this.clock.time(new Date(at));
    if (!edited) part("[data-edited]").remove();
    return line;
  }

  #note({ seq, kind, by, data }) {
    const line = this.template("message-note");
    this.#number(line, seq);
    const said = { name: data.name ?? this.#real(data.member ?? by), by: this.#real(by), title: data.title };
    const words = this.notes[what(kind, by, data)];
    line.querySelector("span").textContent = words.replace(/\{(\w+)\}/g, (_, name) => said[name] ?? "");
    return line;
  }

  #number(line, seq) {
    line.id = `m${seq}`;
    line.dataset.seq = seq;
  }

  #author(line, by, hat, unnamed) {
    const face = line.querySelector(".avatar");
    const author = line.querySelector("[data-author]");
    if (hat) author.textContent = this.words.for.replace("{who}", () => this.name(by)).replace("{hat}", () => hat);
    else if (face && !unnamed) author.textContent = this.name(by);
    else author.remove();
    if (!face) return;
    if (unnamed) return face.remove();
    const { initials = "?", tint = "sand" } = this.people.get(by) ?? {};
    face.textContent = initials;
    face.className = face.className.replace(/tint-\w+/, `tint-${tint}`);
  }

  #quote(link, seq, quoted) {
    if (!seq) return link.remove();
    link.href += `?autour=${seq}#m${seq}`;
    link.firstElementChild.textContent = quoted && !quoted.gone ? this.name(quoted.by) : "";
    link.lastElementChild.textContent = quoted ? this.firstWords(quoted) : this.words.gone;
  }

  /** What can be done to it, and what was. */
  #ways(line, { seq, by, at, gone, reactions }) {
    const more = line.querySelector(".message-more");
    const form = line.querySelector(".message-signs");
    if (gone || !seq) more.remove();
    else {
      more.href = `${this.words.url}/m/${seq}`;
      more.lastElementChild.append(`, ${this.name(by)}, ${this.clock.time(new Date(at))}`);
      form.action = `${this.words.url}/m/${seq}/reaction`;
    }
    form.append(...this.signs.filter(({ value }) => reactions[value]).map((one) => this.#sign(one, reactions[one.value])));
    if (!form.childElementCount) form.remove();
  }

  #sign(sample, who) {
    const button = this.template("reaction");
    const mine = who.includes(this.me);
    const names = who.map((one) => this.name(one)).join(", ");
    button.name = mine ? "retrait" : "emoji";
    button.value = sample.value;
    button.title = names;
    button.setAttribute("aria-pressed", mine);
    button.querySelector("svg").replaceWith(sample.querySelector("svg").cloneNode(true));
    button.querySelector("[data-count]").textContent = who.length;
    button.querySelector("[data-names]").textContent = names;
    return button;
  }

  #real(id) {
    return this.people.get(id)?.name ?? "";
  }
}

/** Which of the page's sentences says it; the server (chat/lines.py) chooses the same. */
function what(kind, by, { member = by, role, opened, title }) {
  if (kind === "join") return member === by ? "joined" : "added";
  if (kind === "leave") return member === by ? "left" : "removed";
  if (role) return role === "owner" ? "owner" : "member";
  if (opened) return "opened";
  return title ? "renamed" : "changed";
}
