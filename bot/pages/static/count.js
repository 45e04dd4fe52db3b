/** Tells the server that something happened, by a fixed name: no words, no identifier. */

/**
 * @param {string} event - one of those that the server counts for pages
 * @param {string} [topic] - of the answer it belongs to
 */
export function count(event, topic = "") {
  const body = JSON.stringify({ event, topic, force: document.body.dataset.force });
  // Sent even when the page is left at this moment; nobody waits for it.
  navigator.sendBeacon("/count", new Blob([body], { type: "application/json" }));
}
