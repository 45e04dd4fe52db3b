"""The content files as they were at one moment, checked: what is served."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from functools import cached_property

from bot.chat.search import Search
from bot.languages.gate import LanguageGate
from bot.safety.net import SafetyNet
from bot.talk.messages import Served
from bot.words import rules, sign_off
from bot.words.answers import Answers
from bot.words.computed import ACTIONS
from bot.words.easy_read import EasyRead
from bot.words.languages import Languages
from bot.words.spoken import Spoken


class ContentError(ValueError):
    """The content files do not fit together."""


@dataclass(frozen=True)
class Content:
    """What the bot says, in English and other languages, and what it must notice.

    `steps` are the actions that follow each intent (data/rules.yml).
    """

    answers: Answers
    net: SafetyNet
    steps: dict[str, tuple[str, ...]]
    spoken: Spoken
    gate: LanguageGate
    easy_read: EasyRead

    @classmethod
    def read(cls) -> Content:
        """Reads every content file; REQUIRE_SIGN_OFF says whether drafts are served.

        Raises:
            ValueError: A file has a gap; the message says where, and what to do.
        """
        only_approved = sign_off.is_required(os.environ.get("REQUIRE_SIGN_OFF"))
        answers = Answers.read(only_approved=only_approved)
        steps = rules.read_steps()
        for topic in answers.topics.by_key:
            if topic not in steps:
                raise ContentError(f"{rules.FILE}: add a rule for `{topic}`.")
        said = {action for actions in steps.values() for action in actions}
        if unknown := sorted(said - set(answers.responses) - set(ACTIONS)):
            raise ContentError(
                f"{rules.FILE}: neither domain.yml nor bot/words/computed.py has "
                f"{unknown}. Correct the name."
            )
        directory = answers.directory
        languages = Languages.read(directory, only_approved=only_approved)
        spoken = Spoken(answers, languages)
        easy_read = EasyRead.read(answers, only_approved=only_approved)
        gate = LanguageGate.read()
        return cls(answers, SafetyNet.read(), steps, spoken, gate, easy_read)

    def renewed(self) -> Content:
        """What the files say now.

        Raises:
            ContentError: The topics or the rules are different, so what the model has
                learnt no longer fits. ValueError: As `read`.
        """
        fresh = Content.read()
        topics = [set(c.answers.topics.by_key) for c in (self, fresh)]
        if fresh.steps != self.steps or topics[0] != topics[1]:
            raise ContentError(
                "data/topics.yml or data/rules.yml: topics or rules were added or "
                "taken out. Train the model (make train) and restart."
            )
        return fresh

    @cached_property
    def search(self) -> Search:
        """The answers by their words, read when somebody first searches."""
        return Search(self.answers)

    @cached_property
    def served(self) -> Served:
        """What an engine must know about it."""
        topics = self.answers.topics.content
        written = json.dumps(topics, sort_keys=True).encode()
        return Served(hashlib.sha256(written).hexdigest()[:16], topics)
