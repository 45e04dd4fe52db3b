"""Rasa's answers, rendered by the code that renders the plain pages."""

from __future__ import annotations

from typing import Any

from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from bot import content
from bot.rasa_parts.signposting_policy import PLAN


class SignpostingNLG(TemplatedNaturalLanguageGenerator):
    """Fills a response from data/services.yml and the visitor's force.

    The force comes with the message, as `metadata: {"force": …}`.
    """

    def __init__(
        self,
        endpoint_config: EndpointConfig | None = None,
        domain: Domain | None = None,
    ) -> None:
        """Takes what is served, whatever wording the model was trained with."""
        super().__init__({})

    async def generate(
        self,
        utter_action: str,
        tracker: DialogueStateTracker,
        output_channel: str,
        **kwargs: Any,
    ) -> dict[str, Any]:
        """Renders one response; `reply` holds it as the contract of /chat has it.

        When several answers make one reply, the first holds the sentence about 999, the
        last the buttons, and each is in its short form.
        """
        latest = tracker.latest_message
        metadata = (latest.metadata if latest else None) or {}
        values = {key: value for key, value in kwargs.items() if value}
        force = values.pop("force", None) or metadata.get("force")
        values.pop("domain_responses", None)
        plan = tracker.get_slot(PLAN) or {}
        said = [name for name in plan.get("actions", []) if name.startswith("utter_")]
        ordinary = tracker.get_slot("ordinary_topic")
        reply = content.current().answers.reply(
            utter_action,
            force,
            lead=bool(plan.get("lead")) and said[:1] == [utter_action],
            likely=_likely(utter_action, said, plan, ordinary),
            brief=len(said) > 1,
            **values,
        )
        return {
            "text": reply.text,
            "buttons": [
                {"title": button["title"], "payload": f"/{button['topic']}"}
                for button in reply.buttons
            ],
            "reply": reply.as_dict(),
        }


def _likely(
    utter_action: str, said: list[str], plan: dict, ordinary: str | None
) -> list[str] | None:
    """The topics for the buttons; None: this reply has none."""
    if ordinary and said[:1] == [utter_action]:
        return [ordinary]
    if said and utter_action != said[-1]:
        return None
    return plan.get("offered", [])
