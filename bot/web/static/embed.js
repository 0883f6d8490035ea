// In a frame on a bureau's site: what the page tells that site, and nothing else.

const { site } = document.body.dataset; // an origin that the server knows, or ""

/** "close", or {unread: how many messages have come}. The browser hands it to that origin alone. */
export function tell(message) {
  if (site && parent !== window) parent.postMessage(message, site);
}

/** Whoever closes a frame by keyboard is not in its dialogs and chooses no word. */
export function closes(event) {
  const busy = event.isComposing || event.keyCode === 229 || event.defaultPrevented;
  return event.key === "Escape" && !busy && !document.querySelector("dialog[open]");
}
