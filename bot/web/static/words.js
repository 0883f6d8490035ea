// The page's own words, in the language that the citizen chose.

import texts from "./texts.js";

const KEY = "mingbai.language";
let language = document.documentElement.lang;

export const current = () => language;

export function say(name, values = {}) {
  let text = texts[language][name];
  for (const [key, value] of Object.entries(values)) text = text.replace(`{${key}}`, value);
  return text;
}

/** Put the words into every element that names them: data-t, data-t-aria-label … */
function fill() {
  document.documentElement.lang = language;
  for (const node of document.querySelectorAll("[data-t]")) node.textContent = say(node.dataset.t);
  for (const node of document.querySelectorAll("[data-path]")) node.href = localised(node.dataset.path);
  for (const name of ["aria-label", "placeholder"]) {
    for (const node of document.querySelectorAll(`[data-t-${name}]`)) {
      node.setAttribute(name, say(node.getAttribute(`data-t-${name}`)));
    }
  }
}

/** A page of ours, in that language as well. */
export function localised(path) {
  const url = new URL(path, location.href);
  url.searchParams.set("lang", language);
  return url.href;
}

export function speak(tag) {
  if (!(tag in texts)) return;
  language = tag;
  try { localStorage.setItem(KEY, tag); } catch { /* for this visit only, then */ }
  fill();
}

/** The server chose by Accept-Language; an earlier choice on this device goes before that. */
export function restore() {
  let chosen = null;
  try { chosen = localStorage.getItem(KEY); } catch { /* no storage: the server's choice */ }
  if (chosen in texts && chosen !== language) {
    language = chosen;
    fill();
  }
}
