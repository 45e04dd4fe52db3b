"""How soon urgent messages are answered while one address does its worst.

`python -m tests.bench.urgent [SECONDS]` starts nginx, a front and an engine, and asks
through nginx as visitors do: an urgent message every half second, an ordinary one every
second, each from a different address. Meanwhile another address posts bodies of
1 MB once a second, or asks questions of 2,000 characters over 24 connections, as many
as the limit lets through.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count, cycle
from pathlib import Path

import aiohttp

from bot.chat.limits import DEFAULT_PER_MINUTE, MINUTE
from bot.safety.net import SafetyNet
from tests.bench.big_bodies import bodies
from tests.bench.messages import never_seen, read_messages
from tests.bench.tell import tell
from tests.conftest import Server, calls_999_first
from tests.front import Front

SECONDS = 60.0
SOON_SECONDS = 2.0
CONNECTIONS, LONG = 24, 2_000
URGENT_EVERY, ORDINARY_EVERY, BODY_EVERY = 0.5, 1.0, 1.0
URGENT = (
    "he is hurting my son right now",
    "a man is in my room and he wont let me leave im 12",
    "my daughter has gone to meet a man she met online, she is 13",
)
JSON = {"Content-Type": "application/json"}

Send = Callable[[bytes], Awaitable[tuple[int, str]]]


@dataclass
class Asked:
    """What happened to the messages of one kind."""

    took: list[float] = field(default_factory=list)
    answered: int = 0
    soon: int = 0

    def note(self, seconds: float, right: bool) -> None:
        """Notes one message: how long it took, and whether the answer was right."""
        self.took.append(seconds)
        self.answered += right
        self.soon += right and seconds <= SOON_SECONDS

    def __str__(self) -> str:
        return (
            f"{self.soon} of {len(self.took)} within {SOON_SECONDS:.0f} s, "
            f"{self.answered} in all, longest {max(self.took):.1f} s"
        )


@asynccontextmanager
async def sender(front: Front, address: str) -> AsyncIterator[Send]:
    """Posts to the chat through nginx from one address of this machine."""
    connector = aiohttp.TCPConnector(local_addr=(address, 0), limit=0, ssl=False)
    async with aiohttp.ClientSession(connector=connector, headers=JSON) as client:

        async def send(body: bytes) -> tuple[int, str]:
            url = f"https://127.0.0.1:{front.tls}/chat"
            async with client.post(url, data=body) as answer:
                return answer.status, await answer.text()

        yield send


async def ask(send: Send, text: str, asked: Asked, urgent: bool) -> None:
    """Asks once, and notes the outcome."""
    started = time.monotonic()
    try:
        status, body = await send(json.dumps({"message": never_seen(text)}).encode())
        right = status == 200 and bool(json.loads(body)["replies"])
        if urgent:
            right = right and calls_999_first(json.loads(body)["replies"][0]["text"])
    except (aiohttp.ClientError, ValueError):
        right = False
    asked.note(time.monotonic() - started, right)


async def ask_on(send: Send, every: float, urgent: bool, until: float) -> Asked:
    """Asks one message after another, without waiting for the answers."""
    asked, texts = Asked(), cycle(URGENT if urgent else read_messages())
    async with asyncio.TaskGroup() as group:
        while time.monotonic() < until:
            group.create_task(ask(send, next(texts), asked, urgent))
            await asyncio.sleep(every)
    return asked


async def post_bodies(send: Send, until: float) -> dict[int, int]:
    """Posts a body of 1 MB every second; counts the statuses of the answers."""
    found: dict[int, int] = {}

    async def post(body: bytes) -> None:
        try:
            status, _ = await send(body)
        except aiohttp.ClientError:
            status = 0
        found[status] = found.get(status, 0) + 1

    kinds = cycle(bodies())
    async with asyncio.TaskGroup() as group:
        while time.monotonic() < until:
            group.create_task(post(next(kinds)))
            await asyncio.sleep(BODY_EVERY)
    return found


async def ask_long(send: Send, until: float) -> dict[int, int]:
    """Asks long questions over many connections, as many as the limit allows."""
    found: dict[int, int] = {}
    started, numbers = time.monotonic(), count()
    net = SafetyNet.read()
    calm = [message for message in read_messages() if not net.judge(message)]
    text = " ".join(calm)[: LONG - 6]

    async def talk() -> None:
        while time.monotonic() < until:
            minute = next(numbers) // DEFAULT_PER_MINUTE
            opens = started + minute * MINUTE
            if opens >= until:
                return
            await asyncio.sleep(max(opens - time.monotonic(), 0))
            try:
                body = {"message": never_seen(text)}
                status, _ = await send(json.dumps(body).encode())
            except aiohttp.ClientError:
                status = 0
            found[status] = found.get(status, 0) + 1

    await asyncio.gather(*(talk() for _ in range(CONNECTIONS)))
    return found


ATTACKS = {"nothing": None, "bodies of 1 MB": post_bodies, "long questions": ask_long}


async def measure(
    front: Front, name: str, seconds: float
) -> tuple[Asked, Asked, dict[int, int]]:
    """What happened to urgent and ordinary messages during one attack.

    The last value counts the attack's requests by the status of their answers.
    """
    until = time.monotonic() + seconds
    async with (
        sender(front, "127.0.0.2") as other,
        sender(front, "127.0.0.3") as urgent,
        sender(front, "127.0.0.4") as ordinary,
    ):
        attack = ATTACKS[name]
        attacking = asyncio.create_task(attack(other, until)) if attack else None
        danger, others = await asyncio.gather(
            ask_on(urgent, URGENT_EVERY, True, until),
            ask_on(ordinary, ORDINARY_EVERY, False, until),
        )
        sent = await attacking if attacking else {}
    return danger, others, sent


def main() -> None:
    """Measures each attack, one after the other."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else SECONDS
    limit = {"RATE_LIMIT": str(DEFAULT_PER_MINUTE), "TRUSTED_PROXIES": "127.0.0.1"}
    bot = Server(**limit)
    with tempfile.TemporaryDirectory() as made:
        try:
            bot.wait_until_ready()
            host = bot.address.removeprefix("http://")
            front = Front(Path(made) / "front", host, host, {})
            try:
                for name in ATTACKS:
                    danger, others, sent = asyncio.run(measure(front, name, seconds))
                    tell(f"beside {name} {sent or ''}")
                    tell(f"  urgent: {danger}\n  ordinary: {others}")
            finally:
                front.stop()
        finally:
            bot.stop()


if __name__ == "__main__":
    main()
