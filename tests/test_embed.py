"""What a police force's website embeds: who may, what it gets, and in which look."""

from __future__ import annotations

import re

import pytest

from bot import DATA, ROOT
from bot.pages import embed
from bot.words import yaml_files
from bot.words.directory import Directory
from bot.words.forces import DirectoryError
from bot.words.lifelines import Lifelines
from tests.conftest import assert_carries_the_numbers

FORCES = list(Directory.read().forces)
FOREIGN = [
    "https://www.example.org",
    "https://www.kent.police.uk.example.org",
    "http://www.kent.police.uk",
    "https://kent.police.uk",
    "null",
    "",
]
DANGER = {"message": "he is hurting my little girl in there right now"}
# WCAG 2.2, success criterion 1.4.3, for text of ordinary size.
LEAST_CONTRAST = 4.5
CARD, PAPER = (
    {"light": "#ffffff", "dark": "#1c262d"},
    {"light": "#f6f8f9", "dark": "#12191e"},
)
ON_ACCENT = {"light": "#ffffff", "dark": "#06222b"}


def ancestors(answer) -> list[str]:
    [found] = re.findall(
        r"frame-ancestors ([^;]+)", answer.headers["Content-Security-Policy"]
    )
    return found.split()


@pytest.mark.parametrize("force", FORCES)
def test_the_widget_is_framed_by_the_websites_of_its_force_alone(
    server, directory, force
):
    answer = server.get(f"/widget?force={force}")

    assert ancestors(answer) == ["'self'", *directory.forces[force].origins]
    assert directory.forces[force].name in answer.body


def test_a_widget_of_no_known_force_is_framed_by_the_forces_websites(server):
    for path in ("/widget", "/widget?force=narnia"):
        listed = ancestors(server.get(path))
        assert len(listed) == 1 + len(FORCES)
        assert_carries_the_numbers(server.get(path).body)


@pytest.mark.parametrize("path", ["/", "/answers", "/answers/harm", "/embed-demo/kent"])
def test_no_other_page_is_framed_by_anybody(server, path):
    assert ancestors(server.get(path)) == ["'none'"]


def test_the_answer_to_the_form_in_a_frame_may_be_framed_as_well(server):
    answer = server.send(
        "POST",
        "/chat",
        b"message=is+the+helpline+free&view=widget&force=kent&session=",
        Content_Type="application/x-www-form-urlencoded",
    )

    assert ancestors(answer) == ["'self'", "https://www.kent.police.uk"]
    assert 'class="widget"' in answer.body


@pytest.mark.parametrize("origin", FOREIGN)
def test_a_conversation_from_another_website_is_refused_with_the_numbers(
    server, origin
):
    answer = server.post({"message": "is the helpline free"}, Origin=origin)

    assert answer.status == 403
    assert "does not work on the website" in answer.text
    assert_carries_the_numbers(answer.text)


@pytest.mark.parametrize("origin", FOREIGN)
def test_an_emergency_from_another_website_is_answered(server, origin):
    answer = server.post(DANGER, Origin=origin)

    assert answer.status == 200 and answer.replies[0]["kind"] == "emergency"


def test_a_conversation_from_here_or_from_a_listed_website_is_answered(server):
    for origin in (server.address, "https://www.sussex.police.uk"):
        assert server.post({"topic": "harm"}, Origin=origin).status == 200


@pytest.mark.parametrize("force", FORCES)
@pytest.mark.parametrize("on", ["light", "dark"])
def test_the_colour_of_a_force_can_be_read(server, directory, force, on):
    accent = getattr(directory.force(force).accent, on)

    for other in (CARD[on], PAPER[on], ON_ACCENT[on]):
        assert contrast(accent, other) >= LEAST_CONTRAST
    assert accent in server.get(f"/look.css?force={force}").body


def test_the_measured_colours_are_those_of_the_page(server):
    style = server.get("/static/style.css").body

    for colours in (CARD, PAPER):
        assert all(colour in style for colour in colours.values())
    assert all(c in server.get("/look.css").body for c in ON_ACCENT.values())


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("origins", "https://www.kent.police.uk"),
        ("origins", ["https://www.kent.police.uk/"]),
        ("origins", ["*"]),
        ("origins", None),
        ("accent", {"light": "blue", "dark": "#ffffff"}),
        ("accent", None),
    ],
)
def test_a_force_without_a_proper_website_or_colour_is_refused(directory, field, value):
    forces = yaml_files.read(DATA / "forces.yml")
    forces["kent"][field] = value

    with pytest.raises(DirectoryError, match=f"forces.yml(?=.*{field}).*kent"):
        Directory(directory.services, forces, Lifelines.read())


def test_the_script_holds_the_numbers_and_its_newest_version_is_released(
    server, answers
):
    script = embed.compose(answers)
    version, released = list(embed.released().items())[-1]

    assert_carries_the_numbers(script)
    assert released == script, "the script has changed: run `make embed`"
    for path in ("/embed.js", f"/embed-{version}.js"):
        answer = server.get(path)
        assert answer.body == script
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert answer.headers["Content-Type"].startswith("text/javascript")
    assert "immutable" in answer.headers["Cache-Control"]
    assert "immutable" not in server.get("/embed.js").headers["Cache-Control"]
    assert server.get("/embed-0.0.0.js").status == 404


def test_a_version_that_websites_may_have_pinned_has_not_changed():
    document = (ROOT / "docs" / "embedding.md").read_text()
    listed = dict(re.findall(r"^\| ([\d.]+) \| `(sha384-[^`]+)` \|$", document, re.M))

    assert listed == {v: embed.integrity(s) for v, s in embed.released().items()}


def test_a_changed_script_becomes_the_next_version(tmp_path, answers, monkeypatch):
    monkeypatch.setattr(embed, "FOLDER", tmp_path)
    (tmp_path / "launcher.js").write_text("function launch(words) {}")

    assert embed.release(answers, tmp_path) == "1.0.0"
    assert embed.release(answers, tmp_path) == "1.0.0"
    (tmp_path / "launcher.js").write_text("function launch(words) { words }")
    assert embed.release(answers, tmp_path) == "1.0.1"
    assert len(embed.released()) == 2


@pytest.mark.parametrize("force", FORCES)
def test_each_force_has_a_demonstration(server, directory, force):
    answer = server.get(f"/embed-demo/{force}")

    assert directory.forces[force].name in answer.body
    assert f'data-force="{force}"' in answer.body
    assert server.get("/embed-demo/narnia").status == 404


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, as WCAG 2.2 defines it: 1 to 21."""
    lighter, darker = sorted(map(_luminance, (one, other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [
        p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts
    ]
    return sum(w * p for w, p in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
