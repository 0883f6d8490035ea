// Where the citizen writes.

import { say } from "./words.js";

const { maxChars, hardMaxChars } = document.getElementById("main").dataset;
const [max, hardMax] = [Number(maxChars), Number(hardMaxChars)];

const $ = (id) => document.getElementById(id);

export class Dock {
  #form = $("composer");
  #text = $("text");
  #counter = $("counter");
  #replyTo = null;

  /** send(text, ref of the message that it answers, or null) */
  constructor(send) {
    this.send = send;
    this.#form.hidden = false;
    this.#form.addEventListener("submit", (event) => { event.preventDefault(); this.#submit(); });
    this.#text.addEventListener("input", () => this.refresh());
    this.#text.addEventListener("keydown", (event) => {
      // While an input method composes, Enter chooses a word. Safari says so only by code 229.
      const composing = event.isComposing || event.keyCode === 229;
      if (event.key === "Enter" && !event.shiftKey && !composing) {
        event.preventDefault();
        this.#submit();
      }
    });
    for (const name of ["dragover", "drop"]) {
      document.addEventListener(name, (event) => this.#refuse(event, event.dataTransfer));
    }
    this.#text.addEventListener("paste", (event) => this.#refuse(event, event.clipboardData));
    $("reply-cancel").addEventListener("click", () => { this.answer(null); this.focus(); });
  }

  /** A file is not taken, and a dropped one must not take the page away. */
  #refuse(event, { types }) {
    if (!types.includes("Files") || types.includes("text/plain")) return;
    event.preventDefault();
    if (event.type === "dragover") event.dataTransfer.dropEffect = "none";
    else $("only-text").textContent = say("only_text");
  }

  focus() {
    this.#text.focus();
  }

  /** The next message answers that one: {ref, gist}, or none. */
  answer(to) {
    this.#replyTo = to && to.ref;
    $("replying").hidden = !to;
    $("replying-to").textContent = to ? to.gist : "";
  }

  /** Words that came by a link, to be read again and sent by hand; what was typed stays. */
  fill(text) {
    this.#text.value ||= text;
    this.refresh();
  }

  refresh() {
    const text = this.#text;
    const length = [...text.value].length; // characters, as the server counts
    $("only-text").textContent = "";
    $("send").disabled = !text.value.trim() || length > hardMax;
    this.#counter.classList.toggle("over", length > max);
    if (length > max) this.#counter.textContent = say("chars_over", { n: length - max });
    else if (length > max * 0.8) this.#counter.textContent = say("chars", { n: length, max });
    else this.#counter.textContent = "";
    text.style.height = "auto";
    text.style.height = `${text.scrollHeight + text.offsetHeight - text.clientHeight}px`;
  }

  #submit() {
    if ($("send").disabled) return;
    this.send(this.#text.value.trim(), this.#replyTo);
    this.#text.value = "";
    this.answer(null);
    this.refresh();
  }
}
