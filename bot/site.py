"""The parts that the routes share."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.answers import Answers
from bot.conversation import Conversation
from bot.counts import Counts
from bot.engine import Engine
from bot.limits import Limits
from bot.origins import Origins
from bot.pages import Pages
from bot.sessions import Sessions


@dataclass(frozen=True)
class Site:
    """Every part that a route may ask, as `request.app.ctx.site`."""

    answers: Answers
    conversation: Conversation
    engine: Engine
    limits: Limits
    counts: Counts
    pages: Pages
    origins: Origins
    embed_script: str
    embed_versions: dict[str, str]
    speaks_rasa: bool
    sessions: Sessions = field(default_factory=Sessions)
