"""Which topics are asked about right after an answer."""

from __future__ import annotations

import pytest

from bot.dialogue import follow_ups


@pytest.fixture(scope="module")
def chances(topics) -> dict:
    return follow_ups.read_chances(topics)


def test_every_topic_can_follow_every_other(chances, topics):
    for following in chances.values():
        assert set(following) == set(topics.by_key)
        assert all(chance > 0 for chance in following.values())
        assert sum(following.values()) == pytest.approx(1)


def test_a_related_topic_follows_more_often_than_another(chances, topics):
    related = topics.by_key["law_register"].related[0]

    assert chances["law_register"][related] > chances["law_register"]["campaign_about"]
