"""The encoder reads a message once, to its end, in the same way as in training."""

from __future__ import annotations

import json
import subprocess

import numpy as np
import pytest

from bot import DATA, ROOT
from bot.chat.launch import PYTHON
from bot.nlu.foreign import read_english
from bot.nlu.known_vectors import KnownVectors, save
from bot.nlu.pieces import encode, take_apart
from bot.nlu.sentence_encoder import (
    FOLDER,
    MOST_TOKENS,
    SIZE,
    SentenceEncoder,
    SentenceEncoderError,
)
from bot.safety.plain_text import plain

ONE = "is the helpline free"
THREE = (
    "They took his laptop. He is on bail, and I have two children. Who can I talk to?"
)
SPELT_OUT = "h e l p, what do i do"
# The cost of each: how often the model runs, and on how many tokens.
COSTS = {
    ONE: (1, 7),
    THREE: (1, 24),
    "no. no! he's here, and she's scared, but what now?": (1, 21),
    "help. help. help.": (1, 8),
    "well " * 400: (2, 404),
}


class Counted:
    """The model, with the numbers of tokens that it ran on."""

    def __init__(self, session) -> None:
        self._session, self.asked = session, []

    def run(self, names, given):
        self.asked.append(given["input_ids"].size)
        return self._session.run(names, given)


@pytest.fixture
def counted(encoder, monkeypatch) -> Counted:
    session = Counted(encoder._session)
    monkeypatch.setattr(encoder, "_session", session)
    return session


def cosine(one, other) -> float:
    return float(one @ other / np.sqrt((one @ one) * (other @ other)))


def test_a_folder_without_the_encoder_is_named_with_the_remedy(tmp_path):
    with pytest.raises(SentenceEncoderError, match="make encoder"):
        SentenceEncoder(tmp_path)


def test_a_vector_does_not_depend_on_the_texts_beside_it(encoder):
    texts = [text for _, text in read_english(DATA / "nlu")][::1500]

    together, alone = encoder.encode(texts), [encoder.encode([t])[0] for t in texts]

    assert together.shape == (len(texts), SIZE)
    np.testing.assert_array_equal(together, alone)


def test_what_is_learnt_is_what_is_served(encoder):
    texts = [plain(text) for _, text in read_english(DATA / "nlu")][::500]
    known = KnownVectors(encoder, FOLDER)
    served = [take_apart(text, encoder).whole.vector for text in texts]

    # What is kept has 8 bits a number.
    assert min(map(cosine, known.encode(texts), served)) > 0.998


def test_the_engine_s_packages_read_as_those_that_the_model_learns_with(encoder):
    texts = [plain(text) for _, text in read_english(DATA / "nlu")][::1000]
    code = (
        "import json, sys; from bot.nlu.sentence_encoder import SentenceEncoder;"
        "vectors = SentenceEncoder().encode(json.load(sys.stdin));"
        "json.dump(vectors.tolist(), sys.stdout)"
    )
    said = subprocess.run(
        [PYTHON, "-c", code],
        cwd=ROOT,
        input=json.dumps(texts),
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    np.testing.assert_allclose(json.loads(said), encoder.encode(texts), atol=1e-6)


@pytest.mark.parametrize("text", COSTS, ids=lambda text: text[:20])
def test_a_message_is_read_once_with_its_parts(encoder, counted, text):
    take_apart(text, encoder)

    assert (len(counted.asked), sum(counted.asked)) == COSTS[text]


def test_each_part_has_a_vector_of_its_own(encoder):
    pieces = take_apart(THREE, encoder)

    assert len(pieces.sentences) == 3 and len(pieces.clauses) == 4
    for piece in (*pieces.sentences, *pieces.clauses):
        [alone] = encoder.encode([piece.text])
        others = [p for p in pieces.sentences if p.text not in piece.text]
        others = [p for p in others if piece.text not in p.text]
        assert cosine(piece.vector, piece.vector) == pytest.approx(1.0)
        assert all(
            cosine(piece.vector, alone) > cosine(other.vector, alone)
            for other in others
        )


def test_a_part_that_is_not_in_the_message_is_read_by_itself(encoder, counted):
    whole, part = encoder.encode_parts("he was arrested", ["is the helpline free"])
    [alone] = encoder.encode(["is the helpline free"])

    np.testing.assert_array_equal(part, alone)
    assert whole.shape == part.shape == (SIZE,)


def test_letters_set_apart_are_put_together_and_read(encoder):
    assert take_apart(SPELT_OUT, encoder).whole.text.startswith("help,")


def test_a_long_text_is_read_to_its_end(encoder):
    story = "it rained and we went to the shops and had our tea. " * 30
    tokens = encoder._tokenizer.encode(plain(story)).ids
    danger = "he is in her bedroom now"

    with_it = take_apart(story + danger, encoder)
    [alone] = encoder.encode([danger])

    assert len(tokens) > MOST_TOKENS
    assert cosine(with_it.sentences[-1].vector, alone) > 0.5
    assert cosine(with_it.whole.vector, encoder.encode([plain(story)])[0]) < 0.9999


def test_vectors_of_another_encoder_are_not_used(encoder, tmp_path):
    for name in ("model.onnx", "tokenizer.json"):
        (tmp_path / name).write_bytes((FOLDER / name).read_bytes())
    save([ONE], encoder, tmp_path)
    assert len(KnownVectors(encoder, tmp_path)._rows) == 1

    (tmp_path / "model.onnx").write_bytes(b"another")
    known = KnownVectors(encoder, tmp_path)

    assert not known._rows
    np.testing.assert_array_equal(known.encode([ONE]), encoder.encode([ONE]))


def test_a_piece_is_hashed_by_its_text(encoder):
    """Rasa hashes the repr of each message's parts; numpy's takes half the training."""
    [piece] = encode([ONE], encoder)

    assert repr(piece) == f"Piece(text={ONE!r})"
