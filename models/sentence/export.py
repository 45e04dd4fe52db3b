"""Exports the fine-tuned MiniLM as int8 ONNX, and checks how much that loses."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Any

import numpy as np
import torch
from onnx import TensorProto
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.transformers.optimizer import optimize_model
from transformers import BertModel

from bot.nlu.sentence_encoder import SentenceEncoder
from sentence import published
from sentence.fine_tuning import Pooled, training_messages
from sentence.training import MOST_TOKENS

FIRST, LAST = 101, 102  # the marks around a text
LEAST_COSINE = 0.98  # between the int8 export and the float model, on average
CHECKED = 40  # one message in this many


class Tokens(torch.nn.Module):
    """MiniLM's state for each token, which is what we serve."""

    def __init__(self, bert: BertModel) -> None:
        super().__init__()
        self.bert = bert

    def forward(self, input_ids: torch.Tensor) -> torch.Tensor:
        mask = torch.ones_like(input_ids)
        return self.bert(input_ids, mask).last_hidden_state


def write(model: Pooled, tokenizer: Any, folder: Path) -> None:
    """Writes model.onnx and tokenizer.json; exits if the former is too coarse."""
    _export(model, folder)
    shutil.copy(published.folder() / "tokenizer.json", folder)
    _check(model, tokenizer, SentenceEncoder(folder))


def _export(model: Pooled, folder: Path) -> None:
    """Writes model.onnx: int8, with the steps of attention fused."""
    tokens, whole = Tokens(model.bert).eval(), folder / "float.onnx"
    torch.onnx.export(
        tokens,
        (torch.tensor([[FIRST, LAST]]),),
        str(whole),
        input_names=["input_ids"],
        output_names=["token_states"],
        dynamic_axes={"input_ids": {1: "token"}, "token_states": {1: "token"}},
        opset_version=17,
        dynamo=False,
    )
    size = model.bert.config
    optimize_model(
        str(whole),
        model_type="bert",
        num_heads=size.num_attention_heads,
        hidden_size=size.hidden_size,
        opt_level=0,
    ).save_model_to_file(str(whole))
    # Per channel: a cosine of 0.99 instead of 0.96. Reduced range: processors without
    # VNNI instructions would overflow.
    quantize_dynamic(
        whole,
        folder / "model.onnx",
        weight_type=QuantType.QInt8,
        per_channel=True,
        reduce_range=True,
        # The types between fused steps cannot be inferred.
        extra_options={"DefaultTensorType": TensorProto.FLOAT},
    )
    whole.unlink()


def _check(model: Pooled, tokenizer: Any, encoder: SentenceEncoder) -> None:
    """Exits if the int8 vectors are not close to the float ones."""
    cosines = []
    for text in [example.text for example in training_messages()[::CHECKED]]:
        encoded = tokenizer([text], return_tensors="pt")
        if encoded["input_ids"].shape[1] > MOST_TOKENS:
            continue  # the encoder may read it in windows
        with torch.no_grad():
            [exact] = model(encoded["input_ids"], encoded["attention_mask"]).numpy()
        [small] = encoder.encode([text])
        cosines.append(float(small @ exact))
    mean = float(np.mean(cosines))
    print(f"cosine of int8 to float: {mean:.4f}")  # noqa: T201
    if mean < LEAST_COSINE:
        sys.exit(f"The export is too coarse: {mean:.4f} is below {LEAST_COSINE}.")
