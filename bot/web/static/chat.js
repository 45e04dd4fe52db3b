/**
 * Sends a question without loading the page anew and shows the replies. Every word it
 * shows stands in the page; nothing is kept, in the browser or anywhere else.
 */

const WAIT_MILLISECONDS = 12000;

/** Shows the conversation. The page already holds the emergency numbers. */
export class Chat {
  /** @param {HTMLElement} root - holds a form and a role=log */
  constructor(root) {
    this.form = document.querySelector("#ask");
    this.log = root.querySelector("[data-log]");
    this.status = root.querySelector("[data-status]");
    if (!this.form || !this.log || !this.status) {
      throw new TypeError("Chat: markup is incomplete");
    }
    this.message = this.form.elements.message;
    this.form.addEventListener("submit", (event) => this.send(event));
    this.message.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        this.form.requestSubmit(this.form.querySelector(".send"));
      }
    });
    // A page that comes back from the browser's memory shows nothing of the talk.
    window.addEventListener("pageshow", (event) => event.persisted && this.clear());
  }

  /** @param {SubmitEvent} event */
  async send(event) {
    event.preventDefault();
    if (this.waiting) return;
    const button = event.submitter;
    const topic = button?.name === "topic" ? button.value : undefined;
    const message = topic ? undefined : this.message.value;
    if (!topic && !message.trim()) return;
    this.showAsked(topic ? button.textContent.trim() : message);
    if (!topic) this.message.value = "";
    this.wait(true);
    try {
      this.show((await this.ask({ message, topic })).replies);
    } catch {
      this.log.append(clone("[data-safe-template]"));
    } finally {
      this.wait(false);
    }
  }

  /**
   * @param {{message?: string, topic?: string}} asked
   * @returns {Promise<{session: string, replies: object[]}>} also for 4xx and 5xx,
   *   which carry replies too; rejects when there are none
   */
  async ask(asked) {
    const { session, force } = this.form.elements;
    const response = await fetch(this.form.action, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json" },
      body: JSON.stringify({ ...asked, session: session.value, force: force.value || undefined }),
      signal: AbortSignal.timeout(WAIT_MILLISECONDS),
      credentials: "omit",
    });
    const answer = await response.json();
    if (!answer.replies?.length) throw new TypeError("no replies");
    session.value = answer.session;
    return answer;
  }

  /** @param {object[]} replies - as the contract of /chat has them */
  show(replies) {
    const question = this.log.lastElementChild;
    for (const reply of replies) {
      const shown = clone("[data-reply-template]");
      shown.classList.add(reply.kind);
      shown.querySelector("[data-text]").replaceChildren(
        ...reply.text.split("\n\n").map(paragraph),
      );
      fill(shown.querySelector("[data-links]"), reply.links, (link) => item(anchor(link)));
      fill(shown.querySelector("[data-buttons]"), reply.buttons, topicButton);
      const sources = shown.querySelector("[data-sources]");
      fill(sources.querySelector("ul"), reply.sources, (source) => item(anchor(source)));
      sources.hidden = !reply.sources.length;
      this.log.append(shown);
    }
    question?.scrollIntoView({ block: "start" });
  }

  /** @param {string} text - shown as text, never as HTML */
  showAsked(text) {
    const shown = clone("[data-asked-template]");
    shown.querySelector("[data-text]").textContent = text;
    this.log.append(shown);
  }

  /** @param {boolean} waiting - focus stays where it was */
  wait(waiting) {
    this.waiting = waiting;
    const words = document.querySelector("[data-waiting-template]");
    this.status.textContent = waiting ? words.content.textContent : "";
    this.form.querySelector(".send").setAttribute("aria-disabled", String(waiting));
  }

  clear() {
    this.log.replaceChildren();
    this.form.reset();
  }
}

/** @returns {HTMLElement} a copy of what a template holds */
function clone(selector) {
  return document.querySelector(selector).content.cloneNode(true).firstElementChild;
}

/** Puts one element for each entry into a list; without entries it is hidden. */
function fill(list, entries, make) {
  list.append(...entries.map(make));
  list.hidden = !entries.length;
}

function item(child) {
  const li = document.createElement("li");
  li.append(child);
  return li;
}

function anchor({ href, title }) {
  const a = document.createElement("a");
  a.href = href;
  a.rel = "noopener";
  a.textContent = title;
  return a;
}

function topicButton({ title, topic }) {
  const button = document.createElement("button");
  button.setAttribute("form", "ask");
  button.name = "topic";
  button.value = topic;
  button.formNoValidate = true;
  button.textContent = title;
  return button;
}

/** A paragraph of a reply; its web addresses can be pressed. */
function paragraph(text) {
  const p = document.createElement("p");
  for (const part of text.split(/(https?:\/\/[^\s,]+)/)) {
    if (!part.startsWith("http")) {
      p.append(part);
      continue;
    }
    const href = part.replace(/\.$/, "");
    const shown = href.replace(/^https?:\/\/(www\.)?|\/$/g, "");
    const title = shown.length > 40 ? shown.split("/")[0] : shown;
    p.append(anchor({ href, title }), part.slice(href.length));
  }
  return p;
}

const leave = document.querySelector("[data-leave]");
leave?.addEventListener("click", (event) => {
  event.preventDefault();
  document.body.replaceChildren();
  window.location.replace(leave.href);
});

const root = document.querySelector("[data-chat]");
if (root) new Chat(root);
