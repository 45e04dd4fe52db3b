"""The content that is served: one holder for the site, for Rasa and for the actions."""

from __future__ import annotations

import os
from dataclasses import dataclass

from bot import rules, sign_off
from bot.answers import Answers
from bot.safety_net import SafetyNet


class ContentError(ValueError):
    """The content files do not fit together."""


@dataclass(frozen=True)
class Content:
    """What the content files said at one moment, checked.

    `steps` are the actions that follow each intent (bot/rules.py).
    """

    answers: Answers
    net: SafetyNet
    steps: dict[str, tuple[str, ...]]

    @classmethod
    def read(cls) -> Content:
        """Reads every content file; REQUIRE_SIGN_OFF says whether drafts are served.

        Raises:
            ValueError: A file has a gap; the message names the place and the remedy.
        """
        only_approved = sign_off.is_required(os.environ.get("REQUIRE_SIGN_OFF"))
        answers = Answers.read(only_approved=only_approved)
        steps = rules.read_steps()
        for topic in answers.topics.by_key:
            if topic not in steps:
                raise ContentError(f"{rules.FILE}: add a rule for `{topic}`.")
        said = {a for actions in steps.values() for a in actions if "utter_" in a}
        if unknown := sorted(said - set(answers.responses)):
            raise ContentError(f"{rules.FILE}: domain.yml has no response {unknown}.")
        return cls(answers, SafetyNet.read(), steps)


_serving: Content | None = None


def current() -> Content:
    """What is served now; read when it is first asked for.

    Raises:
        ValueError: As `Content.read`.
    """
    return _serving or serve(Content.read())


def serve(fresh: Content) -> Content:
    """From now on `current` is this."""
    global _serving
    _serving = fresh
    return fresh


def read_anew() -> Content:
    """Reads the files again, for `serve`; what is served now stays as it is.

    Raises:
        ContentError: What the model has learnt would no longer fit: the topics or the
            rules are others.
        ValueError: As `Content.read`.
    """
    fresh, now = Content.read(), current()
    if (fresh.steps, set(fresh.answers.topics.by_key)) != (
        now.steps,
        set(now.answers.topics.by_key),
    ):
        raise ContentError(
            "data/topics.yml or data/rules.yml: topics or rules were added or taken "
            "out. Train the model (make train) and restart."
        )
    return fresh
