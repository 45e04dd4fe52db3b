"""A talk in another language: the page follows it, and goes back on request."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.steps import open_embed

ARABIC = "كيف أحصل على مساعدة لأنني خائف"
SEND, LEAVE, DANGER = "أرسل", "اخرج من هذه الصفحة", "طفل في خطر الآن"
IN_ENGLISH = "اعرض هذا بالإنجليزية"


def write(page: Page, text: str) -> None:
    page.locator("#message").fill(text)
    page.locator(".send").click()
    page.locator("[data-log] .reply").first.wait_for()


def says(page: Page, send: str, leave: str, danger: str) -> None:
    for place, words in ((".send", send), ("[data-leave]", leave), (".danger", danger)):
        expect(page.locator(place)).to_have_text(words)


def test_the_page_follows_the_language_of_the_answer(page):
    write(page, ARABIC)

    says(page, SEND, LEAVE, DANGER)
    for place in (".send", "[data-leave]", ".danger", "label", "#hint"):
        expect(page.locator(place)).to_have_attribute("lang", "ar")
        expect(page.locator(place)).to_have_attribute("dir", "rtl")
    expect(page.locator("[data-chat]")).to_have_attribute("dir", "rtl")
    expect(page.locator(".asked [data-text]")).to_have_attribute("lang", "ar")


def test_what_is_asked_next_is_sent_in_the_language(page):
    write(page, ARABIC)
    says(page, SEND, LEAVE, DANGER)
    with page.expect_request("**/chat") as sent:
        page.locator(".danger").click()

    assert sent.value.post_data_json["lang"] == "ar"


def test_the_page_goes_back_to_english_with_the_talk_kept(page):
    write(page, ARABIC)
    page.get_by_role("link", name=IN_ENGLISH).click()

    says(page, "Send", "Leave this site", "A child is in danger now")
    expect(page.locator("#message")).to_be_focused()
    expect(page.locator("[data-in-english]")).to_be_hidden()
    expect(page.locator("[data-log] .reply").first).to_have_attribute("lang", "ar")
    assert page.locator("[name=lang]").input_value() == "en"
    page.locator(".danger").click()
    called = page.locator(".reply.emergency").last
    expect(called).to_have_attribute("lang", "en-GB")
    expect(called).to_contain_text("Call 999 now")


def test_a_page_of_help_goes_back_to_english_too(new_page, server):
    page = new_page()
    page.goto(f"{server.address}/help/ar")
    page.locator("[data-in-english]").click()

    says(page, "Send", "Leave this page", "A child is in danger now")


def test_the_red_button_calls_in_the_language_without_a_connection(new_page, server):
    page = new_page()
    page.goto(f"{server.address}/help/ur")
    page.context.set_offline(True)
    page.locator(".danger").click()

    called = page.locator("[data-log] .reply.emergency")
    expect(called).to_have_attribute("lang", "ur")
    expect(called.locator("a").first).to_have_attribute("href", "tel:999")
    expect(called.locator("[data-english]")).to_contain_text("Call 999 now")
    expect(page.locator("[data-alert]")).to_have_attribute("lang", "ur")


def test_the_red_button_calls_in_english_while_the_words_are_missing(page):
    page.route("**/languages/*", lambda route: route.abort())
    write(page, ARABIC)
    page.locator(".danger").click()

    expect(page.locator(".reply.emergency").last).to_contain_text("Call 999 now")
    says(page, "Send", "Leave this site", "A child is in danger now")
    assert page.locator("[name=lang]").input_value() == "ar"


def test_both_texts_are_copied(new_page, server):
    page = new_page()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{server.address}/help/pl")
    page.locator(".danger").click()
    page.locator("[data-log] [data-copy]").first.click()
    expect(page.get_by_role("status").first).to_contain_text("copied")

    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("Zadzwoń teraz pod 999") and "Call 999 now" in copied


def test_a_page_of_help_prints_its_numbers_and_not_the_chat(new_page, server):
    page = new_page()
    page.goto(f"{server.address}/help/pl")
    page.emulate_media(media="print")

    for text in ("0808 1000 900", "0800 1111", "101", "/help/pl"):
        expect(page.get_by_text(text).filter(visible=True).first).to_be_visible()
    for left_out in (".top", ".ask", ".ways", ".languages", "footer"):
        expect(page.locator(left_out).first).to_be_hidden()


def test_the_frame_opens_a_language_in_itself(new_page, server):
    page = new_page()
    page.goto(f"{server.address}/embed-demo/kent")
    open_embed(page).get_by_role("link", name="Polski").click()
    frame = page.frame_locator("iframe")

    expect(frame.locator("h1")).to_have_text("Pomoc po polsku")
    expect(frame.get_by_role("button", name="Close")).to_be_visible()
    assert "/help/pl?force=kent" in page.frames[-1].url


def test_nobody_who_leaves_leaves_a_language_behind(page):
    write(page, ARABIC)
    says(page, SEND, LEAVE, DANGER)
    page.evaluate(
        "dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))"
    )

    says(page, "Send", "Leave this site", "A child is in danger now")
    assert page.locator("[name=lang]").input_value() == ""
