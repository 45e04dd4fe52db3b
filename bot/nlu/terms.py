"""Letters and words of a text as numbers: the terms of tf-idf, and their weights."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Protocol

import numpy as np
import numpy.typing as npt

from bot.nlu.arrays import Floats

SHORTEST, LONGEST = 2, 5  # letters of a term
_WORD = re.compile(r"[\w']+")


class Analyzer(Protocol):
    """How a text becomes terms: it is cut up, and each part has some."""

    def parts(self, text: str) -> list[str]:
        """A text, cut up."""

    def terms(self, part: str) -> list[str]:
        """The terms of one of its parts."""


@dataclass(frozen=True)
class Letters:
    """The runs of two to five letters of each word, with the spaces around it.

    A word shorter than a run counts once. The same terms as scikit-learn's `char_wb`.
    """

    def parts(self, text: str) -> list[str]:
        """The words, with the marks at them."""
        return text.lower().split()

    def terms(self, part: str) -> list[str]:
        """The runs of letters."""
        padded, found = f" {part} ", list[str]()
        for length in range(SHORTEST, LONGEST + 1):
            last = max(len(padded) - length, 0)
            found += [padded[at : at + length] for at in range(last + 1)]
            if not last:
                break
        return found


@dataclass(frozen=True)
class Words:
    """The words of a text, and each pair of neighbours."""

    def parts(self, text: str) -> list[str]:
        """The text as it is: a pair must not be cut."""
        return [text.lower()]

    def terms(self, part: str) -> list[str]:
        """The words and the pairs."""
        single = _WORD.findall(part)
        pairs = zip(single, single[1:], strict=False)
        return single + [f"{a} {b}" for a, b in pairs]


def analyze(analyzer: Analyzer, text: str) -> list[str]:
    """All terms of a text."""
    return [term for part in analyzer.parts(text) for term in analyzer.terms(part)]


class Terms:
    """The terms that were learnt: what a fitted TfidfVectorizer does to short texts.

    Its `transform` builds and checks five sparse matrices on the way; for one message
    that took ten times as long as the sums themselves.
    """

    def __init__(
        self,
        analyzer: Analyzer,
        names: list[str],
        idf: Floats,
        known: Iterable[str] = (),
    ) -> None:
        """Takes the learnt terms.

        Args:
            analyzer: How a text becomes terms.
            names: The terms in the order of their columns.
            idf: The inverse document frequency of each.
            known: Parts of training messages whose terms are looked up now, once and
                for all. What a visitor types is never kept.
        """
        self.names = names
        self.idf = idf
        self.known = list(known)
        self._analyzer = analyzer
        self._columns = {name: column for column, name in enumerate(names)}
        self._of_known = {part: self._look_up(part) for part in self.known}

    def times(self, texts: list[str], matrix: Floats) -> Floats:
        """Weighs the terms of each text and multiplies: shape (texts, columns)."""
        return np.stack(
            [
                weights @ matrix[rows].astype(np.float32)
                for rows, weights in self._seen(texts)
            ]
        )

    def _seen(self, texts: list[str]) -> Iterator[tuple[npt.NDArray[np.intp], Floats]]:
        """For each text the numbers of its known terms, and the weight of each."""
        for text in texts:
            parts = self._analyzer.parts(text)
            counts = Counter(chain.from_iterable(map(self._of_part, parts)))
            rows: npt.NDArray[np.intp] = np.fromiter(
                counts.keys(), dtype=np.intp, count=len(counts)
            )
            often = np.fromiter(counts.values(), dtype=np.float32, count=len(counts))
            weights: Floats = (1 + np.log(often)) * self.idf[rows]
            if counts:
                weights /= np.sqrt(weights @ weights)
            yield rows, weights

    def _of_part(self, part: str) -> tuple[int, ...]:
        found = self._of_known.get(part)
        return self._look_up(part) if found is None else found

    def _look_up(self, part: str) -> tuple[int, ...]:
        """The columns of a part's terms, of those that were learnt."""
        found = map(self._columns.get, self._analyzer.terms(part))
        return tuple(column for column in found if column is not None)
