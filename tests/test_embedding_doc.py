"""docs/embedding.md says what the script, the chat and the server do."""

from __future__ import annotations

import re
import uuid

import pytest
import yaml

from bot import DATA, ROOT
from bot.chat.origins import Origins
from bot.chat.senders import is_unguessable
from bot.pages.pages import WEB
from bot.server.routes.embed import DEMO_POLICY, HOUR_SECONDS
from bot.server.routes.rasa_rest import PRESSED
from bot.settings import Settings
from bot.talk.memory import IDLE_MINUTES

DOCUMENT = (ROOT / "docs" / "embedding.md").read_text(encoding="utf-8")
LAUNCHER = (WEB / "launcher" / "launcher.js").read_text(encoding="utf-8")
CHAT, LEAVE = (
    (WEB / "static" / name).read_text(encoding="utf-8")
    for name in ("chat.js", "leave.js")
)
CHAT_ADDRESS = "https://chat.example"
# `tell("open")`, `{ signposting: "leave"`, and what is compared with on receipt.
SENT = re.compile(r'(?:\btell\(|\bsignposting: )"(\w+)"')
HEARD = re.compile(r'\bsignposting [!=]== "(\w+)"')


def section(title: str) -> str:
    """The part of the document under a heading."""
    return re.search(rf"^## {title}\n(.*?)(?=^## |\Z)", DOCUMENT, re.M | re.S)[1]


def rows(title: str) -> dict[str, list[str]]:
    """The cells of a section's table, by the first cell of each row."""
    found = re.findall(r"^\| `([\w-]+)` \|(.*)\|$", section(title), re.M)
    return {name: [c.strip() for c in cells.split("|")] for name, cells in found}


def read_options() -> dict[str, str]:
    """The options that the script reads, with their defaults, or with an empty one."""
    [names] = re.findall(r"const \{([^}]*)\} = tag\.dataset", LAUNCHER)
    return dict(re.findall(r'(\w+)(?: = "([^"]*)")?(?:, | $)', names))


def directives(policy: str) -> dict[str, str]:
    parts = [part.split(maxsplit=1) for part in policy.split(";") if part.strip()]
    return {name: value.strip() for name, value in parts}


def test_the_document_names_every_option_that_the_script_reads_and_no_other():
    read = {f"data-{name}" for name in read_options()}

    assert set(rows("Options")) == read
    assert set(re.findall(r"\bdata-[a-z]+\b", DOCUMENT)) == read


def test_the_usual_values_are_those_of_the_script():
    told = {name: cells[1].strip("`") for name, cells in rows("Options").items()}

    for name, usual in read_options().items():
        if usual:
            assert told[f"data-{name}"] == usual
    assert f'"{told["data-colour"]}"' in LAUNCHER


def test_the_corners_are_those_that_the_script_understands():
    [edges, sides] = re.findall(r"\^\((\w+\|\w+)\)-\((\w+\|\w+)\)\$", LAUNCHER)[0]
    corners = {f"{e}-{s}" for e in edges.split("|") for s in sides.split("|")}

    assert set(re.findall(r"`([\w-]+)`", rows("Options")["data-corner"][2])) == corners


def test_the_forces_are_all_forces(directory):
    told = re.findall(r"`(\w+)`", rows("Options")["data-force"][2])

    assert told == list(directory.forces)


def test_the_document_names_every_message_and_no_other():
    in_code = {*SENT.findall(LAUNCHER + CHAT + LEAVE), *HEARD.findall(LAUNCHER + CHAT)}
    [listener] = re.findall(r"```js\n(.*?)```", DOCUMENT, re.S)

    told = rows("Messages between the chat and your page")
    assert set(told) == in_code
    assert set(HEARD.findall(listener)) <= in_code


def test_each_message_comes_from_where_the_document_says():
    told = rows("Messages between the chat and your page")
    from_page = {name for name, cells in told.items() if cells[0] == "your page"}
    from_chat = {name for name, cells in told.items() if cells[0] == "the chat"}

    assert from_page == set(SENT.findall(LAUNCHER)) == set(HEARD.findall(CHAT))
    assert from_chat == set(SENT.findall(CHAT + LEAVE)) == set(HEARD.findall(LAUNCHER))


def test_the_policy_is_the_one_that_the_demonstration_runs_under():
    [policy] = re.findall(r"```\n(.*?)```", section("Content Security Policy"), re.S)
    told, demonstration = directives(policy), directives(DEMO_POLICY)

    assert set(told) == {"script-src", "frame-src"}
    for name, value in told.items():
        assert value.replace(CHAT_ADDRESS, "'self'") == demonstration[name]
    assert demonstration["default-src"] == "'none'"
    assert "unsafe" not in DEMO_POLICY  # its own style sheet is all that style-src adds
    assert "`require-trusted-types-for 'script'`" in DOCUMENT
    assert demonstration["require-trusted-types-for"] == "'script'"


def test_every_script_tag_and_frame_names_an_address_that_is_served(server):
    paths = set(re.findall(rf'{CHAT_ADDRESS}(/[^"`\s]*)', DOCUMENT))
    paths -= {path for path in paths if path.startswith("/webhooks/")}

    assert {"/embed.js", "/widget?force=kent", "/embed-demo/kent"} <= paths
    for path in paths:
        assert server.get(path).status == 200, path


def test_a_copy_is_cached_as_long_as_the_document_says(server):
    assert "cached for an hour" in DOCUMENT and HOUR_SECONDS == 60 * 60
    assert f"max-age={HOUR_SECONDS}" in server.get("/embed.js").headers["Cache-Control"]


def test_a_website_is_listed_exactly_as_the_document_says(directory):
    origins = Origins(directory)
    told = section("Which websites may show it")

    for origin, listed in (
        ("https://www.kent.police.uk", True),
        ("https://kent.police.uk", False),
    ):
        assert f"`{origin}`" in told
        assert origins.listed(origin) is listed


RASA_CLIENTS = section("If you run a Rasa web client")


def test_the_switch_of_the_rasa_protocol_is_the_setting_named():
    assert "off unless" in RASA_CLIENTS and "`RASA_REST=1`" in RASA_CLIENTS
    assert Settings.read({"RASA_REST": "1"}).rasa_rest
    assert not Settings.read({}).rasa_rest


def test_a_rasa_client_s_sender_works_in_the_form_described():
    assert "random UUID (version 4)" in RASA_CLIENTS
    assert is_unguessable(str(uuid.uuid4()))
    assert f"(`{PRESSED}…`)" in RASA_CLIENTS


def test_a_conversation_is_remembered_as_long_as_the_document_says():
    assert "for ten minutes" in RASA_CLIENTS and IDLE_MINUTES == 10


def test_the_contents_list_every_section_in_order():
    headings = re.findall(r"^## (.*)$", DOCUMENT, re.M)
    listed = re.findall(r"^- \[(.*)\]\(#(.*)\)$", DOCUMENT, re.M)

    assert [title for title, _ in listed] == headings
    for title, anchor in listed:
        assert re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") == anchor


def test_the_versions_are_where_the_command_writes_them():
    table = re.search(r"<!-- versions -->(.*)<!-- /versions -->", DOCUMENT, re.S)

    assert table and table[0] in section("Pin a version")


def test_the_tag_that_is_pinned_names_the_newest_version():
    newest, *_ = re.findall(r"^\| (\d[\d.]*) \| `sha384", DOCUMENT, re.M)

    assert re.findall(r"/embed-([\d.]+)\.js", DOCUMENT) == [newest]


@pytest.mark.parametrize("path", sorted(set(re.findall(r"\]\(([^)#]+)\)", DOCUMENT))))
def test_a_file_that_the_document_links_exists(path):
    assert (ROOT / "docs" / path).exists()


def test_the_forces_file_calls_them_origins():
    assert "`origins`" in section("Which websites may show it")
    assert all(
        "origins" in e
        for e in yaml.safe_load((DATA / "forces.yml").read_text()).values()
    )
