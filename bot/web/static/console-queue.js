// The queue: by keys, and as it is now. Without this script it is a page with forms.
import { keys } from "./console-keys.js";
import { follow } from "./console-live.js";

const CALM_MS = 400; // what changes together is fetched once
const FIRST_RETRY_MS = 1000; // doubled each time
const LONGEST_RETRY_MS = 60_000;
const OK = 200;
const FORBIDDEN = 403;

let waiting = 0; // the timer of the next refresh
let failures = 0;

const queue = () => document.getElementById("queue");
const rows = () => [...document.querySelectorAll("[data-row]")];
const ticks = () => [...document.querySelectorAll('#queue input[name^="ticket-"]')];
const row = () => document.activeElement?.closest("#queue tr");

keys({
  j: () => go(1),
  k: () => go(-1),
  ArrowDown: () => go(1),
  ArrowUp: () => go(-1),
  x: () => row()?.querySelector('input[name^="ticket-"]')?.click(),
  c: claim,
});

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-all]")) {
    ticks().forEach((one) => { one.checked = event.target.checked; });
  }
  count();
});

follow(queue().dataset.line, () => {
  waiting ||= setTimeout(refresh, CALM_MS);
});
prepare();

function go(by) {
  const all = rows();
  const at = all.indexOf(row()?.querySelector("[data-row]"));
  const next = at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + by, 0), all.length - 1);
  all[next]?.focus();
  all[next]?.scrollIntoView({ block: "nearest" });
}

/** The row that has the focus, and no other one that may be chosen. */
function claim() {
  const tick = row()?.querySelector('input[name^="ticket-"]');
  if (tick) {
    ticks().forEach((one) => { one.checked = one === tick; });
    document.querySelector("#bulk [value=claim]").click();
  }
}

/** The same page's table, with focus and choice as they were. */
function refresh() {
  waiting = 0; // what changes from here on is fetched again
  const address = new URL(location.href);
  address.searchParams.set("part", "table");
  const request = new XMLHttpRequest(); // reads HTML into a document in which nothing runs
  request.open("GET", address);
  request.responseType = "document";
  request.addEventListener("load", () => {
    const fresh = request.status === OK && request.response?.getElementById("queue");
    if (fresh) {
      failures = 0;
      put(document.importNode(fresh, true));
      tellStale();
    } else if (isElsewhere(request)) {
      location.reload(); // signed out meanwhile, or not of the desk any more
    } else {
      later();
    }
  });
  request.addEventListener("error", later);
  request.send();
}

function isElsewhere(request) {
  return new URL(request.responseURL).pathname !== location.pathname || request.status === FORBIDDEN;
}

/** The list stays, and says that it may be old. */
function later() {
  failures += 1;
  tellStale();
  waiting ||= setTimeout(refresh, Math.min(FIRST_RETRY_MS * 2 ** (failures - 1), LONGEST_RETRY_MS));
}

function tellStale() {
  document.getElementById("stale").hidden = failures === 0;
}

function put(fresh) {
  // With its version: what changed meanwhile is not chosen any more.
  const chosen = new Map(ticks().filter((one) => one.checked).map((one) => [one.name, one.value]));
  const active = document.activeElement;
  const inside = queue().contains(active);
  const selector = active?.name ? `[name="${active.name}"]` : `a[href="${active?.getAttribute?.("href")}"]`;
  queue().replaceWith(fresh);
  ticks().forEach((one) => { one.checked = chosen.get(one.name) === one.value; });
  if (inside) {
    (fresh.querySelector(selector) ?? rows()[0])?.focus({ preventScroll: true });
  }
  prepare();
}

function prepare() {
  const all = document.querySelector("[data-all]");
  if (all) {
    all.hidden = false;
  }
  count();
}

function count() {
  document.getElementById("chosen").textContent = String(ticks().filter((one) => one.checked).length);
}
