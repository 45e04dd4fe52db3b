"""Each rule of data/safety_rules.yml by itself: how near, unless what, and which first.

The messages are built from the phrases of the file with neutral words between them, so
that a new rule, phrase or distance is tried as it is written.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import permutations

import pytest

from bot import DATA
from bot.safety.net import Rule, SafetyNet
from bot.words import yaml_files

CONTENT = yaml_files.read(DATA / "safety_rules.yml")
RULES = SafetyNet(CONTENT).rules
NEAR = CONTENT["unless_within"]
FILLER = "well"  # is in no phrase
# Further apart than any rule looks.
FAR = [FILLER] * 100
# The most urgent first: a child now, the writer's own urge, a child who wants to die,
# an adult who does.
ORDER = (
    "immediate_risk",
    "immediate_risk_own_urge",
    "immediate_risk_child_suicidal",
    "suicidal",
)

# Folding makes other words of these ("in the bos"), so they are never met. Correct them
# in the next review of the rules; no other phrase may join them.
NEVER_MET = {"2nite", "in the 60s", "in the 70s", "in the 80s", "in the 90s"}

by_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)


@cache
def alone(rule: Rule) -> SafetyNet:
    """A net that has this rule and no other."""
    [entry] = [e for e in CONTENT["net_rules"] if e["rule"] == rule.name]
    return SafetyNet({**CONTENT, "net_rules": [entry]})


def phrases_of(group: str) -> list[str]:
    """The phrases of a group as they are written."""
    return re.split(r",\s*", CONTENT["groups"][group].strip())


def example(written: str) -> str:
    """A phrase as somebody might type it."""
    return written.replace("*", "").replace("#", "9")


def phrase(net: SafetyNet, group: str, rule: Rule) -> list[str]:
    """The words of a phrase that says only this, of everything the rule looks for.

    "Not suicidal" cannot be said without "suicidal": where no calm phrase says one
    thing alone, one will do that says nothing else that is calm.
    """
    second_best = None
    for text in (net.fold(example(written)) for written in phrases_of(group)):
        found = {
            (name, match.start())
            for name in (*rule.needs, *rule.unless)
            for match in net._groups[name].finditer(text)
        }
        if found == {(group, 0)}:
            return text.split()
        if {each for each in found if each[0] in rule.unless} == {(group, 0)}:
            second_best = second_best or text.split()
    assert second_best, f"`{rule.name}`: every phrase of `{group}` says more than it"
    return second_best


def spread(phrases: list[list[str]], last_at: int) -> str:
    """The phrases one after another, the last of them at a place counted in words."""
    *before, last = phrases
    words = [word for each in before for word in each]
    assert len(words) <= last_at, "the phrases are too long for the distance"
    return " ".join([*words, *[FILLER] * (last_at - len(words)), *last])


@cache
def firing(rule: Rule) -> list[str]:
    """The words of a message that meets a rule, as close together as can be."""
    net = alone(rule)
    return [word for group in rule.needs for word in phrase(net, group, rule)]


def starts(rule: Rule) -> tuple[int, int]:
    """Where in such a message the first and the last phrase begin."""
    *_, last = rule.needs
    return 0, len(firing(rule)) - len(phrase(alone(rule), last, rule))


def test_every_phrase_is_met_when_it_is_typed(net):
    never = {
        written
        for group in CONTENT["groups"]
        for written in phrases_of(group)
        if not net._groups[group].fullmatch(net.fold(example(written)))
    }

    assert never == NEVER_MET


@by_rule
def test_a_rule_fires_within_its_words_and_not_one_word_further(rule):
    net = alone(rule)
    if len(rule.needs) == 1:
        assert net.judge(" ".join([*FAR, *firing(rule), *FAR]))
        return
    for order in (rule.needs, rule.needs[::-1]):
        phrases = [phrase(net, group, rule) for group in order]
        inside, outside = (spread(phrases, rule.within + more) for more in (0, 1))
        assert net.judge(inside) and net.judge(f"{' '.join(FAR)} {inside}"), inside
        assert net.judge(outside) is None, outside


@by_rule
def test_a_rule_needs_every_part(rule):
    net = alone(rule)

    assert net.judge(" ".join(firing(rule)))
    for missing in rule.needs:
        others = [phrase(net, group, rule) for group in rule.needs if group != missing]
        assert net.judge(" ".join(word for each in others for word in each)) is None


@by_rule
def test_calm_words_nearby_stop_a_rule_and_far_away_do_not(rule):
    net, message = alone(rule), firing(rule)
    first, last = starts(rule)
    for group in rule.unless:
        calm = phrase(net, group, rule)
        for distance, fires in ((NEAR, False), (NEAR + 1, True)):
            between = [FILLER] * (distance - (len(message) - last))
            after = " ".join([*message, *between, *calm])
            between = [FILLER] * (distance - len(calm) - first)
            before = " ".join([*calm, *between, *message])
            for text in (before, after):
                assert bool(net.judge(text)) is fires, f"{group}, {distance}: {text}"


def test_calm_words_do_not_hide_what_is_said_again_far_away():
    for rule in RULES:
        for group in rule.unless:
            calm = phrase(alone(rule), group, rule)
            text = " ".join([*firing(rule), *calm, *FAR, *firing(rule)])
            assert alone(rule).judge(text), f"{rule.name}, {group}: {text}"


def test_the_rules_are_in_the_order_of_their_urgency():
    intents = [rule.intent for rule in RULES]

    assert intents == sorted(intents, key=ORDER.index)
    assert set(intents) == set(ORDER)


def test_of_two_rules_that_fire_the_more_urgent_one_decides(net):
    names = [rule.name for rule in RULES]
    found = {rule.name: net.judge(" ".join(firing(rule))).rule for rule in RULES}
    for rule in RULES:  # by itself a message meets its rule, or an earlier one
        assert names.index(found[rule.name]) <= names.index(rule.name)

    for one, other in permutations(RULES, 2):
        text = " ".join([*firing(one), *FAR, *firing(other)])
        first = min(found[one.name], found[other.name], key=names.index)
        assert net.judge(text).rule == first, text


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("i want to die. he is touching my sister right now", "immediate_risk"),
        ("im 13 and i want to die, i think he is hurting a kid", "immediate_risk"),
        ("i might hurt a child and i want to die", "immediate_risk_own_urge"),
        ("i want to kill myself, im 14", "immediate_risk_child_suicidal"),
        ("i want to kill myself", "suicidal"),
    ],
)
def test_which_emergency_is_answered(net, text, intent):
    assert net.judge(text).intent == intent
