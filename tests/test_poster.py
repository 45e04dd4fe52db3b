"""Posters and banners: what they say, and where their QR codes lead."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from PIL import Image

from bot.desk import poster
from bot.words.forces import short_path
from tests import checkout
from tests.conftest import assert_carries_the_numbers

SITE = "https://advice.example.org"
TELLING = r"abuse|\bsex|child|image|police|helpline|stop"
A4 = (595, 842)  # in points


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    made = tmp_path_factory.mktemp("posters")
    poster.write(SITE, made)
    return made


@pytest.fixture(params=["kent", "surrey", "sussex", "thames_valley"])
def force(request) -> str:
    return request.param


def read_codes(picture: Image.Image) -> list[str]:
    return [code.text for code in zxingcpp.read_barcodes(picture)]


def page_of(folder: Path, force: str) -> pypdfium2.PdfPage:
    [page] = pypdfium2.PdfDocument(folder / f"poster-{short_path(force)[1:]}.pdf")
    return page


def text_of(page: pypdfium2.PdfPage) -> str:
    return " ".join(page.get_textpage().get_text_range().split())


def test_each_force_has_a_poster_a_banner_and_its_tag(folder, directory):
    names = {path.name for path in folder.iterdir()}

    assert names == {
        f"{name}-{short_path(key)[1:]}.{kind}"
        for key in directory.forces
        for name, kind in (("poster", "pdf"), ("banner", "png"), ("banner", "html"))
    }


def test_the_poster_is_one_a4_page_with_the_numbers_and_the_link(
    folder, directory, force
):
    page = page_of(folder, force)
    text = text_of(page)

    assert tuple(map(round, page.get_size())) == A4
    assert_carries_the_numbers(text)
    assert f"advice.example.org{short_path(force)}" in text
    assert directory.forces[force].name in text
    assert "{" not in text


def test_its_code_leads_to_the_page_of_the_force(folder, force):
    seen = page_of(folder, force).render(scale=2).to_pil()

    assert read_codes(seen) == [SITE + short_path(force)]


def test_the_code_of_the_banner_leads_there_too(folder, force):
    with Image.open(folder / f"banner-{short_path(force)[1:]}.png") as banner:
        assert read_codes(banner) == [SITE + short_path(force)]
        assert banner.width / banner.height == pytest.approx(970 / 250)


def test_the_tag_says_in_words_all_that_the_banner_shows(folder, force):
    tag = (folder / f"banner-{short_path(force)[1:]}.html").read_text()
    [alt] = re.findall('alt="([^"]*)"', tag)

    assert_carries_the_numbers(unescape(alt))
    assert f"advice.example.org{short_path(force)}" in alt
    assert f'href="{SITE}{short_path(force)}"' in tag and "{" not in tag


def test_no_address_says_why_somebody_came(directory):
    for key in directory.forces:
        assert not re.search(TELLING, short_path(key))


def test_the_code_has_words_for_those_who_cannot_see_it(folder, force):
    raw = (folder / f"poster-{short_path(force)[1:]}.pdf").read_bytes()

    assert b"/Alt (" in raw and b"/Lang (en-GB)" in raw


def test_a_draft_says_so_until_all_have_signed(folder, tmp_path):
    assert "Draft: not yet approved" in text_of(page_of(folder, "kent"))

    copy = checkout.make(tmp_path)
    checkout.sign(copy, "poster")
    said = checkout.run(copy, "poster", SITE, "out")
    assert said.returncode == 0, said.stderr
    assert "Draft" not in text_of(page_of(copy / "out", "kent"))
    assert "Draft" not in said.stdout


def test_the_short_address_opens_the_page_of_the_force(server, directory, force):
    page = server.get(short_path(force))

    assert page.status == 200
    assert f'data-force="{force}"' in page.body
    assert "<title>Advice and support</title>" in page.body
    assert page.headers["X-Robots-Tag"] == "noindex"


@pytest.mark.parametrize(
    ("address", "remedy"),
    [("", "Give its address: make poster ADDRESS=https://advice.example.org"),
     ("advice.example.org", "ADDRESS=advice.example.org: give https:// and the name"),
     ("http://advice.example.org", "give https:// and the name of the site alone"),
     ("https://advice.example.org/?force=kent", "the name of the site alone"),
     ("https://me@advice.example.org", "the name of the site alone"),
     ("https://", "the name of the site alone")],
)  # fmt: skip
def test_an_address_that_no_poster_can_name_is_refused(tmp_path, address, remedy):
    with pytest.raises(SystemExit, match=re.escape(remedy)):
        poster.write(address, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_slash_at_the_end_is_no_fault():
    assert poster.site_of("https://advice.example.org/") == SITE


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "out").write_text("a file")

    with pytest.raises(SystemExit, match="cannot be written"):
        poster.write(SITE, tmp_path / "out")


def test_a_long_name_still_fits(tmp_path):
    long = "https://advice-and-support.campaign.example-police-forces.org.uk"
    poster.write(long, tmp_path)

    seen = page_of(tmp_path, "thames_valley")
    assert f"{long.removeprefix('https://')}/thames-valley" in text_of(seen)
    assert read_codes(seen.render(scale=2).to_pil()) == [f"{long}/thames-valley"]
