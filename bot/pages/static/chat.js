/**
 * Sends a question without loading the page anew and shows the replies. Every word it
 * shows stands in the page; nothing is kept, in the browser or anywhere else.
 */

import { count } from "./count.js";

const WAIT_MILLISECONDS = 12000;
const AGAIN_AFTER_MILLISECONDS = 700;

/** Shows the conversation. The page already holds the emergency numbers. */
export class Chat {
  /** @param {HTMLElement} root - holds a form and a role=log */
  constructor(root) {
    const part = (name) => root.querySelector(`[data-${name}]`);
    this.form = root.querySelector("form");
    this.log = part("log");
    if (!this.form || !this.log) throw new TypeError("Chat: markup is incomplete");
    [this.status, this.alert, this.error, this.count] = ["status", "alert", "error", "count"].map(part);
    this.message = this.form.elements.message;
    this.start = [...this.log.children].map((child) => child.cloneNode(true));
    this.form.noValidate = true; // the page's own words say what is missing
    this.form.addEventListener("submit", (event) => this.send(event));
    this.message.addEventListener("input", () => this.measure());
    this.message.addEventListener("keydown", (event) => this.sendByEnter(event));
    this.log.addEventListener("click", (event) => this.take(event));
    // A page that comes back from the browser's memory shows nothing of the talk.
    window.addEventListener("pagehide", () => {
      this.clear();
      this.form.elements.session.value = ""; // whoever comes back begins a talk of their own
    });
    window.addEventListener("pageshow", () => this.clear());
  }

  /** @param {KeyboardEvent} event */
  sendByEnter(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.form.requestSubmit(this.form.querySelector(".send"));
  }

  /** @param {SubmitEvent} event */
  async send(event) {
    event.preventDefault();
    if (this.waiting) return;
    const { name, value, textContent } = event.submitter ?? {};
    const pressed = name === "topic" || name === "opening";
    const typed = this.message.value;
    if (!pressed && !typed.trim()) return this.complain(words("empty"));
    this.complain("");
    this.showAsked(pressed ? textContent.trim() : typed);
    this.wait(true);
    try {
      const answer = await this.ask(pressed ? { [name]: value } : { message: typed });
      if (name === "opening") this.form.elements.audience.value = value;
      // What was refused stays, to be sent again, and what was too long, to be shortened.
      if (!pressed && answer.ok && typed.length <= this.most) this.message.value = "";
      this.show(answer.replies, pressed);
    } catch {
      this.append(clone("safe"), pressed); // what was typed stays, to be sent again
    } finally {
      this.wait(false);
      this.measure();
    }
  }

  /**
   * @param {{message?: string, topic?: string, opening?: string}} asked
   * @returns {Promise<{session: string, replies: object[], ok: boolean}>} also for 4xx
   *   and 5xx (not ok), which carry replies too; rejects when there are none
   */
  async ask(asked) {
    const { session, force, audience } = this.form.elements;
    const giveUp = new AbortController();
    const timer = setTimeout(() => giveUp.abort(), WAIT_MILLISECONDS);
    try {
      const response = await post(this.form.action, {
        method: "POST",
        headers: { "Content-Type": "application/json", Accept: "application/json" },
        body: JSON.stringify({ ...asked, session: session.value, force: force.value, audience: audience.value }),
        signal: giveUp.signal,
        credentials: "omit",
      });
      const answer = await response.json();
      if (!answer.replies?.length) throw new TypeError("no replies");
      session.value = answer.session || session.value; // a proxy's reply has none
      return { ...answer, ok: response.ok };
    } finally {
      clearTimeout(timer);
    }
  }

  /**
   * @param {object[]} replies - as the contract of /chat has them
   * @param {boolean} pressed - focus follows a pressed button, not a typed message
   */
  show(replies, pressed) {
    this.append(replies.map(reply), pressed);
    const urgent = replies.find(({ kind }) => kind === "emergency");
    if (urgent) this.alert.textContent = urgent.text.split("\n\n")[0];
  }

  append(shown, pressed) {
    const articles = [shown].flat();
    const question = this.log.lastElementChild;
    for (const take of articles.map((a) => a.querySelector("[data-take]"))) take.hidden = false;
    this.log.append(...articles);
    if (pressed) articles[0].focus({ preventScroll: true });
    question?.scrollIntoView({ block: "start" });
  }

  /** @param {string} text - shown as text, never as HTML */
  showAsked(text) {
    const shown = clone("asked");
    shown.querySelector("[data-text]").textContent = text;
    this.log.append(shown);
    this.alert.textContent = "";
  }

  /** @param {boolean} waiting - focus stays where it was */
  wait(waiting) {
    this.waiting = waiting;
    this.status.replaceChildren(...(waiting ? template("waiting").cloneNode(true).childNodes : []));
    this.form.querySelector(".send").setAttribute("aria-disabled", String(waiting));
    if (waiting) this.status.scrollIntoView({ block: "nearest" });
  }

  /** @param {string} error - in words; empty when there is none */
  complain(error) {
    this.error.textContent = error;
    this.mark(Boolean(error));
    if (error) this.message.focus();
  }

  /** Says how much room is left once it gets short. */
  measure() {
    const left = this.most - this.message.value.length;
    const { warn } = this.message.dataset;
    this.count.textContent = left >= 0 && left <= warn ? words("left", left) : "";
    this.error.textContent = left < 0 ? words("long", -left) : "";
    this.mark(left < 0);
  }

  /** @param {boolean} invalid - in words, since an empty attribute says no */
  mark(invalid) {
    if (invalid) this.message.setAttribute("aria-invalid", "true");
    else this.message.removeAttribute("aria-invalid");
  }

  get most() {
    return Number(this.message.dataset.most);
  }

  /** Copies, prints or doubts one answer; counts a press on a way to help. */
  async take({ target }) {
    const article = target.closest(".reply");
    const topic = article?.dataset.topic;
    const way = target.closest("[data-way]")?.dataset.way;
    if (way) count(way, topic);
    if (target.closest("[data-wrong]")) {
      count("wrong", topic);
      this.status.textContent = words("wrong");
    } else if (target.closest("[data-print]")) {
      document.body.classList.add("prints-one");
      article.classList.add("printed");
      window.print();
      document.body.classList.remove("prints-one");
      article.classList.remove("printed");
    } else if (target.closest("[data-copy]")) {
      const text = article.querySelector("[data-text]").innerText;
      const copied = await navigator.clipboard?.writeText(text).then(() => true, () => false);
      this.status.textContent = words(copied ? "copied" : "not-copied");
    }
  }

  clear() {
    this.log.replaceChildren(...this.start.map((child) => child.cloneNode(true)));
    this.alert.textContent = "";
    this.form.reset();
    this.form.elements.audience.value = "";
    this.complain("");
    this.measure();
  }
}

/** @returns {HTMLElement} a filled reply */
function reply({ kind, topic, text, links, buttons, sources, checked_on }) {
  const shown = clone("reply");
  const part = (name) => shown.querySelector(`[data-${name}]`);
  shown.classList.add(kind);
  shown.dataset.topic = topic;
  part("text").replaceChildren(...text.split("\n\n").map(paragraph));
  fill(part("links"), links, (link) => item(anchor(link), note(link)));
  fill(part("buttons"), buttons, topicButton);
  fill(part("sources").querySelector("ul"), sources, (source) => item(anchor(source)));
  part("sources").hidden = !sources.length;
  part("draft").hidden = Boolean(checked_on);
  part("checked").hidden = !checked_on;
  part("date").textContent = checked_on ?? "";
  return shown;
}

/**
 * Sends once more when the connection breaks, as while a server is replaced. A message that
 * is heard twice is answered alike and remembered once more as calm, no worse.
 */
async function post(address, settings) {
  try {
    return await fetch(address, settings);
  } catch (error) {
    if (settings.signal.aborted || !navigator.onLine) throw error;
    await new Promise((resolve) => setTimeout(resolve, AGAIN_AFTER_MILLISECONDS));
    return fetch(address, settings);
  }
}

function template(name) {
  return document.querySelector(`[data-${name}-template]`).content;
}

/** @returns {HTMLElement} a copy of what a template holds */
function clone(name) {
  return template(name).cloneNode(true).firstElementChild;
}

/** @returns {string} the words of a template, with a number where it has a place */
function words(name, number) {
  const copy = template(name).cloneNode(true);
  const place = copy.querySelector("[data-number]");
  if (place) place.textContent = number;
  return copy.textContent;
}

/** Puts one element for each entry into a list; without entries it is hidden. */
function fill(list, entries, make) {
  list.append(...entries.map(make));
  list.hidden = !entries.length;
}

function item(...children) {
  const li = document.createElement("li");
  li.append(...children);
  return li;
}

/** The hours of a phone line, where the page knows them. */
function note({ href }) {
  return document.querySelector(`[data-note="${CSS.escape(href)}"]`)?.content.cloneNode(true) ?? "";
}

/** A link; one that is no phone number opens beside the chat, which would be lost. */
function anchor({ href, title }) {
  const a = clone("link");
  a.href = href;
  a.querySelector("[data-title]").textContent = title;
  const way = document.querySelector(`[data-help][data-href="${CSS.escape(href)}"][data-title="${CSS.escape(title)}"]`);
  if (way) a.dataset.way = way.dataset.help;
  if (/^(tel|sms):/.test(href)) {
    a.removeAttribute("target");
    a.querySelector("[data-new-tab]").remove();
  }
  return a;
}

function topicButton({ title, topic }) {
  const button = document.createElement("button");
  button.setAttribute("form", "ask");
  button.name = "topic";
  button.value = topic;
  button.textContent = title;
  return button;
}

/** A paragraph of a reply; its web addresses can be pressed. The server does the same. */
function paragraph(text) {
  const p = document.createElement("p");
  for (const part of text.split(/(https?:\/\/[^\s,]+)/)) {
    if (!/^https?:\/\/./.test(part)) {
      p.append(part.replace(/\b0\d+( \d+)+\b/g, (number) => number.replaceAll(" ", "\u00a0")));
      continue;
    }
    const href = part.replace(/\.+$/, "");
    const shown = href.replace(/^https?:\/\/(www\.)?|\/$/g, "");
    const title = shown.length > 40 ? shown.split("/")[0] : shown;
    p.append(anchor({ href, title }), part.slice(href.length));
  }
  return p;
}

/** In a frame: what the page around it is told, and what it says. */
function speakToHost() {
  const tell = (what) => window.parent.postMessage({ signposting: what }, "*");
  const close = document.querySelector("[data-close]");
  window.addEventListener("message", ({ source, data }) => {
    if (source !== window.parent || data?.signposting !== "open") return;
    close.hidden = false;
    document.querySelector("[data-start]").focus();
  });
  close.addEventListener("click", () => tell("close"));
  document.addEventListener("keydown", ({ key }) => key === "Escape" && tell("escape"));
  tell("ready");
}

const root = document.querySelector("[data-chat]");
if (root) new Chat(root);
if (window.parent !== window && document.querySelector("[data-close]")) speakToHost();
