// The ticket's page: a draft that is kept, words that are put into it, and news of the ticket.
// Without this script all of it works by forms.
import { keepDraft, sendDraft, take } from "./console-drafts.js";
import { keys } from "./console-keys.js";
import { follow } from "./console-live.js";

const page = document.querySelector("[data-ticket]");
const { ticket: number, version } = page.dataset;
const draft = `${page.dataset.agent}-${number}`;
const text = document.querySelector("#reply textarea");

if (text) {
  keepDraft(draft, version, text, document.getElementById("kept"));
  addEventListener("submit", sending);
  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      text.form.requestSubmit(text.form.querySelector("[data-send]"));
    }
  });
} else {
  take(draft, version);
}

keys({
  c: () => document.querySelector("[data-key=c]")?.click(),
  r: () => text?.focus(),
});

follow(page.dataset.line, (change) => {
  if (String(change.ticket) === number || change.ticket === 0) {
    tell(change);
  }
});

/** Words from elsewhere are fetched, so that nothing of the page moves. */
function sending(event) {
  const by = event.submitter;
  if (by?.dataset.insert === undefined) {
    if (event.target === text.form) {
      sendDraft(draft, version, text);
    }
    return;
  }
  event.preventDefault();
  insert(by);
}

async function insert(by) {
  const body = new URLSearchParams(new FormData(text.form, by)); // before: it knows no disabled one
  by.disabled = true;
  try {
    const answer = await fetch(by.formAction, { method: "POST", body, headers: { Accept: "text/plain" } });
    const words = (await answer.text()).trim();
    if (answer.ok && answer.headers.get("Content-Type").startsWith("text/plain")) {
      put(words);
    } else {
      say(words);
    }
  } finally {
    by.disabled = false;
    by.blur();
  }
}

/** At the cursor, in a paragraph of its own. */
function put(words) {
  const before = text.value.slice(0, text.selectionStart).trimEnd();
  const behind = text.value.slice(text.selectionEnd).trimStart();
  text.value = [before, words, behind].filter(Boolean).join("\n\n");
  const end = [before, words].filter(Boolean).join("\n\n").length;
  text.focus();
  text.setSelectionRange(end, end);
  text.dispatchEvent(new Event("input", { bubbles: true }));
}

/** What is new, with a link: what is typed stays until it is followed, and behind it. */
function tell(change) {
  const { changed, show } = page.dataset;
  const words = changed.replace("%1", change.who).replace("%2", change.what);
  const link = document.createElement("a");
  link.className = "act";
  link.href = location.pathname;
  link.textContent = show;
  say(change.ticket ? words : "", link);
}

function say(words, ...more) {
  const box = document.getElementById("changed");
  const line = document.createElement("span");
  line.textContent = words;
  box.replaceChildren(line, ...more);
  box.hidden = false;
}
