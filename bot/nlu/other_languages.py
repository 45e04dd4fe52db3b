"""Understands messages in other languages, with an encoder of their own."""

from __future__ import annotations

from pathlib import Path

from bot.languages.scripts import ROMANISED, group
from bot.nlu.calibration import Calibration
from bot.nlu.multilingual_encoder import MultilingualEncoder, tidy
from bot.nlu.pieces import take_apart
from bot.nlu.reader import Reader
from bot.nlu.understanding import Understanding

FOLDERS = ("own_scripts", "romanised")  # for what was learnt, in the model


class OtherLanguages:
    """From a message to probabilities; safe to share between threads."""

    def __init__(self, own: Reader, romanised: Reader) -> None:
        """Takes what was learnt, of languages in their own scripts and in ours.

        Raises:
            MultilingualEncoderError: The encoder cannot be loaded.
            YamlFileError, FittedError: data/calibration_languages.yml cannot be used.
        """
        self._own, self._romanised = own, romanised
        self._encoder = MultilingualEncoder()
        self._calibration = Calibration.read_for_languages()

    @classmethod
    def load(cls, folder: Path) -> OtherLanguages:
        """Reads what `MultilingualClassifier` wrote.

        Raises:
            OSError, KeyError, ValueError: It is not there, or is something else.
        """
        own, romanised = (Reader.load(folder / name) for name in FOLDERS)
        return cls(own, romanised)

    def understand(self, text: str, language: str) -> Understanding:
        """What a message asks, and what it shows of danger."""
        script = group(language, text)
        reader = self._romanised if script == ROMANISED else self._own
        scores = reader.read(take_apart(text, self._encoder, tidy))
        return Understanding.of_scores(
            scores, reader.intents, self._calibration, script
        )
