"""Which answers a message gets: what the model found likely, weighed with the rest.

No Rasa and no text in here: probabilities and the memory of the conversation in, a
decision out. docs/safety.md explains the same on one page; the thresholds stand in
data/thresholds.yml, where `make evaluate` writes them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from bot import DATA
from bot.dialogue import follow_ups
from bot.nlu.reader import RISK
from bot.nlu.understanding import Understanding
from bot.talk.memory import SEEN, Memory, Picture
from bot.talk.messages import Decision
from bot.words import fitted
from bot.words.topics import FALLBACK, MOST_BUTTONS, Topics

SUICIDAL = "suicidal"  # an adult; a child who wants to die is at immediate risk
GREETING = "smalltalk"
NOT_NOW = "smalltalk_not_happening"  # "no, that was years ago"
MOST_ANSWERS = 3


@dataclass(frozen=True)
class Thresholds:
    """Probabilities from 0 to 1; data/thresholds.yml says what each is for."""

    emergency: float
    lead: float
    conversation_cause: float
    conversation_emergency: float
    conversation_lead: float
    suicidal: float
    answer: float
    second_answer: float
    offer: float
    follow_up: float

    @classmethod
    def read(cls, folder: Path = DATA) -> Thresholds:
        """Reads thresholds.yml.

        Raises:
            YamlFileError: The file cannot be read.
            FittedError: A threshold is missing, unknown or no probability.
        """
        return cls(**fitted.read_thresholds(folder))


class Decider:
    """Turns an understanding and a memory into a decision."""

    def __init__(
        self,
        thresholds: Thresholds,
        topics: Topics,
        follow_ups: dict[str, dict[str, float]],
    ) -> None:
        """Creates the decider; `follow_ups`: see bot/dialogue/follow_ups.py."""
        self._at = thresholds
        self._topics = topics
        self._follow_ups = follow_ups

    @classmethod
    def read(cls, topics: Topics) -> Decider:
        """Reads the rest from data/; raises YamlFileError or FittedError."""
        return cls(Thresholds.read(), topics, follow_ups.read_chances(topics))

    def decide(self, found: Understanding, memory: Memory, now: float) -> Decision:
        """Decides on one message.

        Args:
            found: What the pipeline found in it.
            memory: What is remembered of the conversation before it.
            now: The time, in seconds of any clock that goes forward.
        """
        if self._denied(found, memory):
            topic = memory.ordinary_topic or FALLBACK
            return Decision((topic,), False, (), memory.calmed(topic))
        begun = memory != Memory()
        memory = memory.after(found.picture, now)
        chances = self._in_context(found, memory)
        emergency = self._emergency(found, memory, now, begun)
        answers = self._answers(chances, bool(emergency))
        intents = tuple(dict.fromkeys((*emergency, *answers)))[:MOST_ANSWERS]
        # Asked back, a visitor needs a choice; below an answer, only what is likely.
        least = self._at.offer if intents else 0.0
        offered = self._offered(chances, intents, least)
        return Decision(
            intents,
            self._leads(found, memory, now) or self._call_for_it(intents),
            offered,
            self._remembering(memory, intents, chances),
        )

    def _denied(self, found: Understanding, memory: Memory) -> bool:
        """Whether a visitor who was told to call 999 says that nothing is happening."""
        return (
            memory.ordinary_topic is not None
            and not found.forced
            and found.risk < self._at.emergency
            and _ranked(found.chances)[0] == NOT_NOW
        )

    def _emergency(
        self, found: Understanding, memory: Memory, now: float, begun: bool
    ) -> tuple[str, ...]:
        """The emergency intent to answer first, if any; `begun`: by an earlier turn."""
        if found.forced:
            return (found.forced,)
        if found.risk >= self._at.emergency and self._fits(memory, now):
            return (self._riskiest(found),)
        # A picture takes more than one turn, and alarms once.
        adds = begun and not memory.alarmed and max(found.picture.parts) >= SEEN
        built_up = danger(memory.picture(now)) >= self._at.conversation_emergency
        return (self._riskiest(found),) if adds and built_up else ()

    def _fits(self, memory: Memory, now: float) -> bool:
        """Whether the talk so far makes an emergency of a message that sounds like one.

        "He gets back at six" is danger after one about finding images, and none after
        one about a nephew. Where it does not fit, 999 still leads the reply.
        """
        cause = memory.picture(now).person_gives_cause
        return memory.last_topic is None or cause >= self._at.conversation_cause

    def _riskiest(self, found: Understanding) -> str:
        """The likeliest intent of immediate risk."""
        risky = {i: p for i, p in found.chances.items() if i.startswith(RISK)}
        return max(risky, key=risky.__getitem__, default=RISK)

    def _leads(self, found: Understanding, memory: Memory, now: float) -> bool:
        """Whether the reply begins with what to do if a child is in danger now."""
        built_up = danger(memory.picture(now))
        hint = max(found.risk, found.hint)
        return hint >= self._at.lead or built_up >= self._at.conversation_lead

    def _call_for_it(self, intents: tuple[str, ...]) -> bool:
        """Whether a topic is answered whose answer always begins with 999."""
        return any(self._topics.by_key[self._key(i)].is_led for i in intents)

    def _answers(self, chances: dict[str, float], emergency: bool) -> tuple[str, ...]:
        """The ordinary intents that are likely enough to be answered."""
        ranked = [i for i in _ranked(chances) if not i.startswith(RISK)]
        if len(ranked) > 1:  # it only makes sense after a reply about 999
            ranked = [intent for intent in ranked if intent != NOT_NOW]
        least = self._at.second_answer if emergency else self._at.answer
        chosen = [ranked[0]] if ranked and chances[ranked[0]] >= least else []
        if chosen:
            chosen += [i for i in ranked[1:] if chances[i] >= self._at.second_answer]
        # An emergency reply of its own needs more than a second guess.
        if chances.get(SUICIDAL, 0.0) < self._at.suicidal:
            chosen = [intent for intent in chosen if intent != SUICIDAL]
        return tuple(sorted(chosen, key=self._place))

    def _place(self, intent: str) -> int:
        """Where an answer stands: a greeting comes first, "cannot help" last."""
        key = self._key(intent)
        places = {GREETING: 1, FALLBACK: 3}
        return 0 if self._is_emergency(intent) else places.get(key, 2)

    def _in_context(self, found: Understanding, memory: Memory) -> dict[str, float]:
        """The chances, weighed by the topic just answered if the message leans on it.

        "How long does that take?" asks about what was just read: of the intents that
        the words allow, those win that often come next.
        """
        follows = self._follow_ups.get(memory.last_topic or "")
        if not follows or found.depends < self._at.follow_up:
            return found.chances
        weighed = {i: p * follows[self._key(i)] for i, p in found.chances.items()}
        most = max(weighed.values())
        # The likeliest is as likely as the words alone made the likeliest.
        scale = max(found.chances.values()) / most
        return {intent: weight * scale for intent, weight in weighed.items()}

    def _offered(
        self, chances: dict[str, float], answered: tuple[str, ...], least: float = 0.0
    ) -> tuple[str, ...]:
        """The topics to offer: the likeliest not answered, then related ones."""
        done = dict.fromkeys(self._key(intent) for intent in answered)
        ordinary = [
            intent
            for intent in _ranked(chances)
            if not intent.startswith(RISK) and chances[intent] >= least
        ]
        related = [t for key in done for t in self._topics.by_key[key].related]
        offered = dict.fromkeys((*self._topics.offered(ordinary), *related))
        return tuple([topic for topic in offered if topic not in done][:MOST_BUTTONS])

    def _remembering(
        self, memory: Memory, intents: tuple[str, ...], chances: dict[str, float]
    ) -> Memory:
        """The memory once this message is answered."""
        keys = [self._key(intent) for intent in intents]
        emergency = any(self._is_emergency(intent) for intent in intents)
        ordinary = self._offered(chances, ()) if emergency else ()
        return replace(
            memory,
            alarmed=memory.alarmed or emergency,
            last_topic=keys[-1] if keys else memory.last_topic,
            ordinary_topic=(*ordinary, FALLBACK)[0] if emergency else None,
        )

    def _key(self, intent: str) -> str:
        topic = self._topics.of_intent(intent)
        return topic.key if topic else FALLBACK

    def _is_emergency(self, intent: str) -> bool:
        return self._topics.by_key[self._key(intent)].is_emergency


def danger(picture: Picture) -> float:
    """How likely immediate risk is by the picture: all three parts must be seen."""
    return min(picture.parts)


def _ranked(chances: dict[str, float]) -> list[str]:
    return sorted(chances, key=chances.__getitem__, reverse=True)
