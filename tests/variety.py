"""How varied a set of messages is: near-copies, openings, lengths, vocabulary.

Usage: python -m tests.variety FILE.yml [FILE.yml ...]

A file is Rasa training data (`nlu:`), one of data/conversations, or an evaluation set.
Two messages are near-copies when their letter trigrams overlap by `NEAR` or more
(Jaccard index, 0 to 1).
"""

from __future__ import annotations

import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import yaml

NEAR = 0.6


class Message(NamedTuple):
    """One message a visitor might type, its label and the file it is in."""

    text: str
    label: str
    file: str


def read(path: Path) -> Iterator[Message]:
    """Yields the messages of one YAML file, training or evaluation data."""
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    if isinstance(content, dict) and "nlu" in content:
        for block in content["nlu"]:
            for line in block["examples"].splitlines():
                if line.startswith("- "):
                    yield Message(line[2:].strip(), block["intent"], path.name)
        return
    entries = content[path.stem] if isinstance(content, dict) else content
    for text in _texts(entries):
        yield Message(text, "", path.name)


def _texts(entries: list) -> Iterator[str]:
    """The messages in a list of texts, of entries with a text, or of conversations."""
    for entry in entries:
        if isinstance(entry, str):
            yield entry
        elif "turns" in entry:
            yield from _texts(entry["turns"])
        else:
            yield entry.get("text", "")


def words(text: str) -> list[str]:
    """Splits a text into lower-case words, without punctuation."""
    return re.findall(r"[\w']+", text.lower())


def near_copies(
    messages: list[Message], others: list[Message] | None = None
) -> Iterator[tuple[Message, Message, float]]:
    """Yields pairs too much alike: within `messages`, or against `others`.

    Args:
        messages: What is searched.
        others: A second set to compare with; None compares the first with itself.
    """
    known = messages if others is None else others
    sets = [_trigrams(message) for message in known]
    sizes = np.array([len(found) for found in sets])
    holders: dict[str, list[int]] = defaultdict(list)
    for number, trigrams in enumerate(sets):
        for trigram in trigrams:
            holders[trigram].append(number)
    holding = {t: np.array(numbers, np.int32) for t, numbers in holders.items()}
    for number, message in enumerate(messages):
        own = _trigrams(message)
        found = [holding[trigram] for trigram in own if trigram in holding]
        if not found:
            continue
        # How many trigrams each known message shares with this one.
        shared = np.bincount(np.concatenate(found), minlength=len(known))
        alike = shared >= NEAR * (len(own) + sizes - shared)
        for other in np.flatnonzero(alike):
            if others is not None or other > number:
                overlap = len(own & sets[other]) / len(own | sets[other])
                yield message, known[other], overlap


def _trigrams(message: Message) -> set[str]:
    text = " " + " ".join(words(message.text)) + " "
    return {text[i : i + 3] for i in range(len(text) - 2)}


def report(messages: list[Message]) -> str:
    """A plain-text report on the variety of the messages, label by label."""
    labels: dict[str, list[str]] = defaultdict(list)
    for message in messages:
        labels[message.label].append(message.text)
    lines = [f"{'label':32}{'n':>6}{'words 10/50/90%':>18}{'openings':>10}{'vocab':>8}"]
    for label, texts in sorted(labels.items()):
        sizes = sorted(len(words(text)) for text in texts)
        tenth, half, most = (sizes[int(len(sizes) * q)] for q in (0.1, 0.5, 0.9))
        openings = len({tuple(words(text)[:2]) for text in texts}) / len(texts)
        vocabulary = len({word for text in texts for word in words(text)})
        spread = f"{tenth}/{half}/{most}"
        lines.append(
            f"{label:32}{len(texts):6}{spread:>18}{openings:10.0%}{vocabulary:8}"
        )
    starts = Counter(" ".join(words(message.text)[:2]) for message in messages)
    common = ", ".join(f"{start} ({n})" for start, n in starts.most_common(15))
    lines += ["", f"{len(messages)} messages; commonest openings: {common}"]
    lines += ["", "Near-copies:"]
    for first, second, overlap in near_copies(messages):
        lines.append(f"  {overlap:.2f} {first.label}: {first.text}")
        lines.append(f"       {second.label}: {second.text}")
    return "\n".join(lines)


def main() -> None:
    """Prints the report on the files named on the command line."""
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    found = [message for name in sys.argv[1:] for message in read(Path(name))]
    sys.stdout.write(report(found) + "\n")


if __name__ == "__main__":
    main()
