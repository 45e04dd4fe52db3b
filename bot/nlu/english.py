"""Understands messages in English."""

from __future__ import annotations

from bot.nlu.calibration import Calibration
from bot.nlu.pieces import take_apart
from bot.nlu.reader import Reader
from bot.nlu.sentence_encoder import SentenceEncoder
from bot.nlu.understanding import Understanding


class English:
    """From a message to probabilities; safe to share between threads."""

    def __init__(self, reader: Reader) -> None:
        """Takes what was learnt.

        Raises:
            SentenceEncoderError: The encoder cannot be loaded.
            YamlFileError, FittedError: data/calibration.yml cannot be used.
        """
        self._reader = reader
        self._encoder = SentenceEncoder()
        self._calibration = Calibration.read()

    def understand(self, text: str) -> Understanding:
        """What a message asks, and what it shows of danger."""
        scores = self._reader.read(take_apart(text, self._encoder))
        return Understanding.of_scores(scores, self._reader.intents, self._calibration)
