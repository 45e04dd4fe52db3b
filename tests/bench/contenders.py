"""The bots to compare: started again and again, in turn."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import aiohttp

from tests.bench.bots import Bot
from tests.bench.load import Load
from tests.bench.messages import never_seen
from tests.bench.processes import Used
from tests.bench.tell import tell


@dataclass
class Measured:
    """What was measured of one bot: seconds since its start, megabytes, rounds."""

    name: str
    first_answers: list[float] = field(default_factory=list)
    readies: list[float] = field(default_factory=list)
    many: list[Load] = field(default_factory=list)
    alone: list[Load] = field(default_factory=list)
    without_big: list[Load] = field(default_factory=list)
    beside_big: list[Load] = field(default_factory=list)
    memory: Used = Used()


class Contender:
    """A bot that can be started again and again, and what was measured of it."""

    def __init__(self, name: str, make: Callable[[], Bot]) -> None:
        """Starts nothing yet; `make` starts the bot."""
        self.found = Measured(name)
        self._make = make
        self._bot: Bot | None = None

    @property
    def bot(self) -> Bot:
        """The bot, which must have been started."""
        assert self._bot
        return self._bot

    async def start(self, fixed: dict[str, str] | None = None) -> None:
        """Starts the bot and waits for its answers; `fixed` is what needs no model."""
        self.stop()
        tell(f"Starting {self.found.name} ...")
        self._bot = self._make()
        asked = self.bot.asked(never_seen("is it free to call"), None)
        async with aiohttp.ClientSession() as client:
            first = await self.bot.seconds_until(client, fixed or asked)
            ready = await self.bot.seconds_until(client, asked)
        self.found.first_answers.append(first)
        self.found.readies.append(ready)
        await self.bot.rest()

    def stop(self) -> None:
        """Ends the bot, if it was started."""
        if self._bot:
            self._bot.stop()
        self._bot = None


def turns(rounds: int, contenders: list[Contender]) -> Iterator[tuple[int, Contender]]:
    """They take turns, so that anything else on the machine slows them equally."""
    for number in range(1, rounds + 1):
        for contender in contenders[:: 1 if number % 2 else -1]:
            yield number, contender
