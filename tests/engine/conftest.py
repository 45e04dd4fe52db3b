"""What the engine's tests share: the loaded model, read once."""

from __future__ import annotations

import pytest

from bot import MODEL
from bot.rasa_parts.quiet import quieten_rasa
from bot.rasa_parts.without_tensorflow import keep_out_tensorflow

# Before a test imports Rasa, as in the engine; what needs TensorFlow is run by itself.
quieten_rasa()
keep_out_tensorflow()

from bot.nlu.sentence_encoder import SentenceEncoder  # noqa: E402
from bot.rasa_parts.mind import Mind  # noqa: E402


@pytest.fixture(scope="session")
def mind() -> Mind:
    """The model as the engine loads it; no topics are served yet."""
    return Mind.load(MODEL)


@pytest.fixture(scope="session")
def encoder() -> SentenceEncoder:
    return SentenceEncoder()
