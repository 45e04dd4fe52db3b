"""The sets that `make bench PART=growth` learns from."""

from __future__ import annotations

from collections import Counter

import pytest

from bot.nlu.reader import FACTS
from bot.words.topics import family
from tests.bench import learning
from tests.bench.taught import (
    FAMILIES,
    OURS,
    SPLIT,
    SPLIT_INTO,
    Taught,
    in_order,
    taught,
)
from tests.bench.taught import relabelled as relabel


@pytest.fixture(scope="module")
def lessons() -> list[Taught]:
    return taught()


def intents(lessons: list[Taught]) -> set[str]:
    return {intent for lesson in lessons for intent in lesson.intents}


def test_all_that_the_model_learns_from_is_taken(lessons):
    assert len(lessons) > 40_000
    assert {fact for lesson in lessons for fact in lesson.facts} == set(FACTS)


def test_a_smaller_set_is_a_part_of_a_larger_one(lessons):
    small, large = in_order(lessons, 100), in_order(lessons, 300)

    assert len(small) == 100 and small == large[:100]
    assert in_order(lessons[::-1], 100) == small


def test_what_is_missing_comes_again_with_a_slip(lessons):
    few = lessons[:50]
    more = in_order(few, 80)

    assert sorted(more[:50]) == sorted(few)
    known = {lesson.text for lesson in few}
    for first, again in zip(more[:30], more[50:], strict=True):
        assert first.intents == again.intents
        assert again.text not in known or len(first.text) < 10


def test_the_examples_beside_more_intents_are_a_point_of_their_own():
    assert learning.WHILE_INTENTS_GROW in learning.EXAMPLES
    assert list(learning.EXAMPLES) == sorted(learning.EXAMPLES)


def test_families_are_fewer_intents_and_parts_are_more(lessons):
    ours = intents(lessons)

    assert relabel(lessons, OURS) == lessons
    assert intents(relabel(lessons, FAMILIES)) == {family(i, ours) for i in ours}
    assert len(intents(relabel(lessons, SPLIT))) == SPLIT_INTO


def test_parts_are_of_the_largest_intents_and_remain_in_their_families(lessons):
    split = relabel(lessons, SPLIT)
    ours, parts = intents(lessons), intents(split)
    sizes = Counter(intent for lesson in lessons for intent in lesson.intents)
    cut = Counter(part.rpartition("_part")[0] for part in parts)

    assert {part.rpartition("_part")[0] for part in parts} == ours
    assert cut.most_common(1)[0][0] == sizes.most_common(1)[0][0]
    assert {family(part, [*ours, part]) for part in parts} <= ours
