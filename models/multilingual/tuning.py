"""Teaches the encoder's upper layers this project's messages, in all languages.

Messages of one topic are pulled together and the others pushed apart: cross-entropy on
a linear head plus a supervised contrastive loss (Khosla et al. 2020), as for the
English encoder. A message in another language is also pulled to its own sense in English, away
from the senses of others (InfoNCE, van den Oord et al. 2018). The lower layers stay as
published, so what they make of each text is computed once. No evaluation message is
read. Seeded; another processor may differ in the last bits.
"""

from __future__ import annotations

import random
import sys
import time
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer
from torch.nn import functional
from transformers import BertConfig, BertModel

from multilingual.weights import Blocks, Weights

SEED = 20261129
LAYERS, EPOCHS = 4, 3
BATCH, FOREIGN_BATCH, FOREIGN_TIMES = 48, 24, 2
MOST_TOKENS = 96
RATE, HEAD_RATE = 6e-5, 2e-3
DROPPED = 0.1  # of the tokens, so that no single word decides
TEMPERATURE, CONTRAST = 0.1, 0.5
PAIR_TEMPERATURE, PAIR_SHARE = 0.05, 0.5
SCALE = 20.0
EMERGENCIES = ("immediate_risk", "suicidal", "other_emergency")
PREFIX_TOKENS = 4  # "query: " is never dropped
NAMES = {
    "q": "attention.self.query", "k": "attention.self.key",
    "v": "attention.self.value", "ao": "attention.output.dense",
    "fi": "intermediate.dense", "fo": "output.dense",
}  # fmt: skip
NORMS = {"aln": "attention.output.LayerNorm", "oln": "output.LayerNorm"}


@dataclass(frozen=True)
class Taught:
    """A message, what it is about, and for another language its sense in English."""

    text: str
    label: str
    sense: str | None = None


def tune(weights: Weights, whole: Tokenizer, messages: list[Taught]) -> None:
    """Changes the upper layers of `weights`, with progress on standard output."""
    torch.manual_seed(SEED)
    model = as_bert(weights)
    lower = model.config.num_hidden_layers - LAYERS
    _Training(model, lower, whole, messages).run()
    for layer in range(lower, model.config.num_hidden_layers):
        _take_back(weights, model.encoder.layer[layer], f"l{layer}")


def as_bert(weights: Weights) -> BertModel:
    """The published model as a torch module."""
    floats, blocks = weights.floats, weights.blocks
    hidden = len(floats["emb.ln.w"])
    layers = sum(name.endswith(".q.w") for name in blocks)
    words = blocks["emb.word"].floats.reshape(-1, hidden)
    config = BertConfig(
        vocab_size=len(words),
        hidden_size=hidden,
        num_hidden_layers=layers,
        num_attention_heads=12,
        intermediate_size=len(floats["l0.fi.b"]),
        max_position_embeddings=len(floats["emb.pos"]) // hidden,
        type_vocab_size=len(floats["emb.type"]) // hidden,
        layer_norm_eps=1e-12,
    )
    state = {
        "embeddings.word_embeddings.weight": words,
        "embeddings.position_embeddings.weight": floats["emb.pos"].reshape(-1, hidden),
        "embeddings.token_type_embeddings.weight": floats["emb.type"].reshape(
            -1, hidden
        ),
        "embeddings.LayerNorm.weight": floats["emb.ln.w"],
        "embeddings.LayerNorm.bias": floats["emb.ln.b"],
    }
    for layer in range(layers):
        place = f"encoder.layer.{layer}"
        for short, name in NAMES.items():
            bias = floats[f"l{layer}.{short}.b"]
            matrix = blocks[f"l{layer}.{short}.w"].floats.reshape(len(bias), -1)
            state |= {f"{place}.{name}.weight": matrix, f"{place}.{name}.bias": bias}
        for short, name in NORMS.items():
            state[f"{place}.{name}.weight"] = floats[f"l{layer}.{short}.w"]
            state[f"{place}.{name}.bias"] = floats[f"l{layer}.{short}.b"]
    model = BertModel(config, add_pooling_layer=False)
    model.load_state_dict({k: torch.tensor(np.array(v)) for k, v in state.items()})
    return model.eval()


def _take_back(weights: Weights, layer: Any, place: str) -> None:
    """Writes one tuned layer into the weights, its matrices in 8 bits."""
    parts = dict(layer.named_modules())
    for short, name in NAMES.items():
        matrix = parts[name].weight.detach().numpy()
        weights.blocks[f"{place}.{short}.w"] = Blocks.of(matrix)
        weights.floats[f"{place}.{short}.b"] = parts[name].bias.detach().numpy()
    for short, name in NORMS.items():
        weights.floats[f"{place}.{short}.w"] = parts[name].weight.detach().numpy()
        weights.floats[f"{place}.{short}.b"] = parts[name].bias.detach().numpy()


class _Training:
    """The messages, the upper layers, and the heads that are thrown away afterwards."""

    def __init__(
        self, model: BertModel, lower: int, whole: Tokenizer, messages: list[Taught]
    ) -> None:
        self._draw = random.Random(SEED)
        english = [m for m in messages if m.sense is None]
        foreign = [m for m in messages if m.sense is not None]
        self._english, self._foreign = len(english), len(foreign)
        texts = [m.text for m in (*english, *foreign)] + [m.sense for m in foreign]
        labels = [m.label for m in (*english, *foreign, *foreign)]
        names = sorted(set(labels))
        self._labels = torch.tensor([names.index(label) for label in labels])
        urgent = [float(label.startswith(EMERGENCIES)) for label in labels]
        self._urgent = torch.tensor(urgent)
        counts = torch.bincount(self._labels, minlength=len(names)).float()
        weight = len(labels) / counts
        self._weight = (weight / weight.mean()).sqrt()
        hidden = model.config.hidden_size
        self._topics = torch.nn.Linear(hidden, len(names))
        self._risk = torch.nn.Linear(hidden, 1)
        self._upper = torch.nn.ModuleList(model.encoder.layer[lower:])
        self._states = _lower_states(model, lower, whole, [str(t) for t in texts])

    def run(self) -> None:
        """Trains the upper layers in place."""
        heads = [*self._topics.parameters(), *self._risk.parameters()]
        optimizer = torch.optim.AdamW(
            [
                {"params": self._upper.parameters(), "lr": RATE},
                {"params": heads, "lr": HEAD_RATE},
            ],
            weight_decay=0.01,
        )
        plan = [step for _ in range(EPOCHS) for step in self._epoch()]
        schedule = torch.optim.lr_scheduler.OneCycleLR(
            optimizer, [RATE, HEAD_RATE], total_steps=len(plan), pct_start=0.1
        )
        self._upper.train()
        started = time.monotonic()
        for done, rows in enumerate(plan, 1):
            loss = self._loss(rows)
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(self._upper.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            if done % 100 == 0:
                left = (time.monotonic() - started) / done * (len(plan) - done) / 60
                sys.stdout.write(f"step {done}/{len(plan)}  {left:.0f} min left\n")
                sys.stdout.flush()
        self._upper.eval()

    def _epoch(self) -> list[list[int]]:
        """Batches of rows of about one length, so that little is padding."""
        own = range(self._english)
        others = range(self._english, self._english + self._foreign)
        batches = self._batches(own, BATCH)
        for _ in range(FOREIGN_TIMES):
            batches += self._batches(others, FOREIGN_BATCH)
        self._draw.shuffle(batches)
        return batches

    def _batches(self, rows: range, size: int) -> list[list[int]]:
        order = sorted(
            rows, key=lambda row: len(self._states[row]) + self._draw.random() * 6
        )
        return [order[at : at + size] for at in range(0, len(order), size)]

    def _loss(self, rows: list[int]) -> Any:
        foreign = rows[0] >= self._english
        # With each message in another language goes its sense in English.
        every = rows + [row + self._foreign for row in rows] if foreign else rows
        vectors, labels = self._encoded(every), self._labels[every]
        loss = functional.cross_entropy(
            self._topics(vectors * SCALE), labels, self._weight, label_smoothing=0.05
        )
        loss = loss + functional.binary_cross_entropy_with_logits(
            self._risk(vectors * SCALE)[:, 0], self._urgent[every]
        )
        loss = loss + CONTRAST * _contrastive(vectors, labels)
        if foreign:
            own, senses = vectors[: len(rows)], vectors[len(rows) :]
            loss = loss + PAIR_SHARE * _paired(own, senses)
        return loss

    def _encoded(self, rows: list[int]) -> Any:
        states, mask = _padded([self._states[row] for row in rows])
        kept = mask * (torch.rand_like(mask) > DROPPED)
        kept[:, :PREFIX_TOKENS] = mask[:, :PREFIX_TOKENS]
        return _mean(_through(self._upper, states, kept), kept)


def _lower_states(
    model: BertModel, lower: int, whole: Tokenizer, texts: list[str]
) -> list[Any]:
    """What the layers that stay make of each text: bfloat16 of shape (tokens, 384)."""
    ids = [whole.encode(f"query: {text}").ids[:MOST_TOKENS] for text in texts]
    order = sorted(range(len(ids)), key=lambda row: len(ids[row]))
    found: list[Any] = [None] * len(ids)
    for start in range(0, len(order), 64):
        rows = order[start : start + 64]
        tokens, mask = _padded([torch.tensor(ids[row])[:, None] for row in rows])
        with torch.no_grad():
            states = model.embeddings(tokens[..., 0].long())
            states = _through(model.encoder.layer[:lower], states, mask)
        for row, state in zip(rows, states, strict=True):
            found[row] = state[: len(ids[row])].to(torch.bfloat16).clone()
    return found


def _padded(parts: list[Any]) -> tuple[Any, Any]:
    longest = max(map(len, parts))
    states = torch.zeros(len(parts), longest, parts[0].shape[1])
    mask = torch.zeros(len(parts), longest)
    for row, part in enumerate(parts):
        states[row, : len(part)] = part.float()
        mask[row, : len(part)] = 1
    return states, mask


def _through(layers: Any, states: Any, mask: Any) -> Any:
    hidden = (1 - mask[:, None, None, :]) * -1e4
    # Half precision: three times as fast where the processor has it.
    with torch.autocast("cpu", dtype=torch.bfloat16):
        for layer in layers:
            states = layer(states, attention_mask=hidden.to(states.dtype))[0]
    return states.float()


def _mean(states: Any, mask: Any) -> Any:
    total = (states * mask[..., None]).sum(1)
    return functional.normalize(total / mask.sum(1, keepdim=True).clamp(min=1), dim=1)


def _contrastive(vectors: Any, labels: Any) -> Any:
    scores = vectors @ vectors.T / TEMPERATURE
    itself = torch.eye(len(labels), dtype=torch.bool)
    scores = scores.masked_fill(itself, -1e9)
    alike = (labels[:, None] == labels[None, :]) & ~itself
    log_share = scores - scores.logsumexp(1, keepdim=True)
    return -((log_share * alike).sum(1) / alike.sum(1).clamp(min=1)).mean()


def _paired(own: Any, senses: Any) -> Any:
    scores = own @ senses.T / PAIR_TEMPERATURE
    same = torch.arange(len(own))
    ways = (scores, scores.T)
    return sum(functional.cross_entropy(way, same) for way in ways) / len(ways)
