"""The parts that the routes share."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from bot import embed
from bot.answers import Answers
from bot.content import Content
from bot.conversation import Conversation
from bot.counts import Counts
from bot.engine import Engine
from bot.limits import Limits
from bot.origins import Origins
from bot.pages import Pages
from bot.security_txt import SecurityTxt
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
    security_txt: SecurityTxt
    speaks_rasa: bool
    sessions: Sessions = field(default_factory=Sessions)

    def with_content(self, content: Content) -> Site:
        """The same site with everything that is made of the content made anew."""
        return replace(self, **parts_of(content, self.engine))


def parts_of(content: Content, engine: Engine) -> dict[str, Any]:
    """The parts of a site that are made of the content."""
    answers = content.answers
    return {
        "answers": answers,
        "conversation": Conversation(answers, content.net, engine, content.steps),
        "pages": Pages(answers),
        "origins": Origins(answers.directory),
        "embed_script": embed.compose(answers),
    }
