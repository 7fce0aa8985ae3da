/**
 * What a conversation says now: its events folded into what stands, as the server does it (chat/folding.py).
 * Entries are {seq, kind, by, at, data, edited, gone, reactions: {emoji: [member]}}, by number.
 */
export class Fold {
  constructor(entries = []) {
    this.entries = new Map(entries.map((one) => [one.seq, one]));
  }

  /** Takes the next event; gives the entries that look otherwise now. */
  take({ seq, kind, by, at, data }) {
    if (data.target === undefined) return this.#add({ seq, kind, by, at, data });
    const entry = this.entries.get(data.target);
    if (!entry || entry.gone || !change(entry, kind, by, data)) return [];
    return [entry, ...this.#quoting(entry.seq)];
  }

  /** Takes an entry as the server tells it; the same. */
  put(entry) {
    this.entries.set(entry.seq, entry);
    return [entry, ...this.#quoting(entry.seq)];
  }

  #add(event) {
    if (this.entries.has(event.seq)) return [];
    const entry = { ...event, data: { ...event.data }, edited: false, gone: false, reactions: {} };
    if (entry.data.deleted) empty(entry);
    this.entries.set(entry.seq, entry);
    return [entry];
  }

  #quoting(seq) {
    return [...this.entries.values()].filter((one) => one.data.reply_to === seq);
  }
}

/** Whether it changed anything. */
function change(entry, kind, by, data) {
  if (kind === "delete") return empty(entry);
  // Emptied with its message, or kept from the reader.
  if (data.deleted) return false;
  if (kind === "edit") {
    // A word of caution stays, whatever the words become.
    entry.data = { ...entry.data, body: data.body, ...(data.warn && { warn: data.warn }) };
    entry.edited = true;
    return true;
  }
  return kind === "reaction" && react(entry, by, data);
}

function empty(entry) {
  return Object.assign(entry, { data: {}, edited: false, gone: true, reactions: {} });
}

function react({ reactions }, by, { emoji, on }) {
  const who = reactions[emoji] ?? [];
  if (who.includes(by) === on) return false;
  reactions[emoji] = on ? [...who, by].sort((one, other) => one - other) : who.filter((one) => one !== by);
  if (!reactions[emoji].length) delete reactions[emoji];
  return true;
}
