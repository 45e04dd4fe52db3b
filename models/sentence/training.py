"""What fine-tuning and distilling have in common: texts as tokens, and a step."""

from __future__ import annotations

import sys
import time
from typing import Any

import torch

MOST_TOKENS = 160  # about 120 words; longer messages are cut, only here
HEAD_RATE = 2e-3
REPORTED_STEPS = 100


def padded(tokenizer: Any, texts: list[str]) -> tuple[torch.Tensor, torch.Tensor]:
    """The ids of a batch's tokens, and a mask of those that are real."""
    found = tokenizer(
        texts,
        truncation=True,
        max_length=MOST_TOKENS,
        padding=True,
        return_tensors="pt",
    )
    return found["input_ids"], found["attention_mask"]


class Training:
    """Follows the losses of a planned number of steps, and prints how far it has got.

    The rates rise at first and then fall, to nothing at the last step.
    """

    def __init__(
        self,
        learning: list[torch.nn.Parameter],
        heads: torch.nn.Module,
        rate: float,
        steps: int,
        rising: float,
    ) -> None:
        """Plans the steps.

        Args:
            learning: What is learnt of the model.
            heads: What is learnt on top of it, at `HEAD_RATE`.
            rate: The highest rate of the model.
            steps: How many there will be.
            rising: The share of the steps in which the rates rise.
        """
        self._learning = learning
        self._optimizer = torch.optim.AdamW(
            [
                {"params": learning, "lr": rate},
                {"params": heads.parameters(), "lr": HEAD_RATE},
            ],
            weight_decay=0.01,
        )
        self._schedule = torch.optim.lr_scheduler.OneCycleLR(
            self._optimizer, [rate, HEAD_RATE], total_steps=steps, pct_start=rising
        )
        self._steps, self._done, self._total = steps, 0, 0.0
        self._started = time.monotonic()

    def step(self, loss: torch.Tensor) -> None:
        """Learns from one batch."""
        self._optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self._learning, 1.0)
        self._optimizer.step()
        self._schedule.step()
        self._report(loss.item())

    def _report(self, loss: float) -> None:
        self._done += 1
        self._total += loss
        if self._done % REPORTED_STEPS and self._done != self._steps:
            return
        minutes = (time.monotonic() - self._started) / 60
        left = minutes / self._done * (self._steps - self._done)
        mean = self._total / REPORTED_STEPS
        self._total = 0.0
        sys.stdout.write(
            f"step {self._done}/{self._steps}  loss {mean:.3f}  {left:.0f} min left\n"
        )
        sys.stdout.flush()
