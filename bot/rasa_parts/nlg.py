"""Rasa's answers, rendered by the code that renders the plain pages."""

from __future__ import annotations

from typing import Any

from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from bot.answers import Answers
from bot.rasa_parts.topic_classifier import ALSO_LIKELY, LEAD


class SignpostingNLG(TemplatedNaturalLanguageGenerator):
    """Fills a response from data/services.yml and the visitor's force.

    The force comes with the message, as `metadata: {"force": …}`.
    """

    def __init__(
        self,
        endpoint_config: EndpointConfig | None = None,
        domain: Domain | None = None,
    ) -> None:
        """Reads domain.yml, whatever wording the model was trained with."""
        super().__init__({})
        self._answers = Answers.read()

    async def generate(
        self,
        utter_action: str,
        tracker: DialogueStateTracker,
        output_channel: str,
        **kwargs: Any,
    ) -> dict[str, Any]:
        """Renders one response; `reply` holds it as the contract of /chat has it."""
        latest = tracker.latest_message
        metadata = (latest.metadata if latest else None) or {}
        values = {key: value for key, value in kwargs.items() if value}
        force = values.pop("force", None) or metadata.get("force")
        values.pop("domain_responses", None)
        parsed = latest.parse_data if latest else {}
        likely = self._answers.topics.offered(parsed.get(ALSO_LIKELY) or [])
        reply = self._answers.reply(
            utter_action, force, bool(parsed.get(LEAD)), likely, **values
        )
        return {
            "text": reply.text,
            "buttons": [
                {"title": button["title"], "payload": f"/{button['topic']}"}
                for button in reply.buttons
            ],
            "reply": reply.as_dict(),
        }
