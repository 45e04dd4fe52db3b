"""Runs the nodes of a trained graph one after another."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphNode, GraphNodeHook, GraphSchema
from rasa.engine.runner.interface import GraphRunner
from rasa.engine.storage.storage import ModelStorage


class StraightRunner(GraphRunner):
    """In place of Rasa's DaskGraphRunner, which plans the graph anew at every run.

    The order of the nodes is found once for each target and kept. `inputs` may hold the
    output of a node as well; neither it nor what only it needs is run then.
    """

    def __init__(self, schema: GraphSchema, nodes: dict[str, GraphNode]) -> None:
        """Creates a runner of nodes that are loaded already."""
        self._schema = schema
        self._nodes = nodes
        self._orders: dict[tuple[tuple[str, ...], ...], list[str]] = {}

    @classmethod
    def create(
        cls,
        graph_schema: GraphSchema,
        model_storage: ModelStorage,
        execution_context: ExecutionContext,
        hooks: list[GraphNodeHook] | None = None,
    ) -> StraightRunner:
        """Loads every node, as the parent class has it."""
        nodes = {
            name: GraphNode.from_schema_node(
                name, node, model_storage, execution_context, hooks
            )
            for name, node in graph_schema.nodes.items()
        }
        return cls(graph_schema, nodes)

    def run(
        self, inputs: dict[str, Any] | None = None, targets: list[str] | None = None
    ) -> dict[str, Any]:
        """The outputs of the targets; raises GraphComponentException."""
        found = dict(inputs or {})
        wanted = tuple(targets or self._schema.target_names)
        key = (wanted, tuple(found))
        if key not in self._orders:
            self._orders[key] = self._order(*key)
        for name in self._orders[key]:
            needs = self._schema.nodes[name].needs.values()
            _, found[name] = self._nodes[name](*((n, found[n]) for n in needs))
        return {name: found[name] for name in wanted}

    def _order(self, wanted: tuple[str, ...], given: tuple[str, ...]) -> list[str]:
        """The nodes that the targets need, each after those that it needs itself."""
        order: list[str] = []

        def put(name: str) -> None:
            if name not in given and name not in order:
                for need in self._schema.nodes[name].needs.values():
                    put(need)
                order.append(name)

        for name in wanted:
            put(name)
        return order
