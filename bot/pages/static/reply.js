/** Shows one reply, in the page's own templates: every word of them is in the page. */

const MOST_QUESTIONS = 3;

/** What the page knows of numbers, addresses and help; bot/pages/pages.py lists it. */
const known = JSON.parse(document.querySelector("[data-known]")?.content.textContent ?? "{}");

/** @returns {object} a reply that is in the page, for when no server answers */
export function own(name) {
  return known[name];
}

/**
 * @param {object} said - a reply as the contract of /chat has it
 * @param {string} heading - above its buttons, unless the reply is in English
 * @returns {HTMLElement} in an emergency the call comes first, before there is anything to read
 */
export function reply({ kind, topic, text, links, buttons, sources, checked_on, lang, dir, english }, heading = "") {
  const shown = clone("reply");
  const part = (name) => shown.querySelector(`[data-${name}]`);
  const urgent = kind === "emergency";
  shown.className = `reply ${kind}`;
  shown.dataset.topic = topic;
  shown.lang = lang ?? "en-GB";
  shown.dir = dir ?? "ltr";
  // The bar on top has the call: bot/pages/shown.py says when it is not repeated.
  const barred = !urgent && kind !== "unavailable";
  part("text").replaceChildren(...texts(text, barred, lang || kind !== "answer"));
  part("english").hidden = !english;
  if (english) part("english").replaceChildren(...paragraphs(english.split("\n\n")));
  const call = document.querySelector(".call").getAttribute("href");
  const ways = links.filter(({ href }) => !(barred && href === call));
  const first = ways.splice(0, urgent ? 1 : 0);
  const press = (link) => Object.assign(anchor(link), lang && /[a-z]/i.test(link.title) && { lang: "en-GB" });
  fill(part("first"), first, press);
  fill(part("links"), ways, (link) => item(press(link), note(link)));
  if (lang) {
    part("heading").textContent = heading;
    part("heading").hidden = !heading; // language.js shows it when it comes
  }
  fill(part("more"), buttons.slice(MOST_QUESTIONS), topicButton);
  part("more").before(...buttons.slice(0, MOST_QUESTIONS).map(topicButton));
  part("buttons").hidden = !buttons.length;
  fill(part("sources").querySelector("ul"), sources, (source) => item(anchor(source)));
  part("sources").hidden = !sources.length;
  part("draft").hidden = Boolean(checked_on);
  part("checked").hidden = !checked_on;
  part("date").textContent = checked_on ?? "";
  return shown;
}

/**
 * The paragraphs of a reply, some of them folded as bot/pages/shown.py says.
 *
 * @param {boolean} barred - the bar shows what the first of them may say
 * @param {boolean} whole - nothing is folded
 */
function texts(text, barred, whole) {
  const parts = text.split("\n\n");
  const heard = [];
  if (barred && parts.length > 1 && parts[0] === known.lead) {
    heard.push(Object.assign(document.createElement("p"), { className: "unseen", textContent: parts.shift() }));
  }
  const shown = paragraphs(parts);
  const { first, stays } = known.folding;
  const may = parts.map((part) => !whole && !new RegExp(stays, "i").test(part));
  const from = may.indexOf(true, may.indexOf(true) + first);
  if (from >= 0) {
    const to = may.indexOf(false, from);
    const rest = clone("rest");
    rest.append(...shown.splice(from, to < 0 ? may.length : to - from, rest));
  }
  return [...heard, ...shown];
}

/** @returns {DocumentFragment} what a template of the page holds */
export function template(name) {
  return document.querySelector(`[data-${name}-template]`).content;
}

/** @returns {HTMLElement} a copy of what a template holds */
export function clone(name) {
  return template(name).cloneNode(true).firstElementChild;
}

/** @returns {string} the words of a template, with a number where it has a place */
export function words(name, number) {
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

/** Whether a phone line is open now, where the page knows it; its hours are for paper. */
function note({ href }) {
  const [textContent, hours = ""] = known.notes[href] ?? [];
  const shown = Object.assign(document.createElement("span"), { className: "note", lang: "en-GB", dir: "ltr", textContent });
  shown.dataset.hours = hours;
  return textContent ? shown : "";
}

/** A link; one that is no phone number opens beside the chat, which would be lost. */
function anchor({ href, title }) {
  const a = clone("link");
  a.href = href;
  a.querySelector("[data-title]").textContent = title;
  const way = known.ways[title];
  if (way) a.dataset.way = way;
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

/** Of each text a paragraph; its numbers and web addresses can be pressed. The server does the same. */
function paragraphs(texts) {
  return texts.filter(Boolean).map(paragraph);
}

function paragraph(text) {
  const p = document.createElement("p");
  for (const part of text.split(/(https?:\/\/[^\s,]+)/)) {
    if (!/^https?:\/\/./.test(part)) {
      p.append(...withNumbers(part));
      continue;
    }
    const href = part.replace(/\.+$/, "");
    const shown = href.replace(/^https?:\/\/(www\.)?|\/$/g, "");
    const title = known.sites[href] ?? (shown.length > 40 ? shown.split("/")[0] : shown);
    const link = anchor({ href, title });
    link.dir = "ltr";
    p.append(link, part.slice(href.length));
  }
  return p;
}

/** The parts of a text; a number that the page knows is a link. */
function withNumbers(text) {
  const parts = [];
  let done = 0;
  for (const match of text.matchAll(/(\btext )?(£?\b\d+(?:[ .,]\d+)*\b)/g)) {
    const [whole, toWrite = "", number] = match;
    const scheme = Object.keys(known.numbers).find((kind) => known.numbers[kind].includes(number));
    if (!scheme) continue;
    const href = `${toWrite ? "sms" : scheme}:${number.replaceAll(" ", "")}`;
    const link = Object.assign(document.createElement("a"), { href, dir: "ltr", textContent: number });
    if (known.ways[href]) link.dataset.way = known.ways[href];
    parts.push(text.slice(done, match.index + toWrite.length), link);
    done = match.index + whole.length;
  }
  return [...parts, text.slice(done)];
}
