#!/usr/bin/env bash
# Rasa refuses a component that requires a classifier, even when that classifier comes right
# before it in the pipeline.
#
# Software: rasa 3.6.21 with rasa-sdk 3.6.2, on Python 3.10.
#
# Guess: `required_components` is satisfied by any component that comes earlier in `pipeline`, as
# the message says ("add the required components to your model configuration").
# Seen: it is checked against the graph of the training. There a classifier is a leaf: only
# components that change the training data (tokenizers, featurizers) lead on to the next. So a
# second classifier that reads what the first has found cannot say so. The configuration is
# refused before anything is trained; without the requirement the same pipeline trains, and the
# second does see the first one's intent.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3.10 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
  rasa==3.6.21 rasa-sdk==3.6.2 'setuptools<81'
cd "$folder"
cat > parts.py <<'PY'
from typing import Any, Dict, List, Type

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

register = DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True
)


class Part(GraphComponent, IntentClassifier):
    @classmethod
    def create(
        cls, config: Dict[str, Any], model_storage: ModelStorage, resource: Resource,
        execution_context: ExecutionContext,
    ) -> "Part":
        found = cls()
        found.resource = resource
        return found

    @classmethod
    def load(
        cls, config: Dict[str, Any], model_storage: ModelStorage, resource: Resource,
        execution_context: ExecutionContext, **kwargs: Any,
    ) -> "Part":
        return cls()

    def train(self, training_data: TrainingData) -> Resource:
        return self.resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        return training_data


@register
class First(Part):
    def process(self, messages: List[Message]) -> List[Message]:
        for message in messages:
            message.set("intent", {"name": "by the first", "confidence": 1.0})
        return messages


class Second(Part):
    seen = None

    def process(self, messages: List[Message]) -> List[Message]:
        Second.seen = messages[0].get("intent")["name"]
        return messages


@register
class Asking(Second):
    @classmethod
    def required_components(cls) -> List[Type]:
        return [First]


@register
class Silent(Second):
    pass
PY
cat > nlu.yml <<'YML'
version: "3.1"
nlu:
- intent: greet
  examples: |
    - hello
- intent: leave
  examples: |
    - goodbye
YML
for name in Asking Silent; do
  printf 'recipe: default.v1\nlanguage: en\nassistant_id: x\npipeline:\n- name: parts.First\n- name: parts.%s\n' \
    "$name" > "$name.yml"
done
RASA_TELEMETRY_ENABLED=false PYTHONPATH=. PYTHONWARNINGS=ignore TF_CPP_MIN_LOG_LEVEL=3 \
  "$folder/venv/bin/python" - <<'PY'
import asyncio

import parts
from rasa.core.agent import Agent
from rasa.engine.exceptions import GraphSchemaValidationException
from rasa.model_training import train_nlu

try:
    train_nlu("Asking.yml", "nlu.yml", "refused")
    raise SystemExit("a required classifier is found now: this finding is out of date")
except GraphSchemaValidationException as error:
    print(f"First, then a component that requires First: {error}")
    assert "require a First" in str(error).replace("\n", " "), error
model = train_nlu("Silent.yml", "nlu.yml", "trained")
asyncio.run(Agent.load(model).parse_message("hello"))
print(f"The same without the requirement: trained; it sees the intent “{parts.Silent.seen}”")
assert parts.Silent.seen == "by the first"
PY
