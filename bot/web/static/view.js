// The messages as elements. Texts become text nodes and nothing else.

import { blocks } from "./blocks.js";
import { current, localised, say } from "./words.js";

const bureau = document.getElementById("main").dataset.bureau;

function element(name, className, ...children) {
  const node = document.createElement(name);
  if (className) node.className = className;
  node.append(...children);
  return node;
}

function button(label, className, job) {
  const node = element("button", className, label);
  node.type = "button";
  Object.assign(node.dataset, job);
  return node;
}

const isOurs = (href) => new URL(href, location.href).href.startsWith(`${location.origin}/documents/`);

/** A link for http and https, and to our pages of documents; nothing else is ever made one. */
function link(label, href, className) {
  if (!/^(https?:\/\/|\/documents\/)/i.test(href)) return element("span", "", label);
  const node = element("a", className, label, element("span", "unseen", say("new_tab")));
  node.href = isOurs(href) ? localised(href) : href;
  node.target = "_blank";
  node.rel = "noopener noreferrer";
  return node;
}

function run({ text, style, href }) {
  if (style === "bold") return element("strong", "", text);
  if (style === "mark") return element("mark", "", text);
  if (style === "italic") return element("em", "", text);
  if (style === "link") return link(text, href, "");
  return document.createTextNode(text);
}

const TAGS = { text: ["p", ""], quote: ["blockquote", ""], source: ["p", "source"] };

function block({ kind, runs }) {
  const [name, className] = TAGS[kind];
  return element(name, className, ...runs.map(run));
}

function choice({ label, action, url }, entry) {
  if (!action) return link(label, url, "act");
  const pressed = entry.pressed.includes(action);
  const node = button(label, pressed ? "act pressed" : "act", { press: action, of: entry.id });
  if (pressed) {
    node.setAttribute("aria-disabled", "true");
    node.append(element("span", "unseen", ` ${say("pressed")}`));
  }
  return node;
}

/** A file to keep, from the message itself: no address leads to it. */
function file({ name, media_type, data }) {
  const node = element("a", "act", name);
  node.href = `data:${media_type};base64,${data}`;
  node.download = name;
  return node;
}

function time(at) {
  const date = new Date(at);
  const today = date.toDateString() === new Date().toDateString();
  const day = today ? {} : { month: "numeric", day: "numeric" };
  const text = date.toLocaleString(current(), { ...day, hour: "2-digit", minute: "2-digit" });
  const node = element("time", "", text);
  node.dateTime = date.toISOString();
  return node;
}

function ours(entry) {
  const bubble = element("div", "bubble", element("span", "unseen", `${bureau}：`));
  bubble.append(...blocks(entry.body).map(block));
  const item = element("li", "us", bubble);
  if (entry.file) item.append(element("div", "row", file(entry.file)));
  for (const row of entry.buttons) {
    item.append(element("div", "row", ...row.map((one) => choice(one, entry))));
  }
  const foot = element("p", "foot");
  if (entry.at) foot.append(time(entry.at));
  if (entry.ticket) foot.append(button(say("reply"), "plain", { reply: entry.id }));
  if (foot.hasChildNodes()) item.append(foot);
  return item;
}

function theirs(entry, why) {
  const bubble = element("div", "bubble", element("span", "unseen", say("you")), entry.text);
  const foot = element("p", "foot");
  const item = element("li", "me", bubble, foot);
  if (entry.refused) {
    item.classList.add("failed");
    foot.append(say(entry.refused === "long" ? "refused_long" : "refused"));
    foot.append(button(say("discard"), "plain", { discard: entry.id }));
  } else if (why) {
    item.classList.add("unsent");
    foot.append(why, button(say("retry"), "plain", { retry: entry.id }));
  } else {
    foot.append(time(entry.at));
  }
  return item;
}

/** Keeps the list like the state, and touches only what changed: it is read out aloud. */
export class View {
  #list = document.getElementById("messages");
  #shown = new Map(); // key → {signature, node}

  /** `unsent` has the ids of what waits, `why` the words for it. Returns the nodes new at the end. */
  show(entries, unsent, why) {
    const before = this.#shown;
    this.#shown = new Map();
    const added = [];
    let place = this.#list.firstElementChild;
    for (const entry of entries) {
      const key = `${entry.who}/${entry.key || entry.id}`;
      const late = unsent.has(entry.id) && why;
      const signature = JSON.stringify([current(), late, entry]);
      let known = before.get(key);
      before.delete(key);
      if (!known || known.signature !== signature) {
        const node = entry.who === "me" ? theirs(entry, late) : ours(entry);
        if (known) {
          if (place === known.node) place = node;
          this.#replace(known.node, node);
        } else {
          added.push(node);
        }
        known = { signature, node };
      }
      this.#shown.set(key, known);
      if (known.node === place) place = place.nextElementSibling;
      else this.#list.insertBefore(known.node, place);
    }
    for (const { node } of before.values()) node.remove();
    return added;
  }

  #replace(old, node) {
    const focused = old.contains(document.activeElement) ? document.activeElement.dataset : null;
    old.replaceWith(node);
    if (!focused) return;
    const same = [...node.querySelectorAll("button")].find(
      (one) => JSON.stringify(one.dataset) === JSON.stringify(focused),
    );
    if (same) same.focus({ preventScroll: true });
  }
}
