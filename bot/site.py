"""The parts that the routes share."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace
from typing import Any

from bot import content, embed, record
from bot.answers import Answers
from bot.calibration import Calibration
from bot.content import Content
from bot.conversation import Conversation
from bot.counts import Counts
from bot.credentials import switched_on
from bot.decision import Decider
from bot.engine import Engine
from bot.limits import Limits
from bot.notice import Notice
from bot.origins import Origins
from bot.pages import Pages
from bot.security_txt import SecurityTxt
from bot.sessions import Sessions
from bot.settings import Settings
from bot.shared_key import SharedKey


@dataclass(frozen=True)
class Site:
    """Every part that a route may ask, as `request.app.ctx.site`."""

    answers: Answers
    conversation: Conversation
    engine: Engine
    limits: Limits
    counts: Counts
    notice: Notice
    pages: Pages
    origins: Origins
    embed_script: str
    embed_versions: dict[str, str]
    security_txt: SecurityTxt
    record: dict[str, Any]
    speaks_rasa: bool
    sessions: Sessions = field(default_factory=Sessions)
    # Set while the process ends: /health/ready says so, requests are still answered.
    stopping: threading.Event = field(default_factory=threading.Event)

    @classmethod
    def read(cls, settings: Settings) -> Site:
        """Reads and checks every file that a page or answer is made of, not the model.

        Raises:
            ValueError: A file or setting has a gap; the message says which and where.
        """
        redis, notice = settings.redis, Notice(settings.notice_file)
        key, engine = SharedKey(redis), Engine(redis=redis)
        # The model reads these when it is loaded; better to refuse now.
        Decider.read()
        Calibration.read()
        served = content.current()
        return cls(
            **parts_of(served, engine, notice),
            engine=engine,
            counts=Counts.from_setting(settings.counts_url, served.answers),
            limits=Limits.from_setting(settings.rate_limit, key, redis),
            notice=notice,
            embed_versions=embed.released(),
            security_txt=SecurityTxt.read(served.answers.directory),
            record=record.read(),
            speaks_rasa=switched_on(),
            sessions=Sessions(key),
        )

    def with_content(self, fresh: Content) -> Site:
        """The same site with everything that is made of the content made anew."""
        return replace(self, **parts_of(fresh, self.engine, self.notice))


def parts_of(served: Content, engine: Engine, notice: Notice) -> dict[str, Any]:
    """The parts of a site that are made of the content."""
    answers = served.answers
    return {
        "answers": answers,
        "conversation": Conversation(answers, served.net, engine, served.steps),
        "pages": Pages(answers, notice),
        "origins": Origins(answers.directory),
        "embed_script": embed.compose(answers),
    }
