// What is being written into forms, kept in this browser until it has arrived, or until sign-out.
//
// Forms with data-keep have it, with or without a session by now. What is sent is still kept: only
// a page that names the draft as received (see Console.done) proves that it came. An office's
// computer is shared, so what one account wrote is never shown to another.

const DRAFT = "console-draft-";
const LASTS_MS = 14 * 24 * 3600 * 1000; // of somebody who never comes back
const WORDS = "textarea:not([readonly]), input:not([type]), input[type=text]";

const page = document.querySelector("main[data-whose]");
const own = `${DRAFT}${page.dataset.whose} `;

/** Put back what was kept, show what has no place on this page any more, and keep what comes. */
export function keepDrafts() {
  dropWhatCame();
  const left = drafts(own);
  for (const form of document.querySelectorAll("form[data-keep]")) {
    const fields = [...form.querySelectorAll(WORDS)];
    if (fields.length > 0) {
      const name = nameOf(form);
      const conflict = keep(form, fields, name, left.get(name));
      if (!conflict) {
        left.delete(name);
      }
    }
  }
  for (const [name, draft] of left) {
    if (draft.page === location.pathname) {
      show(name, draft);
    }
  }
}

/** At sign-out: a colleague may sit here next. */
export function forgetOwn() {
  drafts(own).forEach((_, name) => localStorage.removeItem(name));
}

function dropWhatCame() {
  const received = new Set(page.dataset.received.split(" "));
  for (const [name, draft] of drafts(DRAFT)) {
    if (received.has(draft.id) || !(Date.now() - draft.at < LASTS_MS)) {
      localStorage.removeItem(name);
    }
  }
}

/** By their names; what is none is dropped. */
function drafts(prefix) {
  const found = new Map();
  for (const name of Object.keys(localStorage).filter((one) => one.startsWith(prefix))) {
    try {
      found.set(name, JSON.parse(localStorage.getItem(name)));
    } catch {
      localStorage.removeItem(name);
    }
  }
  return found;
}

/** The same form has the same name on every page that shows it. */
function nameOf(form) {
  return `${own}${form.getAttribute("action")} ${form.elements.namedItem("number")?.value ?? ""}`;
}

/** Whether something was kept that is not put back, for the page has other words there by now. */
function keep(form, fields, name, draft) {
  const id = draft?.id ?? newId();
  const was = new Map(fields.map((one) => [one.name, draft?.fields[one.name]?.was ?? one.defaultValue]));
  const conflict = fields.some((one) => putBack(one, draft?.fields[one.name]));
  form.append(hidden("draft", id));
  const note = document.createElement("p");
  note.className = "soft";
  fields.at(-1).after(note);

  const store = () => {
    const typed = fields.filter((one) => one.value.trim() && one.value !== was.get(one.name));
    const entries = typed.map((one) => [one.name, { was: was.get(one.name), text: one.value }]);
    // A form that was refused has the address of its deed, where nobody can go back to.
    const shown = page.dataset.here ? location.pathname : (draft?.page ?? parent(form));
    const kept = { id, at: Date.now(), page: shown, fields: Object.fromEntries(entries) };
    const isKept = typed.length > 0 && stored(name, kept);
    if (typed.length === 0) {
      localStorage.removeItem(name);
    }
    note.textContent = isKept ? page.dataset.kept : "";
  };
  form.addEventListener("input", store);
  if (!conflict) {
    store();
  }
  return conflict;
}

function putBack(field, kept) {
  if (!kept || field.value === kept.text) {
    return false;
  }
  if (field.value !== kept.was) {
    return true;
  }
  field.value = kept.text;
  field.closest("details")?.setAttribute("open", "");
  return false;
}

function stored(name, draft) {
  try {
    localStorage.setItem(name, JSON.stringify(draft));
    return true;
  } catch {
    return false; // full, or switched off
  }
}

/** What was typed into a form that this page has not, or has with other words. */
function show(name, draft) {
  const box = document.getElementById("left");
  const one = document.createElement("div");
  for (const { text } of Object.values(draft.fields)) {
    const area = document.createElement("textarea");
    area.readOnly = true;
    area.rows = 4;
    area.value = text;
    area.setAttribute("aria-labelledby", "left-title");
    one.append(area);
  }
  const drop = document.createElement("button");
  drop.className = "act small-act";
  drop.type = "button";
  drop.textContent = box.dataset.drop;
  drop.addEventListener("click", () => {
    localStorage.removeItem(name);
    one.remove();
    box.hidden = box.querySelector("textarea") === null;
  });
  one.append(drop);
  box.append(one);
  box.hidden = false;
}

function parent(form) {
  return form.getAttribute("action").replace(/\/[^/]*$/, "");
}

function hidden(name, value) {
  const field = document.createElement("input");
  field.type = "hidden";
  field.name = name;
  field.value = value;
  return field;
}

/** Not randomUUID: that is there only behind TLS. */
function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (one) => one.toString(16).padStart(2, "0")).join("");
}
