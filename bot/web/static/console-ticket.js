// The ticket's page: words that are put into the reply, and news of the ticket.
// Without this script all of it works by forms.
import { keys } from "./console-keys.js";
import { follow, tellOver } from "./console-live.js";

const page = document.querySelector("[data-ticket]");
const { ticket: number } = page.dataset;
const text = document.querySelector("#reply textarea");

if (text) {
  addEventListener("submit", sending);
  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      text.form.requestSubmit(text.form.querySelector("[data-send]"));
    }
  });
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
  if (event.submitter?.dataset.insert !== undefined) {
    event.preventDefault();
    insert(event.submitter);
  }
}

async function insert(by) {
  const body = new URLSearchParams(new FormData(text.form, by)); // before: it knows no disabled one
  const headers = { Accept: "text/plain" };
  by.disabled = true;
  try {
    // A redirect leads to signing in: that page is no words for a citizen.
    const answer = await fetch(by.formAction, { method: "POST", body, headers, redirect: "manual" });
    const isWords = answer.headers.get("Content-Type")?.startsWith("text/plain");
    if (answer.type === "opaqueredirect") {
      tellOver();
      bringUp("over");
    } else if (isWords && answer.ok) {
      put((await answer.text()).trim());
    } else {
      say(isWords ? (await answer.text()).trim() : page.dataset.failed);
      bringUp("changed");
    }
  } catch {
    say(page.dataset.offline);
    bringUp("changed");
  } finally {
    by.disabled = false;
    by.blur();
  }
}

/** What answers a button is seen; news, which comes by itself, moves nothing. */
function bringUp(id) {
  document.getElementById(id).scrollIntoView({ block: "center" });
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
