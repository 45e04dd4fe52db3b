/**
 * Sends questions without loading the page again and shows the replies. Every word it shows
 * is in the page; nothing is kept, in the browser or anywhere else.
 *
 * What was typed leaves the field when it is sent, and comes back if it gets no answer.
 */

import "./leave.js";
import { count } from "./count.js";
import { Language } from "./language.js";
import { clone, own, reply, template, words } from "./reply.js";

const WAIT_MILLISECONDS = 12000;
const AGAIN_AFTER_MILLISECONDS = 700;
const MOST_LINES = 8;
const GAP = 6; // pixels: what is scrolled to begins a little below the bar

/**
 * @typedef {object} Turn
 * @property {{message?: string, topic?: string, opening?: string}} asked - for the server
 * @property {string} typed - empty for a pressed button
 * @property {HTMLElement} question - in the log; its replies come below it
 * @property {Element | null} focus - what a press left it on; null for what was typed
 */

/** Shows the conversation. The page already holds the emergency numbers. */
export class Chat {
  /** @type {Turn[]} what was asked and has no reply yet; the first has been sent */
  line = [];
  /** @type {Turn[]} what was refused or did not get through, while others are in line */
  unanswered = [];
  /** @type {HTMLElement | null} an emergency reply, until something else is asked */
  urgent = null;

  /** @param {HTMLElement} root - holds a form and a role=log */
  constructor(root) {
    const part = (name) => root.querySelector(`[data-${name}]`);
    this.form = root.querySelector("form");
    this.log = part("log");
    if (!this.form || !this.log) throw new TypeError("Chat: markup is incomplete");
    [this.status, this.alert, this.error, this.count] = ["status", "alert", "error", "count"].map(part);
    this.danger = document.querySelector("[data-danger]").value; // in the bar at the top
    this.message = this.form.elements.message;
    this.language = new Language(this.form);
    this.start = [...this.log.children].map((child) => child.cloneNode(true));
    this.form.noValidate = true; // the page's own words say what is missing
    this.form.addEventListener("submit", (event) => this.send(event));
    this.message.addEventListener("input", () => this.measure());
    this.message.addEventListener("keydown", (event) => this.sendByEnter(event));
    this.log.addEventListener("click", (event) => this.take(event));
    // A page that comes back from the browser's memory shows nothing of the talk.
    for (const moment of ["pagehide", "pageshow"])
      window.addEventListener(moment, ({ persisted }) => persisted && this.clear());
    window.addEventListener("pagehide", () => {
      this.form.elements.session.value = ""; // anyone who comes back starts a new conversation
    });
    this.measure(); // what was typed while this script was on its way
  }

  /** @param {KeyboardEvent} event */
  sendByEnter(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.form.requestSubmit(this.form.querySelector(".send"));
  }

  /** @param {SubmitEvent} event */
  send(event) {
    event.preventDefault();
    const { name, value } = event.submitter ?? {};
    if (name === "topic" && value === this.danger) this.alarm(event.submitter);
    else if (name === "topic" || name === "opening") this.press(event.submitter);
    else this.sendTyped(this.message.value);
  }

  sendTyped(typed) {
    // Send pressed twice: the first press has emptied the field.
    if (!typed.trim()) return this.line.length || this.complain(words("empty"));
    this.message.value = "";
    this.measure();
    this.queue({ asked: { message: typed }, typed, question: this.showAsked(typed), focus: null });
  }

  press(button) {
    const { name, value } = button;
    if (this.line.some(({ asked }) => asked[name] === value)) return; // pressed twice
    this.measure();
    const focus = document.activeElement;
    this.queue({ asked: { [name]: value }, typed: "", question: this.showAsked(button.textContent.trim(), button), focus });
  }

  /**
   * Shows what to do when a child is in danger: at once, from the page itself, whatever else
   * is awaited. The page reports the press, so that the server counts it; nobody waits for it.
   */
  alarm(button) {
    const last = this.log.lastElementChild;
    if (last === this.urgent && last.dataset.topic === this.danger) {
      last.focus({ preventScroll: true });
      return this.reveal(last);
    }
    const { danger } = this.language;
    const shown = this.reply(danger ?? own("danger"));
    shown.dataset.topic = this.danger;
    this.show([shown], { question: this.showAsked(button.textContent.trim(), button), focus: document.activeElement });
    this.ask({ topic: this.danger }).catch(() => {});
  }

  /** @param {Turn} turn */
  queue(turn) {
    this.line.push(turn);
    if (this.line.length === 1) this.work();
    else turn.question.querySelector("[data-turn]").hidden = false;
    for (const part of [turn.question, this.status]) part.scrollIntoView({ block: "nearest" });
  }

  /** Sends what is in line, one by one: an answer can depend on the question before. */
  async work() {
    this.wait(true);
    while (this.line.length) {
      const [turn] = this.line;
      turn.question.querySelector("[data-turn]").hidden = true;
      const answer = await this.ask(turn.asked).catch(() => null);
      if (turn !== this.line[0]) return; // the page was cleared meanwhile
      this.line.shift();
      this.wait(this.line.length); // its words take room from the answer
      // What was too long comes back as well, to be shortened.
      if (!answer?.ok || turn.typed.length > this.most) this.unanswered.push(turn);
      else if (turn.asked.opening) this.form.elements.audience.value = turn.asked.opening;
      if (answer?.answered) turn.question.querySelector("[data-text]").lang = answer.answered;
      this.show(answer?.articles ?? [this.reply(own("safe"))], turn);
      if (answer?.answered) this.language.speak(answer.answered);
    }
    this.giveBack();
  }

  reply(said) {
    return reply(said, this.language.heading(said.lang));
  }

  /**
   * @param {{message?: string, topic?: string, opening?: string}} asked
   * @returns {Promise<{articles: HTMLElement[], ok: boolean, answered?: string}>} also for 4xx and 5xx (not
   *   ok), which carry replies too; rejects when there are none
   */
  async ask(asked) {
    const { session, force, audience, lang } = this.form.elements;
    const giveUp = new AbortController();
    const timer = setTimeout(() => giveUp.abort(), WAIT_MILLISECONDS);
    try {
      const response = await post(this.form.action, {
        method: "POST",
        headers: { "Content-Type": "application/json", Accept: "application/json" },
        body: JSON.stringify({ ...asked, session: session.value, force: force.value, audience: audience.value, lang: lang.value }),
        signal: giveUp.signal,
        credentials: "omit",
      });
      const answer = await response.json();
      if (!answer.replies?.length) throw new TypeError("no replies");
      session.value = answer.session || session.value; // a proxy's reply has none
      const [{ lang: answered }] = answer.replies;
      return { articles: answer.replies.map((said) => this.reply(said)), ok: response.ok, answered };
    } finally {
      clearTimeout(timer);
    }
  }

  /**
   * An emergency is brought to the top, and stays there until something else is asked.
   *
   * @param {HTMLElement[]} articles - put below their question
   * @param {Turn} turn - focus follows a pressed button, unless it has gone elsewhere
   */
  show(articles, { question, focus }) {
    const last = this.log.lastElementChild;
    const { top } = last.getBoundingClientRect();
    const urgent = articles.find((article) => article.matches(".emergency"));
    for (const article of articles) article.querySelector("[data-take]").hidden = false;
    question.after(...articles);
    for (const article of articles) this.fit(article);
    if (focus && focus === document.activeElement) articles[0].focus({ preventScroll: true });
    if (urgent) this.reveal(urgent);
    else if (question === this.newest && !this.urgent) this.begin(question, articles[0]);
    else window.scrollBy({ top: last.getBoundingClientRect().top - top, behavior: "instant" });
  }

  /** What fits into the window is not folded; its questions are where that makes it fit. */
  fit(article) {
    const [rest, more] = [".rest", "[data-more]"].map((part) => article.querySelector(part));
    const fits = () => article.offsetHeight <= this.room;
    if (rest) {
      const folded = [...rest.querySelectorAll("p")];
      rest.replaceWith(...folded);
      if (fits()) return;
      folded[0].before(rest);
      rest.append(...folded);
    }
    if (fits() || !article.matches(".answer:lang(en)")) return;
    const questions = article.querySelectorAll("[data-buttons] > button");
    more.append(...questions);
    more.hidden = false;
    if (fits()) return;
    more.before(...questions);
    more.hidden = true;
  }

  /** @returns {number} the height, in pixels, in which replies are read */
  get room() {
    return window.innerHeight - GAP - document.querySelector(".top").offsetHeight - this.form.offsetHeight;
  }

  /** Shows the question and its reply; the reply alone where that makes it fit, or the question is long. */
  begin(question, reply) {
    const { room } = this;
    const [asked, said] = [question.offsetHeight, reply.offsetHeight];
    const alone = asked > room / 3 || (said <= room && asked + said + GAP > room);
    (alone ? reply : question).scrollIntoView({ block: "start" });
  }

  /** @param {HTMLElement} emergency - a reply that begins with the call */
  reveal(emergency) {
    this.urgent = emergency;
    this.alert.textContent = emergency.querySelector("[data-text] p").textContent;
    Object.assign(this.alert, { lang: emergency.lang, dir: emergency.dir });
    emergency.scrollIntoView({ block: "start", behavior: "instant" });
  }

  /**
   * @param {string} text - shown as text, never as HTML
   * @param {HTMLElement} [button] - that was pressed, and is in a language
   * @returns {HTMLElement} its place in the log
   */
  showAsked(text, button) {
    const shown = clone("asked");
    const place = shown.querySelector("[data-text]");
    place.textContent = text;
    if (button) place.lang = button.closest("[lang]").lang;
    this.log.append(shown);
    this.alert.textContent = "";
    this.urgent = null;
    this.newest = shown;
    return shown;
  }

  /** Puts what got no answer back into the field, before what was typed since. */
  giveBack() {
    const texts = [...this.unanswered.map(({ typed }) => typed), this.message.value];
    this.unanswered = [];
    this.message.value = texts.filter(Boolean).join("\n");
    this.measure();
  }

  /** @param {boolean} waiting - focus stays where it was, and more can be asked */
  wait(waiting) {
    this.status.replaceChildren(...(waiting ? template("waiting").cloneNode(true).childNodes : []));
  }

  /** @param {string} error - in words; empty when there is none */
  complain(error) {
    this.error.textContent = error;
    this.mark(Boolean(error));
    if (error) this.message.focus();
  }

  /** Says how much room is left once it gets short, and makes the field as high as its words. */
  measure() {
    const { message } = this;
    message.rows = 1;
    const { lineHeight, paddingBlock } = getComputedStyle(message);
    const lines = (message.scrollHeight - 2 * parseFloat(paddingBlock)) / parseFloat(lineHeight);
    message.rows = Math.max(1, Math.min(MOST_LINES, Math.round(lines) || 1));
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

  /** Copies or prints one answer, or reports it as wrong; counts a press on a way to help. */
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
      for (const folded of article.querySelectorAll("details")) folded.open = true;
      window.print();
      document.body.classList.remove("prints-one");
      article.classList.remove("printed");
    } else if (target.closest("[data-copy]")) {
      const text = [...article.querySelectorAll("[data-text] p, [data-english] p")].map(plain).filter(Boolean).join("\n\n");
      const copied = await navigator.clipboard?.writeText(text).then(() => true, () => false);
      this.status.textContent = words(copied ? "copied" : "not-copied");
    }
  }

  /** Forgets the talk; what was typed and has no answer stays, in the field. */
  clear() {
    this.unanswered.push(...this.line);
    this.line = [];
    this.urgent = null;
    this.log.replaceChildren(...this.start.map((child) => child.cloneNode(true)));
    this.alert.textContent = "";
    this.form.elements.audience.value = "";
    this.language.restore();
    this.complain("");
    this.wait(false);
    this.giveBack();
  }
}

/** @returns {string} a paragraph as it is copied: what was folded too, and whole addresses */
function plain(paragraph) {
  const copy = paragraph.cloneNode(true);
  for (const link of copy.querySelectorAll('[href^="http"]')) link.textContent = link.getAttribute("href");
  return copy.textContent.trim();
}

/**
 * Sends again if the connection breaks, as it does while a server is replaced. A message that
 * arrives twice gets the same answer; at worst, a calm message counts twice.
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

/** In a frame: what it tells the page around it, and what that page says. */
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
