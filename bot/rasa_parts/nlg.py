"""Rasa's answers, rendered by the code that renders the plain pages."""

from __future__ import annotations

from typing import Any

from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from bot.rasa_parts import content
from bot.rasa_parts.signposting_policy import PLAN
from bot.words.reply import Plan


class SignpostingNLG(TemplatedNaturalLanguageGenerator):
    """Fills a response from data/services.yml and the visitor's force.

    The force comes with the message, as `metadata: {"force": …}`.
    """

    def __init__(
        self,
        endpoint_config: EndpointConfig | None = None,
        domain: Domain | None = None,
    ) -> None:
        """Takes the current answers, whichever wording the model was trained with."""
        super().__init__({})

    async def generate(
        self,
        utter_action: str,
        tracker: DialogueStateTracker,
        output_channel: str,
        **kwargs: Any,
    ) -> dict[str, Any]:
        """Renders one response; `reply` holds it in the shape of /chat.

        If several answers make one reply, the first has the sentence about 999 and the
        last has the buttons.
        """
        latest = tracker.latest_message
        metadata = (latest.metadata if latest else None) or {}
        values = {key: value for key, value in kwargs.items() if value}
        force = values.pop("force", None) or metadata.get("force")
        values.pop("domain_responses", None)
        planned = tracker.get_slot(PLAN) or {}
        plan = Plan(
            tuple(planned.get("actions", [])),
            bool(planned.get("lead")),
            tuple(planned.get("offered", [])),
            tracker.get_slot("ordinary_topic"),
        )
        reply = content.answers().said(utter_action, plan, force, **values)
        return {
            "text": reply.text,
            "buttons": [
                {"title": button["title"], "payload": f"/{button['topic']}"}
                for button in reply.buttons
            ],
            "reply": reply.as_dict(),
        }
