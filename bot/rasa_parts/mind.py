"""The direct path from a typed message to a decision, through the trained model."""

from __future__ import annotations

from pathlib import Path

from rasa.engine.graph import ExecutionContext, GraphNode, SchemaNode
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.storage import ModelMetadata
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.utils.common import TempDirectoryPath, get_temp_dir_name

from bot.dialogue.decision import Decider
from bot.nlu.understanding import Understanding
from bot.rasa_parts.multilingual_classifier import LANGUAGE
from bot.rasa_parts.safety_guard import SafetyGuard
from bot.talk.messages import Decision, Question, Served
from bot.words.topics import Topics


class OtherContent(LookupError):
    """A question refers to topics that the front has not sent."""


class Mind:
    """The components of config.yml that understand, and the decider.

    It reaches the same decisions as Rasa's usual path, which `rasa shell` takes
    (tests/engine/test_mind.py), without tracker, policy and graph runner: the front
    remembers the conversation and puts the replies together. It leaves out the net,
    which the front has asked already, and Rasa's reader of `/intent{…}`.
    """

    def __init__(self, nodes: list[tuple[str, GraphNode]]) -> None:
        """Takes the nodes in their order, each with the name of its input."""
        self._nodes = nodes
        # By the version of their topics, the newest last. The previous one stays: other
        # threads still decide with it while new topics come in.
        self._deciders: dict[str, Decider] = {}

    @classmethod
    def load(cls, model: Path) -> Mind:
        """Loads a trained model; raises what Rasa raises for a bad one."""
        with TempDirectoryPath(get_temp_dir_name()) as folder:
            storage, metadata = LocalModelStorage.from_model_archive(
                Path(folder), model
            )
            context = ExecutionContext(metadata.predict_schema, metadata.model_id)
            nodes = [
                (
                    node.needs["messages"],
                    GraphNode.from_schema_node(name, node, storage, context),
                )
                for name, node in _chain(metadata)
            ]
        return cls(nodes)

    def serve(self, served: Served) -> None:
        """Decides with these topics from now on.

        Raises:
            ValueError: They have a gap, or a file that Decider.read needs has one.
        """
        before = list(self._deciders.items())[-1:]
        fresh = Decider.read(Topics(served.topics))
        self._deciders = {**dict(before), served.version: fresh}

    def decide(self, question: Question) -> Decision:
        """Decides on one message.

        Raises:
            OtherContent: The question refers to topics that were not served.
            Exception: Anything that a component raises.
        """
        decider = self._deciders.get(question.version)
        if decider is None:
            raise OtherContent
        found = self.understand(question.text, (question.language, question.mixed))
        if question.forced:
            found = found.with_forced(question.forced)
        return decider.decide(found, question.memory, question.now)

    def understand(
        self, text: str, language: tuple[str | None, bool] | None = None
    ) -> Understanding:
        """What the pipeline finds in a message.

        Args:
            text: The message.
            language: What it is in (None: English) and whether it is partly English;
                None: the pipeline finds out itself.
        """
        messages = [Message({TEXT: text, LANGUAGE: language})]
        for reads, node in self._nodes:
            _, messages = node((reads, messages))
        return Understanding.of_parse_data(messages[0].data)


def _chain(metadata: ModelMetadata) -> list[tuple[str, SchemaNode]]:
    """The project's own components that understand, in the order they read in."""
    nodes = metadata.predict_schema.nodes
    name, found = metadata.nlu_target, list[tuple[str, SchemaNode]]()
    while name in nodes:
        node = nodes[name]
        if node.uses.__module__.startswith("bot.") and node.uses is not SafetyGuard:
            found.insert(0, (name, node))
        name = node.needs["messages"]
    return found
