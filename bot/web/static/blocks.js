// The body of a delivery as blocks: paragraphs, quotations, and the source line under one.

/** [{kind: "text" | "quote" | "source", runs: [{text, style, href}]}] */
export function blocks(body) {
  const found = [];
  let open = null;
  const start = (kind) => found.push(open = { kind, runs: [] });
  for (const span of body) {
    if (span.style === "quote" || span.style === "mark") {
      if (!open || open.kind !== "quote") start("quote");
      open.runs.push(span);
      continue;
    }
    span.text.split(/\n{2,}/).forEach((text, i) => {
      if (i) open = null; // a blank line ends the paragraph
      if (!text) return;
      if (!open) start("text");
      else if (open.kind === "quote") start("source");
      open.runs.push({ ...span, text });
    });
  }
  return found.map(trim).filter(({ runs }) => runs.length);
}

/** Without the line breaks at either end: the layout makes that space. */
function trim({ kind, runs }) {
  const kept = runs.map((run) => ({ ...run }));
  while (kept.length && !(kept[0].text = kept[0].text.replace(/^\s*\n/, ""))) kept.shift();
  for (let last; (last = kept[kept.length - 1]); kept.pop()) {
    last.text = last.text.trimEnd();
    if (last.text) break;
  }
  return { kind, runs: kept };
}

/** The first words of a message, to name it by. */
export function gist(body) {
  const text = body.map((span) => span.text).join("").replace(/\s+/g, " ").trim();
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
