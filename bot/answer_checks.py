"""What keeps a response of domain.yml from being served: the place and the remedy."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.directory import DirectoryError

if TYPE_CHECKING:
    from bot.answers import Answers

FILE = "domain.yml"
PLACEHOLDER = re.compile(r"\{([a-z_0-9]+)(?:\.([a-z_]+))?\}")
# What must be approved before anything is served, besides what is named.
ESSENTIAL_KINDS = ("emergency", "clarify", "fallback", "unavailable")


class AnswersError(ValueError):
    """A response of domain.yml cannot be rendered, or may not be served."""


def check(answers: Answers, needed: set[str]) -> None:
    """Raises AnswersError when a visitor could meet a gap.

    Args:
        answers: All responses, before the first is rendered.
        needed: Those that are said whatever a visitor asks.
    """
    for name in answers.responses:
        _check_metadata(answers, name)
        _check_placeholders(answers, name)
    if missing := sorted(needed - set(answers.responses)):
        raise AnswersError(f"{FILE}: add the responses {missing}.")


def check_approved(answers: Answers, needed: set[str]) -> None:
    """Raises AnswersError unless what is said whatever happens is approved."""
    missing = [
        name
        for name in answers.responses
        if (name in needed or answers.kind(name) in ESSENTIAL_KINDS)
        and not answers.approved(name)
    ]
    if missing:
        raise AnswersError(
            "data/sign_off.yml: REQUIRE_SIGN_OFF=1 needs these wordings approved by "
            f"all who sign, and they are not: {', '.join(missing)}. Have them signed: "
            "python -m bot sign-off NAME --by ROLE --on DATE"
        )


def _check_metadata(answers: Answers, name: str) -> None:
    metadata = answers.responses[name]["metadata"]
    if unknown := [n for n in metadata["sources"] if n not in answers.sources]:
        raise AnswersError(
            f"{answers.place(name, 'metadata', 'sources')}: `{name}` names sources "
            f"{unknown}. Correct the name, or add the source to data/sources.yml."
        )
    topic = answers.topics.of_intent(name.removeprefix("utter_"))
    if not topic and "kind" not in metadata:
        raise AnswersError(
            f"{answers.place(name)}: `{name}` belongs to no topic of data/topics.yml: "
            "give it one of the kinds part, clarify, fallback or unavailable."
        )


def _check_placeholders(answers: Answers, name: str) -> None:
    response = answers.responses[name]
    metadata = response["metadata"]
    wordings = response["text"] + metadata.get("brief", "")
    for entry, field in PLACEHOLDER.findall(wordings):
        _check_placeholder(answers, name, entry, field)
    for link in metadata.get("links", []):
        _check_placeholder(answers, name, *link.split("."))
    if set("{}") & set(PLACEHOLDER.sub("", wordings)):
        raise AnswersError(
            f"{answers.place(name)}: `{name}` holds a brace that belongs to no "
            "placeholder. Write {service.field}, in small letters and without spaces."
        )


def _check_placeholder(answers: Answers, name: str, entry: str, field: str) -> None:
    place = f"{answers.place(name)}: `{name}`"
    try:
        if field:
            answers.directory.links(entry, field)
    except DirectoryError as error:
        raise AnswersError(f"{place}: {error}") from error
    example = answers.responses[name]["metadata"].get("example", {})
    if not field and entry not in example:
        raise AnswersError(
            f"{place}: {{{entry}}} is filled by nothing. Write {{service.field}}; a "
            "value that an action gives needs an `example` in the metadata."
        )
