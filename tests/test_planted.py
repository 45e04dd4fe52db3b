"""Session tokens: a page never takes over one that another website planted."""

from __future__ import annotations

import json
import re
from urllib.parse import urlencode

import pytest

from bot.chat.origins import Origins
from bot.chat.sessions import PAGE, PROGRAM
from tests.conftest import Answer, Server, calls_999_first

FORM = "application/x-www-form-urlencoded"
BROWSER = {"Accept": "text/html,application/xhtml+xml"}
KENT = "https://www.kent.police.uk"
FOREIGN = "https://evil.example"
HOST = "chat.example"
CALM = "is the helpline anonymous"
CAUSE = "found pictures of children on my husbands laptop"
SOON = "he gets home at six"


def token_in(page: Answer) -> str:
    """The token that a page continues with."""
    [token] = re.findall(r'name="session" value="([^"]*)"', page.body)
    return token


def audience_in(page: Answer) -> str:
    [audience] = re.findall(r'name="audience" value="([^"]*)"', page.body)
    return audience


def post_form(server: Server, fields: dict[str, str], **headers: str) -> Answer:
    body = urlencode(fields).encode()
    return server.send("POST", "/chat", body, Content_Type=FORM, **BROWSER, **headers)


def own(server: Server) -> dict[str, str]:
    """The headers of a form in a page of this site."""
    return {"Origin": server.address, "Sec-Fetch-Site": "same-origin"}


# Whose page it is


@pytest.mark.parametrize(
    ("headers", "sender"),
    [
        ({}, PROGRAM),
        ({"origin": f"https://{HOST}"}, PAGE),
        ({"origin": f"http://{HOST}"}, PAGE),  # a proxy may end TLS
        ({"origin": f"http://{HOST}", "sec-fetch-site": "cross-site"}, None),
        ({"origin": f"https://{HOST}", "sec-fetch-site": "same-origin"}, PAGE),
        ({"origin": f"https://{HOST}", "sec-fetch-site": "none"}, PAGE),
        ({"origin": f"https://{HOST}", "sec-fetch-site": "same-site"}, None),
        ({"origin": f"https://{HOST}:444"}, None),
        ({"origin": f"https://{HOST}.evil.example"}, None),
        ({"origin": f"https://other.{HOST}"}, None),
        ({"origin": FOREIGN}, None),
        ({"origin": FOREIGN, "referer": f"https://{HOST}/"}, None),
        ({"origin": "null"}, None),
        ({"origin": "null", "sec-fetch-site": "same-origin"}, None),
        ({"origin": ""}, None),
        ({"origin": "http://["}, None),
        ({"origin": KENT}, KENT),
        ({"origin": KENT, "sec-fetch-site": "cross-site"}, KENT),
        # Without `Origin`
        ({"sec-fetch-site": "same-origin"}, PAGE),
        ({"sec-fetch-site": "none"}, PROGRAM),
        ({"sec-fetch-site": "cross-site"}, None),
        ({"sec-fetch-site": "same-site"}, None),
        ({"sec-fetch-site": "zebra"}, None),
        ({"sec-fetch-site": "cross-site", "referer": f"https://{HOST}/"}, None),
        ({"referer": f"https://{HOST}/chat"}, PAGE),
        ({"referer": f"{KENT}/advice"}, KENT),
        ({"referer": f"{FOREIGN}/{HOST}/"}, None),
        ({"referer": "http://["}, None),
    ],
)
def test_what_a_browser_says_tells_whose_page_sent_a_request(
    directory, headers, sender
):
    assert Origins(directory).sender(headers, HOST) == sender


# What a page continues with


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": FOREIGN},
        {"Origin": "null"},
        {"Origin": KENT},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "none"},
        {"Referer": f"{FOREIGN}/"},
        {},  # an old browser, from a page that forbids `Referer`
    ],
    ids=str,
)
@pytest.mark.parametrize("said", [CALM, "he is hurting my son right now", ""])
def test_no_page_goes_on_with_what_came_from_elsewhere(server, headers, said):
    planted = token_in(server.get("/"))
    fields = {"message": said, "session": planted, "audience": "young"}
    answer = post_form(server, fields, **headers)

    assert token_in(answer) != planted and audience_in(answer) == ""


def test_nor_by_a_form_that_looks_like_json(server):
    planted = token_in(server.get("/"))
    body = json.dumps({"message": CALM, "session": planted, "x": "="}).encode()
    answer = server.send(
        "POST", "/chat", body, Content_Type="text/plain", Origin=FOREIGN, **BROWSER
    )

    assert answer.status == 403 and token_in(answer) != planted


def test_nor_by_an_opening_of_another_website(server):
    answer = post_form(server, {"opening": "young"}, Origin=FOREIGN)

    assert answer.status == 403 and audience_in(answer) == ""


def test_a_refused_program_is_given_another_token(server):
    token = server.ask(CALM).session

    refused = server.post({"message": CALM, "session": token}, Origin=FOREIGN)
    assert refused.status == 403 and refused.session != token


def test_a_page_of_this_site_goes_on(server):
    page = server.get("/")
    for said in (CAUSE, "we have a daughter of six"):
        fields = {"message": said, "session": token_in(page), "audience": "other"}
        token, page = token_in(page), post_form(server, fields, **own(server))
        assert token_in(page) == token and audience_in(page) == "other"

    last = {"message": SOON, "session": token_in(page)}
    assert '"reply emergency"' in post_form(server, last, **own(server)).body


def test_the_script_of_a_page_goes_on_with_the_token_of_the_page(server):
    token = token_in(server.get("/widget?force=kent"))

    answer = server.post({"topic": "harm", "session": token}, **own(server))
    assert answer.session == token
    fields = {"message": "", "session": token}
    assert token_in(post_form(server, fields, **own(server))) == token


# Who can use a token


def test_what_a_program_was_given_is_no_use_in_a_page(server):
    token = server.ask(CALM).session
    assert server.ask(CALM, session=token).session == token

    page = post_form(server, {"message": CALM, "session": token}, **own(server))
    assert token_in(page) != token
    script = server.post({"topic": "harm", "session": token}, **own(server))
    assert script.session != token
    listed = server.post({"topic": "harm", "session": token}, Origin=KENT)
    assert listed.session != token


def test_what_a_listed_website_was_given_is_good_there_alone(server):
    token = server.post({"topic": "harm"}, Origin=KENT).session
    body = {"topic": "harm", "session": token}

    assert server.post(body, Origin=KENT).session == token
    assert server.post(body, Origin="https://www.sussex.police.uk").session != token
    assert server.post(body).session != token


# The talk of a token that is replaced


def test_a_talk_whose_token_is_not_known_any_more_has_a_gap(server):
    """As when a front without Redis has been restarted."""
    answer = server.ask(CALM, session="5e55" * 16)
    assert answer.replies[0]["kind"] == "answer" and calls_999_first(answer.text)

    again = server.ask(CALM, session=answer.session)
    assert again.session == answer.session and calls_999_first(again.text)
    assert not calls_999_first(server.ask(CALM, session="a name of its own").text)
    assert not calls_999_first(server.ask(CALM).text)
