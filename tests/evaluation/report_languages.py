"""Writes docs/languages.md: how well each language works."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from bot import ROOT
from bot.words.directory import Directory
from bot.words.languages import Languages
from tests.evaluation import score_languages as of
from tests.evaluation.score import Scores, Tally
from tests.evaluation.sets import share

PAGE = ROOT / "docs" / "languages.md"
RECOGNISED = 90  # percent of its emergencies
INTRODUCTION = """\
# Other languages

Written on {day} by `make evaluate`; do not edit it. The messages are those in
`tests/evaluation/held_back/languages/`. Their meanings are not in the training data.
**No native speaker has checked these messages, the training messages or what the
chat says.** Real visitors may write differently. The intervals are wide because there
are only a few messages in each language.

[bot/languages/gate.py](../bot/languages/gate.py) decides which language a message is
in. The answer always begins with 999 in that language, with the same in English below
it. [translating.md](translating.md) explains how the words are written.
"""


def write(scores: Scores) -> None:
    """Writes the page."""
    PAGE.write_text("\n".join(_report(scores)) + "\n", encoding="utf-8")


def _report(scores: Scores) -> Iterator[str]:
    yield INTRODUCTION.format(day=date.today())
    yield "## All together"
    yield ""
    yield "| what | found, with 95 % interval |"
    yield "| --- | --- |"
    for name in (
        of.LED, of.ALARMED, of.CALM, of.CALM_ROMANISED, of.RIGHT, of.TAP, of.ENGLISH,
    ):  # fmt: skip
        tally = scores[name]
        yield f"| {name} | {share(tally.right, tally.total)} |"
    alarmed = scores[of.ALARMED].groups["language"]
    good = [
        tag
        for tag, (right, all_) in alarmed.items()
        if 100 * right >= RECOGNISED * all_
    ]
    yield ""
    yield (
        f"In {len(good)} of {len(alarmed)} languages and ways of writing at least "
        f"{RECOGNISED} % of the emergencies are recognised."
    )
    for by, title in (("group", "By script"), ("language", "By language")):
        yield ""
        yield f"## {title}"
        yield ""
        yield "| | 999 first | emergencies | calm | right topic | one tap |"
        yield "| --- | --- | --- | --- | --- | --- |"
        calm = _joined(scores[of.CALM], scores[of.CALM_ROMANISED], by)
        for name in sorted(scores[of.LED].groups[by]):
            found = [
                scores[of.LED].groups[by].get(name),
                scores[of.ALARMED].groups[by].get(name),
                calm.get(name),
                scores[of.RIGHT].groups[by].get(name),
                scores[of.TAP].groups[by].get(name),
            ]
            cells = [f"{c[0]} of {c[1]}" if c else "" for c in found]
            yield f"| {name} | {' | '.join(cells)} |"
    yield ""
    yield "## Languages without a test"
    yield ""
    tested = set(scores[of.LED].groups["language"])
    others = [
        w for tag, w in Languages.read(Directory.read()).items() if tag not in tested
    ]
    named = ", ".join(sorted(wording.in_english for wording in others))
    yield "The chat also answers in these, but there are no messages to test them with:"
    yield f"{named}."


def _joined(one: Tally, two: Tally, by: str) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for tally in (one, two):
        for name, (right, total) in tally.groups.get(by, {}).items():
            counted = found.setdefault(name, [0, 0])
            counted[0] += right
            counted[1] += total
    return found
