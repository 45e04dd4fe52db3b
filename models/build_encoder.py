"""Builds models/sentence_encoder/: four layers, taught by models/sentence_teacher/.

Runs in a separate environment (`make encoder`), since only this needs torch. It is
seeded; on another processor the last bits may differ. Only data/nlu and
data/conversations are read: no evaluation message can reach the weights. It also
computes the vectors of these messages, so that training the model need not encode them.

Usage: python models/build_encoder.py [--target FOLDER] [--vectors-only]
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from pathlib import Path

from transformers import AutoTokenizer, BertConfig

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

import record  # noqa: E402 - beside this file
from sentence import export, published, teacher  # noqa: E402 - they need the folder
from sentence.distilling import ROUNDS, distil  # noqa: E402
from sentence.fine_tuning import Pooled  # noqa: E402

from bot import DATA  # noqa: E402
from bot.nlu import known_vectors  # noqa: E402
from bot.nlu.foreign import read_english  # noqa: E402
from bot.nlu.sentence_encoder import FOLDER, SentenceEncoder  # noqa: E402
from bot.nlu.talks import read_texts  # noqa: E402
from bot.safety.plain_text import plain  # noqa: E402

FILES = ("model.onnx", "tokenizer.json", "vectors.npz")


def build(folder: Path) -> None:
    """Distils, exports and checks."""
    source = published.folder()
    tokenizer = AutoTokenizer.from_pretrained(source)
    size = BertConfig.from_pretrained(source, attn_implementation="sdpa")
    taught_by = Pooled(teacher.read(teacher.FOLDER / "model.onnx", size))
    model = distil(taught_by, tokenizer)
    export.write(model, tokenizer, folder)


def save_vectors(folder: Path) -> None:
    """Writes the vectors of everything that `make train` encodes."""
    messages = [text for _, text in read_english(DATA / "nlu")]
    messages += read_texts(DATA / "conversations")
    known_vectors.save(map(plain, messages), SentenceEncoder(folder), folder)


def main() -> None:
    """Builds the files, and records their hashes."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--target", type=Path, default=FOLDER)
    parser.add_argument("--vectors-only", action="store_true")
    asked = parser.parse_args()
    asked.target.mkdir(parents=True, exist_ok=True)
    if not asked.vectors_only:
        build(asked.target)
    save_vectors(asked.target)
    taught = hashlib.sha256((teacher.FOLDER / "model.onnx").read_bytes()).hexdigest()
    epochs = [each.epochs for each in ROUNDS]
    record.write(
        asked.target, FILES, epochs=epochs, seed=published.SEED, teacher=taught
    )


if __name__ == "__main__":
    main()
