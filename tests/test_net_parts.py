"""How the 999 net reads a text and its rules, tried on nets with a rule or two."""

from __future__ import annotations

import pytest
import yaml

from bot.safety.long_text import AN_END, MOST, part_to_judge
from bot.safety.net import SafetyNet, SafetyRulesError, Verdict

DIGITS = {"0": "o", "1": "i", "4": "a", "@": "a", "$": "s", "!": "i", "|": "l"}


def content(rules: list[dict], **groups: str) -> dict:
    return {
        "digits": DIGITS,
        "unless_within": 2,
        "groups": groups,
        "net_rules": [{"intent": "immediate_risk", **rule} for rule in rules],
    }


def net_of(*rules: dict, **groups: str) -> SafetyNet:
    return SafetyNet(content([{"rule": "r", **rule} for rule in rules], **groups))


def net_for(phrases: str) -> SafetyNet:
    """A net with one rule, which looks for one group."""
    return net_of({"needs": ["group"]}, group=phrases)


# ---- phrases ----


@pytest.mark.parametrize(
    ("phrases", "text", "met"),
    [
        ("hurt*", "he hurt her", True),
        ("hurt*", "he is hurting her", True),
        ("hurt*", "he is unhurt", False),
        ("hurt", "he is hurting her", False),
        ("im # years", "im 9 years old", True),
        ("im # years", "im 14 years old", True),
        ("im # years", "im 140 years old", False),
        ("im # years", "im many years old", False),
        ("he is with, he took", "and he took her", True),
        ("he is with,he took,\n  he has", "he has her, i think", True),
        ("he is with", "he is not with her", False),
    ],
)
def test_a_star_is_any_ending_and_a_hash_a_number_below_100(phrases, text, met):
    assert bool(net_for(phrases).judge(text)) is met


def test_of_two_phrases_that_begin_at_one_word_the_longer_is_met():
    net = net_of(
        {"needs": ["what", "when"], "within": 1},
        what="in danger, in*, danger",
        when="now",
    )

    assert net.judge("danger now")
    # Here "danger" belongs to "in danger", which begins two words before "now".
    assert net.judge("in danger now") is None


@pytest.mark.parametrize("phrases", [" ", ",", " , ", ", ,"])
def test_a_group_without_a_phrase_is_refused_with_its_name(phrases):
    with pytest.raises(SafetyRulesError) as refused:
        net_for(phrases)

    told = "data/safety_rules.yml: group `group` must be phrases and commas."
    assert str(refused.value) == told


# ---- rules ----


def test_a_verdict_names_the_rule_that_fired_and_its_intent():
    net = net_of(
        {"rule": "first", "needs": ["a"]},
        {"rule": "second", "needs": ["b"], "intent": "suicidal"},
        a="help",
        b="end it",
    )

    assert net.judge("i will end it") == Verdict("suicidal", "second")
    assert net.judge("end it or help") == Verdict("immediate_risk", "first")


def test_a_rule_without_a_distance_needs_all_parts_at_one_word():
    net = net_of({"needs": ["whose", "who"]}, whose="my*", who="my child, child")

    assert net.judge("it is my child")
    assert net.judge("mine, a child") is None and net.judge("my own child") is None
    assert net_of({"needs": ["a", "b"]}, a="my", b="son").judge("my son") is None


@pytest.mark.parametrize(
    ("text", "fires"),
    [
        ("help me", True),
        ("help was on television", False),  # two words away
        ("help is what was on television", True),
        ("television said help", False),
        ("television said to get help", True),
    ],
)
def test_calm_words_stop_a_rule_within_so_many_words_of_the_net(text, fires):
    rule = {"needs": ["help"], "unless": ["calm"]}
    net = net_of(rule, help="help", calm="television, on television")

    assert bool(net.judge(text)) is fires


def test_a_rule_that_names_an_unknown_group_is_shown_with_its_line(tmp_path):
    rules = [{"rule": "fine", "needs": ["a"]}, {"rule": "odd", "needs": ["b", "a"]}]
    text = yaml.safe_dump(content(rules, a="help"), sort_keys=False)
    (tmp_path / "safety_rules.yml").write_text(text)
    line = text.splitlines().index("  rule: odd") + 1

    with pytest.raises(SafetyRulesError) as refused:
        SafetyNet.read(tmp_path)
    assert str(refused.value) == (
        f"data/safety_rules.yml, line {line}: rule `odd` names unknown groups ['b']. "
        "Correct the name, or add the group."
    )


def test_calm_words_of_an_unknown_group_are_refused_too():
    with pytest.raises(SafetyRulesError, match="`r` names unknown groups .'calm'."):
        net_of({"needs": ["a"], "unless": ["calm"]}, a="help")


def test_a_file_with_a_gap_is_refused_with_its_name():
    broken = content([{"rule": "r", "needs": ["a"]}], a="help")
    del broken["digits"]

    with pytest.raises(SafetyRulesError, match="^data/safety_rules.yml: .*digits"):
        SafetyNet(broken)


# ---- texts ----


@pytest.mark.parametrize(
    "text", ["help", "<help>", "&lt;help&gt;", "i <3 her. help >:(", "a<b>help<b>"]
)
def test_words_between_brackets_are_read(text):
    assert net_for("help").judge(text)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("help!! |help| !help", "help help help"),  # an end, a line, and no "i" or "l"
        ("h!s k|d, $he", "his kld she"),
        ("@lone", "alone"),
        ("!|@$", ""),
    ],
)
def test_marks_replace_letters_within_a_word_and_not_around_it(typed, read):
    assert net_for("help").fold(typed) == read


def test_a_text_of_64_ki_is_read_whole():
    text = "a" * AN_END + "b" * (MOST - 2 * AN_END) + "c" * AN_END

    assert len(text) == 64 * 1024 and part_to_judge(text) == text


def test_of_a_longer_text_16_ki_at_both_ends_are_read():
    text = "a" * AN_END + "b" * (MOST - 2 * AN_END + 1) + "c" * AN_END
    first, last = part_to_judge(text).split()

    assert (first, last) == ("a" * 16 * 1024, "c" * 16 * 1024)
