"""Runs the custom actions of actions/ inside this process, without a server."""

from __future__ import annotations

from functools import cache
from typing import Any


@cache
def _executor() -> Any:
    # Imported when first needed: the port opens before it.
    from rasa_sdk.executor import ActionExecutor

    executor = ActionExecutor()
    executor.register_package("actions")
    return executor


async def run(call: dict[str, Any]) -> dict[str, Any]:
    """Runs one action as Rasa's action server would.

    Args:
        call: What Rasa posts: `next_action`, `sender_id`, `tracker`, `domain`.

    Returns:
        `{"events": [...], "responses": [...]}`.

    Raises:
        Exception: Whatever the action raises, or that there is no such action.
    """
    return await _executor().run(call)


async def responses(action: str, force: str | None) -> list[dict[str, Any]]:
    """What an action says when a button was pressed, without a message.

    Args:
        action: Its name.
        force: The visitor's police force, if known.

    Returns:
        For each thing said `{"response": name, **values}`.
    """
    latest = {"text": "", "metadata": {"force": force}}
    tracker = {
        "sender_id": "button",
        "slots": {},
        "latest_message": latest,
        "events": [],
        "paused": False,
        "followup_action": None,
        "active_loop": {},
        "latest_action_name": None,
    }
    call = {"next_action": action, "sender_id": "button", "tracker": tracker}
    said = await run(call | {"domain": {}})
    return [
        {key: value for key, value in response.items() if value}
        for response in said["responses"]
    ]
