"""`python -m bot sign-off`: signs wordings, and says which it has signed."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Mapping
from typing import Any

from bot.desk.poster_words import SIGNED_AS as POSTER
from bot.desk.poster_words import PosterWords
from bot.words import easy_read
from bot.words.answers import Answers
from bot.words.easy_read import EasyRead
from bot.words.languages import FOLDER, Languages, signed_as
from bot.words.sign_off import FILE, SignOff, SignOffError

UNCHECKED = (
    "it shows as awaiting review until somebody checks its facts and puts the date "
    "into `checked_on`"
)


def sign(names: list[str], by: str, on: str) -> None:
    """Signs wordings as they are now; all of them or, after an error, none.

    Args:
        names: Responses or topics, such as `utter_harm` or `harm`, languages, such as
            `language_pl`, Easy Read versions, such as `easy_read_harm`, and `poster`;
            none: all responses. The others are signed by their names only, so that
            nobody signs what they have not had read to them or tried with readers.
        by: The signer's role, which begins with the name of a signatory.
        on: The day, as 2026-11-25.

    Raises:
        SystemExit: A name, the role or the day is wrong; nothing was signed.
    """
    try:
        answers, sign_off = Answers.read(), SignOff.read()
        languages = Languages.read(answers.directory)
        easy, poster = EasyRead.read(answers), PosterWords.read(answers.directory)
        wordings = {
            **answers.responses,
            **languages.to_sign(),
            **easy.to_sign(),
            POSTER: poster.as_response(),
        }
        found = [_named(wordings, name) for name in names] or list(answers.responses)
        for name in found:
            sign_off.sign(name, wordings[name], by, on)
    except ValueError as error:
        sys.exit(f"Nothing was signed. {error}")
    sign_off.write()
    says = {
        **{name: _of_answer(answers, name) for name in answers.responses},
        **{signed_as(tag): _of_language(languages, tag) for tag in languages},
        **{easy_read.signed_as(key): _of_easy_read(easy, key) for key in easy},
        POSTER: (poster.content["poster"]["heading"], ""),
    }
    sys.stdout.write(f"{by} signed on {on}:\n\n")
    for name in found:
        missing = sign_off.missing(name, wordings[name])
        sentence, still = says[name]
        state = f"still to sign: {', '.join(missing)}" if missing else "approved by all"
        state += f"; {still}" if still and not missing else ""
        sys.stdout.write(f"  {name}: “{sentence[:70]}…”\n      {state}\n")
    sys.stdout.write(f"\nWritten to {FILE}.\n")


def _named(wordings: Mapping[str, Any], name: str) -> str:
    where, what = "domain.yml", "answer"
    if name.startswith(signed_as("")):
        where, what = FOLDER, "language"
    elif name.startswith(easy_read.signed_as("")):
        where, what = easy_read.FILE, "version"
    found = name if what != "answer" or name in wordings else f"utter_{name}"
    if found not in wordings:
        near = difflib.get_close_matches(found, wordings, n=1)
        hint = f" Did you mean {near[0]}?" if near else ""
        raise SignOffError(f"{where} has no {what} `{name}`.{hint}")
    return found


def _of_answer(answers: Answers, name: str) -> tuple[str, str]:
    """How an answer begins, and what keeps it a draft when all have signed."""
    response = answers.responses[name]
    still = "" if response["metadata"]["checked_on"] else UNCHECKED
    return response["text"].strip().split("\n")[0], still


def _of_easy_read(easy: EasyRead, key: str) -> tuple[str, str]:
    """How a version begins, and what keeps it a draft when all have signed."""
    return easy[key].lines[0].text, "" if easy[key].checked_on else UNCHECKED


def _of_language(languages: Languages, tag: str) -> tuple[str, str]:
    """How a language's texts begin, and who should still read them."""
    still = (
        ""
        if languages[tag].read_by
        else "`read_by` does not name a native speaker who has read it"
    )
    return languages[tag].texts["lead"].strip(), still
