"""What the pipeline of config.yml found in one message, for bot/dialogue."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from operator import itemgetter
from typing import Any

from bot.nlu.calibration import Calibration, logistic
from bot.nlu.reader import DEPENDS, DOUBLE, PICTURE, RETRACTS, RISK, Scores
from bot.talk.memory import Picture
from bot.words.topics import REFUSALS

KEY = "understanding"  # its key in Rasa's parse data


@dataclass(frozen=True)
class Understanding:
    """Probabilities, each from 0 to 1.

    `chances` are those of the intents, likeliest first; `risk` that of immediate risk
    to a child, and `hint` the same with more weight on the most alarming sentence;
    `depends` that the message depends on the answer before it; `double` that it asks
    more than one thing; `retracts` that it takes back what sounded like danger;
    `misuse` that it asks for something that is refused; `forced` is the emergency
    intent of the net, if a rule fired. `group` is the group of languages whose
    thresholds apply; None: English.
    """

    chances: dict[str, float]
    risk: float = 0.0
    hint: float = 0.0
    picture: Picture = field(default_factory=Picture)
    depends: float = 0.0
    double: float = 0.0
    retracts: float = 0.0
    misuse: float = 0.0
    forced: str | None = None
    group: str | None = None

    @classmethod
    def of_scores(
        cls,
        scores: Scores,
        intents: list[str],
        calibration: Calibration,
        group: str | None = None,
    ) -> Understanding:
        """What the scores of bot/nlu/reader.py mean."""
        chances = zip(intents, calibration.chances(scores).tolist(), strict=True)
        ranked = sorted(chances, key=itemgetter(1), reverse=True)
        known = logistic(list(scores.facts.values())).tolist()
        fact = dict(zip(scores.facts, known, strict=True))
        picture = Picture(*(fact[part] for part in PICTURE))
        risk, hint = calibration.danger(scores)
        misuse = calibration.refusal(scores)
        others = fact[DEPENDS], fact[DOUBLE], fact[RETRACTS], misuse
        return cls(dict(ranked), risk, hint, picture, *others, group=group)

    @classmethod
    def of_parse_data(cls, parsed: dict[str, Any]) -> Understanding:
        """Reads Rasa's parse data; a bare intent, as in `rasa test`, is certain."""
        found = parsed.get(KEY)
        if not found:
            intent = (parsed.get("intent") or {}).get("name") or ""
            certain, misuse = float(intent.startswith(RISK)), float(intent in REFUSALS)
            return cls({intent: 1.0}, certain, certain, misuse=misuse)
        chances = {r["name"]: r["confidence"] for r in parsed["intent_ranking"]}
        return cls(
            chances,
            found["risk"],
            found["hint"],
            Picture(*found["picture"]),
            found["depends"],
            found["double"],
            found["retracts"],
            found["misuse"],
            found.get("forced"),
            found.get("group"),
        )

    def with_danger_of(self, other: Understanding) -> Understanding:
        """The same, with the danger of another reading if that is greater."""
        if other.risk <= self.risk:
            return self
        return replace(
            self,
            chances=other.chances,
            risk=other.risk,
            hint=max(self.hint, other.hint),
            picture=self.picture.joined(other.picture),
        )

    def with_forced(self, intent: str) -> Understanding:
        """The same, with the emergency intent of which the net is certain."""
        chances = {intent: 1.0, **self.chances}
        return replace(self, chances=chances | {intent: 1.0}, forced=intent)

    def as_parse_data(self) -> dict[str, Any]:
        """The value at `KEY`; the chances are Rasa's intent ranking."""
        return {
            "risk": self.risk,
            "hint": self.hint,
            "picture": list(self.picture.parts),
            "depends": self.depends,
            "double": self.double,
            "retracts": self.retracts,
            "misuse": self.misuse,
            "group": self.group,
        }
