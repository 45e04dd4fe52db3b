"""What the environment sets for the server; docs/operating.md explains each."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot import DATA
from bot.redis_link import RedisLink

MOST_PORT = 65_535
MOST_ENGINES = 64


class SettingsError(ValueError):
    """A setting has an invalid value."""


@dataclass(frozen=True)
class Settings:
    """One field for each setting; `metrics_port` is None when it is not set."""

    host: str
    port: int
    engines: int
    engine_sockets: list[Path]
    rasa_rest: bool
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
        if environ.get("WORKERS", "1") != "1":
            raise SettingsError(
                f"WORKERS={environ['WORKERS']}: one process serves visitors now. Set "
                "ENGINES to have more than one engine read messages."
            )
        return cls(
            host=_host("HOST", environ),
            port=_number("PORT", environ.get("PORT", "8080"), 1, MOST_PORT),
            engines=_number("ENGINES", environ.get("ENGINES", "1"), 1, MOST_ENGINES),
            engine_sockets=_paths(environ.get("ENGINE_SOCKETS", "")),
            rasa_rest=_switch("RASA_REST", environ.get("RASA_REST", "0")),
            rate_limit=environ.get("RATE_LIMIT"),
            redis=RedisLink.from_setting(environ.get("REDIS_URL")),
            counts_url=environ.get("COUNTS_URL"),
            trusted_proxies=_networks(environ.get("TRUSTED_PROXIES", "")),
            drain_seconds=_number(
                "DRAIN_SECONDS", environ.get("DRAIN_SECONDS", "0"), 0, 300
            ),
            metrics_host=_host("METRICS_HOST", environ),
            metrics_port=_port_or_off("METRICS_PORT", environ.get("METRICS_PORT")),
            notice_file=Path(environ.get("NOTICE_FILE", DATA / "notice.yml")),
        )


def _host(name: str, environ: Mapping[str, str]) -> str:
    """An address; an empty one would be every address of the machine."""
    if not (host := environ.get(name, "127.0.0.1")):
        raise SettingsError(
            f"{name}=: give an address, such as 127.0.0.1, or unset it. 0.0.0.0 is "
            "every address of this machine."
        )
    return host


def _port_or_off(name: str, value: str | None) -> int | None:
    if value in (None, "off"):
        return None
    try:
        return _number(name, value or "", 1, MOST_PORT)
    except SettingsError as error:
        raise SettingsError(f"{error} `off` serves none.") from None


def _paths(value: str) -> list[Path]:
    """Sockets with commas between them; none: the server starts its own engines."""
    paths = [Path(part.strip()) for part in value.split(",") if part.strip()]
    for path in paths:
        if not path.parent.is_dir():
            raise SettingsError(
                f"ENGINE_SOCKETS={value}: there is no folder {path.parent}. Create it, "
                "or correct the path."
            )
    return paths


def _number(name: str, value: str, least: int, most: int) -> int:
    if not (value.isascii() and value.isdigit() and least <= int(value) <= most):
        raise SettingsError(f"{name}={value}: give a number from {least} to {most}.")
    return int(value)


def _switch(name: str, value: str) -> bool:
    if value not in ("0", "1"):
        raise SettingsError(f"{name}={value}: give 1, or 0 for no.")
    return value == "1"


def _networks(value: str) -> list[str]:
    """Addresses and networks; not `*`, since that would believe every visitor."""
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
