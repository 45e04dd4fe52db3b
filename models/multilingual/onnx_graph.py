"""The ONNX graph of the encoder, node by node, with its weights still in blocks."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from onnx import TensorProto, helper, numpy_helper

from multilingual.weights import BLOCK, Weights

HEADS = 12
# The layer whose states are read besides the last one's. Further up, a text's words
# depend more and more on its subject; this layer still shows what happens in it.
MIDDLE = 8
OWN = "com.microsoft"  # operators of onnxruntime


class Graph:
    """Built for one text at a time: it has no padding, and no batch."""

    def __init__(self, weights: Weights, kept: Sequence[int]) -> None:
        """Takes the weights, and which pieces of words stay."""
        self._weights, self._kept = weights, kept
        self._nodes: list[Any] = []
        self._constants: list[Any] = []
        self._layers = sum(name.endswith(".q.w") for name in weights.blocks)
        self._hidden = len(weights.floats["emb.ln.w"])

    def build(self) -> Any:
        """`input_ids` of shape (1, tokens) in, `vector` of shape (1, 768) out."""
        state, means = self._embedded(), []
        for layer in range(self._layers):
            state = self._layer(state, f"l{layer}")
            if layer + 1 in (MIDDLE, self._layers):
                mean = self._node("ReduceMean", [state], axes=[1], keepdims=0)
                means.append(self._node("LpNormalization", [mean], axis=1, p=2))
        both = self._node("Concat", means, axis=1)
        self._nodes.append(
            helper.make_node("LpNormalization", [both], ["vector"], axis=1, p=2)
        )
        ids = helper.make_tensor_value_info("input_ids", TensorProto.INT64, [1, "n"])
        shape = [1, 2 * self._hidden]
        vector = helper.make_tensor_value_info("vector", TensorProto.FLOAT, shape)
        graph = helper.make_graph(
            self._nodes, "multilingual-e5-small", [ids], [vector], self._constants
        )
        versions = [helper.make_opsetid("", 17), helper.make_opsetid(OWN, 1)]
        return helper.make_model(graph, opset_imports=versions, ir_version=9)

    def _embedded(self) -> str:
        words, floats = self._weights.blocks["emb.word"], self._weights.floats
        numbers = words.numbers.reshape(-1, self._hidden)[self._kept]
        scales = words.scales.reshape(-1, self._hidden // BLOCK)[self._kept]
        inputs = [
            self._constant("words", numbers[:, 0::2] | numbers[:, 1::2] << 4),
            "input_ids",
            self._constant("words_scale", scales),
        ]
        found = self._node(
            "GatherBlockQuantized",
            inputs,
            domain=OWN,
            block_size=BLOCK,
            bits=4,
            gather_axis=0,
            quantize_axis=1,
        )
        kind = floats["emb.type"].reshape(-1, self._hidden)[0]
        places = floats["emb.pos"].reshape(-1, self._hidden) + kind
        here = [
            self._constant("places", places.astype(np.float32)),
            self._constant("zero", np.array([0])),
            self._node("Shape", ["input_ids"], start=1),
        ]
        return self._normed([found, self._node("Slice", here)], "emb.ln")

    def _layer(self, state: str, layer: str) -> str:
        parts = [self._linear(state, f"{layer}.{name}") for name in "qkv"]
        scale = 1 / math.sqrt(self._hidden // HEADS)
        seen = self._node(
            "MultiHeadAttention", parts, domain=OWN, num_heads=HEADS, scale=scale
        )
        state = self._normed([state, self._linear(seen, f"{layer}.ao")], f"{layer}.aln")
        wide = self._node("Gelu", [self._linear(state, f"{layer}.fi")], domain=OWN)
        return self._normed([state, self._linear(wide, f"{layer}.fo")], f"{layer}.oln")

    def _linear(self, state: str, name: str) -> str:
        weights, bias = (
            self._weights.blocks[f"{name}.w"],
            self._weights.floats[f"{name}.b"],
        )
        rows = len(bias)
        blocks = len(weights.scales) // rows
        packed = weights.packed.reshape(rows, blocks, -1)
        inputs = [
            state,
            self._constant(f"{name}.w", packed),
            self._constant(f"{name}.scale", weights.scales.reshape(rows, blocks)),
            "",
            "",
            self._constant(f"{name}.b", bias),
        ]
        return self._node(
            "MatMulNBits",
            inputs,
            domain=OWN,
            K=blocks * BLOCK,
            N=rows,
            bits=4,
            block_size=BLOCK,
        )

    def _normed(self, states: list[str], name: str) -> str:
        ends = [
            self._constant(f"{name}.{part}", self._weights.floats[f"{name}.{part}"])
            for part in "wb"
        ]
        kind = "SkipLayerNormalization"
        return self._node(kind, [*states, *ends], domain=OWN, epsilon=1e-12)

    def _constant(self, name: str, values: Any) -> str:
        self._constants.append(
            numpy_helper.from_array(np.ascontiguousarray(values), name)
        )
        return name

    def _node(self, kind: str, inputs: list[str], **attributes: Any) -> str:
        output = f"n{len(self._nodes)}"
        self._nodes.append(helper.make_node(kind, inputs, [output], **attributes))
        return output
