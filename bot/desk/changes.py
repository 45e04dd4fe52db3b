"""`python -m bot changes REF`: what has changed for visitors since a version."""

from __future__ import annotations

import difflib
import re
import sys
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from bot.desk.paper import save, style
from bot.desk.versions import Version
from bot.pages.pages import Pages
from bot.words.answers import Answers
from bot.words.directory import FORCES, SERVICES


@dataclass(frozen=True)
class Change:
    """One text before and after; "" where there was or is none."""

    what: str
    name: str
    before: str
    after: str

    @property
    def says(self) -> str:
        """What happened to it, in one word."""
        if self.before and self.after:
            return "changed"
        return "new" if self.after else "taken out"

    def marked(self) -> tuple[Markup, Markup]:
        """Both texts as HTML, with the words that differ marked."""
        return mark(self.before, self.after)


def write(ref: str, folder: Path) -> None:
    """Writes changes.html into a folder and lists the changes in the terminal.

    Args:
        ref: The earlier version, as git names it.
        folder: Where the page goes; it is created if necessary.

    Raises:
        SystemExit: There is no such version, or the content has a gap.
    """
    try:
        answers, then, now = Answers.read(), Version.at(ref), Version.now()
    except ValueError as error:
        sys.exit(f"No list of changes. {error}")
    found = compare(then, now)
    page = Pages(answers).render("changes.html", ref=ref, changes=found, css=style())
    path = save(page, folder, "changes.html")
    for change in found:
        sys.stdout.write(f"{change.says}: {change.what} [{change.name}]\n")
    if not found:
        sys.stdout.write(f"Nothing has changed for visitors since {ref}.\n")
    sys.stdout.write(f"{path}: {len(found)} changes since {ref}, side by side.\n")


def compare(then: Version, now: Version) -> list[Change]:
    """Everything that has changed for visitors.

    A changed number is listed once, with the directory, and not in each answer that
    names it: an answer is listed when its own words have changed.
    """
    return [
        *_directory(then, now),
        *_labels(then, now),
        *_answers(then, now),
        *_easy_read(then, now),
        *_languages(then, now),
    ]


def _directory(then: Version, now: Version) -> list[Change]:
    found = []
    for file in (SERVICES, FORCES):
        before, after = then.fields(file), now.fields(file)
        for name, field in {**before, **after}:
            who = after.get((name, "name")) or before.get((name, "name"), name)
            what = f"{who}, {field.replace('_', ' ')}"
            old, new = (v.get((name, field), "") for v in (before, after))
            found.append(Change(what, f"{name}.{field}", old, new))
    return [change for change in found if change.before != change.after]


def _labels(then: Version, now: Version) -> list[Change]:
    before, after = then.labels(), now.labels()
    return [
        Change(
            "Button, heading or note", name, before.get(name, ""), after.get(name, "")
        )
        for name in {**before, **after}
        if before.get(name, "") != after.get(name, "")
    ]


def _answers(then: Version, now: Version) -> list[Change]:
    """Answers whose words differ, filled from the directory as it is now."""
    filled = _filled_as(then, now)
    labels, found = {**then.labels(), **now.labels()}, []
    for name in {**now.responses, **then.responses}:
        key = name.removeprefix("utter_")
        about = labels.get(f"topics.{key}", key.replace("_", " "))
        found.append(Change(about, name, filled.text(name), now.text(name)))
    return [change for change in found if change.before != change.after]


def _easy_read(then: Version, now: Version) -> list[Change]:
    """Easy Read versions whose words differ, filled in the same way."""
    before, after = _filled_as(then, now).easy_read(), now.easy_read()
    labels = {**then.labels(), **now.labels()}
    return [
        Change(
            f"{labels.get(f'topics.{key}', key)}, in Easy Read",
            f"easy_read.{key}",
            before.get(key, ""),
            after.get(key, ""),
        )
        for key in {**after, **before}
        if before.get(key, "") != after.get(key, "")
    ]


def _filled_as(then: Version, now: Version) -> Version:
    """An earlier version with the directory of a later one."""
    return Version(
        {**then.files, SERVICES: now.files[SERVICES], FORCES: now.files[FORCES]}
    )


def _languages(then: Version, now: Version) -> list[Change]:
    """Each changed text of a language; a whole language that came or went, once."""
    before, after = then.languages(), now.languages()
    found = []
    for tag in sorted({*before, *after}):
        old, new = before.get(tag, {}), after.get(tag, {})
        name = (now if new else then).language_name(tag)
        if not (old and new):
            texts = ["\n".join(texts.values()) for texts in (old, new)]
            found.append(Change(name, f"languages.{tag}", *texts))
            continue
        for key in {**old, **new}:
            what = f"{name}, {key.replace('_', ' ').replace('.', ': ')}"
            texts = [texts.get(key, "") for texts in (old, new)]
            found.append(Change(what, f"languages.{tag}.{key}", *texts))
    return [change for change in found if change.before != change.after]


def mark(before: str, after: str) -> tuple[Markup, Markup]:
    """Two texts as HTML: `<del>` around what went, `<ins>` around what came."""
    old, new = (re.findall(r"\s+|[^\s]+", text) for text in (before, after))
    left, right = Markup(), Markup()
    for step, a, b, c, d in difflib.SequenceMatcher(
        None, old, new, False
    ).get_opcodes():
        gone, came = "".join(old[a:b]), "".join(new[c:d])
        if step == "equal":
            left, right = left + gone, right + came
            continue
        left += Markup("<del>{}</del>").format(gone) if gone else ""
        right += Markup("<ins>{}</ins>").format(came) if came else ""
    return left, right
