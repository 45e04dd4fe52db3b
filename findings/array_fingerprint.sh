#!/usr/bin/env bash
# Rasa's training cache cannot tell two long arrays apart: a message's fingerprint is made from
# what numpy prints of them.
#
# Software: rasa 3.6.21 with rasa-sdk 3.6.2, on Python 3.10.
#
# Guess: what a component adds to a training message with `Message.set` counts with all its values
# when Rasa decides whether a later component must learn again.
# Seen: a value that has no `fingerprint` method counts as its `str()`. For an array of more than
# 1,000 values numpy prints the first and last three, so arrays that differ anywhere else have one
# fingerprint, and so do the training data that hold them: a cached result would be used again.
# Writing this text is slow as well: about a millisecond for a vector of 384 values, which for
# 40,000 messages is longer than some models take to train. Rasa's own `Features` are hashed by
# their bytes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3.10 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
  rasa==3.6.21 rasa-sdk==3.6.2 'setuptools<81'
cd "$folder"
RASA_TELEMETRY_ENABLED=false PYTHONWARNINGS=ignore TF_CPP_MIN_LOG_LEVEL=3 \
  "$folder/venv/bin/python" - <<'PY'
import numpy as np
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData


def same(size: int, as_feature: bool = False) -> bool:
    """Whether two messages that differ in the middle value have one fingerprint."""
    prints = []
    for middle in (0.0, 5.0):
        vector = np.zeros(size, dtype=np.float32)
        vector[size // 2] = middle
        message = Message({"text": "hello", "intent": "greet"})
        if as_feature:
            kind = ("sentence", "text", "part")
            message.add_features(Features(vector[np.newaxis], *kind))
        else:
            message.set("vector", vector)
        prints.append((message.fingerprint(), TrainingData([message]).fingerprint()))
    return prints[0] == prints[1]


print(f"1,000 values, one of them changed: the same fingerprint: {same(1000)}")
print(f"2,000 values, one of them changed: the same fingerprint: {same(2000)}")
print(f"2,000 values as one of Rasa's features: the same fingerprint: {same(2000, True)}")
assert not same(1000) and same(2000) and not same(2000, as_feature=True)
PY
