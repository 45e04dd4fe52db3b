"""A broken content file: the check and the start say where it is and what to do."""

from __future__ import annotations

import pytest

from tests import checkout

# A file, what is there, what to change it to, and what is said (`…`: words between).
FAULTS = {
    "broken YAML": (
        "data/services.yml", "name: NAPAC\n", 'name: "NAPAC\n',
        "data/services.yml, line …: is not valid YAML",
    ),
    "an unknown key": (
        "data/services.yml", "hours_text: Free", "hours_txt: Free",
        "data/services.yml, line …: `hours_txt` of `childline` is not known. Did you "
        "mean `hours_text`?",
    ),
    "an unknown key of an answer": (
        "domain.yml", "    metadata: {kind: part,", "    metadata: {kinds: part,",
        "domain.yml, line …: `kinds` of `utter_lead.metadata` is not known. Did you "
        "mean `kind`?",
    ),
    "a duplicate id of an answer": (
        "domain.yml", "  utter_harm:\n", "  utter_lead:\n",
        "domain.yml, line …: `utter_lead` is also on line …. Keep one",
    ),
    "a duplicate id of a topic": (
        "data/topics.yml", "  abusive:\n", "  smalltalk:\n",
        "data/topics.yml, line …: `smalltalk` is also on line ….",
    ),
    "a day that is none": (
        "data/services.yml", 'review_by: "2027-02-23"', 'review_by: "2027-02-30"',
        "data/services.yml, line …: `review_by` of `emergency` is not a date. Write "
        'one in quotes, such as "2026-11-25".',
    ),
    "a day without quotes": (
        "domain.yml", 'checked_on: null, review_by: "2027-02-23"',
        "checked_on: 2026-11-25, review_by: null",
        "domain.yml, line …: `checked_on` of `utter_immediate_risk.metadata` is a date "
        'without quotes. Write "2026-11-25".',
    ),
    "an answer without facts": (
        "domain.yml",
        "sources: [press_release, silent_call, deaf_access, childline, "
        "safeguarding_in_schools]",
        "sources: []",
        "domain.yml, line …: `sources` of `utter_immediate_risk.metadata` is empty. "
        "Fill it, or restore what was there.",
    ),
    "an answer that nobody answers for": (
        "domain.yml", "owner: the four forces", 'owner: " "',
        "domain.yml, line …: `owner` of `utter_immediate_risk.metadata` is empty. "
        "Fill it, or restore what was there.",
    ),
    "a removed entry": (
        "data/services.yml", "\nocd_action:\n", "\nsomebody:\n",
        "domain.yml, line …: `utter_own_behaviour_courses`: {ocd_action.phone} names "
        "nothing: add `phone` to `ocd_action` in data/services.yml, or correct the "
        "placeholder.",
    ),
    "a button that leads nowhere": (
        "data/topics.yml", "menu: [own_behaviour", "menu: [own_behavior",
        "data/topics.yml, line …: `menu` names unknown ['own_behavior']. Correct",
    ),
    "an unknown group of the net": (
        "data/safety_rules.yml", "needs: [act_now, child]", "needs: [act_no, child]",
        "data/safety_rules.yml, line …: rule `something is being done to a child` "
        "names unknown groups ['act_no']. Correct the name, or add the group.",
    ),
    "a signature without a day": (
        "data/sign_off.yml", "approved: {}",
        "approved: {utter_harm: [{by: Kent Police lead, wording: a}]}",
        "data/sign_off.yml, line …: `on` of `approved.utter_harm` is missing. Add it.",
    ),
    "broken YAML of a language": (
        "data/languages/pl.yml", "  send: Wyślij", '  send: "Wyślij',
        "data/languages/pl.yml, line …: is not valid YAML",
    ),
    "a language that lacks a text": (
        "data/languages/pl.yml", "  send: Wyślij\n", "",
        "data/languages/pl.yml, line …: `page` lacks send. Translate from data/",
    ),
}  # fmt: skip
FILES = (
    "domain.yml", "data/services.yml", "data/forces.yml", "data/sources.yml",
    "data/topics.yml", "data/rules.yml", "data/safety_rules.yml", "data/sign_off.yml",
    "data/languages/en.yml",
)  # fmt: skip


@pytest.fixture
def copy(tmp_path):
    return checkout.make(tmp_path)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_named_by_the_check_and_stops_the_start(copy, fault):
    file, old, new, said = FAULTS[fault]
    checkout.change(copy, file, old, new)

    checked, started = checkout.run(copy, "check"), checkout.run(copy, "serve")
    assert checked.returncode == 1 and started.returncode == 1
    assert "Cannot start: " in started.stderr
    for told in (_told(checked.stdout), _told(started.stderr)):
        at = 0
        for part in said.replace(": ", " ", 1).split("…"):
            assert part.strip() in told[at:], told
            at = told.index(part.strip(), at)
        assert "Traceback" not in told


@pytest.mark.parametrize("file", FILES)
def test_an_emptied_file_is_named(copy, file):
    checkout.own(copy, file).write_text("# nothing\n")

    checked, started = checkout.run(copy, "check"), checkout.run(copy, "serve")
    assert checked.returncode == 1 and started.returncode == 1
    for told in (_told(checked.stdout), _told(started.stderr)):
        assert f"{file} must hold `name: value` entries" in told
        assert "restore an older version" in told


@pytest.mark.parametrize("file", ["data/languages/en.yml", "data/languages/pl.yml"])
def test_a_language_file_that_is_missing_is_named(copy, file):
    checkout.own(copy, file).unlink()

    checked, started = checkout.run(copy, "check"), checkout.run(copy, "serve")
    assert checked.returncode == 1 and started.returncode == 1
    for told in (_told(checked.stdout), _told(started.stderr)):
        assert f"{file} is missing. Restore it from git" in told


def _told(output: str) -> str:
    """What was said, without line ends and the colon after a place."""
    return " ".join(output.split()).replace(".yml: ", ".yml ")
