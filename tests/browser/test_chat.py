"""A visitor asks in a real browser, with JavaScript and without."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.steps import type_question as ask


def test_a_question_is_answered_in_the_log(page):
    ask(page, "is the helpline anonymous")

    log = page.get_by_role("log")
    expect(log).to_contain_text("You do not have to give a name")
    expect(
        log.get_by_role("link", name="Call the Stop It Now helpline")
    ).to_have_attribute("href", "tel:08081000900")
    assert page.url.endswith("/")


def test_an_emergency_is_answered_by_the_press_of_enter(page):
    page.get_by_label("Your question").fill("he is hurting my son right now")
    page.keyboard.press("Enter")

    said = page.locator(".reply.emergency [data-text] p").first
    expect(said).to_contain_text("Call 999 now")


def test_a_button_asks_its_question(page):
    page.get_by_role("button", name="I am worried about myself").click()
    page.get_by_text("More questions").click()
    page.get_by_role("button", name="What happens when police investigate").click()

    expect(page.get_by_role("log")).to_contain_text("An arrest is not a conviction")


def test_danger_is_always_one_press_away(page):
    page.get_by_role("button", name="A child is in danger now").click()

    expect(page.get_by_role("log")).to_contain_text("Call 999 now")


def test_what_was_typed_is_shown_as_text(page):
    ask(page, "<img src=x onerror=alert(1)> is the helpline free")

    expect(page.get_by_role("log")).to_contain_text("<img src=x")
    assert page.locator(".log img").count() == 0


def test_without_javascript_the_form_gets_an_answer(browser, server):
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(f"{server.address}/?force=kent")
    ask(page, "how long are you on the register")

    expect(page.locator(".reply")).to_contain_text("30 months or more")
    page.get_by_role(
        "button", name="Coming off the register, and spent convictions"
    ).click()
    expect(page.locator(".reply")).to_contain_text("spent")
    page.close()


def test_a_false_alarm_leads_to_the_ordinary_answer_in_one_press(page):
    ask(page, "he is hurting my son right now")
    page.get_by_role("button", name="This is not happening now").click()

    expect(page.locator(".reply")).to_have_count(2)
    expect(page.locator(".reply").last).not_to_have_class("reply emergency")


def test_two_questions_get_two_answers_that_can_be_read_in_full(page):
    ask(page, "how long would i be on the register, and would i lose my job over it?")

    expect(page.locator(".reply")).to_have_count(2)
    expect(page.locator("[data-topic=law_register]")).to_contain_text("2 years")
    expect(page.locator("[data-topic=law_life]")).to_contain_text("lose their job")
