"""Which answers a message gets: the layers of docs/safety.md, without the model."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.dialogue import follow_ups
from bot.dialogue.decision import ABOUT_ONESELF, NOT_NOW, Decider, Thresholds
from bot.nlu.calibration import Calibration
from bot.nlu.understanding import Understanding
from bot.talk.memory import FADES_AFTER_TURNS, Memory, Picture
from bot.talk.messages import Decision
from bot.words.topics import FALLBACK, REFUSALS

AT = Thresholds(
    emergency=0.6,
    lead=0.1,
    conversation_emergency=0.7,
    conversation_lead=0.4,
    retraction=0.6,
    suicidal=0.45,
    other_emergency=0.5,
    refusal=0.7,
    answer=0.4,
    second_answer=0.3,
    offer=0.02,
    follow_up=0.5,
)
# A talk is as dangerous as the parts of its picture are likely, all three.
PARTS = dict.fromkeys(("cause", "child", "soon"), 1 / 3)
TALK = {**PARTS, "soon_now": 0.0, "now": 0.0, "offset": 0.0}
# A second thing is asked as likely as its topic is.
SECOND = {"first": 0.0, "second": 1.0, "double": 0.0, "offset": 0.0}
CALIBRATION = Calibration({}, {}, {}, TALK, {}, SECOND)
CAUSE = Picture(person_gives_cause=0.9)
CHILD = Picture(child_reachable=0.9)
SOON = Picture(now_or_soon=0.8)
DANGER = Picture(0.9, 0.9, 0.9)


@pytest.fixture(scope="module")
def decider(topics) -> Decider:
    return Decider(AT, CALIBRATION, topics, follow_ups.read_chances(topics))


def found(risk: float = 0.0, picture: Picture | None = None, **more) -> Understanding:
    chances = more.pop("chances", {"law_sentence": 0.9, "harm": 0.05})
    return Understanding(chances, risk, risk, picture or Picture(), **more)


def decide(decider: Decider, *turns: Understanding, memory: Memory | None = None):
    decision = None
    for now, understanding in enumerate(turns):
        before = decision.memory if decision else memory or Memory()
        decision = decider.decide(understanding, before, float(now))
    return decision


# ---- one message ----


def test_a_calm_question_is_answered_and_nothing_else(decider):
    decision = decide(decider, found())

    assert decision.intents == ("law_sentence",) and not decision.lead


def test_risk_above_the_threshold_is_an_emergency_first(decider):
    chances = {"law_sentence": 0.2, "immediate_risk_own_urge": 0.3, "harm": 0.1}
    decision = decide(decider, found(0.6, chances=chances))

    assert decision.intents == ("immediate_risk_own_urge",)


def test_of_the_kinds_of_danger_the_likeliest_is_answered(decider):
    chances = {"immediate_risk": 0.6, "immediate_risk_own_urge": 0.3}

    assert decide(decider, found(0.9, chances=chances)).intents == ("immediate_risk",)


def test_in_doubt_nobody_gets_the_reply_for_those_who_fear_harming_a_child(decider):
    chances = {"immediate_risk_own_urge": 0.5, "immediate_risk": 0.4}
    sure = {"immediate_risk_own_urge": 0.8, "immediate_risk": 0.2}

    assert decide(decider, found(0.9, chances=chances)).intents == ("immediate_risk",)
    assert decide(decider, found(0.9, chances=sure)).intents[0].endswith("own_urge")


def test_a_question_beside_the_danger_is_answered_second(decider):
    chances = {"law_sentence": 0.5, "immediate_risk": 0.9}
    decision = decide(decider, found(0.95, chances=chances))

    assert decision.intents == ("immediate_risk", "law_sentence")


def test_beside_an_emergency_only_what_is_likely_is_answered(decider):
    chances = {"law_sentence": 0.45, "immediate_risk": 0.9}

    assert decide(decider, found(0.9, chances=chances)).intents == ("immediate_risk",)
    assert decide(decider, found(0.0, chances=chances)).intents == ("law_sentence",)


def test_in_the_middle_zone_the_sentence_leads_the_answer(decider):
    decision = decide(decider, found(0.1))

    assert decision.intents == ("law_sentence",) and decision.lead


def test_one_alarming_sentence_in_a_calm_message_leads_and_is_no_emergency(decider):
    decision = decide(decider, replace(found(0.05), hint=0.9))

    assert decision.intents == ("law_sentence",) and decision.lead


def test_the_net_is_obeyed_whatever_the_model_says(decider):
    decision = decide(decider, found(0.0, forced="immediate_risk"))

    assert decision.intents[0] == "immediate_risk"


def test_two_likely_questions_get_two_answers_and_so_do_four(decider):
    two = {"harm": 0.8, "law_life": 0.4, "law_register": 0.2}
    four = dict.fromkeys(("harm", "law_life", "law_register", "self_help"), 0.5)

    assert decide(decider, found(chances=two)).intents == ("harm", "law_life")
    assert decide(decider, found(chances=four)).intents == ("harm", "law_life")


@pytest.mark.parametrize("beside", ABOUT_ONESELF)
def test_a_child_in_danger_reads_nothing_for_those_who_worry_about_themselves(
    decider, beside
):
    urgent = found(0.9, chances={"immediate_risk": 0.9, beside: 0.8})
    assert decide(decider, urgent).intents == ("immediate_risk",)

    urge = {"immediate_risk_own_urge": 0.9, beside: 0.8}
    assert beside in decide(decider, found(0.9, chances=urge)).intents
    assert decide(decider, found(chances={beside: 0.8})).intents == (beside,)


def test_somebody_who_may_be_suicidal_is_answered_beside_two_questions(decider):
    chances = {"harm": 0.6, "law_life": 0.55, "law_register": 0.5, "suicidal": 0.5}
    first, *others = decide(decider, found(chances=chances)).intents

    assert first == "suicidal" and others == ["harm", "law_life"]


def test_an_adult_who_may_be_suicidal_comes_before_the_other_answer(decider):
    chances = {"law_life": 0.8, "suicidal": 0.5}

    assert decide(decider, found(chances=chances)).intents == ("suicidal", "law_life")


@pytest.mark.parametrize("idle", ["smalltalk", "vague_plea"])
def test_a_greeting_or_a_plea_beside_a_question_is_not_answered(decider, idle):
    chances = {idle: 0.8, "suicidal": 0.5}

    assert decide(decider, found(chances=chances)).intents == ("suicidal",)


def test_another_emergency_needs_more_than_a_guess(decider):
    fire = found(chances={"other_emergency": 0.5, "law_life": 0.1})
    perhaps = found(chances={"other_emergency": 0.49, "law_life": 0.1})

    assert decide(decider, fire).intents == ("other_emergency",)
    assert decide(decider, perhaps).intents == ()


@pytest.mark.parametrize("refusal", REFUSALS)
def test_a_refusal_needs_more_than_a_guess_and_comes_alone(decider, refusal):
    chances = {refusal: 0.6, "harm": 0.5}
    perhaps = found(chances=chances, misuse=0.69)

    assert decide(decider, found(chances=chances, misuse=0.7)).intents == (refusal,)
    assert decide(decider, perhaps).intents == ("harm",)


def test_what_may_be_a_request_to_refuse_is_asked_back(decider):
    perhaps = found(chances={"seeking_material": 0.9, "harm": 0.29}, misuse=0.69)

    assert decide(decider, perhaps).intents == ()


# ---- families: a topic and its finer ones ----


def test_a_family_is_answered_once_and_by_its_likeliest(decider):
    chances = {"law_register_travel": 0.5, "law_register": 0.45, "harm": 0.05}

    answered = decide(decider, found(chances=chances, double=0.9)).intents
    assert answered == ("law_register_travel",)


def test_the_chances_of_a_family_add_up(decider):
    chances = {"law_register_travel": 0.25, "law_register_end": 0.2, "harm": 0.05}

    assert decide(decider, found(chances=chances)).intents == ("law_register_travel",)


def test_two_finer_topics_are_answered_where_two_things_are_asked(decider):
    chances = {"law_register_travel": 0.5, "law_register_end": 0.45, "harm": 0.05}
    both = decide(decider, found(chances=chances, double=0.9))
    one = decide(decider, found(chances=chances, double=0.1))

    assert both.intents == ("law_register_travel", "law_register_end")
    assert one.intents == ("law_register_travel",)


def test_a_faint_sign_that_an_adult_may_be_suicidal_is_offered(decider):
    decision = decide(decider, found(chances={"law_life": 0.8, "suicidal": 0.35}))

    assert decision.intents == ("law_life",) and "suicidal" in decision.offered


def test_a_topic_that_calls_for_999_leads_the_reply_wherever_it_stands(decider):
    decision = decide(decider, found(chances={"law_life": 0.8, "report_person": 0.5}))

    assert decision.intents == ("law_life", "report_person") and decision.lead


def test_when_nothing_is_likely_the_likeliest_three_are_offered(decider):
    chances = {"harm": 0.3, "smalltalk": 0.25, "law_life": 0.2, "self_help": 0.1}
    decision = decide(decider, found(chances=chances))

    assert decision.intents == ()
    assert decision.offered == ("harm", "law_life", "self_help")


def test_who_is_asked_back_is_offered_even_what_is_unlikely(decider):
    decision = decide(decider, found(chances={"harm": 0.1, "law_life": 0.001}))

    assert decision.offered == ("harm", "law_life")


def test_below_an_answer_what_is_likely_is_offered_and_then_what_is_related(
    decider, topics
):
    chances = {"harm": 0.9, "law_life": 0.05, "self_help": 0.01}
    first, *others = decide(decider, found(chances=chances)).offered

    assert first == "law_life" and "self_help" not in others
    assert set(others) <= set(topics.by_key["harm"].related)


def test_what_is_answered_is_not_offered(decider, topics):
    chances = {"law_sentence": 0.9, "law_register": 0.8}
    decision = decide(decider, found(chances=chances))

    assert not set(decision.offered) & {"law_sentence", "law_register"}
    assert decision.offered


def test_cannot_help_comes_after_the_answer(decider):
    decision = decide(decider, found(chances={"out_of_scope": 0.6, "harm": 0.5}))

    assert decision.intents == ("harm", "out_of_scope")


def test_an_intent_that_no_topic_answers_counts_as_one_it_cannot_help_with(decider):
    decision = decide(decider, found(chances={"not_in_topics": 0.9}))

    assert decision.memory.last_topic == FALLBACK and not decision.lead


# ---- two questions in one message ----


def test_a_second_reading_of_one_question_is_not_answered_as_well(topics):
    unsure = {"first": 1.0, "second": 1.0, "double": 1.0, "offset": 0.0}
    calibration = replace(CALIBRATION, second=unsure)
    decider = Decider(AT, calibration, topics, follow_ups.read_chances(topics))
    readings = found(chances={"law_sentence": 0.55, "harm": 0.45}, double=0.1)
    questions = found(chances={"law_sentence": 0.9, "harm": 0.45}, double=0.9)

    assert decide(decider, readings).intents == ("law_sentence",)
    assert decide(decider, questions).intents == ("law_sentence", "harm")


# ---- the picture of the conversation ----


def test_danger_that_builds_up_over_turns_is_an_emergency(decider):
    decision = decide(
        decider, found(picture=CAUSE), found(picture=CHILD), found(picture=SOON)
    )

    assert decision.intents[0] == "immediate_risk"


@pytest.mark.parametrize("seen", [[CAUSE, CHILD], [CHILD, SOON], [CAUSE, SOON]])
def test_two_of_three_are_no_emergency(decider, seen):
    decision = decide(decider, *(found(picture=picture) for picture in seen))

    assert decision.intents == ("law_sentence",)


def test_a_picture_alarms_once_and_then_leads(decider):
    turns = [found(picture=picture) for picture in (CAUSE, CHILD, SOON, CHILD)]
    decision = decide(decider, *turns)

    assert decision.intents == ("law_sentence",) and decision.lead


def test_a_picture_that_has_faded_may_be_seen_again_and_alarms_again(decider):
    seen = [found(picture=picture) for picture in (CAUSE, CHILD, SOON)]
    calm = [found()] * FADES_AFTER_TURNS
    decision = decide(decider, *seen, *calm, *seen)

    assert decision.intents[0] == "immediate_risk"


def test_a_message_that_only_sounds_alarming_leads_when_the_talk_gives_no_cause(
    decider,
):
    calm = found(picture=CHILD)
    decision = decide(decider, calm, found(0.7))

    assert decision.intents == ("law_sentence",) and decision.lead


def test_a_message_that_tells_all_of_it_is_danger_after_any_answer(decider):
    calm, pressed = found(picture=CHILD), Memory(last_topic="law_life")

    assert decide(decider, calm, found(0.9)).intents[0] == "immediate_risk"
    assert decide(decider, found(0.9), memory=pressed).intents[0] == "immediate_risk"


def test_what_is_said_now_alarms_again(decider):
    turns = [found(picture=picture) for picture in (CAUSE, CHILD, SOON)]
    decision = decide(decider, *turns, found(0.9))

    assert decision.intents[0].startswith("immediate_risk")


def test_an_alarm_does_not_keep_what_is_new_from_alarming(decider):
    weak = [found(0.9, picture=CAUSE), found(picture=SOON)]
    decision = decide(decider, *weak, found(picture=CHILD))

    assert decision.intents[0] == "immediate_risk"


def test_after_a_button_a_message_is_as_alarming_as_a_first_one(decider):
    pressed, opened = Memory(last_topic="law_life"), Memory(last_topic="opening_self")

    for memory in (pressed, opened):
        urgent = decide(decider, found(0.7), memory=memory)
        calm = decide(decider, found(0.5), memory=memory)
        assert urgent.intents[0] == "immediate_risk"
        assert calm.intents == ("law_sentence",)


# ---- where some of the talk is missing ----

GAP = Memory(last_topic="harm").with_gap()


def test_every_reply_leads_with_999_until_the_gap_has_faded(decider):
    decision = decide(decider, *[found()] * (FADES_AFTER_TURNS - 1), memory=GAP)
    assert decision.lead and decision.memory.partial

    decision = decide(decider, *[found()] * FADES_AFTER_TURNS, memory=GAP)
    assert decision.lead and not decision.memory.partial
    assert not decide(decider, found(), memory=decision.memory).lead


def test_what_is_danger_by_itself_stays_so(decider):
    alone = found(AT.emergency, chances={"immediate_risk": 0.3})
    calm = Memory(last_topic="harm", calm_turns=1.0)
    assert not decide(decider, alone, memory=calm).intents

    assert decide(decider, alone, memory=GAP).intents == ("immediate_risk",)


def test_the_cause_may_be_in_what_is_missing(decider):
    seen = Picture(child_reachable=0.9, now_or_soon=0.9)
    later = found(0.0, seen, chances={"immediate_risk": 0.3})
    assert not decide(decider, later, memory=Memory(last_topic="harm")).intents

    assert decide(decider, later, memory=GAP).intents == ("immediate_risk",)
    assert decide(decider, later, memory=Memory().with_gap()).intents


def test_a_calm_question_stays_an_answer(decider):
    assert decide(decider, found(), memory=GAP).intents == ("law_sentence",)


# ---- what is taken back ----


def test_what_is_taken_back_is_believed(decider):
    seen = [found(picture=picture) for picture in (CAUSE, CHILD, SOON)]
    retraction = found(0.2, CAUSE, retracts=0.6)
    decision = decide(decider, *seen, retraction)

    assert decision.intents == ("law_sentence",) and not decision.lead
    assert not decide(decider, *seen, retraction, found()).lead


def test_a_retraction_that_tells_of_danger_is_not_believed(decider):
    seen = [found(picture=picture) for picture in (CAUSE, CHILD, SOON)]
    decision = decide(decider, *seen, found(0.9, retracts=0.9))

    assert decision.intents[0] == "immediate_risk"


def test_a_first_message_takes_nothing_back(decider):
    assert decide(decider, found(0.2, retracts=0.9)).lead


# ---- after an emergency reply ----


def test_an_emergency_reply_knows_what_it_would_have_answered(decider):
    decision = decide(decider, found(0.9))

    assert decision.memory.ordinary_topic == "law_sentence"


def test_the_ordinary_answer_is_no_other_emergency(decider):
    chances = {"suicidal": 0.9, "law_life": 0.05}
    decision = decide(decider, found(chances=chances))

    assert decision.intents == ("suicidal",)
    assert decision.memory.ordinary_topic == "law_life"


def test_nothing_is_happening_now_leads_to_the_ordinary_answer(decider):
    no = found(chances={NOT_NOW: 0.9, "smalltalk": 0.05})
    decision = decide(decider, found(0.9), no)

    after = Memory(last_topic="law_sentence", ordinary_topic="law_sentence")
    assert decision == Decision(("law_sentence",), False, (), after)


def test_a_denial_that_tells_of_danger_is_an_emergency(decider):
    no = found(0.9, DANGER, chances={NOT_NOW: 0.9, "immediate_risk": 0.5})

    assert decide(decider, found(0.9, DANGER), no).intents[0] == "immediate_risk"


def test_without_an_emergency_before_it_a_denial_is_no_answer(decider):
    no = found(chances={NOT_NOW: 0.9, "smalltalk": 0.5})

    assert decide(decider, no).intents == ("smalltalk",)


def test_once_another_question_was_answered_a_denial_is_no_answer(decider):
    no = found(chances={NOT_NOW: 0.9, "smalltalk": 0.5})

    assert decide(decider, found(0.9), found(), no).intents == ("smalltalk",)


def test_a_denial_that_could_be_nothing_else_is_answered_as_one(decider):
    assert decide(decider, found(chances={NOT_NOW: 1.0})).intents == (NOT_NOW,)


# ---- after an answer ----


def test_the_last_of_several_answers_is_the_one_that_is_leant_on(decider):
    decision = decide(decider, found(chances={"harm": 0.8, "law_life": 0.4}))

    assert decision.memory.last_topic == "law_life"


def test_a_message_that_leans_on_the_answer_is_read_with_it(decider):
    chances = {"law_police_process": 0.5, "law_register": 0.45, "harm": 0.3}
    asked = found(chances=chances, depends=0.9)
    after_register = decide(decider, asked, memory=Memory(last_topic="law_register"))

    assert after_register.intents[0] == "law_register"
    assert decide(decider, asked).intents[0] == "law_police_process"


def test_a_whole_question_is_read_by_itself(decider):
    chances = {"law_police_process": 0.5, "law_register": 0.25}
    asked = found(chances=chances, depends=0.1)
    decision = decide(decider, asked, memory=Memory(last_topic="law_register"))

    assert decision.intents == ("law_police_process",)
