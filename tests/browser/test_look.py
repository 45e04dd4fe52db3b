"""What visitors see first, what a reply asks of them, and that a phone can show it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.steps import (
    DANGER,
    HELP,
    LONG,
    NARROW,
    PHONE,
    ask,
    offer,
    open_embed,
    press,
)

FORCES = "Run by Kent, Surrey, Sussex and Thames Valley Police with The Lucy Faithfull"
PROMISE = "No person reads this chat. We do not keep what you type."
# All of an element is in the window, and neither bar covers it.
IN_SIGHT = """element => {
  const { top, bottom } = element.getBoundingClientRect();
  const bar = document.querySelector(".top").getBoundingClientRect().bottom;
  const form = document.querySelector("#ask").getBoundingClientRect().top;
  return element.closest("#ask") ? bottom <= innerHeight : top >= bar && bottom <= form;
}"""
# For each reply: what can be seen and pressed, by how it looks.
PRESSED = """articles => articles.map(article => {
  const seen = (where) => [...article.querySelectorAll(where)]
    .filter((part) => part.checkVisibility({ contentVisibilityAuto: true }));
  const solid = (part) => getComputedStyle(part).borderTopWidth === "2px";
  const ways = seen(".links a");
  return {
    kind: article.className, topic: article.dataset.topic,
    main: ways.filter(solid).length, others: ways.filter((way) => !solid(way)).length,
    questions: seen(".buttons button").length,
    calls: ways.filter((way) => way.getAttribute("href") === "tel:999").length,
  };
})"""
# For each reply: whether it fits between the bar and the form, and whether part of it
# has to be opened.
FITS = """articles => {
  const [bar, form] = [".top", "#ask"].map((where) =>
    document.querySelector(where).offsetHeight);
  return articles.map((article) => ({
    topic: article.dataset.topic,
    fits: article.offsetHeight <= innerHeight - bar - form,
    whole: !article.querySelector(".rest, [data-more]:not([hidden])"),
  }));
}"""
# The answers that say what is confidential or private, and the limit that each states.
LIMITS = {
    "helpline_confidential": "they pass it on",
    "own_behaviour": "they must pass it on",
    "young_person_worried_self_childline_private": "They may have to tell someone",
    "chat_privacy": "network may remember this page",
}
# Its answer is as long as it is: many ways to make a call without speech or hearing.
TOO_LONG = {"access_needs_deaf"}


@pytest.mark.parametrize("size", [PHONE, NARROW])
@pytest.mark.parametrize(
    ("path", "sender"),
    [
        ("/", FORCES),
        ("/widget", FORCES),
        ("/widget?force=thames_valley", "Run by Thames Valley Police with The Lucy"),
    ],
)
def test_who_runs_it_the_promise_and_the_first_question_are_seen_at_once(
    new_page, server, size, path, sender
):
    page = new_page(size)
    page.goto(server.address + path)

    first = page.get_by_role("button", name="I am worried about myself")
    for seen in (page.get_by_text(sender), page.get_by_text(PROMISE), first):
        assert seen.evaluate(IN_SIGHT), seen


@pytest.fixture
def every_reply(new_page, server, answers) -> Page:
    """A phone that shows the answer to every topic and every opening."""
    topics = answers.topics
    said = [
        *(answers.reply(f"utter_{key}") for key in topics.by_key),
        *(answers.opening(key) for key in topics.openings),
        answers.reply("utter_out_of_scope"),
    ]

    def answer(route: Route) -> None:
        replies = [reply.as_dict() for reply in said]
        route.fulfill(json={"session": "session", "replies": replies})

    page = new_page()
    page.goto(server.address)
    page.route("**/chat", answer)
    page.get_by_label("Your question").fill("hello")
    page.get_by_role("button", name="Send", exact=True).click()
    page.locator(".reply").nth(len(said) - 1).wait_for()
    return page


def test_a_reply_has_one_main_action_and_few_others(every_reply):
    found = every_reply.locator("article.reply").evaluate_all(PRESSED)

    assert len(found) > 100
    for reply in found:
        assert reply["main"] <= 1, reply
        assert reply["others"] <= 3 and reply["questions"] <= 3, reply
        # The bar at the top holds the call; only an emergency repeats it.
        urgent = "emergency" in reply["kind"] or "unavailable" in reply["kind"]
        assert reply["calls"] == int(urgent), reply


def test_a_phone_has_room_for_most_answers_and_for_the_beginning_of_the_rest(
    every_reply,
):
    found = every_reply.locator("article.reply.answer").evaluate_all(FITS)

    whole = [reply for reply in found if reply["fits"] and reply["whole"]]
    assert len(whole) > len(found) / 2
    assert {reply["topic"] for reply in found if not reply["fits"]} <= TOO_LONG


@pytest.mark.parametrize("size", [PHONE, NARROW])
@pytest.mark.parametrize("javascript", [True, False])
def test_what_is_private_is_shown_with_its_limit(
    new_page, server, answers, size, javascript
):
    for topic, limit in LIMITS.items():
        page = new_page(size, java_script_enabled=javascript)
        page.goto(server.address)
        offer(page, topic)
        page.locator(".reply").wait_for()

        expect(page.locator(".reply [data-text]").get_by_text(limit)).to_be_visible()


def test_danger_and_childline_are_never_folded(every_reply):
    folded = every_reply.locator(".reply .rest p").all_text_contents()

    assert folded
    assert not [words for words in folded if "999" in words or "Childline" in words]
    kinds = every_reply.locator(".reply:has(.rest)").evaluate_all(
        "articles => articles.map(article => article.className)"
    )
    assert set(kinds) == {"reply answer"}


def test_for_somebody_under_18_an_answer_still_begins_before_its_fold(
    new_page, server, answers
):
    reply = answers.for_young(answers.reply("utter_law_register_end"))
    page = new_page()
    page.goto(server.address)
    page.route("**/chat", lambda route: route.fulfill(
        json={"session": "session", "replies": [reply.as_dict()]}
    ))  # fmt: skip
    ask(page, "hello")
    seen = page.locator(".reply [data-text] > p")

    own = answers.reply("utter_law_register_end").text.split("\n\n")
    assert seen.all_text_contents()[-2:] == own[:2]


def test_the_hours_of_a_line_take_one_line_and_are_whole_on_paper(page):
    ask(page, HELP)
    note = page.locator(".reply .note").first
    assert note.bounding_box()["height"] < 20
    page.emulate_media(media="print")

    hours = note.evaluate("note => getComputedStyle(note, '::before').content")
    assert "Monday to Thursday 9am to 9pm" in hours


def test_what_was_read_before_typing_takes_no_room_from_answers(page):
    hint = page.get_by_text("Please do not type names, addresses or links")
    expect(hint).to_be_visible()
    ask(page, HELP)

    expect(hint).to_be_hidden()


@pytest.mark.parametrize("question", [HELP, "who can i report him to"])
def test_danger_has_one_place_outside_an_emergency(page, question):
    ask(page, question)
    seen = page.get_by_text("999").filter(visible=True)
    shown = [one for one in seen.all() if not one.evaluate("e => e.matches('.unseen')")]

    assert [one.get_attribute("class") for one in shown] == ["call"]
    expect(page.get_by_role("button", name="A child is in danger now")).to_be_visible()


def test_the_rest_is_opened_on_request_and_copied_in_any_case(new_page, server):
    page = new_page()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(server.address)
    ask(page, LONG)
    last = page.locator(".reply [data-text] p").last
    expect(last).to_be_hidden()
    page.get_by_role("button", name="Copy this answer").click()
    expect(page.get_by_text("has been copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    page.get_by_text("Show more").click()

    expect(last).to_be_visible()
    assert last.text_content() in copied
    assert "opens in a new tab" not in copied and "Show more" not in copied


def test_without_javascript_the_rest_is_opened_as_well(new_page, server):
    page = new_page(java_script_enabled=False)
    page.goto(server.address)
    ask(page, LONG)
    page.get_by_text("Show more").click()

    expect(page.locator(".reply [data-text] p").last).to_be_visible()


def test_paper_holds_all_of_an_answer_with_sender_date_and_addresses(page):
    ask(page, LONG)
    page.emulate_media(media="print")

    for seen in (".reply [data-text] p", ".on-paper", ".reply [data-sources] li"):
        expect(page.locator(seen).last).to_be_visible()
    paper = page.locator(".on-paper")
    expect(paper).to_contain_text("call 999")
    expect(paper).to_contain_text("with The Lucy Faithfull Foundation")
    assert (
        page.locator(".reply [data-sources] a")
        .first.evaluate("link => getComputedStyle(link, '::after').content")
        .startswith('" (https://')
    )


def test_the_field_grows_with_its_words_and_shrinks_when_they_are_sent(page):
    field = page.get_by_label("Your question")
    low = field.bounding_box()["height"]
    field.fill("I am worried. " * 20)
    assert field.bounding_box()["height"] > 2 * low
    field.fill("I am worried. " * 140)
    assert field.bounding_box()["height"] < PHONE[1] / 2
    page.get_by_role("button", name="Send", exact=True).click()

    page.locator(".reply").wait_for()
    assert field.bounding_box()["height"] == low


def test_the_start_of_a_reply_is_in_view_however_long_the_question(new_page, server):
    page = new_page(reduced_motion="reduce")
    page.goto(server.address)
    ask(page, f"{HELP} " * 60)

    start = page.locator(".reply").bounding_box()["y"]
    bar = page.locator(".top").bounding_box()
    form = page.locator(".ask").bounding_box()["y"]
    assert bar["height"] <= start < form - 100


def test_an_emergency_is_never_folded(page):
    ask(page, DANGER)

    expect(page.locator(".reply.emergency .rest")).to_have_count(0)


@pytest.mark.parametrize("path", ["/", "/widget?force=kent"])
def test_send_stays_where_it_is_when_the_field_gets_the_focus(new_page, server, path):
    # The page slid to its form at the first focus, and a quick press of Send was lost.
    page = new_page()
    page.goto(server.address + path)
    send = page.get_by_role("button", name="Send", exact=True)
    before = send.bounding_box()
    page.get_by_label("Your question").fill("is the helpline free")
    page.wait_for_timeout(700)

    assert send.bounding_box() == before


def test_a_press_on_the_embed_right_after_it_opens_is_heard(new_page, server):
    page = new_page()
    page.goto(f"{server.address}/embed-demo/kent")
    press(open_embed(page), "I am under 18")
