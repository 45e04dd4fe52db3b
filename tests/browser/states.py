"""Every state of the page, the widget and the embed: its address and steps."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page

from tests.browser.steps import (
    DANGER,
    HELP,
    LONG,
    TWO,
    ask,
    open_embed,
    press,
    type_question,
)

Act = Callable[[Page], object]


def _asks(question: str) -> Act:
    return lambda page: ask(page, question)


def _embed_asks(question: str) -> Act:
    return lambda page: ask(open_embed(page), question)


def _nothing(page: Page) -> None:
    pass


def _complains(page: Page) -> None:
    page.get_by_role("button", name="Send", exact=True).click()


def _types_too_much(page: Page) -> None:
    page.get_by_label("Your question").fill("I am worried. " * 150)


def _opens_the_rest(page: Page) -> None:
    ask(page, LONG)
    page.get_by_text("Show more").click()
    page.locator(".reply").evaluate("reply => reply.scrollIntoView()")


def _types_much(page: Page) -> None:
    page.get_by_label("Your question").fill("I am worried about my brother. " * 12)


def _prints(page: Page) -> None:
    ask(page, LONG)
    page.emulate_media(media="print")
    page.evaluate("scrollTo({ top: 0, behavior: 'instant' })")


def _waits(page: Page) -> None:
    page.route("**/chat", lambda route: None)
    type_question(page, "is the helpline free")
    type_question(page, "when is it open")


def _searches(words: str) -> Act:
    def act(page: Page) -> None:
        page.get_by_label("Search the answers").fill(words)
        page.get_by_role("button", name="Search", exact=True).click()
        page.get_by_label("Words to search for").wait_for()

    return act


def _goes_offline(page: Page) -> None:
    page.context.set_offline(True)
    ask(page, "is anybody there")


def _without_script(page: Page) -> None:
    """As without JavaScript, which a test must keep in order to look at the page."""
    page.route("**/static/*.js*", lambda route: route.abort())
    page.reload()
    ask(page, HELP)
    page.wait_for_load_state()


def _opens_in_its_language(page: Page) -> None:
    page.locator("[name=opening][value=young]").click()
    page.locator("[data-log] .reply").wait_for()


def _embed_in_urdu(page: Page) -> None:
    frame = open_embed(page)
    frame.get_by_role("link", name="اردو").click()
    frame.wait_for_url("**/help/ur?*")
    frame.locator("[data-close]").wait_for()


def _server_is_gone(page: Page) -> None:
    page.clock.install()
    page.route("**/widget*", lambda route: None)
    page.get_by_role("button", name="Chat about worries").click()
    page.clock.fast_forward(10_500)


STATES: dict[str, tuple[str, Act]] = {
    "start": ("/", _nothing),
    "answer": ("/?force=kent", _asks(HELP)),
    "rest opened": ("/", _opens_the_rest),
    "long question": ("/", _types_much),
    "on paper": ("/", _prints),
    "two answers": ("/", _asks(TWO)),
    "asked back": ("/", _asks("i am worried")),
    "emergency": ("/", _asks(DANGER)),
    "under 18": ("/", lambda page: press(page, "I am under 18")),
    "waiting": ("/", _waits),
    "nothing typed": ("/", _complains),
    "too long": ("/", _types_too_much),
    "offline": ("/", _goes_offline),
    "without script": ("/widget?force=sussex", _without_script),
    "all answers": ("/answers", _nothing),
    "all answers of a force": ("/answers?force=kent", _nothing),
    "one answer": ("/answers/law_register?force=kent", _nothing),
    "easy read": ("/answers/own_behaviour/easy-read", _nothing),
    "easy read in an emergency": ("/answers/immediate_risk/easy-read", _nothing),
    "found": ("/answers", _searches("bail")),
    "nothing found": ("/answers", _searches("xyzzy")),
    "danger in the search": ("/answers", _searches(DANGER)),
    "other languages": ("/", lambda page: page.locator(".languages summary").click()),
    "help in Polish": ("/help/pl", _nothing),
    "help in Urdu": ("/help/ur?force=kent", _nothing),
    "talk in Arabic": ("/help/ar", _opens_in_its_language),
    "questions in Persian": ("/answers?lang=fa", _nothing),
    "answer in Nepali": ("/answers/law_register?lang=ne", _nothing),
    "every language": ("/help?view=widget", _nothing),
    "privacy": ("/privacy", _nothing),
    "transparency": ("/transparency", _nothing),
    "accessibility": ("/accessibility", _nothing),
    "embed closed": ("/embed-demo/kent", _nothing),
    "embed open": ("/embed-demo/kent", open_embed),
    "embed answer": ("/embed-demo/surrey", _embed_asks(HELP)),
    "embed emergency": ("/embed-demo/thames_valley", _embed_asks(DANGER)),
    "embed in Urdu": ("/embed-demo/kent", _embed_in_urdu),
    "embed inline": ("/embed-demo/kent?mode=inline", _nothing),
    "embed server gone": ("/embed-demo/kent", _server_is_gone),
}
