"""Which language to answer a visitor in, and the answers in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.languages.gate import ENGLISH_TEXT, Guess, LanguageGate
from bot.talk.messages import Decision
from bot.words.reply import Reply
from bot.words.spoken import Spoken
from bot.words.topics import FALLBACK, REFUSALS, VAGUE

# These get the first questions rather than an English answer.
TALK = (VAGUE, "smalltalk", "abusive")


class Interpreter:
    """Speaks with visitors who write in a language other than English."""

    def __init__(self, gate: LanguageGate, spoken: Spoken) -> None:
        """Takes what tells languages apart, and what to say in them."""
        self._gate = gate
        self._spoken = spoken
        self._topics = spoken.topics

    def hear(self, text: str, chosen: str | None, before: str | None = None) -> Guess:
        """The language of a message or, if that is not clear, of the conversation.

        Args:
            text: What was typed.
            chosen: The language that the visitor chose or got answers in; `en`: to
                continue in English.
            before: The language of the conversation so far, as it is remembered.
        """
        guess = self._gate.judge(text)
        talk = chosen or before
        if talk is None or talk not in self._spoken.languages:
            return ENGLISH_TEXT if guess.unsure else guess
        if guess.unsure:
            return Guess((talk,), named=True)
        if talk in guess.likely:
            others = [tag for tag in guess.likely if tag != talk]
            return replace(guess, likely=(talk, *others), named=True)
        return guess

    def speaks(self, tag: str | None) -> bool:
        """Whether visitors may be answered in a language."""
        return bool(tag) and self._spoken.languages.may_be_said(str(tag))

    def answer(
        self,
        guess: Guess,
        decision: Decision,
        english: Sequence[Reply],
        audience: str | None,
    ) -> list[Reply]:
        """The replies to a message in another language.

        Args:
            guess: What it is written in.
            decision: What is answered.
            english: The same in English.
            audience: Who is asking, as they said before.
        """
        # Anybody who writes some English reads it better than a guessed language.
        guessed = guess.mixed and not guess.named
        if guessed or not self.speaks(guess.language):
            return self._in_english(guess, english)
        tag = str(guess.language)
        first, *others = self._said(tag, decision, english, audience)
        return [first, *self._leads(guess, but=tag), *others]

    def answer_topic(
        self, tag: str, topic: str, english: Sequence[Reply], audience: str | None
    ) -> list[Reply]:
        """The replies to a pressed button, in the language that was chosen."""
        related = self._topics.by_key[topic].related
        return self._topic(tag, topic, related, english, audience)

    def lead(self, text: str, chosen: str | None) -> list[Reply]:
        """How to call 999 in the language of a text that gets no answer."""
        guess = self.hear(text, chosen)
        if guess.named and self.speaks(guess.language):
            return [self._spoken.lead(str(guess.language))]
        return self._leads(guess)

    def unavailable(self, guess: Guess, english: Reply) -> list[Reply]:
        """What to say when the engine cannot be asked."""
        if not self.speaks(guess.language):
            return self._in_english(guess, [english])
        tag = str(guess.language)
        return [self._spoken.unavailable(tag), *self._leads(guess, but=tag)]

    def _said(
        self,
        tag: str,
        decision: Decision,
        english: Sequence[Reply],
        audience: str | None,
    ) -> list[Reply]:
        if not decision.intents:
            return [self._spoken.ask_back(tag, decision.offered)]
        intent = decision.intents[0]
        topic = self._topics.of_intent(intent)
        if topic and topic.is_emergency:
            ordinary = decision.memory.ordinary_topic
            return [self._spoken.emergency(tag, intent, audience, ordinary)]
        key = topic.key if topic else FALLBACK
        return self._topic(tag, key, decision.offered, english, audience)

    def _topic(
        self,
        tag: str,
        key: str,
        offered: Sequence[str],
        english: Sequence[Reply],
        audience: str | None,
    ) -> list[Reply]:
        topic = self._topics.by_key[key]
        if topic.is_emergency:
            return [self._spoken.emergency(tag, key, audience, None)]
        if key in REFUSALS:
            return [self._spoken.refusal(tag, key)]
        if self._topics.family(key) in TALK:
            openings = self._topics.openings
            asks = openings[audience].topics if audience in openings else offered
            return [self._spoken.start(tag, key, asks)]
        if key == FALLBACK:
            return [self._spoken.not_understood(tag)]
        # Below the first reply, whose buttons are in the visitor's language.
        below = [replace(reply, buttons=()) for reply in english]
        return [self._spoken.before_answer(tag, topic, offered), *below]

    def _in_english(self, guess: Guess, english: Sequence[Reply]) -> list[Reply]:
        """For a language without words here: how to call, and the likeliest ones."""
        leads, calling = self._leads(guess), self._spoken.calling()
        if english[0].kind == "emergency":
            return [english[0], *leads, calling, *english[1:]]
        return [calling, *leads, *english]

    def _leads(self, guess: Guess, but: str = "") -> list[Reply]:
        """How to call 999, in each language that the text may be in."""
        if guess.named:
            return []
        tags = [tag for tag in guess.likely if tag != but and self.speaks(tag)]
        return [self._spoken.lead(tag) for tag in tags]
