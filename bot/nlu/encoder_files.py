"""Opens an encoder's folder: its word pieces, and its model on one thread."""

from __future__ import annotations

from pathlib import Path

from onnxruntime import InferenceSession, SessionOptions
from tokenizers import Tokenizer


def load(
    folder: Path, target: str, error: type[ValueError]
) -> tuple[Tokenizer, InferenceSession]:
    """Loads tokenizer.json and model.onnx; both are safe to share between threads.

    Args:
        folder: Where they are.
        target: The `make` target that builds them.
        error: Raised when a file is missing or broken.
    """
    try:
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        options = SessionOptions()
        # A request is work for one core: two threads would wait for each other.
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        session = InferenceSession(
            str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
        )
    except Exception as fault:  # tokenizers raises bare Exceptions
        raise error(
            f"{folder}: cannot load the encoder ({fault}). Restore the folder from git "
            f"or build it with `make {target}`."
        ) from fault
    return tokenizer, session
