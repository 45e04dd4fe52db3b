"""The parts that the routes share."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from bot.answers import Answers
from bot.conversation import Conversation
from bot.engine import Engine
from bot.limits import Limits
from bot.notice import Notice
from bot.pages import Pages
from bot.safety_net import SafetyNet
from bot.sessions import Sessions
from bot.settings import Settings


@dataclass(frozen=True)
class Site:
    """Every part that a route may ask, as `request.app.ctx.site`."""

    answers: Answers
    conversation: Conversation
    engine: Engine
    limits: Limits
    notice: Notice
    pages: Pages
    sessions: Sessions = field(default_factory=Sessions)
    # Set while the process ends: /health/ready says so, requests are still answered.
    stopping: threading.Event = field(default_factory=threading.Event)

    @classmethod
    def read(cls, settings: Settings) -> Site:
        """Reads and checks every data file, without the model.

        Raises:
            ValueError: A file has a gap; the message says which and where.
        """
        answers, engine = Answers.read(), Engine()
        notice = Notice(settings.notice_file)
        return cls(
            answers=answers,
            conversation=Conversation(answers, SafetyNet.read(), engine),
            engine=engine,
            limits=settings.limits,
            notice=notice,
            pages=Pages(answers, notice),
        )
