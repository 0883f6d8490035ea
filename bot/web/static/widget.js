// The button on a bureau's site that opens the chat in a frame. bot/web/widget.py serves it as
// /widget.js and calls it with its words, its style and the sites that may show it. It leaves no
// name behind, loads nothing before it is pressed, and keeps nothing on the site's side.
(function (words, style, sites) {
  "use strict";

  const HELLO_MS = 10000; // the chat says hello by then, or it cannot be shown
  const line = document.currentScript;
  if (!line) return; // it stands there as a module: that hides where it came from
  const ours = new URL(line.src).origin;
  if (!sites.includes(location.origin)) {
    console.warn(`${line.src}: WIDGET_SITES there does not name ${location.origin}`);
    return;
  }
  const language = spoken(line.dataset.lang || document.documentElement.lang || navigator.language);
  const say = words[language];

  let frame = null;
  let arrived = 0; // messages, as the chat counts them
  let seen = 0; // of them while it was open
  let hello = 0; // timer; after that we offer another way

  const count = element("b", { class: "count", "aria-hidden": "true" });
  const news = element("p", { class: "unseen", role: "status" });
  const button = element("button", {
    class: "opener", type: "button", "aria-expanded": "false", "aria-controls": "panel",
  }, icon(), element("span", {}, say.name), count);
  const leave = element("button", { type: "button" }, say.close);
  const elsewhere = element("a", {
    href: `${ours}/?lang=${language}`, target: "_blank", rel: "noopener",
  }, say.elsewhere);
  const blocked = element("div", { class: "blocked", hidden: "" },
    element("p", {}, say.blocked), element("p", {}, elsewhere), leave);
  const panel = element("div", { id: "panel", class: "panel", role: "dialog", "aria-label": say.name }, blocked);
  const place = element("section", {
    class: line.dataset.side === "left" ? "place left" : "place", "aria-label": say.name, lang: language,
  }, button, panel, news);

  button.addEventListener("click", () => (isOpen() ? close() : open()));
  leave.addEventListener("click", close);
  place.addEventListener("keydown", (event) => { if (event.key === "Escape" && isOpen()) close(); });
  addEventListener("message", hear);
  if (document.body) stand();
  else addEventListener("DOMContentLoaded", stand);

  function element(name, attributes, ...children) {
    const node = document.createElement(name);
    for (const key of Object.keys(attributes)) node.setAttribute(key, attributes[key]);
    node.append(...children);
    return node;
  }

  function icon() {
    const make = (name, attributes) => {
      const node = document.createElementNS("http://www.w3.org/2000/svg", name);
      for (const key of Object.keys(attributes)) node.setAttribute(key, attributes[key]);
      return node;
    };
    const svg = make("svg", { viewBox: "0 0 24 24", "aria-hidden": "true" });
    svg.append(
      make("path", { class: "speak", d: "M4 5h16v11h-9l-4.5 3.5V16H4ZM8 9h8M8 12h5" }),
      make("path", { class: "cross", d: "M6 6l12 12M18 6 6 18" }),
    );
    return svg;
  }

  /** The language of ours for a tag, as bot/languages.py chooses it. */
  function spoken(tag) {
    const [first, ...rest] = tag.toLowerCase().split(/[-_]/);
    if (first !== "zh") return first in words ? first : "zh-Hans";
    const old = ["hant", "tw", "hk", "mo"].some((one) => rest.includes(one));
    return old && !rest.includes("hans") ? "zh-Hant" : "zh-Hans";
  }

  /** Behind a shadow root neither side's style reaches the other. */
  function stand() {
    if (document.querySelector("[data-mingbai]")) return; // the line stands there twice
    const host = element("div", { "data-mingbai": "" });
    const root = host.attachShadow({ mode: "open" });
    try { // a site's policy lets no inline style in, but this one
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(style);
      root.adoptedStyleSheets = [sheet];
    } catch {
      root.append(element("style", {}, style));
    }
    root.append(place);
    document.body.append(host);
  }

  function isOpen() {
    return place.classList.contains("open");
  }

  function open() {
    if (!frame) load();
    place.classList.add("open");
    button.setAttribute("aria-expanded", "true");
    tell();
    (blocked.hidden ? frame : elsewhere).focus();
  }

  function close() {
    place.classList.remove("open");
    button.setAttribute("aria-expanded", "false");
    button.focus();
  }

  function load() {
    const query = new URLSearchParams({ embed: "1", site: location.origin, lang: language });
    frame = element("iframe", {
      title: say.name,
      referrerpolicy: "no-referrer", // which page somebody reads is no business of the chat
      sandbox: "allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox allow-downloads",
      src: `${ours}/?${query}`,
    });
    hello = setTimeout(() => {
      blocked.hidden = false;
      frame.hidden = true;
    }, HELLO_MS);
    panel.append(frame);
  }

  /** Two things are heard, from our frame alone: "close", and how many messages have come. */
  function hear(event) {
    if (!frame || event.source !== frame.contentWindow || event.origin !== ours) return;
    if (event.data === "close") close();
    else if (event.data && Number.isInteger(event.data.unread)) {
      clearTimeout(hello);
      blocked.hidden = true;
      frame.hidden = false;
      arrived = event.data.unread;
      tell();
    }
  }

  function tell() {
    if (isOpen()) seen = arrived;
    seen = Math.min(seen, arrived); // the chat was loaded anew
    const unread = arrived - seen;
    count.textContent = unread ? String(Math.min(unread, 99)) : "";
    news.textContent = unread ? say.unread.replace("{n}", unread) : "";
  }
});
