"""What the environment sets."""

from __future__ import annotations

import pytest

from bot import DATA
from bot.redis_link import RedisLinkError
from bot.settings import Settings, SettingsError


def test_without_settings_it_serves_this_machine_alone_and_trusts_nobody():
    usual = Settings.read({})

    assert (usual.host, usual.port, usual.engines) == ("127.0.0.1", 8080, 1)
    assert usual.engine_sockets == [] and usual.redis is None
    assert usual.trusted_proxies == [] and usual.metrics_port is None
    assert usual.notice_file == DATA / "notice.yml"
    assert not usual.rasa_rest


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "many"), ("PORT", "99999"), ("PORT", ""), ("PORT", "-1"),
        ("WORKERS", "2"), ("WORKERS", "two"), ("HOST", ""), ("METRICS_HOST", ""),
        ("ENGINES", "0"), ("ENGINES", "two"), ("ENGINES", "²"), ("ENGINES", "65"),
        ("ENGINE_SOCKETS", "/no/such/folder/engine.sock"),
        ("METRICS_PORT", "x"), ("METRICS_PORT", ""), ("METRICS_PORT", "0"),
        ("RASA_REST", "yes"), ("RASA_REST", ""), ("RASA_REST", "on"),
        ("DRAIN_SECONDS", "soon"), ("DRAIN_SECONDS", "301"),
        ("TRUSTED_PROXIES", "*"), ("TRUSTED_PROXIES", "nginx"),
        ("TRUSTED_PROXIES", "10.0.0.1/8"), ("TRUSTED_PROXIES", "10.0.0.0/33"),
    ],
)  # fmt: skip
def test_a_value_that_cannot_be_meant_is_refused_with_its_name(name, value):
    with pytest.raises(SettingsError, match=f"{name}="):
        Settings.read({name: value})


@pytest.mark.parametrize(
    ("name", "value", "remedy"),
    [
        ("WORKERS", "2", "ENGINES"),
        ("METRICS_PORT", "0", "`off` serves none"),
        ("HOST", "", "127.0.0.1"),
        ("ENGINE_SOCKETS", "/no/such/folder/engine.sock", "no folder /no/such/folder"),
    ],
)
def test_what_is_refused_says_what_to_do(name, value, remedy):
    with pytest.raises(SettingsError, match=remedy):
        Settings.read({name: value})


def test_numbers_for_those_who_run_it_can_be_switched_off_by_a_word():
    assert Settings.read({"METRICS_PORT": "off"}).metrics_port is None
    assert Settings.read({"METRICS_PORT": "9100"}).metrics_port == 9100


def test_rasa_web_clients_are_served_where_somebody_asked_for_it():
    assert Settings.read({"RASA_REST": "1"}).rasa_rest
    assert not Settings.read({"RASA_REST": "0"}).rasa_rest


def test_engines_are_reached_at_sockets_in_their_order(tmp_path):
    one, two = tmp_path / "one.sock", tmp_path / "two.sock"
    found = Settings.read({"ENGINE_SOCKETS": f"{one}, {two}"})

    assert found.engine_sockets == [one, two]


def test_a_setting_of_an_older_release_that_changes_nothing_is_accepted():
    assert Settings.read({"WORKERS": "1"}) == Settings.read({})


def test_a_wrong_redis_is_refused():
    with pytest.raises(RedisLinkError, match="REDIS_URL"):
        Settings.read({"REDIS_URL": "here"})


def test_proxies_are_addresses_and_networks():
    found = Settings.read({"TRUSTED_PROXIES": "192.0.2.10, 10.0.0.0/8,2001:db8::1"})

    assert found.trusted_proxies == ["192.0.2.10/32", "10.0.0.0/8", "2001:db8::1/128"]
