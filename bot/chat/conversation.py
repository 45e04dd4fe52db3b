"""One message in, replies out: the net, the engine, or the safe answer."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass, replace
from typing import Any

from bot import logs
from bot.chat import in_context
from bot.chat.aside import aside
from bot.chat.content import Content
from bot.chat.engine import Engine
from bot.chat.in_context import OPENED, Instead
from bot.chat.interpreter import Interpreter
from bot.chat.link import EngineError
from bot.chat.memories import Memories
from bot.languages.gate import Guess
from bot.safety.long_text import part_to_judge
from bot.safety.net import Verdict
from bot.safety.plain_text import plain
from bot.talk.memory import Memory
from bot.talk.messages import Decision
from bot.words.computed import ACTIONS, Turn
from bot.words.languages import ENGLISH
from bot.words.reply import Plan, Reply, combine
from bot.words.topics import YOUNG

logger = logging.getLogger(__name__)

MOST_CHARACTERS = 2_000  # the contract of /chat
# How long an emergency that the net has found waits for the rest of the answer.
EMERGENCY_WAITS_SECONDS = 1.0


@dataclass(frozen=True)
class Outcome:
    """The replies to one request, and whether the model could be asked."""

    replies: list[Reply]
    available: bool = True


@dataclass(frozen=True)
class Visitor:
    """What is known about the person who typed a message; None: nothing."""

    force: str | None
    session: str
    audience: str | None
    lang: str | None


class Conversation:
    """Answers typed messages and pressed buttons."""

    def __init__(self, content: Content, engine: Engine, memories: Memories) -> None:
        """Puts the parts together.

        Args:
            content: What is said, and what may be an emergency.
            engine: Decides on typed messages.
            memories: What is remembered of each conversation.
        """
        self._content = content
        self._answers = content.answers
        self._interpreter = Interpreter(content.gate, content.spoken)
        self._engine = engine
        self._memories = memories

    async def open(
        self,
        audience: str,
        force: str | None,
        session: str | None = None,
        lang: str | None = None,
    ) -> Outcome:
        """The first questions for somebody who has said who they are."""
        if audience not in self._answers.topics.openings:
            return Outcome([self.say("utter_bad_request", force)])
        if session:
            opened = f"{OPENED}{audience}"
            await self._change(session, lambda memory: memory.calmed(opened))
        if lang and self._interpreter.speaks(lang):
            return Outcome([self._content.spoken.opening(lang, audience)])
        return Outcome([self._answers.opening(audience, force)])

    async def answer_topic(
        self,
        topic: str,
        force: str | None,
        session: str | None = None,
        audience: str | None = None,
        lang: str | None = None,
    ) -> Outcome:
        """The answer to a pressed button, which needs no model.

        Args:
            topic: A key of data/topics.yml.
            force: The visitor's police force, or None.
            session: The conversation's token; None on a plain page.
            audience: Who is asking, a key of `openings` in data/topics.yml, or None.
            lang: The language that was chosen; None: English.
        """
        if topic not in self._answers.topics.by_key:
            return Outcome([self.say("utter_bad_request", force)])
        replies = self._act(self._content.steps[topic], Turn(force=force))
        if session and replies[0].kind != "emergency":
            # An ordinary button was pressed, so all is calm.
            await self._change(session, lambda memory: memory.calmed(topic))
        said = combine(replies)
        if lang and self._interpreter.speaks(lang):
            said = self._interpreter.answer_topic(lang, topic, said, audience)
        return Outcome(self._for(audience, said))

    async def answer_text(
        self,
        text: str,
        force: str | None,
        session: str,
        audience: str | None = None,
        lang: str | None = None,
    ) -> Outcome:
        """The answer to a typed message.

        An emergency that the net finds is answered whatever happens to the engine. If
        the engine answers too, the picture of the conversation is kept and a second
        question gets its answer.
        """
        part = part_to_judge(text)
        made_plain, verdict = await aside(len(part), self._hear, part)
        if self._answers.topics.says_young(made_plain[:MOST_CHARACTERS]):
            audience = YOUNG
        visitor = Visitor(force, session, audience, lang)
        outcome = await self._answer_text(text, verdict, visitor)
        return replace(outcome, replies=self._for(audience, outcome.replies))

    async def _answer_text(
        self, text: str, verdict: Verdict | None, visitor: Visitor
    ) -> Outcome:
        force, lang = visitor.force, visitor.lang
        emergency = self.say(f"utter_{verdict.intent}", force) if verdict else None
        too_long = len(text) > MOST_CHARACTERS
        if too_long or not re.search(r"\w", text):
            name = "utter_too_long" if too_long else "utter_nothing_typed"
            leads = [] if emergency else self._interpreter.lead(text, lang)
            return Outcome([*leads, emergency or self.say(name, force)])
        # Rasa reads a leading slash as a command; typed text is never a command.
        typed = _readable(text).lstrip("/ ")
        asking = self._ask(typed, verdict, visitor)
        if emergency:
            return Outcome(await _within_patience(asking) or [emergency])
        if replies := await asking:
            return Outcome(replies)
        said = self.say("utter_unavailable", force)
        if (guess := self._interpreter.hear(typed, lang)).likely:
            replies = self._interpreter.unavailable(guess, said)
            return Outcome(replies, available=False)
        return Outcome([said], available=False)

    def lead(self, text: str, lang: str | None) -> list[Reply]:
        """How to call 999 in the language of a refused text; nothing for English."""
        return self._interpreter.lead(text, lang)

    async def note_gap(self, session: str) -> None:
        """Remembers that part of this conversation is not known here."""
        await self._change(session, Memory.with_gap)

    async def emergency(self, text: str, force: str | None) -> Reply | None:
        """The reply when the net finds a possible emergency in a text, or None."""
        part = part_to_judge(text)
        verdict = await aside(len(part), self._content.net.judge, part)
        return self.say(f"utter_{verdict.intent}", force) if verdict else None

    def _hear(self, part: str) -> tuple[str, Verdict | None]:
        """The plain form of a text and what the net finds."""
        made_plain = plain(part)
        return made_plain, self._content.net.judge(part, made_plain)

    def say(self, name: str, force: str | None = None) -> Reply:
        """One response of domain.yml, rendered for a force."""
        return self._answers.reply(name, force)

    async def _ask(
        self, text: str, verdict: Verdict | None, visitor: Visitor
    ) -> list[Reply]:
        """What the engine decides, in words; nothing when it cannot."""
        forced = verdict.intent if verdict else None
        session, turn = visitor.session, Turn(text, visitor.force)
        try:
            async with self._memories.turn(session):
                memory = await self._memories.find(session)
                guess = self._interpreter.hear(text, visitor.lang, memory.language)
                served = self._content.served
                decision = await self._engine.ask(text, memory, forced, served, guess)
                kept = self._in_language(decision.memory, visitor, guess, memory)
                await self._memories.keep(session, kept)
            if guess.likely:
                english = self._said(replace(decision, lead=False), turn, None)
                return self._interpreter.answer(
                    guess, decision, english, visitor.audience
                )
            instead = in_context.instead(
                decision,
                visitor.audience,
                memory.last_topic,
                self._answers.topics,
                memory.partial,
            )
            return self._said(decision, turn, instead)
        except EngineError as error:
            logger.error("chat.unanswered %s", logs.fault(error))
            return []

    @staticmethod
    def _in_language(
        memory: Memory, visitor: Visitor, guess: Guess, before: Memory
    ) -> Memory:
        """The memory, with the language that the conversation continues in."""
        spoken = guess.language if guess.named else None
        kept = spoken or visitor.lang or before.language
        return replace(memory, language=None if kept == ENGLISH else kept)

    def _said(
        self, decision: Decision, turn: Turn, instead: Instead | None
    ) -> list[Reply]:
        """The replies of a decision, or one response instead."""
        plan = Plan.of(
            decision.intents,
            self._content.steps,
            decision.lead,
            decision.offered,
            decision.memory.ordinary_topic,
        )
        if instead:
            plan = replace(plan, actions=(instead.response,), offered=instead.offered)
        return combine(self._act(plan.actions, turn, plan))

    async def _change(self, session: str, change: Callable[[Memory], Memory]) -> None:
        """Changes what is remembered of a conversation, when it is its turn."""
        async with self._memories.turn(session):
            memory = await self._memories.find(session)
            await self._memories.keep(session, change(memory))

    def _for(self, audience: str | None, replies: list[Reply]) -> list[Reply]:
        """The replies in their wording for this audience."""
        english = [place for place, reply in enumerate(replies) if not reply.lang]
        if audience != YOUNG or not english:
            return replies
        said = list(replies)
        said[english[0]] = self._answers.for_young(said[english[0]])
        return said

    def _act(
        self, actions: Iterable[str], turn: Turn, plan: Plan | None = None
    ) -> list[Reply]:
        """What some actions say, as parts of a plan or each by itself."""
        replies: list[Reply] = []
        for action in actions:
            if action in ACTIONS:
                replies += self._compute(action, turn, plan)
            else:
                replies.append(self._render(action, turn.force, plan))
        return replies

    def _render(
        self, name: str, force: str | None, plan: Plan | None, **values: Any
    ) -> Reply:
        if plan:
            return self._answers.said(name, plan, force, **values)
        return self._answers.reply(name, force, **values)

    def _compute(self, action: str, turn: Turn, plan: Plan | None) -> list[Reply]:
        """What an action adds to an answer; the answer makes sense without it."""
        try:
            computed = ACTIONS[action](turn, self._answers.directory)
            if not computed:
                return []
            name, force = computed.response, computed.force
            return [self._render(name, force, plan, **computed.values)]
        except Exception as error:  # noqa: BLE001 - a visitor is waiting
            logger.error("action.failed %s %s", action, logs.fault(error))
            return []


async def _within_patience(asking: Coroutine[Any, Any, list[Reply]]) -> list[Reply]:
    """Some replies; nothing if they take longer than an emergency waits."""
    asked = asyncio.create_task(asking)
    # Not cut off: it goes on to its deadline, and the memory is kept.
    await asyncio.wait({asked}, timeout=EMERGENCY_WAITS_SECONDS)
    return asked.result() if asked.done() else []


def _readable(text: str) -> str:
    """The text without control and invisible characters; it keeps its line breaks."""
    if text.isprintable():  # as most are
        return text.strip()
    return "".join(c if c.isprintable() or c == "\n" else " " for c in text).strip()
