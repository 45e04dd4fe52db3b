"""How many messages a minute one address may send; a long one counts as several."""

from __future__ import annotations

import ipaddress
import time
from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING

from bot.redis_link import PREFIX, RedisLink
from bot.shared_key import SharedKey

if TYPE_CHECKING:
    from redis import Redis

# Wide enough for a school or a mobile network behind one address.
DEFAULT_PER_MINUTE = 300
MINUTE = 60
DAY = 24 * 60 * MINUTE
# A longer message counts as several, since reading it takes longer. Beyond the longest
# that the model reads all count the same, or one pasted text would silence a school.
CHARACTERS_EACH, MOST_EACH = 200, 10
# Addresses are counted in 65,536 buckets, four hexadecimal digits of their keyed hash.
BUCKET_DIGITS = 4


class LimitsError(ValueError):
    """RATE_LIMIT is neither a number nor `off`."""


class Limits:
    """Counts in fixed minutes, in Redis where there is one, and forgets after them.

    It keeps no address, only the bucket that its hash falls into. The hash's key
    changes daily, and thousands of addresses share a bucket. A flood from ever new
    addresses fills the buckets, and takes no more memory.

    The library `limits` would do the counting, but it keeps the name of each address;
    here thousands of addresses share a number.
    """

    def __init__(
        self,
        per_minute: int | None,
        key: SharedKey | None = None,
        redis: RedisLink | None = None,
        clock: Callable[[], float] = time.time,
        seconds: float = MINUTE,
    ) -> None:
        """Creates the counter.

        Args:
            per_minute: Messages from one address; None: no limit.
            key: What addresses are hashed with; None: one for this process only.
            redis: Where processes count together; None: each for itself.
            clock: The time in seconds.
            seconds: What to count instead of minutes, without Redis.
        """
        self._per_minute = per_minute
        self._seconds = seconds
        self._key = key or SharedKey()
        self._redis = redis
        self._clock = clock
        self._counts: Counter[str] = Counter()
        self._started = clock()

    @classmethod
    def from_setting(
        cls,
        setting: str | None,
        key: SharedKey | None = None,
        redis: RedisLink | None = None,
    ) -> Limits:
        """Reads the environment's RATE_LIMIT: a number, `off`, or None for the usual.

        Raises:
            LimitsError: It is something else.
        """
        if setting is None:
            return cls(DEFAULT_PER_MINUTE, key, redis)
        if setting == "off":
            return cls(None)
        if not setting.isdigit() or int(setting) == 0:
            raise LimitsError(
                f"RATE_LIMIT={setting}: give requests a minute, such as 300, or `off`."
            )
        return cls(int(setting), key, redis)

    async def allow(self, address: str, characters: int = 0) -> bool:
        """Counts one request of an address and says whether it may pass.

        Args:
            address: The visitor's; an IPv6 address counts as its /64 network, which one
                visitor has to themselves.
            characters: The length of what was typed.
        """
        if self._per_minute is None:
            return True
        bucket = self._bucket(_visitor(address))
        cost = min(max(-(-characters // CHARACTERS_EACH), 1), MOST_EACH)
        count = None
        if self._redis:
            count = await self._redis.ask(
                lambda redis: _count_shared(redis, bucket, cost)
            )
        if count is None:
            count = self._count_here(bucket, cost)
        return count <= self._per_minute

    def _bucket(self, visitor: str) -> str:
        day_key = self._key.sign(f"addresses of day {int(self._clock() // DAY)}")
        return self._key.sign(f"{day_key} {visitor}")[:BUCKET_DIGITS]

    def _count_here(self, bucket: str, cost: int) -> int:
        now = self._clock()
        if not 0 <= now - self._started < self._seconds:
            self._started = now
            self._counts.clear()
        self._counts[bucket] += cost
        return self._counts[bucket]


def _visitor(address: str) -> str:
    """What an address counts as: itself, or its /64 network."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:  # a Unix socket has none
        return address
    if isinstance(found, ipaddress.IPv4Address):
        return address
    if found.ipv4_mapped:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((found, 64), strict=False))


def _count_shared(redis: Redis, bucket: str, cost: int) -> int:
    """Counts in a key that Redis drops a minute after the first count."""
    name = f"{PREFIX}rate:{bucket}"
    pipeline = redis.pipeline()
    pipeline.set(name, 0, ex=MINUTE, nx=True)
    pipeline.incrby(name, cost)
    count: int = pipeline.execute()[-1]
    return count
