/**
 * Puts a button for the chat on the website of a police force. The chat itself is a frame
 * that is loaded on the first press. Keeps nothing, asks nobody but the chat's own server,
 * and needs no line in the website's CSP but script-src and frame-src.
 *
 * `words` are put in by the server, so that the numbers are there when it is not.
 * docs/embedding.md explains the tag, its options and the messages.
 */
function launch(words) {
  const tag = document.currentScript;
  const home = new URL(tag.src).origin;
  const link = findLink();
  // A browser without these keeps the plain link.
  if (!link || !("adoptedStyleSheets" in document) || !window.CSSStyleSheet?.prototype.replaceSync) return;

  const { force = "", mode, corner = "bottom-right", offset = "16 16", colour, label } = tag.dataset;
  const name = label || link.textContent.trim();
  const inline = mode === "inline";
  // One launcher is enough; the link of a second snippet stays a link.
  if (!inline && document.querySelector("[data-signposting]")) return;
  const host = document.createElement("div");
  host.lang = "en-GB";
  if (!inline) host.dataset.signposting = "";
  const shadow = host.attachShadow({ mode: "open" });
  shadow.adoptedStyleSheets = [style()];
  const panel = element("div", { className: "panel", hidden: !inline });
  panel.setAttribute("role", inline ? "region" : "dialog");
  panel.setAttribute("aria-label", name);
  panel.tabIndex = -1;
  panel.addEventListener("keydown", ({ key }) => key === "Escape" && !inline && close());
  const button = element("button", { type: "button", className: "launcher", textContent: name });
  let frame;
  let failed = false;

  if (inline) {
    link.after(host);
    shadow.append(panel);
    load();
  } else {
    button.setAttribute("aria-expanded", "false");
    button.addEventListener("click", () => (panel.hidden ? open() : close()));
    shadow.append(button, panel);
    document.body.append(host);
    document.addEventListener("focusin", giveWay);
  }
  link.hidden = true;
  window.addEventListener("message", hear);

  function findLink() {
    const before = tag.previousElementSibling;
    if (before?.matches("a[href]") && before.href.startsWith(home)) return before;
    return document.querySelector(`a[href^="${home}"]`);
  }

  function open() {
    panel.hidden = false;
    host.dataset.open = "";
    button.setAttribute("aria-expanded", "true");
    if (!frame || failed) load();
    if ("ready" in panel.dataset) enter();
    else panel.focus();
  }

  function enter() {
    frame.focus();
    tell("open");
  }

  function close() {
    hide();
    button.focus();
  }

  function hide() {
    panel.hidden = true;
    delete host.dataset.open;
    button.setAttribute("aria-expanded", "false");
  }

  /** What has the focus on the page must be seen; on a phone the panel covers it all. */
  function giveWay({ target }) {
    if (target === host || panel.hidden) return;
    requestAnimationFrame(() => {
      const [over, under] = [panel, target].map((box) => box.getBoundingClientRect());
      const hidden = under.top >= over.top && under.bottom <= over.bottom && under.left >= over.left && under.right <= over.right;
      if (hidden) hide();
    });
  }

  /** The panel shows the numbers until the chat says that it is there. */
  function load() {
    failed = false;
    const wait = element("div", { className: "wait" });
    const shut = element("button", { type: "button", textContent: words.close });
    shut.addEventListener("click", close);
    const says = element("div", { textContent: words.loading });
    says.setAttribute("role", "status");
    const links = words.links.map(({ href, title }) => {
      const p = element("p");
      p.append(element("a", { href, textContent: title }));
      return p;
    });
    wait.append(...(inline ? [] : [shut]), says, ...paragraphs(words.numbers), ...links);
    const address = `${home}/widget${force && `?force=${encodeURIComponent(force)}`}`;
    frame = element("iframe", { src: address, title: name, referrerPolicy: "no-referrer", allow: "clipboard-write" });
    panel.replaceChildren(wait, frame);
    setTimeout(() => {
      failed = !("ready" in panel.dataset); // opened once more, it is tried once more
      says.replaceChildren(...paragraphs(words.failed));
    }, 10000);
  }

  /**
   * What the chat asks of this page; docs/embedding.md lists the messages. The frame is not
   * pinned as this script is, so it may ask for nothing that runs code here.
   */
  function hear({ source, origin, data }) {
    if (!frame || source !== frame.contentWindow || origin !== home) return;
    if (data?.signposting === "ready") {
      panel.dataset.ready = "";
      if (!inline && !panel.hidden) enter();
    } else if (data?.signposting === "close" && !inline && !panel.hidden) close();
    else if (data?.signposting === "escape") passOnEscape();
    else if (data?.signposting === "leave") leave(data.href);
  }

  function tell(what) {
    frame.contentWindow.postMessage({ signposting: what }, home);
  }

  /** A frame swallows the key; this page may use it as its own way out. */
  function passOnEscape() {
    for (const type of ["keydown", "keyup"]) {
      const key = { key: "Escape", code: "Escape", keyCode: 27, which: 27, bubbles: true, cancelable: true };
      host.dispatchEvent(new KeyboardEvent(type, key));
    }
    if (!inline) close();
  }

  /** Goes nowhere but to https: a `javascript:` address would run in this page. */
  function leave(href) {
    if (!/^https:\/\//.test(href)) return;
    document.head.append(element("meta", { name: "referrer", content: "no-referrer" }));
    document.body.replaceChildren();
    location.replace(href);
  }

  function paragraphs(texts) {
    return texts.map((textContent) => element("p", { textContent }));
  }

  function element(tagName, properties) {
    return Object.assign(document.createElement(tagName), properties);
  }

  function style() {
    let [x, y] = offset.split(/\s+/).map(Number);
    const [edge, side] = corner.split("-");
    if (!/^(bottom|top)-(left|right)$/.test(corner)) warn("data-corner", corner, "bottom-right");
    if (!(x >= 0 && y >= 0)) {
      warn("data-offset", offset, "16 16");
      x = y = 16;
    }
    const place = `${edge === "top" ? "top" : "bottom"}:${y}px;${side === "left" ? "left" : "right"}:${x}px`;
    const back = /^#[0-9a-f]{6}$/i.test(colour) ? colour : "#0b4a5a";
    if (colour && back !== colour) warn("data-colour", colour, "#0b4a5a");
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`
:host{all:initial!important;direction:ltr!important;unicode-bidi:isolate!important}
*{box-sizing:border-box;font:1rem/1.4 system-ui,sans-serif}
[hidden]{display:none!important}
.launcher{position:fixed;${place};z-index:2147483000;max-width:min(17rem,calc(100vw - 32px));min-height:44px;padding:.6rem 1rem;border:2px solid #fff;border-radius:.8rem;background:${back};color:${ink(back)};font-weight:600;text-align:left;cursor:pointer;box-shadow:0 2px 8px #0006}
:focus-visible{outline:3px solid #fff;outline-offset:0;box-shadow:0 0 0 6px #000}
:host([data-open]) .launcher{display:none}
.panel{background:#fff;color:#1d2a33;border:1px solid #5b6770;overflow:auto;text-align:left}
.panel[role=dialog]{position:fixed;${place};z-index:2147483001;width:min(26rem,calc(100vw - ${2 * x}px));height:min(44rem,calc(100vh - ${y + 16}px));height:min(44rem,calc(100dvh - ${y + 16}px));border-radius:1rem;box-shadow:0 4px 24px #0005}
.panel[role=region]{position:relative;width:100%;height:44rem;max-height:90vh}
iframe{position:absolute;inset:0;width:100%;height:100%;border:0;visibility:hidden}
[data-ready] iframe{visibility:visible}
[data-ready] .wait{display:none}
.wait{padding:1rem}
.wait p{margin:.75rem 0}
.wait button,.wait a{display:inline-block;min-height:44px;padding:.5rem .8rem;border:2px solid #0b4a5a;border-radius:.4rem;background:#fff;color:#0b4a5a;font-weight:600}
@media (max-width:30rem),(max-height:30rem){.panel[role=dialog]{inset:0;width:100%;height:100%;border:0;border-radius:0}}
@media (forced-colors:active){.launcher,.panel{border:2px solid ButtonText}}
@media print{:host{display:none!important}}`);
    return sheet;
  }

  /** Black or white, whichever is easier to read on a colour. */
  function ink(hex) {
    const [r, g, b] = [1, 3, 5].map((at) => (parseInt(hex.slice(at, at + 2), 16) / 255) ** 2.2);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.18 ? "#000" : "#fff";
  }

  function warn(option, given, used) {
    console.warn(`embed.js: ${option}="${given}" is not understood; using "${used}". See docs/embedding.md.`);
  }
}
