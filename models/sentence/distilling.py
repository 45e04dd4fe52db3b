"""Teaches four layers to see in a message what the fine-tuned six see.

The student begins with four of the teacher's layers, and its embeddings stay as they
are. For each message it learns the teacher's state of every token, and the vectors of
the whole and of a run of words: sentences and clauses are read that way. The losses of
`sentence.fine_tuning` count as well, a little.
"""

from __future__ import annotations

import copy
import random
from dataclasses import dataclass
from typing import Any

import torch
from torch.nn import functional

from bot import DATA
from bot.nlu.talks import read_texts
from bot.safety.plain_text import plain
from bot.words import yaml_files
from sentence import published
from sentence.fine_tuning import (
    Example,
    Heads,
    Pooled,
    batches,
    mistyped,
    training_messages,
)
from sentence.training import Training, padded


@dataclass(frozen=True)
class Round:
    """One pass of the learning rate from nothing to `rate` and back.

    `swapped` is the share of words that another word takes the place of. Where it is
    not 0, texts without labels are learnt from as well: what people have not typed yet
    should be read as the teacher reads it.
    """

    epochs: int
    rate: float
    swapped: float


ROUNDS = (Round(4, 4e-4, 0.0), Round(2, 2e-4, 0.08))
# Of all choices of four, this one is closest to the six before it has learnt anything.
LAYERS = (0, 2, 4, 5)
# How much each loss counts.
STATES, WHOLE, RUN, ASKED = 1.0, 4.0, 4.0, 0.1
SEED = 4
JOINED = 0.15  # share of batches in which another message is behind each


def student_of(teacher: Pooled) -> Pooled:
    """A copy of the teacher with `LAYERS` only."""
    student = copy.deepcopy(teacher)
    kept = [student.bert.encoder.layer[number] for number in LAYERS]
    student.bert.encoder.layer = torch.nn.ModuleList(kept)
    student.bert.config.num_hidden_layers = len(kept)
    student.bert.embeddings.requires_grad_(False)
    return student


def distil(teacher: Pooled, tokenizer: Any) -> Pooled:
    """Trains a student of the teacher, printing progress."""
    student = student_of(teacher)
    for number, each in enumerate(ROUNDS):
        published.seed()
        learn(student, teacher, tokenizer, each, random.Random(SEED + number))
    return student


def learn(
    student: Pooled,
    teacher: Pooled,
    tokenizer: Any,
    plan: Round,
    draw: random.Random,
) -> None:
    """One round of training, in place."""
    examples = training_messages()
    texts = Texts(examples, plan.swapped, draw)
    heads = Heads(examples, student.bert.config.hidden_size)
    learning = [p for p in student.parameters() if p.requires_grad]
    drawn = [rows for _ in range(plan.epochs) for rows in batches(texts.lengths, draw)]
    training = Training(learning, heads, plan.rate, len(drawn), rising=0.05)
    teacher.eval()
    student.train()
    _without_dropout(student)
    for rows in drawn:
        chosen, joined = texts.of(rows)
        ids, mask = padded(tokenizer, chosen)
        # Half precision: three times as fast where the processor has it.
        with torch.autocast("cpu", dtype=torch.bfloat16):
            with torch.no_grad():
                wanted = teacher.bert(ids, mask).last_hidden_state
            states = student.bert(ids, mask).last_hidden_state
        wanted, states = wanted.float(), states.float()
        loss = _likeness(states, wanted, mask, draw)
        known = [place for place, row in enumerate(rows) if row < len(examples)]
        if known and not joined:
            vectors = _mean(states, mask)[known]
            loss = loss + ASKED * heads.loss(vectors, [rows[place] for place in known])
        training.step(loss)
    student.eval()


class Texts:
    """What is learnt from: the training messages, and perhaps more after them."""

    def __init__(
        self, examples: list[Example], swapped: float, draw: random.Random
    ) -> None:
        self._all = [example.text for example in examples]
        if swapped:
            self._all += _without_labels()
        self._words = sorted({word for text in self._all for word in text.split()})
        self._swapped, self._draw = swapped, draw
        self.lengths = [len(text.split()) for text in self._all]

    def of(self, rows: list[int]) -> tuple[list[str], bool]:
        """The texts of one batch, and whether another one is behind each."""
        texts = [self._varied(self._all[row]) for row in rows]
        if self._draw.random() >= JOINED:
            return texts, False
        others = self._draw.choices(self._all, k=len(texts))
        return [f"{a}. {b}" for a, b in zip(texts, others, strict=True)], True

    def _varied(self, text: str) -> str:
        words = mistyped(text, self._draw).split()
        if self._swapped:
            for place in range(len(words)):
                if self._draw.random() < self._swapped:
                    words[place] = self._draw.choice(self._words)
        return " ".join(words)


def _without_labels() -> list[str]:
    """Other English texts of data/: follow-ups, and what messages mean in English."""
    texts = read_texts(DATA / "conversations")
    for path in sorted((DATA / "languages" / "messages").glob("*.yml")):
        texts += [entry["en"] for entry in yaml_files.read_list(path) if "en" in entry]
    return [plain(text) for text in texts]


def _without_dropout(student: Pooled) -> None:
    """What is to be learnt is certain, so nothing is left out by chance."""
    for module in student.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = 0.0


def _likeness(
    states: torch.Tensor, wanted: torch.Tensor, mask: torch.Tensor, draw: random.Random
) -> torch.Tensor:
    """How far states are from those wanted: each, on average and in a run of each."""
    real = mask.unsqueeze(-1).to(states.dtype)
    apart = ((states - wanted) * real).square().sum() / (wanted * real).square().sum()
    whole = 1 - (_mean(states, mask) * _mean(wanted, mask)).sum(1)
    run = _run(mask, draw)
    part = 1 - (_mean(states, run) * _mean(wanted, run)).sum(1)
    return STATES * apart + WHOLE * whole.mean() + RUN * part.mean()


def _run(mask: torch.Tensor, draw: random.Random) -> torch.Tensor:
    """A mask of a random run of tokens in each row, without the marks at its ends."""
    runs = torch.zeros_like(mask)
    for row, size in enumerate(mask.sum(1).tolist()):
        last = max(size - 1, 2)
        start = draw.randrange(1, last)
        end = draw.randrange(start, last) + 1
        runs[row, start:end] = 1
    return runs


def _mean(states: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    real = mask.unsqueeze(-1).to(states.dtype)
    mean = (states * real).sum(1) / real.sum(1).clamp(min=1e-9)
    return functional.normalize(mean, dim=1)
