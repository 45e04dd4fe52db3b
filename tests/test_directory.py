"""The services and forces, and what happens when one has a gap."""

from __future__ import annotations

import re

import pytest

from bot import DATA
from bot.words import yaml_files
from bot.words.directory import Directory
from bot.words.forces import DirectoryError
from bot.words.lifelines import Lifelines


@pytest.fixture
def files() -> tuple[dict, dict]:
    return (
        yaml_files.read(DATA / "services.yml"),
        yaml_files.read(DATA / "forces.yml"),
    )


def test_a_force_without_a_field_uses_the_national_one(directory):
    assert directory.value("force", "relay", "surrey") == "18001 101"


@pytest.mark.parametrize("force", [None, "narnia", ""])
def test_an_unknown_force_gets_all_four(directory, force):
    sites = directory.value("force", "site", force)

    for name in ("kent", "surrey", "sussex", "thamesvalley"):
        assert f"https://www.{name}.police.uk/" in sites


def test_a_link_to_a_force_carries_its_name(directory):
    [link] = directory.links("force", "site", "thames_valley")

    assert link["title"] == "Thames Valley Police"


@pytest.mark.parametrize(
    ("text", "force"),
    [
        ("a man in Brighton", "sussex"),
        ("i live near high wycombe", "thames_valley"),
        ("brightonian", None),
        ("from kent, works in surrey", None),
        ("", None),
    ],
)
def test_a_place_names_the_nearest_force(directory, text, force):
    assert directory.place(text) == force


def test_a_force_is_read_once_with_what_it_lacks_from_the_national_entry(directory):
    kent, national = directory.force("kent"), directory.national

    assert (kent.name, kent.site) == ("Kent Police", "https://www.kent.police.uk/")
    assert kent.origins == ("https://www.kent.police.uk",)
    assert "medway" in kent.places and national.places == national.origins == ()
    assert kent.fields["relay"] == national.fields["relay"]
    assert kent.fields["area"] != national.fields["area"]
    assert re.fullmatch(r"data/forces\.yml, line \d+", kent.place)
    assert directory.force("narnia") == directory.force(None) == national
    assert list(directory.all_forces) == ["national", *directory.forces]


def test_a_field_that_nobody_wrote_is_refused_with_its_name(directory):
    with pytest.raises(DirectoryError, match=r"force\.fax.*data/forces\.yml"):
        directory.value("force", "fax", "kent")
    with pytest.raises(DirectoryError, match=r"iwf\.fax.*data/services\.yml"):
        directory.value("iwf", "fax")


@pytest.mark.parametrize("field", ["name", "source", "review_by", "links"])
def test_a_service_with_a_gap_is_refused_with_its_name(files, field):
    services, forces = files
    del services["iwf"][field]

    with pytest.raises(DirectoryError, match=f"{field}.*iwf"):
        Directory(services, forces, Lifelines.read())


def test_forces_without_a_national_entry_are_refused(files):
    services, forces = files
    del forces["national"]

    with pytest.raises(DirectoryError, match="national"):
        Directory(services, forces, Lifelines.read())


def test_a_file_that_is_not_yaml_is_refused_with_its_line(tmp_path):
    (tmp_path / "services.yml").write_text("a: [1,\nb: 2")

    with pytest.raises(yaml_files.YamlFileError, match=r"(?s)services\.yml.*line 2"):
        Directory.read(tmp_path)


def test_a_missing_file_is_refused_with_its_name(tmp_path):
    with pytest.raises(yaml_files.YamlFileError, match=r"services\.yml"):
        Directory.read(tmp_path)


def test_the_hours_shown_are_those_computed_with(directory):
    service = directory.services["stop_it_now"]

    assert (
        service["hours_text"] == "Monday to Thursday 9am to 9pm, and Friday 9am to 5pm"
    )
    assert (
        service["hours"]["monday"] == service["hours"]["thursday"] == ["09:00", "21:00"]
    )
    assert service["hours"]["friday"] == ["09:00", "17:00"]
    assert set(service["hours"]) == {
        "monday", "tuesday", "wednesday", "thursday", "friday",
    }  # fmt: skip


def test_every_number_that_has_words_for_a_link_can_be_pressed_where_it_stands(
    directory,
):
    numbers = directory.numbers()

    assert numbers["999"] == "tel:999" and numbers["85258"] == "sms:85258"
    assert numbers["0808 1000 900"] == "tel:08081000900"
    # To press during a silent call, and for a textphone: nobody can call these.
    assert not {directory.value("emergency", f) for f in ("silent", "relay")} & {
        *numbers
    }


def test_the_page_behind_the_way_out_must_be_https(files):
    services, forces = files
    services["neutral_page"]["site"] = "http://www.example.org/"

    with pytest.raises(DirectoryError, match="neutral_page.*begins with https://"):
        Directory(services, forces, Lifelines.read())
