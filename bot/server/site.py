"""The parts that the routes share."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace
from typing import Any

from bot.chat.content import Content
from bot.chat.conversation import Conversation
from bot.chat.engine import Engine
from bot.chat.launch import Launcher, Sockets
from bot.chat.limits import Limits
from bot.chat.memories import Memories, OwnMemories
from bot.chat.origins import Origins
from bot.chat.presses import Presses
from bot.chat.sessions import Sessions
from bot.chat.shared_memories import SharedMemories
from bot.counts.counts import Counts
from bot.pages import embed, record
from bot.pages.notice import Notice
from bot.pages.pages import Pages
from bot.pages.security_txt import SecurityTxt
from bot.server import credentials
from bot.settings import Settings
from bot.shared_key import SharedKey
from bot.words import fitted
from bot.words.answers import Answers


@dataclass(frozen=True)
class Site:
    """Every part that a route may ask, as `request.app.ctx.site`."""

    content: Content
    answers: Answers
    conversation: Conversation
    engine: Engine
    memories: Memories
    limits: Limits
    counts: Counts
    presses: Presses
    notice: Notice
    pages: Pages
    origins: Origins
    embed_script: str
    embed_versions: dict[str, str]
    security_txt: SecurityTxt
    record: dict[str, Any]
    speaks_rasa: bool
    sessions: Sessions = field(default_factory=Sessions)
    # Set while the process ends: /health/ready says so; requests still get answers.
    stopping: threading.Event = field(default_factory=threading.Event)

    @classmethod
    def read(cls, settings: Settings) -> Site:
        """Reads and checks every file behind the pages and answers, but not the model.

        Raises:
            ValueError: A file or setting has a gap; the message says which and where.
        """
        redis, notice = settings.redis, Notice(settings.notice_file)
        # The engine reads these when it loads; it is better to refuse them now.
        fitted.read_thresholds()
        fitted.read_calibration()
        credentials.check()
        key, served = SharedKey(redis), Content.read()
        engine = _engine(settings)
        sessions = Sessions(key)
        memories = SharedMemories(redis, sessions.issued_at) if redis else OwnMemories()
        return cls(
            **parts_of(served, engine, memories, notice),
            engine=engine,
            memories=memories,
            counts=Counts.from_setting(settings.counts_url, served.answers),
            presses=Presses(key),
            limits=Limits.from_setting(settings.rate_limit, key, redis),
            notice=notice,
            embed_versions=embed.released(),
            security_txt=SecurityTxt.read(served.answers.directory),
            record=record.read(),
            speaks_rasa=settings.rasa_rest,
            sessions=sessions,
        )

    def with_content(self, fresh: Content) -> Site:
        """The same site, with everything that comes from the content rebuilt."""
        parts = parts_of(fresh, self.engine, self.memories, self.notice)
        return replace(self, **parts)


def _engine(settings: Settings) -> Engine:
    """The engines: those at the named sockets, or as many as the settings ask for."""
    if sockets := settings.engine_sockets:
        return Engine(Sockets(sockets), len(sockets))
    return Engine(Launcher(), settings.engines)


def parts_of(
    served: Content, engine: Engine, memories: Memories, notice: Notice
) -> dict[str, Any]:
    """The parts of a site that come from the content."""
    answers = served.answers
    return {
        "content": served,
        "answers": answers,
        "conversation": Conversation(served, engine, memories),
        "pages": Pages(answers, notice, served.spoken),
        "origins": Origins(answers.directory),
        "embed_script": embed.compose(answers),
    }
