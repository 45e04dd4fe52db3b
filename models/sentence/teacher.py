"""The fine-tuned six layers, read back from their int8 export."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
import torch
from onnx import numpy_helper
from transformers import BertConfig, BertModel

from bot import ROOT

FOLDER = ROOT / "models" / "sentence_teacher"

# The scales of the export's matrices: of a layer's attention, and of its other three.
_ATTENTION = re.compile(r"Attention_(\d+)_qkv_weight_scale")
_MATRIX = re.compile(r"onnx::MatMul_(\d+)_scale")
_OTHERS = ("attention.output.dense", "intermediate.dense", "output.dense")
_PARTS = ("query", "key", "value")

Numbers = npt.NDArray[np.float32]


def read(file: Path, config: BertConfig) -> BertModel:
    """The model of an export by `sentence.export`, in float; raises KeyError."""
    kept = {
        tensor.name: numpy_helper.to_array(tensor)
        for tensor in onnx.load(file).graph.initializer
    }
    model = BertModel(config, add_pooling_layer=False)
    found = _as_they_are(kept) | _embeddings(kept) | _layers(kept)
    model.load_state_dict(
        {name: torch.tensor(values) for name, values in found.items()}
    )
    return model


def _as_they_are(kept: dict[str, Numbers]) -> dict[str, Numbers]:
    """Offsets and norms, which keep their names and are not made smaller."""
    return {
        name.removeprefix("bert."): values
        for name, values in kept.items()
        if name.startswith("bert.encoder.")
    }


def _embeddings(kept: dict[str, Numbers]) -> dict[str, Numbers]:
    names = [name for name in kept if name.startswith("bert.embeddings.")]
    return {
        name.removeprefix("bert.").removesuffix("_scale"): _floats(kept, name)
        for name in names
        if name.endswith("_scale")
    }


def _layers(kept: dict[str, Numbers]) -> dict[str, Numbers]:
    """The matrices of each layer, and the offsets of its attention."""
    found = {}
    matrices = sorted(
        (int(match[1]), name) for name in kept if (match := _MATRIX.fullmatch(name))
    )
    for number, (_, name) in enumerate(matrices):
        layer, other = divmod(number, len(_OTHERS))
        weights = _floats(kept, name).T
        found[f"encoder.layer.{layer}.{_OTHERS[other]}.weight"] = weights
    for name in kept:
        if match := _ATTENTION.fullmatch(name):
            found |= _attention(int(match[1]), _floats(kept, name), kept)
    return found


def _attention(
    layer: int, together: Numbers, kept: dict[str, Numbers]
) -> dict[str, Numbers]:
    """The three matrices of a layer's attention, which the export joins."""
    found: dict[str, Numbers] = {}
    weights = np.split(together.T, len(_PARTS))
    offsets = np.split(kept[f"Attention_{layer}_qkv_bias"], len(_PARTS))
    for part, weight, offset in zip(_PARTS, weights, offsets, strict=True):
        place = f"encoder.layer.{layer}.attention.self.{part}"
        found |= {f"{place}.weight": weight, f"{place}.bias": offset}
    return found


def _floats(kept: dict[str, Numbers], scale: str) -> Numbers:
    """A tensor whose numbers were made small, by the name of its scale."""
    name = scale.removesuffix("_scale")
    small = kept[f"{name}_quantized"].astype(np.float32)
    floats: Numbers = small - kept[f"{name}_zero_point"].astype(np.float32)
    return floats * kept[scale]
