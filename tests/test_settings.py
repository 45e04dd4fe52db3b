"""What the environment sets."""

from __future__ import annotations

import pytest

from bot import DATA
from bot.redis_link import RedisLinkError
from bot.settings import Settings, SettingsError


def test_without_settings_it_serves_this_machine_alone_and_trusts_nobody():
    usual = Settings.read({})

    assert (usual.host, usual.port, usual.workers) == ("127.0.0.1", 8080, 1)
    assert usual.trusted_proxies == [] and usual.metrics_port is None
    assert usual.notice_file == DATA / "notice.yml"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "many"), ("PORT", "99999"), ("PORT", ""), ("PORT", "-1"),
        ("WORKERS", "0"), ("WORKERS", "two"), ("WORKERS", "²"),
        ("METRICS_PORT", "x"), ("DRAIN_SECONDS", "soon"),
        ("TRUSTED_PROXIES", "*"), ("TRUSTED_PROXIES", "nginx"),
        ("TRUSTED_PROXIES", "10.0.0.1/8"), ("TRUSTED_PROXIES", "10.0.0.0/33"),
    ],
)  # fmt: skip
def test_a_value_that_cannot_be_meant_is_refused_with_its_name(name, value):
    with pytest.raises(SettingsError, match=f"{name}="):
        Settings.read({name: value})


def test_a_wrong_redis_is_refused():
    with pytest.raises(RedisLinkError, match="REDIS_URL"):
        Settings.read({"REDIS_URL": "here"})


def test_proxies_are_addresses_and_networks():
    found = Settings.read({"TRUSTED_PROXIES": "192.0.2.10, 10.0.0.0/8,2001:db8::1"})

    assert found.trusted_proxies == ["192.0.2.10/32", "10.0.0.0/8", "2001:db8::1/128"]
