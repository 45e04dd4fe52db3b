"""`python -m bot sign-off`: puts a signature under wordings, and says under which."""

from __future__ import annotations

import difflib
import sys

from bot.words.answers import Answers
from bot.words.sign_off import FILE, SignOff, SignOffError


def sign(names: list[str], by: str, on: str) -> None:
    """Signs responses as they stand now; all of them or, after an error, none.

    Args:
        names: Responses or topics, such as `utter_harm` or `harm`; none: all.
        by: The role of who signs, which begins with the name of a signatory.
        on: The day, as 2026-11-25.

    Raises:
        SystemExit: A name, the role or the day is wrong; nothing was signed.
    """
    try:
        answers, sign_off = Answers.read(), SignOff.read()
        found = [_response(answers, name) for name in names] or list(answers.responses)
        for name in found:
            sign_off.sign(name, answers.responses[name], by, on)
    except ValueError as error:
        sys.exit(f"Nothing was signed. {error}")
    sign_off.write()
    sys.stdout.write(f"{by} signed on {on}:\n\n")
    for name in found:
        sys.stdout.write(_said(answers, sign_off, name) + "\n")
    sys.stdout.write(f"\nWritten to {FILE}.\n")


def _response(answers: Answers, name: str) -> str:
    found = name if name in answers.responses else f"utter_{name}"
    if found not in answers.responses:
        near = difflib.get_close_matches(found, answers.responses, n=1)
        hint = f" Did you mean {near[0]}?" if near else ""
        raise SignOffError(f"domain.yml has no answer `{name}`.{hint}")
    return found


def _said(answers: Answers, sign_off: SignOff, name: str) -> str:
    response = answers.responses[name]
    missing = sign_off.missing(name, response)
    state = f"still to sign: {', '.join(missing)}" if missing else "approved by all"
    if not missing and response["metadata"]["checked_on"] is None:
        state += (
            "; it shows as awaiting review until somebody checks its facts and "
            "writes the day into `checked_on`"
        )
    sentence = response["text"].strip().split("\n")[0]
    return f"  {name}: “{sentence[:70]}…”\n      {state}"
