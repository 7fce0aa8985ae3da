const OURS = "echange:";
let closed = false;

/** What a member has on this device until it is sent: drafts, and words without connection. */
export class Store {
  #memory = new Map();

  constructor(me) {
    this.prefix = `${OURS}${me}:`;
  }

  get(name) {
    try {
      return JSON.parse(localStorage.getItem(this.prefix + name)) ?? this.#memory.get(name);
    } catch {
      return this.#memory.get(name);
    }
  }

  /** Nothing (null) is forgotten. */
  set(name, value) {
    if (closed) return;
    try {
      if (value === null) localStorage.removeItem(this.prefix + name);
      else localStorage.setItem(this.prefix + name, JSON.stringify(value));
      this.#memory.delete(name);
    } catch {
      // No room, or no storage: it lives as long as the page.
      this.#memory.set(name, value ?? undefined);
    }
  }

  /** The names in use that begin with `start`. */
  names(start) {
    const all = [...keys(), ...[...this.#memory.keys()].map((name) => this.prefix + name)];
    return all.filter((key) => key.startsWith(this.prefix + start)).map((key) => key.slice(this.prefix.length));
  }

  /** Calls `hear(name)` when another tab changed something. */
  watch(hear) {
    addEventListener("storage", ({ key }) => key?.startsWith(this.prefix) && hear(key.slice(this.prefix.length)));
  }
}

/** Whoever signed out leaves nothing at this device. */
export function wipe() {
  closed = true;
  keepOnly("");
}

/** Only what is this member's stays. */
export function keepOnly(me) {
  for (const key of keys()) if (!me || !key.startsWith(`${OURS}${me}:`)) localStorage.removeItem(key);
}

function keys() {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(OURS));
  } catch {
    return [];
  }
}
