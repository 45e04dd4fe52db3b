"""An action endpoint without a server: the actions run where Rasa runs."""

from __future__ import annotations

from typing import Any

from rasa.utils.endpoints import EndpointConfig

from bot import custom_actions


class InProcessActions(EndpointConfig):
    """Answers Rasa's call of an action by running it in this process."""

    async def request(self, method: str = "post", **kwargs: Any) -> dict[str, Any]:
        """Runs the action in `kwargs["json"]`; raises whatever the action raises."""
        return await custom_actions.run(kwargs["json"])
