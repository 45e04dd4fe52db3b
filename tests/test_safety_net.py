"""The 999 net: what it must catch, what it must leave alone, what it sees through."""

from __future__ import annotations

import time
from collections import Counter

import pytest

from bot import DATA, ROOT
from bot.safety.net import SafetyNet, SafetyRulesError, Verdict
from tests.variety import Message, read

EMERGENCIES = [
    ("a man is touching my daughter right now", "immediate_risk"),
    ("he's in the bedroom with my son and the door is locked", "immediate_risk"),
    ("a kid is screaming next door, i hear her begging him to stop", "immediate_risk"),
    ("my little girl has gone missing from the park", "immediate_risk"),
    ("she is meeting a man off the internet and shes only a child", "immediate_risk"),
    ("there is a child on a live stream and men are watching", "immediate_risk"),
    ("he was arrested and my niece is staying with him tonight", "immediate_risk"),
    ("just walked in on him, he is undressing in the baby's room", "immediate_risk"),
    ("the door is locked and he has her in there now", "immediate_risk"),
    ("will they stop my daughter meeting a man from an app tonight", "immediate_risk"),
    ("hes coming back and im scared", "immediate_risk"),
    ("he says hes going to hurt her if i leave", "immediate_risk"),
    ("i think i will hurt a child if i dont get help", "immediate_risk_own_urge"),
    ("im on my way to meet a 14 year old", "immediate_risk_own_urge"),
    ("im 13 and i want to die", "immediate_risk_child_suicidal"),
    ("my daughter says she wants to kill herself", "immediate_risk_child_suicidal"),
    ("since the police came i want to end my life", "suicidal"),
]  # fmt: skip

# This many ordinary messages set it off when this was written; a change to the
# rules or the messages may lower a number.
FALSE_ALARMS = {
    "calm_alarms.yml": 17, "family.yml": 2, "family_and_self.yml": 4, "law.yml": 3,
    "long_stories.yml": 3, "near_refusals.yml": 3, "out_of_scope.yml": 2,
    "police_and_court.yml": 1, "refusals.yml": 2, "reporting.yml": 3,
    "sentence_and_after.yml": 1, "support.yml": 1, "young_and_urgent.yml": 1,
    "young_people.yml": 1,
}  # fmt: skip
# And this many of the emergencies in the same files did.
CAUGHT = 376

CALM = [
    "when should i call 999 for a child",
    "what sentence do you get for abusing a child",
    "my solicitor says he was touching the files on my computer",
    "i was abused as a child in the 80s, he is dead now",
    "there was a documentary on the news about a child being abused on a live stream",
    "these kids are killing me lol",
    "my husband was arrested this morning, the children are safe at school",
    "how do i report a website",
    "is it illegal to look at pictures of children",
    "i keep looking at things i shouldnt and i cant stop",
]

# What sets off a rule, and calm talk that used to: the same words in another sense, in
# a story, a policy or a condition, of pictures, or of an offence long over.
IN_DANGER_OR_CALM = [
    ("my brother has gone off with a man from the park",
     "my sister has gone off me since i told her about the police"),
    ("can't find my son, he was in the garden",
     "can't find the form my son needs for his supervised visits"),
    ("my daughter is missing since this afternoon",
     "my daughter is missing her dad since he was taken away"),
    ("somebody keeps touching my little brother at training, he is there now",
     "my toddler keeps touching herself at nursery, is that normal"),
    ("help he is in bed with my little girl",
     "my daughter is in bed with flu and i am reading about the helpline"),
    ("my neighbour is messing with his little girl",
     "i moderate what kids post and it is messing with my head"),
    ("a man is filming the kids as they change",
     "who may be filming the race at a school with children of all ages"),
    ("he says hell take the baby and drive off",
     "they are threatening to take the cost of the laptop from my wages"),
    ("my girl isnt safe with him", "my girl says school isn't safe, who do we ask"),
    ("its an emergency, my boy has been grabbed",
     "our boy came by emergency section and is doing grand"),
    ("im hiding in the wardrobe", "will they think im hiding something"),
    ("im scared to go home",
     "i'm at my nan's, i can't go home now because of my bail"),
    ("there is a boy on webcam with a man who tells him what to do",
     "met her on a dating site, did things on webcam. i have two kids"),
    ("my 12 year old is meeting a man from an app",
     "how do i teach kids not to meet strangers from the internet"),
    ("he is touching a boy in the flat below",
     "our lad got suspended for touching a girl at the disco"),
    ("my cousin is molesting my sister",
     "my cousin was molesting me till i was nine, he has a son now"),
    ("a child is being hurt next door",
     "if a child was being hurt next door would i ring you"),
    ("theres a child being hurt in the flat above",
     "i opened a link and there was a child being hurt, i shut it"),
    ("a girl is on a stream and they are telling her what to do",
     "i saw child abuse on a stream, will you note my name"),
    ("he is on the register and looking after my niece tonight",
     "can our niece be staying over at all, he is on the register now"),
    ("somebody is being touched right now, she is a child",
     "found out children were being touched at his school, it is long shut"),
    ("our girl is being abused by her stepdad",
     "is it a crime if a mother is in the bath with her son"),
    ("somebody is filming a girl through the fence",
     "we are filming a drama about a trafficked girl"),
    ("he is hurting my sister, of course nobody believes me",
     "the villain of my play is hurting a girl, is that too much"),
    ("he has the door locked and a pupil is in there",
     "they say dont be alone in a room with a pupil with the door shut. why"),
    ("im 13 and suicidal", "im 13, not suicidal or anything, just flat"),
]  # fmt: skip

DISGUISED = [
    "a man is t0uching my d4ughter right now",
    "A MAN IS TOUCHING MY DAUGHTER RIGHT NOW!!!",
    "а man is tоuching my dаughter right nоw",  # Cyrillic letters
    "a man is tou\u200bching my dau\u00adghter right now",
    "a man is t o u c h i n g  my daughter right now",
    "a man is <b>touching</b> my daughter right now",
    "a man is touching 😭😭 my 😭 daughter right now",
    "a man is touchinggggg my daughter riiiight nowwww",
    "ａ ｍａｎ ｉｓ ｔｏｕｃｈｉｎｇ my daughter right now",
    "a màn is töuching my daughter right now",
    "i <3 her, but a man is touching my daughter right now >:(",
    "x " * 9000 + "a man is touching my daughter right now " + "y " * 9000,
]


@pytest.mark.parametrize(("text", "intent"), EMERGENCIES)
def test_an_emergency_is_caught(net, text, intent):
    verdict = net.judge(text)

    assert verdict and verdict.intent == intent


@pytest.mark.parametrize("text", CALM)
def test_a_calm_message_is_left_alone(net, text):
    assert net.judge(text) is None


@pytest.mark.parametrize(("danger", "calm"), IN_DANGER_OR_CALM)
def test_the_same_words_are_caught_in_danger_and_left_alone_in_calm_talk(
    net, danger, calm
):
    assert net.judge(danger)
    assert net.judge(calm) is None


@pytest.mark.parametrize("text", DISGUISED)
def test_a_disguised_emergency_is_caught(net, text):
    verdict = net.judge(text)

    assert verdict and verdict.intent == "immediate_risk"


@pytest.mark.parametrize(
    "text",
    ["", " ", "\x00\x07", "\ud800", "<" * 5000, "a." * 5000, "🙂", "١٢٣", "[" * 99],
)
def test_any_text_can_be_judged(net, text):
    assert net.judge(text) is None


@pytest.mark.parametrize(
    "more",
    ["&#" + "9" * 5000, "&#" + "9" * 5000 + ";", "&amp;#" + "9" * 5000, "&#99999999;",
     "&#" + "0" * 5000 + "65;", "&#x" + "f" * 5000 + ";", "&#", "&#;", "&#x;"],
)  # fmt: skip
def test_danger_beside_a_number_of_a_character_that_is_too_long_is_found(net, more):
    """Python reads no whole number of more than 4,300 digits."""
    for text in (
        f"he is hurting my son right now {more}",
        f"{more} i will kill myself",
    ):
        assert net.judge(text)


def test_a_letter_that_html_writes_as_a_number_is_read(net):
    for letter in (
        "&#104;",
        "&#0000104;",
        "&#x68;",
        "&#104 ",
        "&#" + "0" * 5000 + "104;",
    ):
        assert net.judge(f"{letter.strip()}e is hurting my son right now")


def test_time_grows_with_the_length_and_not_faster(net):
    def seconds(text: str) -> float:
        best = []
        for _ in range(3):
            started = time.thread_time()
            net.judge(text)
            best.append(time.thread_time() - started)
        return min(best)

    for part in ("he is with her and ", "a b c d ", "<<<< ", "nooooo "):
        assert seconds(part * 4000) < 4 * 4 * seconds(part * 1000) + 0.01


@pytest.fixture(scope="module")
def judged(net) -> list[tuple[Message, Verdict | None]]:
    """Every message that the model learns from, with what the net says of it."""
    paths = sorted((DATA / "nlu").glob("*.yml"))
    messages = [message for path in paths for message in read(path)]
    return [(message, net.judge(message.text)) for message in messages]


def is_risk(message: Message) -> bool:
    return message.label.startswith(("immediate_risk", "suicidal", "other_emergency"))


def test_ordinary_messages_set_it_off_no_more_often_than_they_did(judged):
    alarms = Counter(m.file for m, verdict in judged if verdict and not is_risk(m))
    told = [
        f"{message.file}, {verdict.rule}: {message.text}"
        for message, verdict in judged
        if verdict and not is_risk(message)
        and alarms[message.file] > FALSE_ALARMS.get(message.file, 0)
    ]  # fmt: skip

    assert told == []


def test_the_guide_says_how_many_ordinary_messages_set_it_off():
    guide = (ROOT / "docs" / "safety.md").read_text(encoding="utf-8")

    assert f" {sum(FALSE_ALARMS.values())} set off the net." in guide


def test_as_many_emergencies_of_the_training_data_set_it_off_as_did(judged):
    caught = sum(verdict is not None for m, verdict in judged if is_risk(m))

    assert caught >= CAUGHT


def test_every_rule_can_fire(net, judged):
    fired = {verdict.rule for _, verdict in judged if verdict}
    fired |= {net.judge(text).rule for text, _ in EMERGENCIES}

    assert {rule.name for rule in net.rules} - fired == set()


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("She's 14yo", "shes 14 yo"),
        ("a 9 ish 15f 6years", "a 9 ish 15 f 6 years"),
        ("t0uch1ng @ll my k1ds", "touching all my kids"),
        ("!!! $ | 5", "5"),
        ("999 now", "999 now"),
        ("2nite", "nite"),
        ("child|kid", "childlkid"),
    ],
)
def test_what_the_rules_read(net, typed, read):
    assert net.fold(typed) == read


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (
            {"net_rules": [{"rule": "r", "intent": "immediate_risk", "needs": ["x"]}]},
            "x",
        ),
        (
            {"net_rules": [{"rule": "r", "intent": "harm", "needs": ["child"]}]},
            "intent",
        ),
        ({"groups": {"child": []}, "net_rules": []}, "child"),
    ],
)
def test_a_broken_rule_is_refused_with_its_name(change, named):
    content = {
        "digits": {},
        "unless_within": 5,
        "groups": {"child": "child, kid"},
        "net_rules": [],
    }

    with pytest.raises(SafetyRulesError, match=named):
        SafetyNet({**content, **change})
