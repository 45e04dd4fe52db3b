"""One answer can be taken away: copied, or printed alone."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.steps import HELP, ask, open_embed

# Instead of printing: the page stays as it is at that moment.
PRINTER = """window.print = () => {
  for (const element of document.querySelectorAll(".prints-one, .printed"))
    element.classList.remove = () => {};
}"""


def test_an_answer_is_copied_and_that_is_said(new_page, server):
    page = new_page()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{server.address}/embed-demo/kent")
    frame = open_embed(page)
    ask(frame, HELP)
    frame.get_by_role("button", name="Copy this answer").click()

    expect(frame.get_by_role("status").first).to_have_text(
        "The answer has been copied."
    )
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("The Stop It Now helpline is confidential")
    assert "Sources" not in copied


def test_one_answer_is_printed_alone(new_page, server):
    page = new_page()
    page.add_init_script(PRINTER)
    page.goto(server.address)
    ask(page, HELP)
    ask(page, "is the helpline free")
    page.get_by_role("button", name="Print this answer").last.click()
    page.emulate_media(media="print")

    on_paper = page.locator(".reply").filter(visible=True)
    expect(on_paper).to_have_count(1)
    expect(on_paper).to_contain_text("free")
    for left_out in (".top", ".asked", ".opening", ".ask", "footer"):
        expect(page.locator(left_out).first).to_be_hidden()


def test_an_answer_page_prints_the_answer_without_the_bars(new_page, server):
    page = new_page()
    page.goto(f"{server.address}/answers/law_register")
    page.emulate_media(media="print")

    expect(page.locator(".reply")).to_be_visible()
    expect(page.locator("footer")).to_be_hidden()
