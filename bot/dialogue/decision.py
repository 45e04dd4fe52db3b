"""Which answers a message gets: what the model found likely, weighed with the rest.

No Rasa and no text in here: probabilities and the memory of the conversation in, a
decision out. docs/safety.md explains the same on one page; the thresholds are in
data/thresholds.yml, where `make evaluate` writes them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import takewhile
from pathlib import Path
from types import MappingProxyType

from bot import DATA
from bot.dialogue import follow_ups
from bot.nlu.calibration import Calibration
from bot.nlu.reader import RISK
from bot.nlu.understanding import Understanding
from bot.talk.memory import SEEN, Memory
from bot.talk.messages import Decision
from bot.words import fitted
from bot.words.topics import FALLBACK, MOST_BUTTONS, REFUSALS, VAGUE, Topics, refines

# Emergencies that are not about a child.
SUICIDAL = "suicidal"  # an adult; a child who wants to die is at immediate risk
OTHER_EMERGENCY = "other_emergency"
OWN_URGE = "immediate_risk_own_urge"  # the writer is afraid of harming a child
# For a child who worries about what they do, or is lonely. A child who is being hurt
# would feel blamed by it, or not heard.
ABOUT_ONESELF = ("young_person_worried_self", "young_person_worried_self_lonely")
GREETING = "smalltalk"
NOT_NOW = "smalltalk_not_happening"  # "no, that was years ago"
# A third question is nearly always another reading of the first two, and its answer may
# be for somebody else: a wife who found images must not read what awaits a suspect.
MOST_QUESTIONS = 2
MOST_ANSWERS = 3  # an emergency comes on top
LIKELY = 0.5  # likelier than not
# From this risk on, nothing that was said before makes a message calm.
SURELY = 0.85
CERTAINLY = 0.7  # from this share of its family on, `OWN_URGE` is said


@dataclass(frozen=True)
class Thresholds:
    """Probabilities from 0 to 1; data/thresholds.yml says what each is for."""

    emergency: float
    lead: float
    conversation_emergency: float
    conversation_lead: float
    retraction: float
    suicidal: float
    other_emergency: float
    refusal: float
    answer: float
    second_answer: float
    offer: float
    follow_up: float

    @classmethod
    def read(cls, folder: Path = DATA) -> Thresholds:
        """Reads thresholds.yml.

        Raises:
            YamlFileError: The file cannot be read.
            FittedError: A threshold is missing, unknown or not a probability.
        """
        return cls(**fitted.read_thresholds(folder))

    def by_group(self, folder: Path = DATA) -> dict[str, Thresholds]:
        """Those of each group of languages: these, except where it has its own.

        Raises:
            YamlFileError: thresholds_languages.yml cannot be read.
            FittedError: It lacks a group, or holds something else.
        """
        own = fitted.read_language_thresholds(folder)
        return {group: replace(self, **values) for group, values in own.items()}


class Decider:
    """Turns an understanding and a memory into a decision."""

    def __init__(
        self,
        thresholds: Thresholds,
        calibration: Calibration,
        topics: Topics,
        follow_ups: dict[str, dict[str, float]],
        in_groups: Mapping[str, Decider] = MappingProxyType({}),
    ) -> None:
        """Creates the decider.

        Args:
            thresholds: For English.
            calibration: For what is weighed here, such as danger over turns.
            topics: The topics that are served.
            follow_ups: See bot/dialogue/follow_ups.py.
            in_groups: What decides on messages in other languages, by their group.
        """
        self._in_groups = in_groups
        self._at = thresholds
        self._calibration = calibration
        self._topics = topics
        self._follow_ups = follow_ups
        # How likely a family must be before it is answered at all.
        self._least = {
            SUICIDAL: thresholds.suicidal,
            OTHER_EMERGENCY: thresholds.other_emergency,
        }

    @classmethod
    def read(cls, topics: Topics) -> Decider:
        """Reads the rest from data/; raises YamlFileError or FittedError."""
        thresholds, chances = Thresholds.read(), follow_ups.read_chances(topics)
        foreign = Calibration.read_for_languages()
        in_groups = {
            group: cls(own, foreign, topics, chances)
            for group, own in thresholds.by_group().items()
        }
        return cls(thresholds, Calibration.read(), topics, chances, in_groups)

    def decide(self, found: Understanding, memory: Memory, now: float) -> Decision:
        """Decides on one message.

        Args:
            found: What the pipeline found in it.
            memory: What is remembered of the conversation before it.
            now: The time in seconds, by any clock that only goes forward.
        """
        if other := self._in_groups.get(found.group or ""):
            return other.decide(found, memory, now)
        if self._denied(found, memory):
            topic = memory.ordinary_topic or FALLBACK
            return Decision((topic,), False, (), memory.calmed(topic))
        believed = self._taken_back(found, memory)
        before = memory.forgotten() if believed else memory
        memory = before if believed else before.after(found.picture, now)
        chances = self._in_context(found, memory)
        emergency = () if believed else self._emergency(found, before, memory, now)
        answers = self._answers(found, chances, bool(emergency))
        if emergency and emergency != (OWN_URGE,):
            answers = tuple(intent for intent in answers if intent not in ABOUT_ONESELF)
        if not emergency and not answers and self._leans(found, before):
            answers = (VAGUE,)  # "and then", "what do you mean"
        intents = tuple(dict.fromkeys((*emergency, *answers)))[:MOST_ANSWERS]
        # When asked what they mean, a visitor needs a choice; below an answer, only
        # likely topics.
        least = self._at.offer if intents else 0.0
        offered = self._offered(chances, intents, least)
        leads = not believed and self._leads(found, before, memory, now)
        return Decision(
            intents,
            leads or self._call_for_it(intents),
            offered,
            self._remembering(memory, intents, chances),
        )

    def _denied(self, found: Understanding, memory: Memory) -> bool:
        """Whether a visitor says after an emergency reply that nothing is happening."""
        return (
            memory.ordinary_topic is not None
            and not found.forced
            and found.risk < self._at.emergency
            and _ranked(found.chances)[0] == NOT_NOW
        )

    def _taken_back(self, found: Understanding, memory: Memory) -> bool:
        """Whether what sounded like danger before is over: long ago, or a film."""
        return (
            memory.last_topic is not None
            and not found.forced
            and found.risk < self._at.emergency
            and found.retracts >= self._at.retraction
        )

    def _emergency(
        self, found: Understanding, before: Memory, memory: Memory, now: float
    ) -> tuple[str, ...]:
        """The emergency intent to answer first, if any."""
        if found.forced:
            return (found.forced,)
        urgent = self._is_urgent(found, before, memory, now)
        return (self._riskiest(found),) if urgent else ()

    def _is_urgent(
        self, found: Understanding, before: Memory, memory: Memory, now: float
    ) -> bool:
        """Whether a message is an emergency, by itself or with what came before it.

        All of a conversation counts: "back on friday" is danger after a
        message about finding images, but not after one about a nephew. A message that
        is alarming enough by itself is danger after anything: people read an answer,
        and then say all of it at once. If some of the conversation is missing, what is
        danger by itself stays so.
        """
        alone = found.risk >= self._at.emergency
        if alone and (before.partial or not before.has_read):
            return True
        if not self._begun(before):
            return False
        if found.risk >= SURELY:
            return True
        danger = self._danger(found, memory, now)
        return danger >= self._at.conversation_emergency and (
            alone or self._adds(found, before, now)
        )

    def _begun(self, before: Memory) -> bool:
        """Whether this message comes after another, or after an answer."""
        asked = before.has_read or before.last_topic in self._topics.by_key
        return asked or before.partial

    def _danger(self, found: Understanding, memory: Memory, now: float) -> float:
        return self._calibration.danger_in_talk(
            memory.picture(now), found.picture, found.hint
        )

    def _adds(self, found: Understanding, before: Memory, now: float) -> bool:
        """Whether a message adds to the picture: once alarmed, something new."""
        known = before.picture(now).parts
        return any(
            part >= SEEN and not (before.alarmed and was >= SEEN)
            for part, was in zip(found.picture.parts, known, strict=True)
        )

    def _riskiest(self, found: Understanding) -> str:
        """The likeliest intent of immediate risk.

        A child who is hiding must not get the advice for people afraid of harming one.
        If in doubt, the reply uses the general words, which are true for both.
        """
        risky = {i: p for i, p in found.chances.items() if i.startswith(RISK)}
        if risky.get(OWN_URGE, 0.0) < CERTAINLY * sum(risky.values()):
            risky.pop(OWN_URGE, None)
        return max(risky, key=risky.__getitem__, default=RISK)

    def _leads(
        self, found: Understanding, before: Memory, memory: Memory, now: float
    ) -> bool:
        """Whether the reply begins with what to do if a child is in danger now."""
        if before.partial or max(found.risk, found.hint) >= self._at.lead:
            return True
        danger = self._danger(found, memory, now)
        return self._begun(before) and danger >= self._at.conversation_lead

    def _call_for_it(self, intents: tuple[str, ...]) -> bool:
        """Whether one of the answers always begins with 999."""
        return any(self._topics.by_key[self._key(i)].is_led for i in intents)

    def _answers(
        self, found: Understanding, chances: dict[str, float], emergency: bool
    ) -> tuple[str, ...]:
        """The ordinary intents that are likely enough to be answered.

        One of a family: a question about travel on the register does not get the rules
        of the register as well. It gets two of the finer ones only if it asks two
        things.
        """
        families = self._families(chances)
        refusals = {name: families.pop(name, {}).get(name, 0.0) for name in REFUSALS}
        asked = max(refusals, key=refusals.__getitem__)
        if found.misuse >= self._at.refusal:
            return (asked,)
        sums = {name: sum(intents.values()) for name, intents in families.items()}
        ranked = _ranked(sums)
        # If it may be a request that is refused, ask what is meant rather than guess.
        most = max(sums.values(), default=0.0)
        doubtful = refusals[asked] > most < LIKELY
        least = LIKELY if emergency or doubtful else self._at.answer
        chosen = [name for name in ranked[:1] if sums[name] >= least]
        if chosen:
            # The likelier a family, the likelier it is asked about as well.
            chosen += takewhile(
                lambda name: self._asks_for(sums[name], sums[ranked[0]], found.double),
                ranked[1:],
            )
        chosen = [name for name in chosen if sums[name] >= self._least.get(name, 0.0)]
        if len(chosen) > 1:  # what was asked is answer enough
            chosen = [name for name in chosen if name not in (GREETING, VAGUE)]
        intents = [
            intent
            for name in chosen
            for intent in self._of_family(families[name], found.double)
        ]
        urgent = [intent for intent in intents if self._is_emergency(intent)]
        others = [intent for intent in intents if intent not in urgent]
        return tuple(sorted([*urgent, *others[:MOST_QUESTIONS]], key=self._place))

    def _asks_for(self, second: float, first: float, double: float) -> bool:
        """Whether a message asks about a second family besides the likeliest."""
        asks = self._calibration.second_question(first, second, double)
        return asks >= self._at.second_answer

    def _families(self, chances: dict[str, float]) -> dict[str, dict[str, float]]:
        """The chances of the ordinary intents, by their family."""
        families: dict[str, dict[str, float]] = {}
        for intent, chance in chances.items():
            if not intent.startswith(RISK):
                family = self._topics.family(intent)
                families.setdefault(family, {})[intent] = chance
        if len(chances) > 1:  # it only makes sense after a reply about 999
            families.get(GREETING, {}).pop(NOT_NOW, None)
        return families

    def _of_family(self, chances: dict[str, float], double: float) -> list[str]:
        """The likeliest intent of a family, and a second if two things are asked."""
        first, *others = _ranked(chances)
        finer = [
            other
            for other in others
            if chances[other] >= self._at.second_answer
            and double >= LIKELY
            and not (refines(first, other) or refines(other, first))
        ]
        return [first, *finer]

    def _place(self, intent: str) -> int:
        """An answer's place in the reply: an emergency first, "cannot help" last."""
        if self._is_emergency(intent):
            return 0
        return 2 if self._key(intent) == FALLBACK else 1

    def _in_context(self, found: Understanding, memory: Memory) -> dict[str, float]:
        """The chances, weighed by the topic just answered if the message leans on it.

        "How long does that take?" asks about what was just read: of the intents that
        fit the words, those that often come next win.
        """
        follows = self._follow_ups.get(memory.last_topic or "")
        if not follows or not self._leans(found, memory):
            return found.chances
        weighed = {i: p * follows[self._key(i)] for i, p in found.chances.items()}
        # Together they are as likely as the words alone made them.
        scale = min(1.0, sum(found.chances.values())) / sum(weighed.values())
        return {intent: weight * scale for intent, weight in weighed.items()}

    def _leans(self, found: Understanding, memory: Memory) -> bool:
        """Whether the message is about what was answered or opened just before."""
        return memory.last_topic is not None and found.depends >= self._at.follow_up

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
        offered = self._offered(chances, ()) if emergency else ()
        ordinary = [key for key in offered if not self._topics.by_key[key].is_emergency]
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


def _ranked(chances: dict[str, float]) -> list[str]:
    return sorted(chances, key=chances.__getitem__, reverse=True)
