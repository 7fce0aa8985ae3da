const FIRST_WAIT = 500;
const LONGEST_WAIT = 30000;
// The server said that it comes back: it is asked often, for a while.
const RESTART = 1012;
const RESTART_WAIT = 2000;
const RESTART_TRIES = 20;
const ANSWER_WITHIN = 8000;
const SILENT_AFTER = 45000;
const RESTS_AFTER = 30000;
const SIGNED_OUT = 4001;

/**
 * The page's socket. Says hello with what the page has, again after every tunnel, and hands frames on as events
 * named by their type; "open", "away" and "signedout" tell of the socket itself.
 */
export class Live extends EventTarget {
  #socket = null;
  #tries = 0;
  #restarting = false;
  #timer = 0;
  #watch = 0;
  #quiet = 0;
  #resting = 0;
  #cursors;

  /**
   * @param cursors gives the numbers the page has reached, by conversation.
   * @param rests whether a page that nobody looks at goes without.
   */
  constructor(cursors, rests = false) {
    super();
    this.#cursors = cursors;
    addEventListener("online", () => this.#now());
    addEventListener("offline", () => this.restart());
    document.addEventListener("visibilitychange", () => {
      clearTimeout(this.#resting);
      if (document.visibilityState === "visible") this.#now();
      else if (rests) this.#resting = setTimeout(() => this.#rest(), RESTS_AFTER);
    });
    addEventListener("pagehide", () => this.#socket?.close());
    addEventListener("pageshow", (event) => event.persisted && this.#now());
    if (!rests || document.visibilityState === "visible") this.#connect();
  }

  get open() {
    return this.ready && this.#socket?.readyState === WebSocket.OPEN;
  }

  /** Sends a frame if the socket is open; says whether it was. */
  send(frame) {
    if (!this.open) return false;
    this.#socket.send(JSON.stringify(frame));
    return true;
  }

  /** Says hello once more: the answer tells anew what waits. */
  greet() {
    if (this.open) this.#hello();
  }

  /** The socket is open in name only: leave it and come back. */
  restart() {
    const socket = this.#socket;
    if (!socket) return;
    this.#leave(socket);
    this.#later();
  }

  #now() {
    if (this.ended) return;
    // After a sleep the socket may be dead without knowing: an answer to hello is what shows that it lives.
    if (this.open) return this.#hello();
    if (this.#socket) return;
    this.#tries = 0;
    this.#connect();
  }

  #connect() {
    clearTimeout(this.#timer);
    const socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/live`);
    this.#socket = socket;
    this.#expectAnswer();
    socket.addEventListener("open", () => socket === this.#socket && this.#hello());
    socket.addEventListener("message", (message) => socket === this.#socket && this.#receive(JSON.parse(message.data)));
    socket.addEventListener("close", (event) => {
      if (socket !== this.#socket) return;
      this.#leave(socket);
      if (event.code === RESTART) this.#restarting = true;
      if (event.code === SIGNED_OUT) this.end();
      else this.#later();
    });
  }

  #hello() {
    this.#expectAnswer();
    this.#socket.send(JSON.stringify({ type: "hello", cursors: this.#cursors() }));
  }

  #expectAnswer() {
    clearTimeout(this.#watch);
    this.#watch = setTimeout(() => this.restart(), ANSWER_WITHIN);
  }

  #receive(frame) {
    clearTimeout(this.#watch);
    clearTimeout(this.#quiet);
    this.#quiet = setTimeout(() => this.greet(), SILENT_AFTER);
    if (frame.type === "welcome") {
      this.#tries = 0;
      this.#restarting = false;
      this.ready = true;
    }
    if (frame.type === "refusal" && frame.retry_ms && !frame.client_id && !this.ready) {
      setTimeout(() => this.#socket?.readyState === WebSocket.OPEN && this.#hello(), frame.retry_ms);
    }
    this.#tell(frame.type, frame);
    if (frame.type === "welcome") this.#tell("open");
  }

  /** Somebody signed out: no coming back without a new page. */
  end() {
    this.ended = true;
    clearTimeout(this.#timer);
    this.#tell("signedout");
  }

  #rest() {
    clearTimeout(this.#timer);
    if (this.#socket) this.#leave(this.#socket);
  }

  #leave(socket) {
    clearTimeout(this.#watch);
    clearTimeout(this.#quiet);
    this.#socket = null;
    this.ready = false;
    socket.close();
  }

  #later() {
    if (this.ended) return;
    if (this.#tries > RESTART_TRIES) this.#restarting = false;
    const longest = this.#restarting ? RESTART_WAIT : LONGEST_WAIT;
    // By chance, so that a town does not come back all at once after a restart.
    const wait = Math.min(longest, FIRST_WAIT * 2 ** this.#tries++) * (0.5 + Math.random() / 2);
    this.#timer = setTimeout(() => this.#connect(), wait);
    this.#tell("away");
  }

  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
