"""What a fitted TfidfVectorizer does to a few short texts, without its ceremony."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer


class Terms:
    """The terms of a text and their weights, as the vectorizer gives them.

    Its `transform` builds and checks five sparse matrices on the way; for one message
    that took ten times as long as the sums themselves.
    """

    def __init__(self, fitted: TfidfVectorizer) -> None:
        """Takes a vectorizer with `sublinear_tf` and the l2 norm, as Reader has it."""
        assert fitted.sublinear_tf and fitted.use_idf and fitted.norm == "l2"
        self._analyze = fitted.build_analyzer()
        self._columns = fitted.vocabulary_
        self._idf = fitted.idf_.astype(np.float32)

    def times(self, texts: list[str], matrix: np.ndarray) -> np.ndarray:
        """`transform(texts) @ matrix`: float32 of shape (texts, columns)."""
        return np.stack([weights @ matrix[rows] for rows, weights in self._seen(texts)])

    def _seen(self, texts: list[str]) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """For each text the numbers of its known terms, and the weight of each."""
        for text in texts:
            known = map(self._columns.get, self._analyze(text))
            counts = Counter(column for column in known if column is not None)
            rows = np.fromiter(counts.keys(), dtype=np.intp, count=len(counts))
            often = np.fromiter(counts.values(), dtype=np.float32, count=len(counts))
            weights = (1 + np.log(often)) * self._idf[rows]
            length = np.sqrt(weights @ weights)
            yield rows, weights / length if length else weights
