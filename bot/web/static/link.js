// To and from the server: questions until they are taken, deliveries as they come.

const POST_MS = 15000;
const TOO_MANY = 429;
const SILENT_MS = 45000; // three heartbeats
const LONGEST_WAIT_S = 30;

const backoff = (failures) => Math.min(2 ** failures, LONGEST_WAIT_S) * (0.75 + Math.random() / 2);

/** Resolves to {sent}, {refused: why} or {wait: seconds, fast: whether we sent too much}. */
async function post(body, failures) {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), POST_MS);
  try {
    const response = await fetch("/api/messages", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
      credentials: "omit",
      signal: abort.signal,
    });
    if (response.ok) return { sent: true };
    if (response.status === 413) return { refused: "long" };
    if (response.status === 429 || response.status >= 500) {
      const wait = Number(response.headers.get("Retry-After")) || backoff(failures);
      return { wait, fast: response.status === 429 };
    }
    return { refused: "other" };
  } catch {
    return { wait: backoff(failures) };
  } finally {
    clearTimeout(timer);
  }
}

/** Sends what is in the outbox, one after the other, and never gives up on it. */
export class Sender {
  failures = 0;
  fast = false; // the last failure: the server asks us to wait
  #busy = false;
  #timer = 0;

  /** next() gives {chat, id, …} or nothing; settle(id, refused) ends one; changed() shows it. */
  constructor({ next, settle, changed }) {
    Object.assign(this, { next, settle, changed });
    addEventListener("online", () => this.pump());
  }

  async pump() {
    if (this.#busy) return;
    this.#busy = true;
    clearTimeout(this.#timer);
    for (let body = this.next(); body; body = this.next()) {
      const { sent, refused, wait, fast } = await post(body, this.failures);
      if (sent || refused) {
        this.failures = 0;
        this.settle(body.id, refused);
      } else {
        this.failures += 1;
        this.fast = Boolean(fast);
        this.#timer = setTimeout(() => this.pump(), wait * 1000);
        this.changed();
        break;
      }
    }
    this.#busy = false;
  }
}

/** The stream of deliveries. The browser resumes it; where it gives up, we open it anew. */
export class Stream {
  #source = null;
  #failures = 0;
  #timer = 0;
  #watchdog = 0;

  /**
   * where() gives {chat, after}; took(event, live) a delivery; up(bool) says how it stands, and
   * crowded() that other windows of this chat have all the lines.
   */
  constructor({ where, took, up, crowded }) {
    Object.assign(this, { where, took, up, crowded });
    addEventListener("online", () => this.open());
    addEventListener("offline", () => this.up(false));
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden && !this.connected) this.open();
    });
    // A page that may come back by the back button holds no line meanwhile.
    addEventListener("pagehide", () => this.close());
    addEventListener("pageshow", (event) => { if (event.persisted) this.open(); });
  }

  get connected() {
    return this.#source !== null && this.#source.readyState === EventSource.OPEN;
  }

  open() {
    this.close();
    const { chat, after } = this.where();
    const source = new EventSource(`/api/events?chat=${chat}&after=${after}`);
    this.#source = source;
    let live = false; // after "ready": before it comes what was waiting for us
    source.addEventListener("ready", () => {
      live = true;
      this.#failures = 0;
      this.#alive();
      this.up(true);
    });
    source.addEventListener("heartbeat", () => this.#alive());
    source.onmessage = (event) => {
      this.#alive();
      this.took(JSON.parse(event.data), live);
    };
    source.onerror = () => {
      live = false;
      this.up(false);
      if (source.readyState === EventSource.CLOSED && source === this.#source) {
        this.#later();
        this.#why(source.url);
      }
    };
    this.#alive();
  }

  close() {
    clearTimeout(this.#timer);
    clearTimeout(this.#watchdog);
    if (this.#source) this.#source.close();
    this.#source = null;
  }

  #later() {
    this.close();
    this.#failures += 1;
    this.#timer = setTimeout(() => this.open(), backoff(this.#failures) * 1000);
  }

  /** An EventSource does not tell why it was refused. */
  async #why(address) {
    const asked = new AbortController();
    try {
      const { status } = await fetch(address, { signal: asked.signal });
      if (status === TOO_MANY) this.crowded();
    } catch {
      // Nobody answers now.
    }
    asked.abort();
  }

  /** A phone that slept may hold a connection that died without a word. */
  #alive() {
    clearTimeout(this.#watchdog);
    this.#watchdog = setTimeout(() => { this.up(false); this.open(); }, SILENT_MS);
  }
}
