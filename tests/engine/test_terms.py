"""Terms weighs texts as scikit-learn does, with which they were learnt."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer

from bot.nlu.reader import ANALYZERS
from bot.nlu.terms import Terms

TEXTS = ["how long is the register", "is the helpline free", "who can i tell, who"]
# The same by the name that scikit-learn has for it.
KINDS = {
    "letters": {"analyzer": "char_wb", "ngram_range": (2, 5)},
    "words": {"ngram_range": (1, 2), "token_pattern": r"[\w']+"},
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "text", ["is the register free", "who who who", "WHO can I tell", "i", "zzz", ""]
)
def test_a_text_weighs_what_the_vectorizer_says(kind, text):
    fitted = TfidfVectorizer(sublinear_tf=True, dtype=np.float32, **KINDS[kind])
    columns = fitted.fit_transform(TEXTS).shape[1]
    matrix = np.random.RandomState(0).rand(columns, 4).astype(np.float32)
    names = fitted.get_feature_names_out().tolist()
    wanted = fitted.transform([text, TEXTS[0]]) @ matrix

    for known in ([], ["who", "is", "is the"]):
        terms = Terms(ANALYZERS[kind], names, fitted.idf_, known)
        assert np.allclose(terms.times([text, TEXTS[0]], matrix), wanted, atol=1e-6)


def test_what_a_visitor_types_is_never_kept():
    terms = Terms(ANALYZERS["letters"], ["he", "hel"], np.ones(2), ["helpline"])
    terms.times(["a visitor's helpline"], np.ones((2, 1), dtype=np.float32))

    assert list(terms._of_known) == ["helpline"]
