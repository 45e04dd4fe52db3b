/** Tells the server that something happened, by a fixed name: no words. */

/**
 * @param {string} event - one of those that the server counts for pages
 * @param {string} [topic] - of the answer it belongs to
 */
export function count(event, topic = "") {
  const { force, token } = document.body.dataset;
  // A chat may have got another token since; the other pages have the one they came with.
  const talk = document.querySelector("#ask [name=session]")?.value;
  const body = JSON.stringify({ event, topic, force, token: talk || token });
  // Sent even when the page is left at this moment; nobody waits for it.
  navigator.sendBeacon("/count", new Blob([body], { type: "application/json" }));
}
