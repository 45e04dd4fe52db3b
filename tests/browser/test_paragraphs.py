"""A reply's paragraphs are the same from the server (pages.py) and from chat.js."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Page, Route

from bot.pages.pages import Pages
from bot.words.languages import Languages
from bot.words.reply import Reply
from bot.words.spoken import Spoken

# A value that an action fills in.
SAMPLE = {"opens": "Tuesday 24 November at 9am", "closes": "9pm"}
# For each paragraph of a reply: its words, where its links lead, and how they open.
READ = """articles => articles.map(article =>
  [...article.querySelectorAll("[data-text] p")].map(part => [
    part.localName,
    part.textContent,
    [...part.querySelectorAll("a")].map(a => [
      a.getAttribute("href"), a.textContent, a.target, a.rel, a.dir,
    ]),
  ])
)"""
# Every piece of text that can be read: its words, its language and its direction.
SPOKEN = """articles => articles.map(article => {
  const texts = document.createTreeWalker(article, NodeFilter.SHOW_TEXT);
  const found = [];
  while (texts.nextNode()) {
    const { parentElement, textContent } = texts.currentNode;
    if (!textContent.trim() || !parentElement.checkVisibility()) continue;
    if (parentElement.closest(".take")) continue;
    const { lang } = parentElement.closest("[lang]");
    found.push([textContent.trim(), lang, parentElement.closest("[dir]").dir]);
  }
  return found;
})"""
# What no answer says today, but one may say tomorrow.
INVENTED = (
    "See https://example.org/.",
    "https://www.example.org/a, or http://example.org/b-c/ and then some",
    f"A long one: https://www.example.org/{'long/' * 12}.",
    "Call 0808 1000 900, 0800 1111 or 999; 10 000 is no number, 01 2 is.",
    "<b>Bold</b> & \"quoted\" 'single' https://example.org/?a=1&b=2.",
    "One line\nand another.\n\nA second paragraph.",
    "Ends with an address: https://www.example.org",
    "(https://example.org/in-brackets)",
    "http is no address, https:// is none either, https://example.org/... is one.",
)


@pytest.fixture(scope="module")
def texts(answers) -> list[str]:
    """Every different text of a reply, alone and with others, for every force."""
    said = [
        answers.reply(name, force, lead=lead, together=together, **SAMPLE).text
        for name in answers.responses
        for force in (None, *answers.directory.forces)
        for lead in (False, True)
        for together in (False, True)
    ]
    return list(dict.fromkeys([*said, *INVENTED]))


def shown_by_the_server(
    page: Page, address: str, pages: Pages, replies: list, read: str = READ
) -> list:
    """The replies as the server's page shows them."""
    html = pages.chat(None, "session", replies)
    page.route(f"{address}/shown", lambda route: route.fulfill(
        body=html, content_type="text/html; charset=utf-8"
    ))  # fmt: skip
    page.goto(f"{address}/shown")
    return page.locator("[data-log] article.reply").evaluate_all(read)


def shown_by_the_script(
    page: Page, address: str, replies: list, read: str = READ
) -> list:
    """The same replies as chat.js shows them, when they come for a question."""

    def answer(route: Route) -> None:
        said = [reply.as_dict() for reply in replies]
        route.fulfill(json={"session": "session", "replies": said})

    page.goto(address)
    page.route(f"{address}/chat", answer)
    page.get_by_label("Your question").fill("hello")
    page.get_by_role("button", name="Send", exact=True).click()
    shown = page.locator("[data-log] article.reply")
    shown.nth(len(replies) - 1).wait_for()
    if lang := replies[0].lang:  # the words of its language have arrived
        page.locator(f".send:lang({lang})").wait_for()
    return shown.evaluate_all(read)


def test_every_reply_reads_alike_from_the_server_and_from_the_script(
    new_page, server, answers, texts
):
    replies = [Reply("answer", "harm", text) for text in texts]

    served = shown_by_the_server(new_page(), server.address, Pages(answers), replies)
    scripted = shown_by_the_script(new_page(), server.address, replies)

    assert len(served) == len(scripted) == len(texts) > 200
    assert sum(len(links) for reply in served for *_, links in reply) > 100
    differing = [
        {"text": text, "server": one, "script": other}
        for text, one, other in zip(texts, served, scripted, strict=True)
        if one != other
    ]
    assert differing == [], json.dumps(differing[:3], indent=2)


@pytest.mark.parametrize("lang", ["ur", "pl", "zh-Hant"])
def test_a_reply_in_another_language_is_marked_alike_by_both(
    new_page, server, answers, lang
):
    spoken = Spoken(answers, Languages.read(answers.directory))
    pages = Pages(answers, spoken=spoken)
    below = answers.reply("utter_law_register", likely=None)
    topic = answers.topics.by_key["law_register"]
    replies = [
        spoken.before_answer(lang, topic, ["harm", "law_sentence"]),
        below,
        spoken.danger(lang),
        spoken.not_understood(lang),
    ]

    served = shown_by_the_server(new_page(), server.address, pages, replies, SPOKEN)
    scripted = shown_by_the_script(new_page(), server.address, replies, SPOKEN)

    for one, other in zip(served, scripted, strict=True):
        assert one == other
    before, english, *_ = served
    own = [lang, spoken.languages[lang].dir]
    assert [spoken.languages[lang].page["questions_heading"], *own] in before
    assert [answers.directory.value("emergency", "phone"), lang, "ltr"] in before
    assert ["You can also ask:", "en-GB", "ltr"] not in before
    assert {tuple(way) for _, *way in english} == {("en-GB", "ltr")}
    [small] = [way for words, *way in before if words.endswith("do not need English.")]
    assert small == ["en-GB", "ltr"]
