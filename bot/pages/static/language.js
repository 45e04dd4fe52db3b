/** The page's own words, in the language of the talk; those that it lacks are fetched, once. */

const ENGLISH = "en";

export class Language {
  /** What routes/help.py gives, by language; for English the words in the page. */
  known = new Map();

  /** @param {HTMLFormElement} form - its field `lang` is empty for English */
  constructor(form) {
    this.form = form;
    this.field = form.elements.lang;
    this.english = form.querySelector("[data-in-english]");
    this.promise = form.querySelector("[data-promise]");
    this.marked = [...document.querySelectorAll("[data-word]")];
    this.first = this.field.value;
    const own = document.querySelector("[data-said]");
    this.known.set(this.tag, own ? JSON.parse(own.content.textContent) : this.read());
    this.english.addEventListener("click", (event) => this.goToEnglish(event));
  }

  get tag() {
    return this.field.value || ENGLISH;
  }

  /** What the red button says; undefined: the words in the page. */
  get danger() {
    return this.known.get(this.tag)?.danger;
  }

  /** @returns {string} the heading above the buttons of a reply; empty: not known yet */
  heading(tag) {
    return this.known.get(tag)?.words.questions_heading ?? "";
  }

  /** @returns {Promise<boolean>} false: the answers are in it, the page's words are not */
  async speak(tag) {
    if (tag === this.tag) return true;
    this.field.value = tag;
    const said = await this.learn(tag).catch(() => null);
    if (said && tag === this.tag) this.show(said);
    return Boolean(said);
  }

  restore() {
    this.field.value = this.first;
    this.show(this.known.get(this.tag));
  }

  async learn(tag) {
    if (!this.known.has(tag)) {
      const response = await fetch(`/languages/${tag}.json`, { credentials: "omit" });
      if (!response.ok) throw new TypeError("no words");
      this.known.set(tag, await response.json());
    }
    return this.known.get(tag);
  }

  /** Keeps the talk; if it cannot, the link leads to the page in English. */
  async goToEnglish(event) {
    event.preventDefault();
    if (await this.speak(ENGLISH)) this.form.elements.message.focus();
    else window.location.assign(this.english.href);
  }

  read() {
    const words = this.marked.map(({ dataset, textContent }) => [dataset.word, textContent.trim()]);
    return { dir: "ltr", words: Object.fromEntries(words) };
  }

  show({ dir, words }) {
    const lang = this.tag === ENGLISH ? "en-GB" : this.tag;
    for (const element of this.marked) {
      element.textContent = words[element.dataset.word];
      Object.assign(element, { lang, dir });
    }
    this.form.elements.message.lang = lang;
    this.form.closest("[data-chat]").dir = dir;
    this.english.hidden = this.tag === ENGLISH;
    this.promise.hidden = !this.english.hidden; // in a language the hint says it
    if (this.english.hidden) return;
    for (const heading of document.querySelectorAll(`.reply[lang="${lang}"] [data-heading]`)) {
      heading.textContent = words.questions_heading;
      heading.hidden = false;
    }
  }
}
