"""Easy Read: ten answers in short lines, as drafts and signed; faults in the file."""

from __future__ import annotations

import re
from html import unescape
from xml.etree import ElementTree

import pytest
import yaml

from bot import DATA
from bot.words.answers import Answers
from bot.words.easy_read import EasyRead, EasyReadError, signed_as
from tests import checkout
from tests.conftest import Server, assert_carries_the_numbers, refused

ASKED_MOST = (
    "own_behaviour", "helpline_how", "helpline_confidential", "family_support",
    "law_police_process", "report_content", "concern_adult", "young_person_image",
    "young_person_worried_self", "immediate_risk",
)  # fmt: skip
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def easy_read(answers) -> EasyRead:
    return EasyRead.read(answers)


@pytest.fixture
def copy(tmp_path):
    return checkout.make(tmp_path)


def lines_of(page: str) -> list[str]:
    """What a reader reads beside each drawing."""
    [listed] = re.findall(r'<ul class="easy-lines"[^>]*>(.*?)</ul>', page, re.S)
    return [
        re.sub(r"<[^>]+>", "", re.sub("<svg.*?</svg>", "", line, flags=re.S)).strip()
        for line in re.findall(r"<li>(.*?)</li>", listed, re.S)
    ]


def test_the_ten_answers_that_are_asked_for_most_have_a_version(easy_read):
    assert tuple(easy_read) == ASKED_MOST


@pytest.mark.parametrize("key", ASKED_MOST)
def test_its_page_has_a_drawing_beside_each_line(server, easy_read, key):
    page = server.get(f"/answers/{key}/easy-read").body
    shown = easy_read.shown(key)

    for said, (_, words) in zip(lines_of(page), shown, strict=True):
        # An address is shown as its name only.
        assert unescape(said).split(": ")[0] == words.split(": ")[0]
    assert page.count('class="symbol"') == len(shown)
    assert page.count('aria-hidden="true" focusable="false"') == len(shown)
    assert f'href="/answers/{key}"' in page
    assert "awaiting review" in page and "{" not in "".join(lines_of(page))


@pytest.mark.parametrize("key", ASKED_MOST)
def test_the_answer_leads_to_it_and_says_999_too(server, key):
    answer = server.get(f"/answers/{key}?force=kent").body
    page = server.get(f"/answers/{key}/easy-read?force=kent").body

    assert f'href="/answers/{key}/easy-read?force=kent"' in answer
    assert "999" in "".join(lines_of(page))
    assert f'href="/answers/{key}?force=kent"' in page


def test_in_an_emergency_the_call_comes_first(server):
    first, *_ = lines_of(server.get("/answers/immediate_risk/easy-read").body)

    assert first == "Call 999 now."


@pytest.mark.parametrize("path", ["harm/easy-read", "nothing/easy-read"])
def test_an_answer_without_a_version_has_no_page_and_no_link(server, path):
    missing = server.get(f"/answers/{path}", Accept="text/html")

    assert missing.status == 404
    assert_carries_the_numbers(missing.body)
    assert "easy-read" not in server.get("/answers/harm").body


def test_any_parser_of_yaml_reads_the_file(easy_read):
    # The parser in C accepts "?" without quotes inside braces, the one in Python does
    # not.
    text = (DATA / "easy_read.yml").read_text(encoding="utf-8")

    assert list(yaml.load(text, yaml.SafeLoader)["topics"]) == list(easy_read)


def test_a_drawing_is_plain_and_passed_over_by_screen_readers():
    drawings = sorted((DATA / "symbols").glob("*.svg"))

    for path in drawings:
        svg = ElementTree.parse(path).getroot()
        assert svg.tag == f"{SVG}svg" and svg.get("aria-hidden") == "true", path.name
        assert svg.get("stroke") == "currentColor"  # also in forced colours
        assert {part.tag for part in svg.iter()} <= {
            f"{SVG}{name}" for name in ("svg", "path", "circle")
        }


def test_every_drawing_is_beside_a_line(easy_read):
    used = {line.symbol for version in easy_read.values() for line in version.lines}

    assert used == {path.stem for path in (DATA / "symbols").glob("*.svg")}


# What an editor may do to the file, and what the error says: the server does not start.
FAULTS = {
    "an unknown topic": (
        "  own_behaviour:\n", "  own_behavior:\n",
        "`own_behavior` is not a topic with its own page. Did you mean `own_beh",
    ),
    "a topic that has no page": (
        "  own_behaviour:\n", "  smalltalk:\n",
        "`smalltalk` is not a topic with its own page.",
    ),
    "a missing drawing": (
        "symbol: heart", "symbol: hearts",
        "has the symbol `hearts`, and data/symbols has no such drawing. Did you mean",
    ),
    "a line without a drawing": (
        "{symbol: heart, text: ", "{text: ", "`symbol` of",
    ),
    "no line at all": (
        "    lines:\n    - {symbol: people",
        "    lines: []\n    old:\n    - {symbol: people", "is empty. Fill it",
    ),
    "a placeholder that nothing fills": (
        "Now: {stop_it_now.phone}", "Now: {stop_it_now.fax}", "add `fax` to",
    ),
    "a mistyped number": (
        "Now: {stop_it_now.phone}", "Now: 0808 1000 901", "not the number of any",
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_refused_with_its_line_and_the_remedy(copy, fault):
    old, new, remedy = FAULTS[fault]
    checkout.change(copy, "data/easy_read.yml", old, new)

    with pytest.raises(EasyReadError) as said:
        EasyRead.read(Answers.read(copy, copy / "data"), copy / "data")
    assert remedy in str(said.value)
    assert re.match(r"data/easy_read\.yml, line \d+: ", str(said.value))


def test_a_drawing_with_a_script_or_a_link_is_refused(copy):
    path = checkout.own(copy, "data/symbols/heart.svg")
    path.write_text('<svg xmlns="x"><script>1</script></svg>')

    with pytest.raises(EasyReadError, match=r"heart\.svg: is not a plain drawing"):
        EasyRead.read(Answers.read(copy, copy / "data"), copy / "data")


def test_the_server_does_not_start_with_a_fault(copy):
    checkout.change(copy, "data/easy_read.yml", "symbol: heart", "symbol: hearts")

    assert "data/easy_read.yml, line " in refused(root=copy, engine=False)


def test_it_is_signed_by_its_own_name_and_a_changed_line_loses_that(copy):
    checkout.sign(copy, "easy_read_own_behaviour")
    answers = Answers.read(copy, copy / "data")
    assert EasyRead.read(answers, copy / "data").approved("own_behaviour")
    assert not EasyRead.read(answers, copy / "data").approved("helpline_how")

    checkout.change(copy, "data/easy_read.yml", "They listen.", "They hear you.")
    assert not EasyRead.read(answers, copy / "data").approved("own_behaviour")


def test_the_command_signs_it_and_names_a_near_one(copy):
    how = ("--by", "Kent Police safeguarding lead", "--on", "2026-11-02")
    signed = checkout.run(copy, "sign-off", signed_as("helpline_how"), *how)
    wrong = checkout.run(copy, "sign-off", "easy_read_helpline", *how)

    assert (
        "easy_read_helpline_how: “The helpline is called Stop It Now." in signed.stdout
    )
    assert wrong.returncode == 1
    assert "data/easy_read.yml has no version `easy_read_helpline`." in wrong.stderr


def test_where_only_what_is_signed_is_shown_a_draft_has_no_page(tmp_path):
    folder = checkout.make(tmp_path)
    checkout.sign(folder)
    checkout.sign(folder, "easy_read_own_behaviour")
    running = Server(root=folder, engine=False, REQUIRE_SIGN_OFF="1")
    try:
        running.wait("/health/live", 60)
        assert running.get("/answers/own_behaviour/easy-read").status == 200
        assert running.get("/answers/helpline_how/easy-read").status == 404
        assert "easy-read" not in running.get("/answers/helpline_how").body
    finally:
        running.stop()
