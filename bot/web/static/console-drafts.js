// Replies that are being written, kept in this browser until they are sent, or until sign-out.

const DRAFT = "console-draft-";
const SENT = "console-sent-"; // the version of the ticket, a blank, and what was sent

/**
 * Keep what is typed into a field; put back what was kept.
 *
 * `version` is the ticket's: while it is the one that a reply was sent to, that reply has not
 * arrived, and is put back as well.
 */
export function keepDraft(name, version, field, note) {
  const lost = take(name, version);
  const kept = lost ?? localStorage.getItem(DRAFT + name);
  if (field.value === "" && kept) {
    field.value = kept;
  }
  const keep = () => {
    const text = field.value.trim();
    if (text) {
      localStorage.setItem(DRAFT + name, field.value);
    } else {
      localStorage.removeItem(DRAFT + name);
    }
    note.textContent = text ? note.dataset.words : "";
  };
  field.addEventListener("input", keep);
  keep();
}

/** It is on its way. */
export function sendDraft(name, version, field) {
  localStorage.setItem(SENT + name, `${version} ${field.value}`);
  localStorage.removeItem(DRAFT + name);
}

/** What was sent and has not arrived; null if nothing is left. */
export function take(name, version) {
  const sent = localStorage.getItem(SENT + name);
  localStorage.removeItem(SENT + name);
  return sent?.startsWith(`${version} `) ? sent.slice(String(version).length + 1) : null;
}

/** At sign-out: a colleague may sit here next. */
export function forgetAll() {
  for (const name of Object.keys(localStorage)) {
    if (name.startsWith(DRAFT) || name.startsWith(SENT)) {
      localStorage.removeItem(name);
    }
  }
}
