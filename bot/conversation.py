"""One message in, replies out: the net, the engine, or the safe answer."""

from __future__ import annotations

import asyncio
import logging
import re
from dataclasses import dataclass, replace

from bot import custom_actions, logs, rules
from bot.answers import Answers, Reply, combine
from bot.engine import Engine, EngineError
from bot.plain_text import plain
from bot.safety_net import SafetyNet
from bot.topics import YOUNG

logger = logging.getLogger(__name__)

MOST_CHARACTERS = 2_000  # the contract of /chat
# How long an emergency that the net has found waits for the rest of the answer.
EMERGENCY_WAITS_SECONDS = 1.0


@dataclass(frozen=True)
class Outcome:
    """The replies to one request, and whether the model could be asked."""

    replies: list[Reply]
    available: bool = True


class Conversation:
    """Answers typed messages and pressed buttons."""

    def __init__(
        self,
        answers: Answers,
        net: SafetyNet,
        engine: Engine,
        steps: dict[str, tuple[str, ...]] | None = None,
    ) -> None:
        """Puts the parts together; raises RulesError when a topic has no rule.

        Args:
            answers: What is said.
            net: What may be an emergency.
            engine: Answers typed messages.
            steps: The actions that follow each intent; None: those of data/rules.yml.
        """
        self._answers = answers
        self._net = net
        self._engine = engine
        self._steps = steps or rules.read_steps()
        if without := set(answers.topics.by_key) - set(self._steps):
            raise rules.RulesError(f"data/rules.yml: no rule for {sorted(without)}.")

    def open(self, audience: str, force: str | None) -> Outcome:
        """The first questions for somebody who says who is asking."""
        if audience not in self._answers.topics.openings:
            return Outcome([self.say("utter_bad_request", force)])
        return Outcome([self._answers.opening(audience, force)])

    async def answer_topic(
        self,
        topic: str,
        force: str | None,
        session: str | None = None,
        audience: str | None = None,
    ) -> Outcome:
        """The answer to a pressed button, which needs no model.

        Args:
            topic: A key of data/topics.yml.
            force: The visitor's police force, or None.
            session: The conversation's token; None on a plain page.
            audience: Who is asking, a key of `openings` in data/topics.yml, or None.
        """
        if topic not in self._answers.topics.by_key:
            return Outcome([self.say("utter_bad_request", force)])
        replies = []
        for action in self._steps[topic]:
            if action.startswith("utter_"):
                replies.append(self.say(action, force))
            else:
                replies += await self._act(action, force)
        if session and replies[0].kind != "emergency":
            self._engine.note_answer(topic, session)
        return Outcome(self._for(audience, combine(replies)))

    async def answer_text(
        self,
        text: str,
        force: str | None,
        session: str,
        audience: str | None = None,
    ) -> Outcome:
        """The answer to a typed message.

        An emergency that the net finds is answered whatever becomes of the engine; with
        it, the picture of the conversation is kept and a second question answered.
        """
        if self._answers.topics.says_young(plain(text[:MOST_CHARACTERS])):
            audience = YOUNG
        outcome = await self._answer_text(text, force, session)
        return replace(outcome, replies=self._for(audience, outcome.replies))

    async def _answer_text(self, text: str, force: str | None, session: str) -> Outcome:
        emergency = await self.emergency(text, force)
        # Rasa reads a leading slash as a command; typed text is only ever text.
        typed = _readable(text).lstrip("/ ")
        if not re.search(r"\w", typed):
            return Outcome([emergency or self.say("utter_nothing_typed", force)])
        if len(text) > MOST_CHARACTERS:
            return Outcome([emergency or self.say("utter_too_long", force)])
        asked = asyncio.create_task(self._ask(typed, force, session))
        # Not cut off: it goes on to its deadline, by which a stuck engine is noticed.
        patience = EMERGENCY_WAITS_SECONDS if emergency else None
        await asyncio.wait({asked}, timeout=patience)
        if asked.done() and (replies := asked.result()):
            return Outcome(replies)
        if emergency:
            return Outcome([emergency])
        return Outcome([self.say("utter_unavailable", force)], available=False)

    async def emergency(self, text: str, force: str | None) -> Reply | None:
        """The reply when the net finds a possible emergency in a text, or None."""
        # The largest body takes the net seconds, in which others would wait.
        verdict = (
            await asyncio.to_thread(self._net.judge, text)
            if len(text) > MOST_CHARACTERS
            else self._net.judge(text)
        )
        return self.say(f"utter_{verdict.intent}", force) if verdict else None

    def say(self, name: str, force: str | None = None) -> Reply:
        """One response of domain.yml, rendered for a force."""
        return self._answers.reply(name, force)

    async def _ask(self, text: str, force: str | None, session: str) -> list[Reply]:
        """What the engine says; nothing when it cannot."""
        try:
            return combine(await self._engine.ask(text, force, session))
        except EngineError as error:
            logger.error("chat.unanswered %s", logs.fault(error))
            return []

    def _for(self, audience: str | None, replies: list[Reply]) -> list[Reply]:
        """The replies as they are said to this audience."""
        if audience != YOUNG:
            return replies
        return [self._answers.for_young(replies[0]), *replies[1:]]

    async def _act(self, action: str, force: str | None) -> list[Reply]:
        """What an action adds to an answer; the answer stands without it."""
        try:
            said = await custom_actions.responses(action, force)
            return [
                self._answers.reply(
                    response.pop("response"), response.pop("force", force), **response
                )
                for response in said
            ]
        except Exception as error:  # noqa: BLE001 - a visitor is waiting
            logger.error("action.failed %s %s", action, logs.fault(error))
            return []


def _readable(text: str) -> str:
    """The text without control and invisible characters; its lines and gaps stay."""
    return "".join(c if c.isprintable() or c == "\n" else " " for c in text).strip()
