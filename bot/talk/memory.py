"""What is remembered of a conversation: a picture of the risk, and the last topic.

No word of a visitor's: three numbers, a count, a time, two names of topics, that of a
language, and whether anything is missing. The front keeps them (bot/chat/memories.py)
and sends them with each question; in `rasa shell` they live in Rasa's slots of the same
names (domain.yml).
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from typing import Any

IDLE_MINUTES = 10  # a conversation that has been silent this long is forgotten
FADES_AFTER_TURNS = 3
FADES_AFTER_SECONDS = 600.0
SEEN = 0.5  # from this probability on, a message has added to the picture


@dataclass(frozen=True)
class Picture:
    """How likely three things are that together mean immediate risk, each 0 to 1."""

    person_gives_cause: float = 0.0  # somebody is or may be a danger to children
    child_reachable: float = 0.0  # a child is with this person, or comes to them
    now_or_soon: float = 0.0  # it is now, today, or within days

    def joined(self, other: Picture) -> Picture:
        """The likelier of both, part by part."""
        return Picture(
            *(max(a, b) for a, b in zip(self.parts, other.parts, strict=True))
        )

    @property
    def parts(self) -> tuple[float, float, float]:
        """The three probabilities, in the order of the fields."""
        return (self.person_gives_cause, self.child_reachable, self.now_or_soon)


# What is taken to be in the missing part of a talk.
MAY_BE_MISSING = Picture(person_gives_cause=1.0)


@dataclass(frozen=True, slots=True)  # thousands are kept
class Memory:
    """The state of one conversation between two messages.

    `calm_turns` counts the turns since something was last added to the picture, and
    `seen_at` is the time of that, in seconds of the clock that `after` is given.
    `alarmed`: this picture has had its emergency reply. `last_topic` is what was
    answered last; `ordinary_topic` what the emergency reply just given would have
    answered, had it not been one. `partial`: some of the talk may be missing.
    `language` is what the talk is held in, as data/languages names it; None: English.
    """

    person_gives_cause: float = 0.0
    child_reachable: float = 0.0
    now_or_soon: float = 0.0
    calm_turns: float = 0.0
    seen_at: float = 0.0
    alarmed: bool = False
    last_topic: str | None = None
    ordinary_topic: str | None = None
    partial: bool = False
    language: str | None = None

    @classmethod
    def of_dict(cls, kept: dict[str, Any]) -> Memory:
        """Reads what `asdict` gave; ignores anything else that a version added.

        Raises:
            ValueError: A part is of another kind than it was written as.
        """
        known = {name: kept[name] for name in NAMES if name in kept}
        for name, value in known.items():
            if not isinstance(value, _KINDS[name]):
                raise ValueError(name)
        for name in _TEXTS:  # a topic's name is kept once, not for each conversation
            if known.get(name):
                known[name] = sys.intern(known[name])
        return cls(**known)

    @classmethod
    def of_slots(cls, slots: dict[str, Any]) -> Memory:
        """Reads the slots of a tracker; one that is not set counts as nothing."""
        known = {name: slots.get(name) for name in SLOTS}
        return cls(**{name: v for name, v in known.items() if v is not None})

    def as_slots(self) -> dict[str, Any]:
        """The values of the slots, by name."""
        return {name: getattr(self, name) for name in SLOTS}

    def picture(self, now: float) -> Picture:
        """What is still remembered of the risk at a time in seconds.

        If some of the talk is missing, that part may have given cause for concern.
        """
        known = self._known(now)
        return known.joined(MAY_BE_MISSING) if self.partial else known

    def _known(self, now: float) -> Picture:
        if now - self.seen_at > FADES_AFTER_SECONDS:
            return Picture()
        return Picture(self.person_gives_cause, self.child_reachable, self.now_or_soon)

    @property
    def has_read(self) -> bool:
        """Whether a message was typed since a button was last pressed."""
        seen = self.person_gives_cause, self.child_reachable, self.now_or_soon
        return self.calm_turns > 0.0 or any(seen)

    def after(self, seen: Picture, now: float) -> Memory:
        """The memory once a message has been read that showed `seen`."""
        adds = max(seen.parts) >= SEEN
        calm_turns = 0.0 if adds else self.calm_turns + 1
        faded = calm_turns >= FADES_AFTER_TURNS
        before = Picture() if faded else self._known(now)
        cause, reachable, soon = before.joined(seen).parts
        return replace(
            self,
            person_gives_cause=cause,
            child_reachable=reachable,
            now_or_soon=soon,
            calm_turns=calm_turns,
            seen_at=now if adds else self.seen_at,
            alarmed=self.alarmed and before != Picture(),
            partial=self.partial and not faded,
        )

    def forgotten(self) -> Memory:
        """The memory without a picture: what it showed has been taken back."""
        return Memory(last_topic=self.last_topic, language=self.language)

    def with_gap(self) -> Memory:
        """The memory once some of the talk may be missing, for as long as it fades."""
        return self if self.partial else replace(self, partial=True, calm_turns=0.0)

    def joined(self, earlier: Memory) -> Memory:
        """The worse of two halves of a talk that were heard separately, with a gap."""
        return replace(
            self,
            person_gives_cause=max(self.person_gives_cause, earlier.person_gives_cause),
            child_reachable=max(self.child_reachable, earlier.child_reachable),
            now_or_soon=max(self.now_or_soon, earlier.now_or_soon),
            seen_at=max(self.seen_at, earlier.seen_at),
            alarmed=self.alarmed and earlier.alarmed,
        ).with_gap()

    def calmed(self, topic: str) -> Memory:
        """The memory once a visitor has turned to an ordinary topic by themselves."""
        return Memory(
            last_topic=topic,
            ordinary_topic=self.ordinary_topic,
            language=self.language,
        )


NAMES = tuple(Memory.__dataclass_fields__)
# Nothing is ever missing in `rasa shell`, which keeps all in one process; and it
# speaks English.
SLOTS = tuple(name for name in NAMES if name not in ("partial", "language"))
_TEXTS = ("last_topic", "ordinary_topic", "language")
_KINDS: dict[str, tuple[type, ...]] = {
    name: (str, type(None)) if name in _TEXTS else (float, int) for name in NAMES
}
