"""Fits data/calibration_languages.yml and data/thresholds_languages.yml.

On tuning/languages/, whose meanings are in no training data. What such messages are too
few for, such as danger over turns, is taken from English.
"""

from __future__ import annotations

import sys
from bisect import bisect_left
from collections import defaultdict
from dataclasses import asdict, dataclass, replace
from datetime import date

import numpy as np
import yaml

from bot import DATA, MODEL
from bot.dialogue.decision import OTHER_EMERGENCY, SUICIDAL, Decider, Thresholds
from bot.engine import model_file
from bot.languages.scripts import GROUPS, ROMANISED, group
from bot.nlu.calibration import (
    CHANCE,
    MISUSE,
    RISK,
    Calibration,
    chance_scores,
    misuse_scores,
    risk_scores,
)
from bot.nlu.multilingual_encoder import MultilingualEncoder, tidy
from bot.nlu.other_languages import FOLDERS
from bot.nlu.pieces import take_apart
from bot.nlu.reader import RISK as RISK_INTENT
from bot.nlu.reader import Reader, Scores
from bot.nlu.understanding import Understanding
from bot.talk.memory import Memory
from bot.words.topics import REFUSALS, Topics
from tests.evaluation.score_languages import read
from tests.evaluation.sets import TUNING
from tests.evaluation.tune import (
    HEAD,
    STEPS,
    fitted,
    fitted_upwards,
    worth,
)

# The greatest share of calm messages that may be answered as an emergency.
ALARMED, ALARMED_ROMANISED = 0.04, 0.07
REFUSED = 0.003
FEW = 300  # calm messages of a group; with as many, half of the weight is its own
ADULT = (SUICIDAL, OTHER_EMERGENCY)
NOTE = """\
# For messages in other languages; {name}.yml is for English. By group of scripts:
# if a group has no threshold here, the English one applies.
"""


@dataclass(frozen=True)
class Heard:
    """One tuning message in another language: what was read in it, and what it is."""

    scores: Scores
    group: str
    intent: str
    urgent: bool


class LanguageTuning:
    """The tuning messages, read once; and the numbers that fit them."""

    def __init__(self) -> None:
        """Loads the trained model; raises FileNotFoundError when there is none."""
        with model_file.learnt(MODEL) as folder_of:
            folder = folder_of("MultilingualClassifier")
            own, romanised = (Reader.load(folder / name) for name in FOLDERS)
        self.reader = own
        self._topics = Topics.read()
        encoder = MultilingualEncoder()
        self.heard = []
        for tag, meaning, text in read(TUNING):
            script = group(tag, text)
            reader = romanised if script == ROMANISED else own
            scores = reader.read(take_apart(text, encoder, tidy))
            urgent = meaning["kind"] == "emergency"
            self.heard.append(Heard(scores, script, meaning["intent"], urgent))

    def calibration(self) -> Calibration:
        """The way tests/evaluation/tune.py fits the one for English."""
        risk = self._fit_risk()
        misuse = [misuse_scores(heard.scores) for heard in self.heard]
        refused = [heard.intent in REFUSALS for heard in self.heard]
        english = Calibration.read()
        return replace(
            english,
            chance=self._fit_chance(),
            risk=risk,
            hint=risk,
            misuse=fitted_upwards(MISUSE, misuse, refused, [1.0] * len(refused))
            if any(refused)
            else english.misuse,
        )

    def _fit_chance(self) -> dict[str, float]:
        rows, right = [], []
        for heard in self.heard:
            wanted = self._topics.family(heard.intent)
            each = chance_scores(heard.scores)
            for name, row in zip(self.reader.families, each, strict=True):
                if not name.startswith(RISK_INTENT):
                    rows.append(row)
                    right.append(name == wanted)
        return fitted(CHANCE, rows, right, [1.0] * len(rows))

    def _fit_risk(self) -> dict[str, float]:
        """A child at risk against calm messages; other emergencies are neither."""
        known = [h for h in self.heard if h.intent not in ADULT]
        rows = [risk_scores(heard.scores) for heard in known]
        right = [heard.urgent for heard in known]
        return fitted_upwards(RISK, rows, right, [1.0] * len(rows))

    def thresholds(self, calibration: Calibration) -> dict[str, dict[str, float]]:
        """For each group the lowest that keep within the budget of false alarms.

        A group of few messages would be left to chance: the fewer it has, the nearer
        its threshold is to that of all groups in scripts of their own.
        """
        at = replace(Thresholds.read(), answer=0.3, offer=0.0, second_answer=1.0)
        every = self._understood(calibration)
        calm = {
            name: [u for heard, u in every[name] if not heard.urgent] for name in GROUPS
        }
        pooled = [u for name in GROUPS if name != ROMANISED for u in calm[name]]
        adult = self._lowest(at, pooled, ("suicidal", "other_emergency"), ALARMED / 4)
        at = replace(at, suicidal=adult, other_emergency=adult)
        at = replace(at, refusal=self._refusal(every))
        at = replace(at, answer=self._answer(at, every))
        common = self._lowest(at, pooled, ("emergency",), ALARMED)
        found = {}
        for name in GROUPS:
            budget = ALARMED_ROMANISED if name == ROMANISED else ALARMED
            own = common
            if calm[name]:
                own = self._lowest(at, calm[name], ("emergency",), budget)
            trust = len(calm[name]) / (len(calm[name]) + FEW)
            if name == ROMANISED:
                trust = 1.0
            found[name] = {
                "emergency": round(trust * own + (1 - trust) * common, 3),
                "suicidal": adult,
                "other_emergency": adult,
                "refusal": at.refusal,
                "answer": at.answer,
                "second_answer": at.second_answer,
                "offer": at.offer,
            }
        return found

    def _refusal(self, every: dict[str, list[tuple[Heard, Understanding]]]) -> float:
        """The lowest step at which hardly anybody is refused without good reason."""
        innocent = [
            u.misuse
            for pairs in every.values()
            for heard, u in pairs
            if heard.intent not in REFUSALS
        ]
        return float(
            next(step for step in STEPS if np.mean(innocent >= step) <= REFUSED)
        )

    def _answer(
        self, at: Thresholds, every: dict[str, list[tuple[Heard, Understanding]]]
    ) -> float:
        """The step at which ordinary questions get most, as for English."""
        asked = [
            (heard, u)
            for pairs in every.values()
            for heard, u in pairs
            if not heard.urgent
        ]

        def worth_at(step: float) -> float:
            own = replace(at, answer=step, emergency=1.0)
            decider = Decider(own, self._decides, self._topics, {})
            total = 0.0
            for heard, understood in asked:
                decided = decider.decide(understood, Memory(), 0.0)
                wanted = {self._topics.family(heard.intent)}
                total += worth(list(decided.intents), decided.offered, wanted)
            return total

        return float(max(STEPS, key=worth_at))

    def _understood(
        self, calibration: Calibration
    ) -> dict[str, list[tuple[Heard, Understanding]]]:
        by_group = defaultdict(list)
        self._decides = calibration
        for heard in self.heard:
            found = Understanding.of_scores(
                heard.scores, self.reader.intents, calibration
            )
            by_group[heard.group].append((heard, found))
        return by_group

    def _lowest(
        self,
        at: Thresholds,
        calm: list[Understanding],
        names: tuple[str, ...],
        budget: float,
    ) -> float:
        """The lowest step at which few calm messages are answered as an emergency."""

        def allowed(step: float) -> bool:
            own = replace(at, **dict.fromkeys(names, float(step)))
            if "emergency" not in names:
                own = replace(own, emergency=1.0)
            decider = Decider(own, self._decides, self._topics, {})
            alarmed = [
                any(self._is_emergency(intent) for intent in decision.intents)
                for decision in (decider.decide(u, Memory(), 0.0) for u in calm)
            ]
            return float(np.mean(alarmed)) <= budget

        found = bisect_left(STEPS, True, key=allowed)
        return float(STEPS[min(found, len(STEPS) - 1)])

    def _is_emergency(self, intent: str) -> bool:
        topic = self._topics.of_intent(intent)
        return bool(topic and topic.is_emergency)


def write(calibration: Calibration, thresholds: dict[str, dict[str, float]]) -> None:
    """Writes both files into data/."""
    for name, numbers in (
        ("calibration", asdict(calibration)),
        ("thresholds", thresholds),
    ):
        text = HEAD.format(day=date.today()) + NOTE.format(name=name)
        text += yaml.safe_dump(numbers, sort_keys=False)
        (DATA / f"{name}_languages.yml").write_text(text, encoding="utf-8")


def main() -> None:
    """Fits and writes both files, saying what was chosen."""
    sys.stderr.write("Reading the tuning messages in other languages ...\n")
    tuning = LanguageTuning()
    calibration = tuning.calibration()
    thresholds = tuning.thresholds(calibration)
    write(calibration, thresholds)
    chosen = ", ".join(f"{name} {at['emergency']}" for name, at in thresholds.items())
    sys.stderr.write(f"Written to data/: emergency {chosen}.\n")


if __name__ == "__main__":
    main()
