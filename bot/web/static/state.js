// What this device remembers. One JSON value in localStorage, shared by all open pages.
//
//   chat     the secret name of the conversation
//   after    id of the last event that is in `entries`
//   entries  what is shown: {who: "me", id, text, at, refused?}
//            or {who: "us", id, ref, key, body, buttons, file?, ticket, at?,
//            pressed: [action]}
//   outbox   what the server does not have yet: {id, text | action, reply_to?}
//   asked    when the question was sent to which nothing has come yet, or 0

const KEY = "mingbai.chat";
const CAP = 200;

/** `bytes` random bytes as base64url. */
export function secret(bytes) {
  const raw = crypto.getRandomValues(new Uint8Array(bytes));
  return btoa(String.fromCharCode(...raw)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

const fresh = () => ({ chat: secret(24), after: 0, entries: [], outbox: [], asked: 0 });

function parse(text) {
  try {
    const value = JSON.parse(text);
    const whole = value && /^[\w-]{22,64}$/.test(value.chat) && Number.isInteger(value.after)
      && Array.isArray(value.entries) && Array.isArray(value.outbox);
    return whole ? value : null;
  } catch {
    return null;
  }
}

export class State {
  #value;
  #show;

  /** `show` is called with the new value after each change, here or on another page. */
  constructor(show) {
    this.#show = show;
    this.#value = this.#load() || fresh();
    this.#save();
    addEventListener("storage", (event) => {
      if (event.key === KEY || event.key === null) this.#reload();
    });
    // A page that was put away, for the back button, was told of no change.
    addEventListener("pageshow", (event) => { if (event.persisted && this.kept) this.#reload(); });
  }

  /** Whether this device keeps it. A frame on another site, or a private window, may not. */
  get kept() {
    try { return localStorage.getItem(KEY) !== null; } catch { return false; }
  }

  get value() {
    return this.#value;
  }

  /** Change what is stored now, which another page may have changed since we looked. */
  update(change) {
    this.#value = this.#load() || this.#value;
    change(this.#value);
    this.#value.entries.splice(0, this.#value.entries.length - CAP);
    this.#save();
    this.#show(this.#value);
  }

  erase() {
    this.#value = fresh();
    this.#save();
    this.#show(this.#value);
  }

  #reload() {
    this.#value = this.#load() || fresh();
    this.#show(this.#value);
  }

  #load() {
    try { return parse(localStorage.getItem(KEY)); } catch { return null; }
  }

  #save() {
    for (;;) {
      try {
        localStorage.setItem(KEY, JSON.stringify(this.#value));
        return;
      } catch {
        // Full: the older half goes. Or no storage at all: this page remembers, until it closes.
        const { entries } = this.#value;
        try { if (!localStorage.getItem(KEY) || entries.length < 2) return; } catch { return; }
        entries.splice(0, Math.ceil(entries.length / 2));
      }
    }
  }
}

/** A delivery from the server. False if this device has it. */
export function receive(value, event, at) {
  if (event.id <= value.after) return false;
  value.after = event.id;
  value.asked = 0;
  const entry = {
    who: "us", id: event.id, ref: event.ref, key: event.key, body: event.body,
    buttons: event.buttons, file: event.file, ticket: event.ticket_id, at, pressed: [],
  };
  const place = event.key === null ? -1
    : value.entries.findIndex((old) => old.who === "us" && old.key === event.key);
  if (place < 0) value.entries.push(entry);
  else value.entries[place] = entry;
  return true;
}

/** A question on its way. */
export function ask(value, text, replyTo, at) {
  const id = secret(12);
  value.entries.push({ who: "me", id, text, at });
  value.outbox.push(replyTo ? { id, text, reply_to: replyTo } : { id, text });
  value.asked = at;
}

/** A button was pressed, on the message `id`. */
export function press(value, id, action, at) {
  const entry = value.entries.find((old) => old.who === "us" && old.id === id);
  if (!entry || entry.pressed.includes(action)) return;
  entry.pressed.push(action);
  value.outbox.push({ id: secret(12), action, reply_to: entry.ref });
  value.asked = at;
}

/** The server has it, or will never take it (`refused` says why). */
export function settle(value, id, refused) {
  value.outbox = value.outbox.filter((item) => item.id !== id);
  if (!refused) return;
  value.asked = 0;
  const entry = value.entries.find((old) => old.who === "me" && old.id === id);
  if (entry) entry.refused = refused;
}

export function discard(value, id) {
  value.entries = value.entries.filter((entry) => entry.who !== "me" || entry.id !== id);
}
