"""What the engine's tests share: the loaded model, read once."""

from __future__ import annotations

import pytest

from bot import MODEL
from bot.engine.mind import Mind
from bot.nlu.sentence_encoder import SentenceEncoder
from bot.rasa_parts.quiet import quieten_rasa

quieten_rasa()  # before a test imports Rasa


@pytest.fixture(scope="session")
def mind() -> Mind:
    """The model as the engine loads it; no topics are served yet."""
    return Mind.load(MODEL)


@pytest.fixture(scope="session")
def encoder() -> SentenceEncoder:
    return SentenceEncoder()
