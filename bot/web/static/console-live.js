// News of tickets. A browser has few connections to one host, and a clerk has many tabs: only the
// tab that is looked at is connected, and names the last line that it knows when it comes back.

const RETRY_MS = 5000;

/** Call `heard` with each change behind a line of the audit log. */
export function follow(line, heard) {
  let last = Number(line);
  let source = null;

  function open() {
    if (source || document.visibilityState === "hidden") {
      return;
    }
    source = new EventSource(`/console/events?after=${last}`);
    source.addEventListener("change", (event) => {
      last = Number(event.lastEventId);
      heard(JSON.parse(event.data));
    });
    source.addEventListener("error", () => {
      // The browser tries again by itself, unless the answer was no stream: then we do.
      if (source?.readyState === EventSource.CLOSED) {
        close();
        setTimeout(open, RETRY_MS);
      }
    });
  }

  function close() {
    source?.close();
    source = null;
  }

  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") {
      close();
    } else {
      open();
    }
  });
  addEventListener("pagehide", close);
  addEventListener("pageshow", open);
  open();
}
