"""What the environment sets for the server; docs/operating.md explains each."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot import DATA
from bot.redis_link import RedisLink

MOST_PORT = 65_535


class SettingsError(ValueError):
    """A setting has a value that cannot be meant."""


@dataclass(frozen=True)
class Settings:
    """One field for each setting, `metrics_port` None when nobody asked for it."""

    host: str
    port: int
    workers: int
    rate_limit: str | None
    redis: RedisLink | None
    counts_url: str | None
    trusted_proxies: list[str]
    drain_seconds: int
    metrics_host: str
    metrics_port: int | None
    notice_file: Path

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> Settings:
        """Reads and checks the environment.

        Raises:
            SettingsError, RedisLinkError: A value is wrong; the message says which.
        """
        metrics_port = environ.get("METRICS_PORT")
        return cls(
            host=environ.get("HOST", "127.0.0.1"),
            port=_number("PORT", environ.get("PORT", "8080"), 1, MOST_PORT),
            workers=_number("WORKERS", environ.get("WORKERS", "1"), 1, 64),
            rate_limit=environ.get("RATE_LIMIT"),
            redis=RedisLink.from_setting(environ.get("REDIS_URL")),
            counts_url=environ.get("COUNTS_URL"),
            trusted_proxies=_networks(environ.get("TRUSTED_PROXIES", "")),
            drain_seconds=_number(
                "DRAIN_SECONDS", environ.get("DRAIN_SECONDS", "0"), 0, 300
            ),
            metrics_host=environ.get("METRICS_HOST", "127.0.0.1"),
            metrics_port=metrics_port
            and _number("METRICS_PORT", metrics_port, 1, MOST_PORT),
            notice_file=Path(environ.get("NOTICE_FILE", DATA / "notice.yml")),
        )


def _number(name: str, value: str, least: int, most: int) -> int:
    if not (value.isascii() and value.isdigit() and least <= int(value) <= most):
        raise SettingsError(f"{name}={value}: give a number from {least} to {most}.")
    return int(value)


def _networks(value: str) -> list[str]:
    """Addresses and networks; `*` is none, since it would believe every visitor."""
    try:
        return [
            str(ipaddress.ip_network(part.strip()))
            for part in value.split(",")
            if part.strip()
        ]
    except ValueError as error:
        raise SettingsError(
            f"TRUSTED_PROXIES={value}: give addresses or networks with commas between "
            f"them, such as 192.0.2.10,198.51.100.0/24 ({error})."
        ) from error
