"""Letters and words of a text as numbers: the terms of tf-idf, and their weights."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt

from bot.nlu.arrays import Floats

SHORTEST, LONGEST = 2, 5  # letters of a term
_WORD = re.compile(r"[\w']+")


def letters(text: str) -> list[str]:
    """The runs of two to five letters of each word, with the spaces around it.

    A word shorter than a run counts once. The same terms as scikit-learn's `char_wb`.
    """
    found = []
    for word in text.lower().split():
        padded = f" {word} "
        for length in range(SHORTEST, LONGEST + 1):
            last = max(len(padded) - length, 0)
            found += [padded[at : at + length] for at in range(last + 1)]
            if not last:
                break
    return found


def words(text: str) -> list[str]:
    """The words of a text, and each pair of neighbours."""
    single = _WORD.findall(text.lower())
    return single + [f"{a} {b}" for a, b in zip(single, single[1:], strict=False)]


class Terms:
    """The terms that were learnt: what a fitted TfidfVectorizer does to short texts.

    Its `transform` builds and checks five sparse matrices on the way; for one message
    that took ten times as long as the sums themselves.
    """

    def __init__(
        self, analyze: Callable[[str], list[str]], names: list[str], idf: Floats
    ) -> None:
        """Takes the learnt terms.

        Args:
            analyze: `letters` or `words`.
            names: The terms in the order of their columns.
            idf: The inverse document frequency of each.
        """
        self.names = names
        self.idf = idf
        self._analyze = analyze
        self._columns = {name: column for column, name in enumerate(names)}

    def times(self, texts: list[str], matrix: Floats) -> Floats:
        """Weighs the terms of each text and multiplies: shape (texts, columns)."""
        return np.stack([weights @ matrix[rows] for rows, weights in self._seen(texts)])

    def _seen(self, texts: list[str]) -> Iterator[tuple[npt.NDArray[np.intp], Floats]]:
        """For each text the numbers of its known terms, and the weight of each."""
        for text in texts:
            known = map(self._columns.get, self._analyze(text))
            counts = Counter(column for column in known if column is not None)
            rows = np.fromiter(counts.keys(), dtype=np.intp, count=len(counts))
            often = np.fromiter(counts.values(), dtype=np.float32, count=len(counts))
            weights = (1 + np.log(often)) * self.idf[rows]
            length = np.sqrt(weights @ weights)
            yield rows, weights / length if length else weights
