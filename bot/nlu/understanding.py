"""What the pipeline of config.yml found in one message, for bot/dialogue."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from bot.nlu.calibration import Calibration, logistic
from bot.nlu.reader import DEPENDS, PICTURE, RISK, Scores
from bot.talk.memory import Picture

KEY = "understanding"  # under which Rasa's parse data holds it


@dataclass(frozen=True)
class Understanding:
    """Probabilities, each from 0 to 1.

    `chances` are those of the intents, independent of each other and likeliest first;
    `risk` that of immediate risk to a child, and `hint` the same with more weight on
    the most alarming sentence; `depends` that the message leans on the
    answer before it; `forced` is the emergency intent of the net, if a rule fired.
    """

    chances: dict[str, float]
    risk: float = 0.0
    hint: float = 0.0
    picture: Picture = field(default_factory=Picture)
    depends: float = 0.0
    forced: str | None = None

    @classmethod
    def of_scores(
        cls, scores: Scores, intents: list[str], calibration: Calibration
    ) -> Understanding:
        """What the scores of bot/nlu/reader.py mean."""
        chances = map(float, calibration.chances(scores))
        ranked = sorted(zip(intents, chances, strict=True), key=lambda pair: -pair[1])
        picture = Picture(*(float(logistic(scores.facts[part])) for part in PICTURE))
        depends = float(logistic(scores.facts[DEPENDS]))
        risk, hint = calibration.danger(scores)
        return cls(dict(ranked), risk, hint, picture, depends)

    @classmethod
    def of_parse_data(cls, parsed: dict[str, Any]) -> Understanding:
        """Reads Rasa's parse data; a bare intent, as in `rasa test`, is certain."""
        found = parsed.get(KEY)
        if not found:
            intent = (parsed.get("intent") or {}).get("name") or ""
            certain = float(intent.startswith(RISK))
            return cls({intent: 1.0}, certain, certain)
        chances = {r["name"]: r["confidence"] for r in parsed["intent_ranking"]}
        return cls(
            chances,
            found["risk"],
            found["hint"],
            Picture(*found["picture"]),
            found["depends"],
            found.get("forced"),
        )

    def with_forced(self, intent: str) -> Understanding:
        """The same, and the net is certain of an emergency intent."""
        chances = {intent: 1.0, **self.chances}
        return replace(self, chances=chances | {intent: 1.0}, forced=intent)

    def as_parse_data(self) -> dict[str, Any]:
        """What stands under `KEY`; the chances are Rasa's intent ranking."""
        return {
            "risk": self.risk,
            "hint": self.hint,
            "picture": list(self.picture.parts),
            "depends": self.depends,
        }
