"""Fine-tunes MiniLM on the messages of data/.

It pulls the vectors of one intent together and pushes the others apart: cross-entropy
on a linear head plus a supervised contrastive loss (Khosla et al. 2020). Further heads
learn whether a child is at immediate risk, whether a message asks for something that is
refused, and what a turn adds to the picture of a conversation.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

import torch
from torch.nn import functional
from transformers import BertModel

from bot import DATA
from bot.nlu.foreign import read_english
from bot.safety.plain_text import plain
from bot.words import yaml_files
from bot.words.topics import REFUSALS
from sentence.published import SEED
from sentence.training import Training, padded

BATCH = 48
ENCODER_RATE = 4e-5
# Share of words dropped and letters swapped in training: people mistype, and no single
# word should decide.
DROPPED_WORDS, SWAPPED_LETTERS = 0.1, 0.06
TEMPERATURE = 0.1
CONTRAST = 0.5
PICTURE_SHARE = 0.5
SCALE = 20.0  # cosines are small numbers; the usual factor for a cosine head
RISK = "immediate_risk"
SHOWS = ("cause", "child", "soon")


class Pooled(torch.nn.Module):
    """MiniLM with what sentence-transformers adds: mean over tokens, length one."""

    def __init__(self, bert: BertModel) -> None:
        super().__init__()
        self.bert = bert

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> Any:
        states = self.bert(input_ids, attention_mask).last_hidden_state
        mask = attention_mask.unsqueeze(-1).to(states.dtype)
        mean = (states * mask).sum(1) / mask.sum(1).clamp(min=1e-9)
        return functional.normalize(mean, dim=1)


@dataclass(frozen=True)
class Example:
    """One message: its intents, or what a turn adds to the picture (never both)."""

    text: str
    intents: tuple[str, ...] = ()
    shows: tuple[str, ...] = ()


def read(name: str) -> Any:
    """The entries of a file in data/conversations."""
    return yaml_files.read(DATA / "conversations" / f"{name}.yml")[name]


def training_messages() -> list[Example]:
    """All messages of data/nlu and data/conversations, in the order of the files."""
    messages = read_english(DATA / "nlu")
    found = [Example(plain(text), (intent,)) for intent, text in messages]
    for entry in read("double_questions"):
        found.append(Example(plain(entry["text"]), tuple(entry["topics"])))
    for text in read("decisive_sentences"):
        found.append(Example(plain(text), (RISK,)))
    for talk in read("talks"):
        found += [
            Example(plain(t["text"]), (), tuple(t["shows"])) for t in talk["turns"]
        ]
    return found


def contrastive(vectors: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """The supervised contrastive loss of one batch (vectors of length one)."""
    scores = vectors @ vectors.T / TEMPERATURE
    itself = torch.eye(len(labels), dtype=torch.bool)
    scores = scores.masked_fill(itself, -1e9)
    alike = (labels[:, None] == labels[None, :]) & ~itself
    log_share = scores - scores.logsumexp(1, keepdim=True)
    return -((log_share * alike).sum(1) / alike.sum(1).clamp(min=1)).mean()


def mistyped(text: str, draw: random.Random) -> str:
    """A message with some words left out and some neighbouring letters swapped."""
    words = [w for w in text.split() if draw.random() >= DROPPED_WORDS] or [text]
    for index, word in enumerate(words):
        if len(word) > 3 and draw.random() < SWAPPED_LETTERS:
            at = draw.randrange(1, len(word) - 2)
            words[index] = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return " ".join(words)


def batches(lengths: list[int], draw: random.Random) -> list[list[int]]:
    """Shuffled batches of messages of similar length, with little padding."""
    order = sorted(range(len(lengths)), key=lambda i: lengths[i] + draw.random() * 6)
    found = [order[i : i + BATCH] for i in range(0, len(order), BATCH)]
    draw.shuffle(found)
    return found


class Heads(torch.nn.Module):
    """Trained on top of the vectors, and thrown away afterwards."""

    def __init__(self, examples: list[Example], width: int) -> None:
        super().__init__()
        self.examples = examples
        names = sorted({intent for e in examples for intent in e.intents})
        self.wanted = torch.zeros(len(examples), len(names))
        self.shown = torch.zeros(len(examples), len(SHOWS))
        for row, example in enumerate(examples):
            for intent in example.intents:
                self.wanted[row, names.index(intent)] = 1 / len(example.intents)
            for part in example.shows:
                self.shown[row, SHOWS.index(part)] = 1
        self.facts = torch.stack(
            [
                self._any([name.startswith(RISK) for name in names]),
                self._any([name in REFUSALS for name in names]),
            ],
            1,
        )
        weight = len(examples) / self.wanted.sum(0).clamp(min=1)
        self.weight = (weight / weight.mean()).sqrt()
        self.intents = torch.nn.Linear(width, len(names))
        self.risk_and_misuse = torch.nn.Linear(width, 2)
        self.picture = torch.nn.Linear(width, len(SHOWS))

    def _any(self, chosen: list[bool]) -> torch.Tensor:
        """For each example whether it has one of the chosen intents."""
        return (self.wanted[:, torch.tensor(chosen)].sum(1) > 0).float()

    def loss(self, vectors: torch.Tensor, chosen: list[int]) -> torch.Tensor:
        """The loss of one batch; `chosen` are the rows of its examples."""
        asks = torch.tensor([bool(self.examples[row].intents) for row in chosen])
        rows = torch.tensor(chosen)
        scaled = vectors * SCALE
        loss = torch.zeros(())
        if asks.any():
            of = rows[asks]
            loss = loss + self._asked(vectors[asks], scaled[asks], of)
        if (~asks).any():
            loss = loss + PICTURE_SHARE * functional.binary_cross_entropy_with_logits(
                self.picture(scaled[~asks]), self.shown[rows[~asks]]
            )
        return loss

    def _asked(self, vectors: Any, scaled: Any, rows: Any) -> Any:
        wanted = self.wanted[rows]
        loss = functional.cross_entropy(
            self.intents(scaled), wanted, self.weight, label_smoothing=0.05
        )
        loss = loss + functional.binary_cross_entropy_with_logits(
            self.risk_and_misuse(scaled), self.facts[rows]
        )
        single = wanted.max(1).values == 1
        if single.sum() < 2:
            return loss
        labels = wanted[single].argmax(1)
        return loss + CONTRAST * contrastive(vectors[single], labels)


def fine_tune(model: Pooled, tokenizer: Any, epochs: int) -> None:
    """Trains the model in place, printing progress."""
    examples = training_messages()
    heads = Heads(examples, model.bert.config.hidden_size)
    draw = random.Random(SEED)
    lengths = [len(example.text.split()) for example in examples]
    plan = [chosen for _ in range(epochs) for chosen in batches(lengths, draw)]
    training = Training(
        list(model.parameters()), heads, ENCODER_RATE, len(plan), rising=0.1
    )
    model.train()
    for chosen in plan:
        texts = [mistyped(examples[row].text, draw) for row in chosen]
        # Half precision: three times as fast where the processor has it.
        with torch.autocast("cpu", dtype=torch.bfloat16):
            vectors = model(*padded(tokenizer, texts))
        training.step(heads.loss(vectors.float(), chosen))
    model.eval()
