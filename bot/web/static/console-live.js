// News of tickets. A browser has few connections to one host, and a clerk has many tabs: only the
// tab that is looked at is connected, and names the last line that it knows when it comes back.

const RETRY_MS = 5000;
const FORBIDDEN = 403;

/** The session is over: what is shown here is old, and nothing can be sent from here. */
export function tellOver() {
  document.getElementById("over").hidden = false;
}

/**
 * Call `heard` with each change behind a line of the audit log.
 *
 * Where the session is over, the page says so and asks no more.
 */
export function follow(line, heard) {
  let last = Number(line);
  let source = null;
  let isOver = false;

  function open() {
    if (source || isOver || document.visibilityState === "hidden") {
      return;
    }
    source = new EventSource(`/console/events?after=${last}`);
    source.addEventListener("change", (event) => {
      last = Number(event.lastEventId);
      heard(JSON.parse(event.data));
    });
    source.addEventListener("over", end);
    source.addEventListener("error", () => {
      // The browser tries again by itself, unless the answer was no stream: then we do.
      if (source?.readyState === EventSource.CLOSED) {
        close();
        setTimeout(again, RETRY_MS);
      }
    });
  }

  /** An EventSource does not tell why it was refused: a redirect leads to signing in. */
  async function again() {
    const asked = new AbortController();
    const options = { redirect: "manual", signal: asked.signal };
    try {
      const answer = await fetch(`/console/events?after=${last}`, options);
      if (answer.type === "opaqueredirect" || answer.status === FORBIDDEN) {
        end();
      }
    } catch {
      // Nobody answers now.
    }
    asked.abort();
    open();
  }

  function end() {
    isOver = true;
    close();
    tellOver();
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
