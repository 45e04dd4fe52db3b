"""The texts in other languages: who has read them, and likely mistakes in them.

Gaps, placeholders and numbers are refused when the files are read, so that a server
does not start with them (bot/words/languages.py). Mistakes found here would reach
visitors, but not say what was meant.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from bot.desk.checks.finding import Finding
from bot.languages.scripts import IN_LATIN, LATIN, script, scripts
from bot.words.directory import Directory
from bot.words.languages import FOLDER, PARTS, PLACEHOLDER, Languages, Wording

LONGEST_TITLE = 70
TITLES = ("topics", "openings")  # and the button under an emergency
BUTTON = "not_now"
RIGHT_TO_LEFT = ("Arabic", "Hebrew")
# What is said to the operator, and the names of forces and charities.
SAID = re.compile(r'"(Police|Fire|Ambulance|Help)\b')
NAMES = (
    "Stop It Now", "Childline", "Samaritans", "Kent", "Surrey", "Sussex",
    "Thames Valley",
)  # fmt: skip
# One language to the operator: ckb and ku are Kurdish.
SAID_ALIKE = {"ckb": "ku"}
MOST_NAMED = 3


def check(languages: Languages, directory: Directory) -> Iterator[Finding]:
    """Finds what is not read, not in its own script or longer than a button."""
    names = (*NAMES, directory.services["lucy_faithfull"]["name"])
    for tag, wording in languages.items():
        own = script_of(wording)
        yield from _direction(languages, wording, own)
        for part in PARTS:
            english = getattr(languages.english, part)
            for key, text in getattr(wording, part).items():
                kept = [*SAID.findall(english[key]), *names]
                for says in [
                    *_letters(wording, own, text),
                    *_names(english[key], text, kept),
                    *_length(part, key, text),
                ]:
                    yield Finding(languages.place(tag, part, key), f"`{key}` {says}")
    yield from _doubled(languages)
    yield from _unread(languages)


def script_of(wording: Wording) -> str:
    """What a language is written in: that of its own name, or Latin by its tag."""
    if wording.tag.endswith(IN_LATIN):
        return LATIN
    counted = scripts(wording.own_name).most_common(1)
    return counted[0][0] if counted else LATIN


def _direction(languages: Languages, wording: Wording, own: str) -> Iterator[Finding]:
    wanted = "rtl" if own in RIGHT_TO_LEFT else "ltr"
    if wording.dir != wanted:
        yield Finding(
            languages.place(wording.tag, "language", "dir"),
            f"`dir` is {wording.dir}, but {own} letters run the other way. Write "
            f"{wanted}.",
        )


def _letters(wording: Wording, own: str, text: str) -> Iterator[str]:
    counted = scripts(PLACEHOLDER.sub("", text))
    if not counted[own]:
        yield f"holds no {own} letters. Translate it, or correct `own_name`."
    if others := sorted(set(counted) - {own, LATIN}):
        letters = [letter for letter in text if letter.isalpha()]
        strange = dict.fromkeys(x for x in letters if script(x) in others)
        yield (
            f"holds {' and '.join(others)} letters, “{''.join(strange)[:20]}”, in a "
            f"language written in {own} ones. Type them again."
        )


def _names(english: str, text: str, kept: list[str]) -> Iterator[str]:
    for name in dict.fromkeys(kept):
        if name in english and name not in text:
            yield (
                f"lacks “{name}”, which stays as it is in English. Put it in; its "
                "meaning may follow in brackets."
            )


def _length(part: str, key: str, text: str) -> Iterator[str]:
    if (part in TITLES or key == BUTTON) and len(text) > LONGEST_TITLE:
        yield (
            f"has {len(text)} characters; {LONGEST_TITLE} are the limit of a button. "
            "Shorten it."
        )


def _doubled(languages: Languages) -> Iterator[Finding]:
    """Two languages that have the same name for visitors, or for the operator."""
    alone: dict[str, Callable[[Wording], object]] = {
        "own_name": lambda one: one.own_name,
        "in_english": lambda one: one.in_english,
    }
    for field, of in alone.items():
        seen: dict[object, str] = {languages.english.own_name: "en"}
        for tag, wording in languages.items():
            if (before := seen.setdefault(of(wording), tag)) != tag:
                yield _same(languages, tag, field, before)
    said: dict[str, str] = {}
    for tag, wording in languages.items():
        before = said.setdefault(wording.say, tag)
        if _spoken(before) != _spoken(tag):
            yield _same(languages, tag, "say", before)
        main = languages.get(tag.removesuffix(IN_LATIN))
        if main and main.say != wording.say:
            yield Finding(
                languages.place(tag, "language", "say"),
                f"`say` is {wording.say}, but {main.say} in {main.tag}.yml: one "
                "language, one interpreter. Write the same in both.",
            )


def _spoken(tag: str) -> str:
    tag = tag.removesuffix(IN_LATIN)
    return SAID_ALIKE.get(tag, tag)


def _same(languages: Languages, tag: str, field: str, before: str) -> Finding:
    return Finding(
        languages.place(tag, "language", field),
        f"`{field}` is also that of {before}.yml. Give each language its own.",
    )


def _unread(languages: Languages) -> Iterator[Finding]:
    unread = [tag for tag, wording in languages.items() if not wording.read_by]
    more = len(unread) - MOST_NAMED
    if unread:
        named = ", ".join(unread[:MOST_NAMED])
        named += f" and {more} more" if more > 0 else ""
        yield Finding(
            FOLDER,
            f"{len(unread)} of {len(languages)} languages still need a native speaker "
            f"to read them: {named}. docs/translating.md says how. Then write the "
            "reader's role into `read_by`.",
            warning=True,
        )
