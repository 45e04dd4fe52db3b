/** The way out: the link, or Shift three times, replaces the page at once. */

import { count } from "./count.js";

const PRESSES = 3;
const WITHIN_MILLISECONDS = 2000;

const link = document.querySelector("[data-leave]");
const framed = window.parent !== window;

/** Clears this page first; in a frame the page around it must go as well. */
function leave() {
  count("left");
  document.body.replaceChildren();
  if (!framed) return window.location.replace(link.href);
  window.parent.postMessage({ signposting: "leave", href: link.href }, "*");
  try {
    window.top.location.replace(link.href); // for a page without embed.js
  } catch {
    // Browsers allow this after a press only; embed.js has been told.
  }
}

link.addEventListener("click", (event) => {
  event.preventDefault();
  leave();
});

let presses = [];
document.addEventListener("keydown", ({ key, repeat }) => {
  if (repeat) return;
  const now = Date.now();
  presses = key === "Shift" ? [...presses, now].filter((at) => now - at < WITHIN_MILLISECONDS) : [];
  if (presses.length >= PRESSES) leave();
});
