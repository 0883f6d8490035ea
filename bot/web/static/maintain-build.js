// The bar of a build while it runs; without this script the page fetches itself anew.

const build = document.querySelector("[data-events]");
const bar = document.getElementById("bar");
const words = document.getElementById("words");

const source = new EventSource(build.dataset.events);
source.addEventListener("message", (event) => {
  const state = JSON.parse(event.data);
  if (state.stage !== "running") {
    source.close();
    location.reload();
    return;
  }
  bar.value = state.percent;
  if (words.textContent !== state.words) words.textContent = state.words;
});
