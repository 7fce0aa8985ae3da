// The server (chat/text.py) finds the same links.
const LINK = /https?:\/\/[^\s<>"'«»]*[^\s<>"'«».,;:!?)\]…]/g;

/** Writes `body` into `element` as text, its http and https addresses as links. */
export function write(element, body) {
  element.replaceChildren();
  let end = 0;
  for (const found of body.matchAll(LINK)) {
    const link = document.createElement("a");
    link.href = link.textContent = found[0];
    link.rel = "nofollow noopener noreferrer ugc";
    element.append(body.slice(end, found.index), link);
    end = found.index + found[0].length;
  }
  element.append(body.slice(end));
}

/** Days and hours on the town's clock, in the page's words. */
export class Clock {
  constructor({ zone, clock, today, yesterday }) {
    const locale = document.documentElement.lang;
    this.pattern = clock;
    this.words = { 0: today, 1: yesterday };
    this.hour = new Intl.DateTimeFormat("fr-FR", { timeZone: zone, hour: "numeric", minute: "2-digit", hourCycle: "h23" });
    this.iso = new Intl.DateTimeFormat("sv-SE", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" });
    this.long = new Intl.DateTimeFormat(locale, { timeZone: zone, weekday: "long", day: "numeric", month: "long" });
  }

  /** « 9 h 12 ». */
  time(instant) {
    const parts = Object.fromEntries(this.hour.formatToParts(instant).map(({ type, value }) => [type, value]));
    return this.pattern.replace("{h}", String(Number(parts.hour))).replace("{mm}", parts.minute.padStart(2, "0"));
  }

  /** The day as a key. */
  day(instant) {
    return this.iso.format(instant);
  }

  /** « aujourd’hui », « samedi 28 novembre ». */
  dayName(instant) {
    const days = Math.round((Date.parse(this.day(new Date())) - Date.parse(this.day(instant))) / 86400000);
    return this.words[days] ?? this.long.format(instant);
  }
}

/** A new UUIDv7 (RFC 9562). */
export function clientId() {
  const bytes = crypto.getRandomValues(new Uint8Array(10));
  bytes[0] = (bytes[0] & 15) | 112;
  bytes[2] = (bytes[2] & 63) | 128;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const all = Date.now().toString(16).padStart(12, "0") + hex;
  return all.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
