"""Fits data/calibration.yml and data/thresholds.yml on the messages of tuning/.

Every number that the bot decides by comes from here; the function that chooses it says
how. Budgets are tighter than the targets, so that unseen messages meet them too and
there is room for the net's alarms, which do not depend on the model.
"""

from __future__ import annotations

import random
import sys
from bisect import bisect_left
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, replace
from datetime import date
from functools import cached_property

import numpy as np
import yaml
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

from bot import DATA, MODEL
from bot.dialogue import follow_ups
from bot.dialogue.decision import OTHER_EMERGENCY as OTHER
from bot.dialogue.decision import SUICIDAL, Decider, Thresholds
from bot.engine import model_file
from bot.nlu.calibration import (
    CHANCE,
    MISUSE,
    RISK,
    SECOND,
    TALK,
    Calibration,
    chance_scores,
    misuse_scores,
    risk_scores,
    second_scores,
    talk_scores,
)
from bot.nlu.pieces import take_apart
from bot.nlu.reader import RISK as RISK_INTENT
from bot.nlu.reader import Reader, Scores
from bot.nlu.sentence_encoder import SentenceEncoder
from bot.nlu.understanding import Understanding
from bot.talk.memory import Memory
from bot.talk.messages import Decision
from bot.words.topics import EMERGENCY, REFUSALS, Topics
from tests.evaluation.sets import NOT_ABOUT_A_CHILD, TUNING, load, serves

# The greatest shares that may be wrong, of calm near-misses and of ordinary questions.
ALARMED_CALM, ALARMED_ORDINARY = 0.026, 0.024
LED_CALM, LED_ORDINARY = 0.23, 0.13
DOUBLED = 0.022  # single questions that get a second answer
WRONGLY_SUICIDAL, WRONGLY_OTHER = 0.004, 0.002
REFUSED = 0.004  # of those who ask for nothing that is refused
# Calm conversations, and turns of them that are led for the sake of those before.
ALARMED_TALKS, LED_TURNS = 0.1, 0.02
# What an outcome is worth when the right answer at once is worth 1.
ASKED_BACK, WRONG_BUT_OFFERED, WRONG = 0.6, 0.3, -0.3
# Doubles are one in ten of the tuning messages; their second question counts more.
DOUBLE_WEIGHT = 4.0
# The least that a score counts which can only raise a probability: in so few
# conversations some never made a difference.
LEAST_WEIGHT = 0.03
FURTHER = 3  # families that may be asked for besides the likeliest
# How much messages that others around them make long count, in `risk` and `hint`.
BURIED, BURIED_HINT = 0.1, 0.3
MADE_LONG, SHORT_WORDS, SEED = 150, 40, 7
STEPS = np.round(np.concatenate([np.arange(1, 20) / 1000, np.arange(2, 100) / 100]), 3)


@dataclass(frozen=True)
class Tuned:
    """One tuning message: what was read in it, and the topics it is about."""

    scores: Scores
    wanted: frozenset[str]
    also: frozenset[str]


class Tuning:
    """The tuning messages, read once; and the numbers that fit them."""

    def __init__(self) -> None:
        """Loads the trained model; raises ModelError."""
        with model_file.learnt(MODEL) as folder_of:
            self.reader = Reader.load(folder_of("TopicClassifier"))
        self.topics = Topics.read()
        self._encoder = SentenceEncoder()
        self._follow_ups = follow_ups.read_chances(self.topics)
        asked = load(TUNING, "real_questions")
        urgent = load(TUNING, "new_emergencies")
        plain = load(TUNING, "plain_words")
        self.risky = self._tuned_all(
            load(TUNING, "immediate_risk"),
            [e for e in urgent if e["kind"] not in NOT_ABOUT_A_CHILD],
            [e for e in plain if e["kind"] == "emergency"],
        )
        self.calm = self._tuned_all(
            load(TUNING, "immediate_risk_hard_negatives"),
            load(TUNING, "alarming_words"),
            [e for e in plain if e["kind"] == "calm"],
        )
        self.single = self._tuned_all(
            load(TUNING, "topics_messages"),
            [e for e in asked if e["shape"] != "two_needs"],
            load(TUNING, "innocents"),
            [e for e in load(TUNING, "vague_pleas") if not e["after"]],
        )
        self.double = self._tuned_all(
            load(TUNING, "multi_intent"),
            [e for e in asked if e["shape"] == "two_needs"],
            both=True,
        )
        self.suicidal = self._tuned_all(
            [e for e in urgent if e["kind"].startswith("suicidal")]
        )
        self.other = self._tuned_all([e for e in urgent if e["kind"] == "other"])
        self.misuse = self._tuned_all(load(TUNING, "misuse"))

    def _tuned_all(self, *sets: list[dict], both: bool = False) -> list[Tuned]:
        return [self._tuned(entry, both) for entries in sets for entry in entries]

    def _tuned(self, entry: dict, both: bool = False) -> Tuned:
        """One message; of several topics, `both` are wanted, or one is enough."""
        topics = entry.get("topics") or [entry[k] for k in ("topic",) if k in entry]
        wanted = topics if both else topics[:1]
        return Tuned(
            self._read(entry["text"]),
            frozenset(wanted),
            frozenset([*entry.get("also", ()), *topics]) - frozenset(wanted),
        )

    def _untold(self, typed: str) -> Tuned:
        """A message that has no topic to be judged by."""
        return Tuned(self._read(typed), frozenset(), frozenset())

    def _read(self, typed: str) -> Scores:
        return self.reader.read(take_apart(typed, self._encoder))

    @cached_property
    def talks(self) -> list[tuple[list[Tuned], int | None]]:
        """The conversations, and the turn at which each shows its risk."""
        return [
            ([self._untold(turn) for turn in talk["turns"]], talk["risk_turn"])
            for talk in (*load(TUNING, "multi_turn"), *load(TUNING, "conversations"))
        ]

    @cached_property
    def retractions(self) -> list[tuple[Tuned, bool]]:
        """Turns after the first, and whether each takes back a danger."""
        return [
            (self._untold(turn), number == talk.get("retracted"))
            for talk in load(TUNING, "conversations")
            for number, turn in enumerate(talk["turns"])
            if number
        ]

    @cached_property
    def follow_ups(self) -> list[tuple[str, Tuned, float]]:
        """The topic just answered, what was asked then, and how much it counts.

        Whole questions are a third of the entries and, in a chat, most of the messages.
        """
        return [
            (entry["after"], self._tuned(entry), 4.0 if entry.get("own") else 1.0)
            for entry in load(TUNING, "follow_ups")
        ]

    # ---- calibration ----

    def calibration(self) -> Calibration:
        """Logistic regressions: of each intent, and of immediate risk."""
        single = Calibration(
            self._fit_chance(),
            self._fit_risk(BURIED),
            self._fit_risk(BURIED_HINT),
            {},
            self._fit_misuse(),
            {},
        )
        return replace(
            single, talk=self._fit_talk(single), second=self._fit_second(single)
        )

    def _fit_chance(self) -> dict[str, float]:
        families = self.reader.families
        used = [not name.startswith(RISK_INTENT) for name in families]
        rows, right, weights = [], [], []
        for tuned in (*self.single, *self.calm, *self.double):
            weight = DOUBLE_WEIGHT if len(tuned.wanted) > 1 else 1.0
            scores = chance_scores(tuned.scores)
            wanted = {self.topics.family(key) for key in tuned.wanted}
            also = {self.topics.family(key) for key in tuned.also} - wanted
            for use, name, row in zip(used, families, scores, strict=True):
                if use and name not in also:
                    rows.append(row)
                    right.append(name in wanted)
                    weights.append(weight)
        return fitted(CHANCE, rows, right, weights)

    def _fit_risk(self, buried_weight: float) -> dict[str, float]:
        calm = [
            t
            for t in (*self.single, *self.calm)
            if RISK_INTENT not in t.wanted | t.also
        ]
        buried, long = self.buried
        rows = [
            risk_scores(tuned.scores) for tuned in (*self.risky, *buried, *calm, *long)
        ]
        risky = len(self.risky) + len(buried)
        right = [row < risky for row in range(len(rows))]
        weights = [1.0] * len(self.risky) + [buried_weight] * len(buried)
        weights += [1.0] * len(calm) + [buried_weight] * len(long)
        return fitted_upwards(RISK, rows, right, weights)

    def _fit_misuse(self) -> dict[str, float]:
        everyone = [*self.single, *self.calm, *self.misuse]
        rows = [misuse_scores(tuned.scores) for tuned in everyone]
        right = [bool(tuned.wanted & set(REFUSALS)) for tuned in everyone]
        return fitted_upwards(MISUSE, rows, right, [1.0] * len(rows))

    def _fit_second(self, calibration: Calibration) -> dict[str, float]:
        """On the likeliest further families of messages that ask one thing, and two."""
        rows, right, weights = [], [], []
        for tuned in (*self.single, *self.double):
            two = len(tuned.wanted) > 1
            wanted = {self.topics.family(key) for key in tuned.wanted if two}
            found = Understanding.of_scores(
                tuned.scores, self.reader.intents, calibration
            )
            sums: dict[str, float] = {}
            for intent, chance in found.chances.items():
                if not intent.startswith(RISK_INTENT):
                    family = self.topics.family(intent)
                    sums[family] = sums.get(family, 0.0) + chance
            first, *others = sorted(sums, key=sums.__getitem__, reverse=True)
            for other in others[:FURTHER]:
                rows.append(second_scores(sums[first], sums[other], found.double))
                right.append(other in wanted)
                weights.append(DOUBLE_WEIGHT if two else 1.0)
        return fitted(SECOND, rows, right, weights)

    def _fit_talk(self, calibration: Calibration) -> dict[str, float]:
        """On the turns after the first, up to the one that shows the danger."""
        rows, right = [], []
        for turns, risk_turn in self.talks:
            memory = Memory()
            for number, tuned in enumerate(turns):
                found = Understanding.of_scores(
                    tuned.scores, self.reader.intents, calibration
                )
                memory = memory.after(found.picture, 0.0)
                if number:
                    rows.append(
                        talk_scores(memory.picture(0.0), found.picture, found.hint)
                    )
                    right.append(number == risk_turn)
                if number == risk_turn:
                    break
        return fitted_upwards(TALK, rows, right, [1.0] * len(rows))

    @cached_property
    def buried(self) -> tuple[list[Tuned], list[Tuned]]:
        """Emergencies amid calm messages, and the same calm messages alone."""
        draw = random.Random(SEED)
        calm = [t["text"] for t in load(TUNING, "topics_messages") if "also" not in t]
        risky = [entry["text"] for entry in load(TUNING, "immediate_risk")]
        short = [text for text in risky if len(text.split()) < SHORT_WORDS]
        around = [draw.sample(calm, 6) for _ in range(MADE_LONG)]
        inside = draw.sample(short, MADE_LONG)
        return (
            [
                self._untold(". ".join((*others[:3], text, *others[3:])))
                for text, others in zip(inside, around, strict=True)
            ],
            [self._untold(". ".join(others)) for others in around],
        )

    # ---- thresholds ----

    def thresholds(self, calibration: Calibration) -> Thresholds:
        """Chooses every threshold, those of single messages first."""
        at = Thresholds(**dict.fromkeys(Thresholds.__dataclass_fields__, 1.0))
        at = replace(at, answer=0.3, offer=0.0)
        self._calibration = calibration
        self._understandings: dict[int, Understanding] = {}
        second = self._lowest(self._doubles_little, "second_answer", at)
        at = replace(at, second_answer=second)
        suicidal = self._lowest(self._suicidal_little, "suicidal", at)
        at = replace(at, suicidal=suicidal)
        other = self._lowest(self._other_little, "other_emergency", at)
        at = replace(at, other_emergency=other)
        at = replace(at, refusal=self._lowest(self._refuses_little, "refusal", at))
        at = replace(at, emergency=self._lowest(self._alarms_little, "emergency", at))
        at = replace(at, lead=self._lowest(self._leads_little, "lead", at))
        at = replace(at, answer=self._best(self._worth, "answer", at))
        at = replace(at, offer=self._offer(at))
        at = replace(at, retraction=self._best(self._believed, "retraction", at))
        alarm = self._lowest(self._talks_alarm_little, "conversation_emergency", at)
        # What adds up must be as likely as a message by itself has to be.
        at = replace(at, conversation_emergency=max(alarm, at.emergency))
        lead = self._lowest(self._talks_lead_little, "conversation_lead", at)
        at = replace(at, conversation_lead=lead)
        return replace(at, follow_up=self._best(self._followed, "follow_up", at))

    def _lowest(self, allowed: Callable, name: str, at: Thresholds) -> float:
        """The lowest step that keeps within its budget: as much recall as it buys.

        The higher a threshold, the less is done, so the steps are halved.
        """
        found = bisect_left(
            STEPS, True, key=lambda step: allowed(replace(at, **{name: float(step)}))
        )
        if found == len(STEPS):
            raise SystemExit(f"tests/evaluation/tune.py: no `{name}` meets its budget.")
        return float(STEPS[found])

    def _best(self, worth: Callable, name: str, at: Thresholds) -> float:
        """The step that is worth most; of equals the lowest."""
        tried = [replace(at, **{name: float(step)}) for step in STEPS]
        return float(STEPS[int(np.argmax([worth(each) for each in tried]))])

    def _alarms_little(self, at: Thresholds) -> bool:
        """Few calm messages are answered as immediate risk to a child."""
        return (
            self._share(at, self.calm, self._alarmed_for_child) <= ALARMED_CALM
            and self._share(at, self.single, self._alarmed_for_child)
            <= ALARMED_ORDINARY
        )

    def _alarmed_for_child(self, tuned: Tuned, decision: Decision) -> bool:
        return self._alarmed(tuned, decision) and any(
            intent.startswith(RISK_INTENT) for intent in decision.intents
        )

    def _suicidal_little(self, at: Thresholds) -> bool:
        """Few messages are taken for an adult's wish to die when they do not say so."""
        messages = [*self.calm, *self.single]
        wrong = self._share(at, messages, lambda t, d: self._wrongly(SUICIDAL, t, d))
        return wrong <= WRONGLY_SUICIDAL

    def _other_little(self, at: Thresholds) -> bool:
        """Few messages are taken for a fire or a burglary when there is none."""
        messages = [*self.calm, *self.single]
        wrong = self._share(at, messages, lambda t, d: self._wrongly(OTHER, t, d))
        return wrong <= WRONGLY_OTHER

    def _refuses_little(self, at: Thresholds) -> bool:
        """Hardly anybody is refused who has not asked for what must be."""
        messages = [*self.calm, *self.single, *self.double]
        refused = self._share(
            at, messages, lambda t, d: any(self._wrongly(r, t, d) for r in REFUSALS)
        )
        return refused <= REFUSED

    def _wrongly(self, family: str, tuned: Tuned, decision: Decision) -> bool:
        """Whether a message is answered by a family that it is not about."""
        right = {self.topics.family(key) for key in tuned.wanted | tuned.also}
        given = {self.topics.family(intent) for intent in decision.intents}
        return family in given - right

    def _believed(self, at: Thresholds) -> float:
        """How many retractions are believed; a false one cancels out three."""
        worth = 0.0
        for tuned, retracts in self.retractions:
            believed = self._understood(tuned).retracts >= at.retraction
            worth += believed if retracts else -3.0 * believed
        return worth

    def _leads_little(self, at: Thresholds) -> bool:
        """Few answers whose topic does not call for it are led by the 999 sentence."""
        return (
            self._share(at, self._quiet(self.calm), self._led) <= LED_CALM
            and self._share(at, self._quiet(self.single), self._led) <= LED_ORDINARY
        )

    def _doubles_little(self, at: Thresholds) -> bool:
        """Few messages that ask one thing get two answers."""
        doubled = self._share(at, self.single, lambda t, d: len(d.intents) > 1)
        return doubled <= DOUBLED

    def _worth(self, at: Thresholds) -> float:
        """What visitors with one question get out of it."""
        return sum(self._worth_of(t, d) for t, d in self._decided(at, self.single))

    def _worth_of(self, tuned: Tuned, decision: Decision) -> float:
        given = [self._key(intent) for intent in decision.intents]
        return worth(given, decision.offered, tuned.wanted | tuned.also)

    def _talks_alarm_little(self, at: Thresholds) -> bool:
        """Few conversations that stay calm have a later turn taken for an emergency.

        The first is a message like any other.
        """
        calm = [turns for turns, risk_turn in self.talks if risk_turn is None]
        alarmed = [
            any(
                intent.startswith(RISK_INTENT)
                for _, decision in [*self._followed_through(at, turns)][1:]
                for intent in decision.intents
            )
            for turns in calm
        ]
        return np.mean(alarmed) <= ALARMED_TALKS

    def _talks_lead_little(self, at: Thresholds) -> bool:
        """Few turns of calm conversations are led that would not be by themselves."""
        alone = replace(at, conversation_lead=1.0)
        return self._led_turns(at) - self._led_turns(alone) <= LED_TURNS

    def _led_turns(self, at: Thresholds) -> float:
        """The share of the turns of calm conversations led by the 999 sentence."""
        calm = [turns for turns, risk_turn in self.talks if risk_turn is None]
        led = [
            decision.lead
            for turns in calm
            for _, decision in self._followed_through(at, turns)
        ]
        return float(np.mean(led))

    def _offer(self, at: Thresholds) -> float:
        """The highest step that does not put any more right answers out of reach."""
        most = self._in_reach(replace(at, offer=0.0))
        least = bisect_left(
            STEPS,
            True,
            key=lambda step: self._in_reach(replace(at, offer=float(step))) < most,
        )
        return float(STEPS[least - 1]) if least else 0.0

    def _in_reach(self, at: Thresholds) -> int:
        """How many questions are answered or offered; of two, both."""
        return sum(
            self._reached(tuned, decision)
            for tuned, decision in self._decided(at, [*self.single, *self.double])
        )

    def _reached(self, tuned: Tuned, decision: Decision) -> bool:
        shown = {self._key(i) for i in decision.intents} | set(decision.offered)
        if len(tuned.wanted) > 1:
            return all(any(serves(s, {w}) for s in shown) for w in tuned.wanted)
        return any(serves(key, tuned.wanted | tuned.also) for key in shown)

    def _followed(self, at: Thresholds) -> float:
        """How many follow-ups get the answer they ask for."""
        decider = self._decider(at)
        worth = 0.0
        for after, tuned, weight in self.follow_ups:
            memory = Memory(last_topic=after)
            decision = decider.decide(self._understood(tuned), memory, 0.0)
            worth += weight * self._worth_of(tuned, decision)
        return worth

    # ---- deciding ----

    def _decider(self, at: Thresholds) -> Decider:
        return Decider(at, self._calibration, self.topics, self._follow_ups)

    def _understood(self, tuned: Tuned) -> Understanding:
        if id(tuned) not in self._understandings:
            self._understandings[id(tuned)] = Understanding.of_scores(
                tuned.scores, self.reader.intents, self._calibration
            )
        return self._understandings[id(tuned)]

    def _decided(
        self, at: Thresholds, messages: list[Tuned]
    ) -> Iterable[tuple[Tuned, Decision]]:
        decider = self._decider(at)
        for tuned in messages:
            yield tuned, decider.decide(self._understood(tuned), Memory(), 0.0)

    def _followed_through(
        self, at: Thresholds, turns: list[Tuned]
    ) -> Iterable[tuple[Tuned, Decision]]:
        decider, memory = self._decider(at), Memory()
        for tuned in turns:
            decision = decider.decide(self._understood(tuned), memory, 0.0)
            memory = decision.memory
            yield tuned, decision

    def _share(self, at: Thresholds, messages: list[Tuned], is_so: Callable) -> float:
        decided = self._decided(at, messages)
        return float(np.mean([is_so(tuned, decision) for tuned, decision in decided]))

    def _alarmed(self, tuned: Tuned, decision: Decision) -> bool:
        """Whether a message that is not an emergency was answered as one."""
        about = tuned.wanted | tuned.also
        if any(self.topics.by_key[key].lead == EMERGENCY for key in about):
            return False
        return any(self._lead_of(i) == EMERGENCY for i in decision.intents)

    def _led(self, tuned: Tuned, decision: Decision) -> bool:
        """Whether the reply begins with 999."""
        leads = [self._lead_of(intent) for intent in decision.intents]
        return decision.lead or leads[:1] == [EMERGENCY]

    def _quiet(self, messages: list[Tuned]) -> list[Tuned]:
        """Those whose topics do not call for the 999 sentence."""
        return [
            tuned
            for tuned in messages
            if all(
                self.topics.by_key[key].lead == "none"
                for key in tuned.wanted | tuned.also
            )
        ]

    def _key(self, intent: str) -> str:
        topic = self.topics.of_intent(intent)
        assert topic, intent
        return topic.key

    def _lead_of(self, intent: str) -> str:
        return self.topics.by_key[self._key(intent)].lead


def worth(given: list[str], offered: Iterable[str], right: Iterable[str]) -> float:
    """What a visitor gets out of the topics that are answered and those offered."""
    if any(serves(key, right) for key in given):
        return 1.0
    if not any(serves(key, right) for key in offered):
        return WRONG if given else 0.0
    return WRONG_BUT_OFFERED if given else ASKED_BACK


def fitted(
    names: tuple[str, ...], rows: list, right: list[bool], weights: list[float]
) -> dict[str, float]:
    """A logistic regression as the numbers of data/calibration.yml."""
    learnt = LogisticRegression(C=1.0, max_iter=1000)
    learnt.fit(np.array(rows), right, sample_weight=weights)
    numbers = [*learnt.coef_[0], learnt.intercept_[0]]
    return {
        name: round(float(number), 3)
        for name, number in zip((*names, "offset"), numbers, strict=True)
    }


def fitted_upwards(
    names: tuple[str, ...], rows: list, right: list[bool], weights: list[float]
) -> dict[str, float]:
    """The same, and every score raises the probability, if only a little."""
    scores, signs = np.array(rows), np.where(right, 1.0, -1.0)

    def loss(numbers: np.ndarray) -> float:
        odds = scores @ numbers[:-1] + numbers[-1]
        each = np.logaddexp(0, -signs * odds) * weights
        return each.sum() + (numbers[:-1] ** 2).sum() / 2

    bounds = [(LEAST_WEIGHT, None)] * len(names) + [(None, None)]
    numbers = minimize(loss, np.zeros(len(bounds)), bounds=bounds).x
    return {
        name: round(float(number), 3)
        for name, number in zip((*names, "offset"), numbers, strict=True)
    }


HEAD = """\
# Written on {day} by `make evaluate` (tests/evaluation/tune.py says how each number is
# chosen) from messages that the model has not learnt from. Not to be changed by hand.
"""
CALIBRATION = """\
# How the model's scores become probabilities (bot/nlu/calibration.py). `chance` is for
# each family of intents, `risk` and `hint` for immediate risk to a child: a weight for
# each score, and an offset. `hint` gives more weight to the most alarming sentence of a
# long message. `talk` is for danger that emerges over several turns, `misuse` for a
# request that is refused, `second` for another question in the same message.
"""
THRESHOLDS = """\
# What the bot does above each probability (bot/dialogue/decision.py, docs/safety.md):
#   emergency, lead        immediate risk in this message: the reply is an emergency, or
#                          begins with what to do if a child is in danger now
#   conversation_emergency, conversation_lead
#                          the same, judged by everything said in the conversation
#   retraction             somebody takes back what sounded like danger: believe it
#   suicidal               an adult may want to die: a separate emergency reply
#   other_emergency        a fire or a burglary: a separate emergency reply
#   refusal                somebody asks for material, contact or a way round the police
#   answer                 answer the likeliest topic; below this, ask back
#   second_answer          the message asks a second thing: answer that as well
#   offer                  offer another topic as a button
#   follow_up              the message depends on the topic just answered
"""


def write(calibration: Calibration, thresholds: Thresholds) -> None:
    """Writes data/calibration.yml and data/thresholds.yml."""
    for name, comment, numbers in (
        ("calibration", CALIBRATION, asdict(calibration)),
        ("thresholds", THRESHOLDS, asdict(thresholds)),
    ):
        text = HEAD.format(day=date.today()) + comment
        text += yaml.safe_dump(numbers, sort_keys=False)
        (DATA / f"{name}.yml").write_text(text, encoding="utf-8")


def main() -> None:
    """Fits and writes both files, saying what was chosen."""
    sys.stderr.write("Reading the tuning messages ...\n")
    tuning = Tuning()
    calibration = tuning.calibration()
    sys.stderr.write("Choosing the thresholds (about a minute) ...\n")
    thresholds = tuning.thresholds(calibration)
    write(calibration, thresholds)
    chosen = ", ".join(f"{name} {value}" for name, value in asdict(thresholds).items())
    sys.stderr.write(f"Written to data/: {chosen}.\n")


if __name__ == "__main__":
    main()
