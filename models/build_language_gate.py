"""Builds models/language_gate.json, which bot/languages/gate.py reads.

Two logistic regressions over the pieces of words: whether a text in Latin letters is
English, and which language it is in otherwise. Learnt from data/nlu and
data/conversations, from the messages in data/languages/messages, from the wordings in
data/languages, and from the lists of common words in data/languages/words. No
evaluation message is read. Runs in Rasa's environment, in about a minute.

Usage: python models/build_language_gate.py
"""

from __future__ import annotations

import json
import random
import sys
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from bot.languages.gate import FILE, WINDOW_WORDS  # noqa: E402
from bot.languages.scripts import LATIN, scripts  # noqa: E402
from bot.languages.terms import terms  # noqa: E402
from bot.nlu.foreign import read_english  # noqa: E402

SEED = 20261129
LANGUAGES = ROOT / "data" / "languages"
# The inverse of the regularisation, as scikit-learn has it.
ENGLISH_STRENGTH, NAME_STRENGTH = 20.0, 30.0
FOREIGN_WEIGHT, WORDS_WEIGHT = 3.0, 0.5
MISTYPED = 0.5  # of the English messages: a typing slip does not make anybody foreign
# Smaller ones are left out: they do not decide any text.
LEAST_WEIGHT, LEAST_VOTE = 0.05, 2.5
DIGITS = 2
OWN, DIALECT_TIMES = "en-", 5  # what a file of English begins with

Text = tuple[str, str]  # the language, and what is written in it


def english() -> list[str]:
    """All English training messages, and the English of Jamaica and Nigeria."""
    found = [text for _, text in read_english(ROOT / "data" / "nlu")]
    for path in sorted((LANGUAGES / "words").glob(f"{OWN}*.txt")):
        found += DIALECT_TIMES * path.read_text(encoding="utf-8").splitlines()
    return found


def foreign() -> list[Text]:
    """The messages and wordings in other languages."""
    found = []
    for path in sorted((LANGUAGES / "messages").glob("*.yml")):
        entries = yaml.safe_load(path.read_text(encoding="utf-8"))
        found += [(path.stem, entry["text"]) for entry in entries]
    for path in sorted(LANGUAGES.glob("*.yml")):
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        if path.stem != "en":
            found += [
                (path.stem, str(text))
                for part in ("texts", "page", "openings", "topics")
                for text in content[part].values()
            ]
    return found


def common_words(draw: random.Random) -> list[Text]:
    """A few common words of one language at a time."""
    found = []
    for path in sorted((LANGUAGES / "words").glob("*.txt")):
        if path.stem.startswith(OWN):
            continue
        listed = [w.strip() for w in path.read_text(encoding="utf-8").splitlines()]
        for _ in range(3):
            draw.shuffle(listed)
            found += [
                (path.stem, " ".join(listed[start : start + WINDOW_WORDS]))
                for start in range(0, len(listed), WINDOW_WORDS)
            ]
    return found


def parts(text: str) -> list[str]:
    """A text in stretches of a few words."""
    found = text.split()
    starts = range(0, max(1, len(found) - WINDOW_WORDS + 1), WINDOW_WORDS)
    return [" ".join(found[start : start + WINDOW_WORDS]) for start in starts]


def mistyped(text: str, draw: random.Random) -> str:
    """A text with letters swapped, doubled or left out."""
    letters = list(text)
    for _ in range(max(1, len(letters) // 14)):
        place = draw.randrange(len(letters))
        slip = draw.random()
        if slip < 1 / 3 and place + 1 < len(letters):
            letters[place], letters[place + 1] = letters[place + 1], letters[place]
        else:
            letters[place] = "" if slip < 2 / 3 else letters[place] * 2
    return "".join(letters)


def is_latin(text: str) -> bool:
    """Whether most letters of a text are Latin."""
    counted = scripts(text)
    return bool(counted) and counted.most_common(1)[0][0] == LATIN


def learn_english(
    own: list[str], others: list[Text], listed: list[Text], draw: random.Random
) -> dict[str, Any]:
    """How much each piece of a word counts against English."""
    texts: list[tuple[str, bool, float]] = []
    for text in own:
        texts.append((text, False, 1.0))
        if draw.random() < MISTYPED:
            texts.append((mistyped(text, draw), False, 1.0))
        if len(stretches := parts(text)) > 1:
            texts.append((draw.choice(stretches), False, 1.0))
    for _, text in filter(lambda entry: is_latin(entry[1]), others):
        texts.append((text, True, FOREIGN_WEIGHT))
        texts += [(part, True, 1.0) for part in parts(text)]
    texts += [(text, True, WORDS_WEIGHT) for _, text in listed if is_latin(text)]
    vectorizer, seen = vectorized([text for text, _, _ in texts], least=2)
    learnt = LogisticRegression(
        C=ENGLISH_STRENGTH, max_iter=200, solver="liblinear", random_state=SEED
    ).fit(seen, [is_foreign for _, is_foreign, _ in texts], [w for _, _, w in texts])
    weights = zip(vectorizer.get_feature_names_out(), learnt.coef_[0], strict=True)
    return {
        "bias": round(float(learnt.intercept_[0]), DIGITS),
        "terms": {
            term: round(float(weight), DIGITS)
            for term, weight in weights
            if abs(weight) >= LEAST_WEIGHT
        },
    }


def learn_names(others: list[Text], listed: list[Text]) -> dict[str, Any]:
    """How much each piece of a word counts for each language."""
    texts = [*others, *listed]
    texts += [(tag, part) for tag, text in others for part in parts(text)]
    spoken = {path.stem for path in LANGUAGES.glob("*.yml")}
    texts = [(named(tag, text, spoken), text) for tag, text in texts]
    tags = sorted({tag for tag, _ in texts})
    vectorizer, seen = vectorized([text for _, text in texts], least=5)
    learnt = LogisticRegression(
        C=NAME_STRENGTH, max_iter=60, class_weight="balanced", random_state=SEED
    ).fit(seen, [tag for tag, _ in texts])
    assert list(learnt.classes_) == tags
    main = [
        scripts(" ".join(text for own, text in texts if own == tag)).most_common(1)
        for tag in tags
    ]
    names = vectorizer.get_feature_names_out()
    weights = np.round(learnt.coef_.T, 1)
    return {
        "tags": tags,
        "scripts": [script for [(script, _)] in main],
        "biases": [round(float(bias), DIGITS) for bias in learnt.intercept_],
        "terms": {
            term: row.tolist()
            for term, row in zip(names, weights, strict=True)
            if row.max() >= LEAST_VOTE
        },
    }


def named(tag: str, text: str, spoken: set[str]) -> str:
    """A language that the chat speaks; the others together, by their script."""
    if tag in spoken:
        return tag
    counted = scripts(text).most_common(1)
    return f"und-{counted[0][0] if counted else LATIN}"


def vectorized(texts: list[str], least: int) -> tuple[TfidfVectorizer, Any]:
    """Texts as rows of length one, by the pieces that are in `least` of them."""
    vectorizer = TfidfVectorizer(
        analyzer=lambda text: list(terms(text).elements()),
        use_idf=False,
        sublinear_tf=True,
        min_df=least,
        dtype=np.float32,
    )
    return vectorizer, vectorizer.fit_transform(texts)


def main() -> None:
    """Learns both, and writes the file."""
    draw = random.Random(SEED)
    own, others, listed = english(), foreign(), common_words(draw)
    learnt = {
        "english": learn_english(own, others, listed, draw),
        "languages": learn_names(others, listed),
    }
    written = json.dumps(learnt, ensure_ascii=False, separators=(",", ":"))
    FILE.write_text(written + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
