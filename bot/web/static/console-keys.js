// Keys for whoever would rather not reach for the mouse: off while typing, and off for good where
// they are switched off in the list of keys (WCAG 2.1.4).

const OFF = "console-keys-off";
const TYPED_INTO = "input:not([type=checkbox]), textarea, select, [contenteditable]";
const QUICK_MS = 1500; // between the two keys of "g q"

let own = {};
let before = "";
let beforeAt = 0;

/** What single keys do on this page; "g q" and "?" are there on all of them. */
export function keys(deeds) {
  own = deeds;
}

const list = document.getElementById("keys");
const off = document.getElementById("keys-off");
const shared = {
  "g q": () => location.assign(list.dataset.queue),
  "?": () => list.showModal(),
};

function press(event) {
  const combined = event.ctrlKey || event.metaKey || event.altKey;
  const typing = event.target instanceof Element && event.target.closest(TYPED_INTO);
  if (combined || typing || event.defaultPrevented || document.querySelector("dialog[open]")) {
    return;
  }
  if (localStorage.getItem(OFF) && event.key !== "?") {
    return;
  }
  const quick = event.timeStamp - beforeAt < QUICK_MS;
  const pair = quick ? `${before} ${event.key}` : "";
  const deed = shared[pair] ?? own[event.key] ?? shared[event.key];
  before = event.key;
  beforeAt = event.timeStamp;
  if (deed) {
    event.preventDefault();
    deed();
  }
}

if (list) {
  off.checked = Boolean(localStorage.getItem(OFF));
  off.addEventListener("change", () => {
    if (off.checked) {
      localStorage.setItem(OFF, "1");
    } else {
      localStorage.removeItem(OFF);
    }
  });
  document.querySelector("[data-keys]")?.addEventListener("click", () => list.showModal());
  document.addEventListener("keydown", press);
}
