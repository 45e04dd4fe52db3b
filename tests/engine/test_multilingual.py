"""Messages in other languages, read with the real encoder and the trained model."""

from __future__ import annotations

import numpy as np
import pytest

from bot import DATA
from bot.chat.content import Content
from bot.languages.scripts import GROUPS, OTHERS, ROMANISED, group
from bot.nlu import foreign
from bot.nlu.known_vectors import KnownVectors, key
from bot.nlu.multilingual_encoder import (
    FOLDER,
    SIZE,
    MultilingualEncoder,
    MultilingualEncoderError,
    tidy,
)
from bot.talk.memory import Memory
from bot.talk.messages import Question

POLISH = "sąsiad krzyczy na swoją córkę"


@pytest.fixture(scope="module")
def encoder() -> MultilingualEncoder:
    return MultilingualEncoder()


@pytest.fixture(scope="module")
def served(mind):
    content = Content.read()
    mind.serve(content.served)
    return content.served


def cosine(one: np.ndarray, other: np.ndarray) -> float:
    return float(one @ other)


def test_a_vector_has_length_one_and_never_depends_on_its_neighbours(encoder):
    alone = encoder.encode([POLISH])
    among = encoder.encode(["a" * 300, POLISH, "other words, and many more of them"])

    assert alone.shape == (1, SIZE)
    assert np.linalg.norm(alone[0]) == pytest.approx(1.0, abs=1e-5)
    np.testing.assert_array_equal(alone[0], among[1])


def test_what_means_the_same_is_nearer_than_what_does_not(encoder):
    own, same, other = encoder.encode(
        [POLISH, "the neighbour shouts at his daughter", "when is the helpline open"]
    )

    assert cosine(own, same) > cosine(own, other)


def test_every_language_is_read_without_unknown_pieces(encoder):
    for tag, wording in Content.read().spoken.languages.items():
        pieces = encoder._tokenizer.encode(tidy(wording.texts["lead"])).tokens
        assert pieces.count("<unk>") == 0, tag


def test_a_folder_without_the_encoder_is_named_with_the_remedy(tmp_path):
    with pytest.raises(MultilingualEncoderError, match="make multilingual"):
        MultilingualEncoder(tmp_path)


def test_the_vectors_at_hand_are_those_that_the_encoder_gives(encoder):
    messages = foreign.read_messages(DATA / "languages" / "messages")
    texts = [text for _, text in messages[::500]]
    known = KnownVectors(encoder, FOLDER)

    kept, fresh = known.encode(texts), encoder.encode(texts)

    assert all(key(text) in known._rows for text in texts)
    assert min(map(cosine, kept, fresh)) > 0.995


def test_a_message_that_is_new_is_encoded(encoder):
    known = KnownVectors(encoder, FOLDER)
    new = tidy("zupełnie nowe zdanie, 4711 razy inne")

    assert key(new) not in known._rows
    np.testing.assert_allclose(known.encode([new]), encoder.encode([new]), atol=1e-6)


@pytest.mark.parametrize(
    ("tag", "text", "named"),
    [
        ("pl", POLISH, "latin"),
        ("ur-Latn", "kya haal hai", ROMANISED),
        ("ur", "کیا حال ہے", "arabic"),
        ("ne", "के छ", "indic"),
        ("uk", "що робити", "greek_cyrillic"),
        ("zh-Hant", "點算", "chinese"),
        ("und-other", "도와주세요", OTHERS),
    ],
)
def test_thresholds_go_by_the_script(tag, text, named):
    assert group(tag, text) == named and named in GROUPS


def decide(mind, served, text: str, language: str | None, mixed: bool = False):
    question = Question(
        1, text, Memory(), None, 0.0, 9.0, served.version, language, mixed
    )
    return mind.decide(question)


def test_what_the_front_has_heard_says_which_reader_reads(mind, served):
    text = "tata bije teraz mojego brata, jest 22 w nocy"

    assert decide(mind, served, text, "pl").intents[0] == "immediate_risk"
    assert mind.understand(text, "pl").group == "latin"
    assert mind.understand(text).group is None


def test_of_two_readings_the_more_alarming_one_wins(mind, served):
    text = "nie wiem co robić. my uncle is hitting my sister right now"
    apart = mind.understand(text)
    both = mind.understand(text, "pl", mixed=True)

    assert both.risk >= apart.risk
