// The citizen's chat page: the state on this device, shown, and kept level with the server.

import { gist } from "./blocks.js";
import { Dock } from "./dock.js";
import { closes, tell } from "./embed.js";
import { Sender, Stream } from "./link.js";
import { State, ask, discard, press, receive, settle } from "./state.js";
import { View } from "./view.js";
import { current, restore, say, speak } from "./words.js";

const STILL_MS = 20000; // then "searching" becomes "still working"
const HOPE_MS = 120000; // then nothing is said any more
const READY = "mingbai.ready"; // a mark for whoever measures: one can ask, and is told answers
const LOST_MS = 3000; // a connection that comes back sooner was never lost

const $ = (id) => document.getElementById(id);
const page = document.documentElement;
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const title = document.title;

restore();
const view = new View();
const state = new State((value) => show(value));
const dock = new Dock((text, replyTo) => {
  state.update((value) => ask(value, text, replyTo, Date.now()));
  toEnd();
  sender.pump();
});
const sender = new Sender({
  next: () => {
    const { chat, outbox } = state.value;
    return outbox.length ? { chat, language: current(), ...outbox[0] } : null;
  },
  settle: (id, refused) => state.update((value) => settle(value, id, refused)),
  changed: () => show(state.value),
});
const stream = new Stream({
  where: () => state.value,
  took: (event, live) => {
    state.update((value) => receive(value, event, live ? Date.now() : null));
  },
  up: connection,
  crowded,
});

// Showing

let chat = state.value.chat;
let statusTimer = 0;
let unread = 0;
let came = 0; // messages, since the page was opened

function show(value) {
  if (value.chat !== chat) { // erased, here or on another page
    chat = value.chat;
    dock.answer(null);
    stream.open();
  }
  const atEnd = nearEnd();
  const late = new Set(sender.failures ? value.outbox.map((item) => item.id) : []);
  const added = view.show(value.entries, late, say(sender.fast ? "unsent_fast" : "unsent"));
  $("empty").hidden = value.entries.length > 0;
  $("erase").hidden = value.entries.length === 0;
  status();
  const news = added.filter((node) => node.classList.contains("us"));
  if (news.length) {
    came += news.length;
    tell({ unread: came });
    arrived(news[0], atEnd);
  }
  else if (atEnd) stay();
}

function status() {
  clearTimeout(statusTimer);
  const { asked } = state.value;
  const waited = Date.now() - asked;
  let text = "";
  if (asked && !sender.failures && waited < HOPE_MS) {
    text = say(waited < STILL_MS ? "searching" : "still");
    statusTimer = setTimeout(status, waited < STILL_MS ? STILL_MS - waited : HOPE_MS - waited);
  }
  if ($("status").textContent !== text) $("status").textContent = text;
  $("status").classList.toggle("busy", text !== "");
}

let lostTimer = 0; // 0: connected

function connection(up) {
  if (!up) { // told at each attempt that fails
    if (!lostTimer) lostTimer = setTimeout(banner, LOST_MS, say("lost"));
    return;
  }
  clearTimeout(lostTimer);
  lostTimer = 0;
  banner("");
  if (!performance.getEntriesByName(READY).length) performance.mark(READY);
  if (sender.failures) sender.pump();
}

/** Not lost: it goes on as soon as another window is closed. */
function crowded() {
  clearTimeout(lostTimer);
  lostTimer ||= 1; // a later failure does not put other words in the place of these
  banner(say("crowded"));
}

function banner(text) {
  const atEnd = nearEnd();
  $("banner").textContent = text;
  $("banner").hidden = !text;
  if (atEnd) stay();
}

// Scrolling: whoever reads at the end stays there; whoever reads further up is told.

const nearEnd = () => page.scrollHeight - innerHeight - scrollY < 120;

function scrollTo(top) {
  window.scrollTo({ top, behavior: calm.matches ? "auto" : "smooth" });
}

/** At the end, and something there grew. */
function stay() {
  if (state.value.entries.length) window.scrollTo(0, page.scrollHeight);
}

function toEnd() {
  $("latest").hidden = true;
  scrollTo(page.scrollHeight);
}

/** Show a new message from its beginning, if it is longer than the window. */
function arrived(node, atEnd) {
  if (document.hidden) {
    unread += 1;
    document.title = `(${unread}) ${title}`;
  }
  if (!atEnd) {
    $("latest").hidden = false;
    return;
  }
  const top = node.getBoundingClientRect().top + scrollY - document.querySelector(".top").offsetHeight - 12;
  scrollTo(Math.min(top, page.scrollHeight));
}

addEventListener("scroll", () => { if (nearEnd()) $("latest").hidden = true; }, { passive: true });
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) {
    unread = 0;
    document.title = title;
  }
});

// What sticks to either edge must not lie over what has the focus.

function edges() {
  const height = (name) => {
    const node = document.querySelector(name);
    return getComputedStyle(node).position === "sticky" ? `${node.offsetHeight + 8}px` : "auto";
  };
  page.style.scrollPaddingTop = height(".top");
  page.style.scrollPaddingBottom = height(".dock");
}

const sizes = new ResizeObserver(edges);
for (const name of [".top", ".dock"]) sizes.observe(document.querySelector(name));
addEventListener("resize", edges);

// What the citizen does

const jobs = {
  press: (node) => {
    if (node.getAttribute("aria-disabled")) return;
    state.update((value) => press(value, Number(node.dataset.of), node.dataset.press, Date.now()));
    sender.pump();
  },
  reply: (node) => {
    const entry = state.value.entries.find((one) => one.who === "us" && one.id === Number(node.dataset.reply));
    dock.answer({ ref: entry.ref, gist: gist(entry.body) });
    dock.focus();
  },
  retry: () => sender.pump(),
  discard: (node) => state.update((value) => discard(value, node.dataset.discard)),
};

$("messages").addEventListener("click", (event) => {
  const node = event.target.closest("button");
  const job = node && Object.keys(jobs).find((name) => name in node.dataset);
  if (job) jobs[job](node);
});
$("empty").addEventListener("click", (event) => {
  const node = event.target.closest(".suggestion");
  if (node) dock.send(node.textContent, null);
});
$("latest").addEventListener("click", toEnd);
$("language").value = current();
$("language").parentElement.hidden = false;
$("language").addEventListener("change", (event) => {
  speak(event.target.value);
  dock.refresh();
  show(state.value);
});
if ($("close")) {
  $("close").addEventListener("click", () => tell("close"));
  document.addEventListener("keydown", (event) => { if (closes(event)) tell("close"); });
}
$("erase").addEventListener("click", () => $("erase-dialog").showModal());
$("erase-dialog").addEventListener("close", (event) => {
  if (event.target.returnValue !== "yes") return;
  event.target.returnValue = "";
  state.erase();
  dock.focus();
});

/** What a link asks, to be read again and sent by hand; no history keeps it. */
function prefill() {
  const query = new URLSearchParams(location.search);
  const text = new URLSearchParams(location.hash.slice(1)).get("ask") || query.get("q");
  if (!text) return false;
  dock.fill(text);
  query.delete("q");
  history.replaceState(null, "", `${location.pathname}${String(query) && `?${query}`}`);
  return true;
}

// Start. What this device remembers is not read out again.

if ($("suggestions")) $("suggestions").hidden = false;
$("log").setAttribute("aria-live", "off");
$("unkept").hidden = state.kept;
show(state.value);
came = 0;
tell({ unread: came });
stay();
setTimeout(() => $("log").setAttribute("aria-live", "polite"), 500);
dock.refresh();
const asked = prefill();
addEventListener("hashchange", prefill);
stream.open();
sender.pump();
if (asked || matchMedia("(hover: hover)").matches) dock.focus();
