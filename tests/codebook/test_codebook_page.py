"""The page of the codebook in a real browser: read on a screen and a phone, and printed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from sample_pages import HOSTILE
from themecoder.codebook.files.document import read_document
from themecoder.codebook.html.page import render_codebook
from themecoder.codebook.model import Code, Codebook, Example

pytestmark = pytest.mark.browser
ROOT = Path(__file__).parents[2]
# a codebook can't hold the control characters and half characters that an answer may have
TEXTS = [re.sub("[\x00-\x08\x0b-\x1f\ud800-\udfff]", "", text) for text in HOSTILE]
SHIPPED = read_document(ROOT / "codebooks" / "mind-genai" / "1.0.0.yaml").codebook


@pytest.fixture
def tab(chromium: Browser) -> Iterator[Page]:
    """A tab in which nothing may be asked of a network, run or logged."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    seen: list[str] = []
    page.on("request", lambda r: None if r.url.startswith("file:") else seen.append(r.url))
    page.on("console", lambda m: seen.append(m.text))
    page.on("pageerror", lambda e: seen.append(str(e)))
    page.on("dialog", lambda d: seen.append(d.message))
    yield page
    context.close()
    assert seen == []


def opened(tab: Page, book: Codebook, folder: Path) -> Page:
    file = folder / "codebook.html"
    file.write_text(render_codebook(book, "codebooks/b/1.0.0.yaml"), encoding="utf-8")
    tab.goto(file.as_uri())
    return tab


def test_every_code_is_on_the_page_with_what_a_coder_needs(tab: Page, tmp_path: Path) -> None:
    opened(tab, SHIPPED, tmp_path)
    expect(tab.locator("article")).to_have_count(31)
    for code in SHIPPED.codes:
        entry = tab.locator(f"article#{code.id}")
        for text in (code.label, code.definition, *[example.text for example in code.examples]):
            expect(entry).to_contain_text(text)
    expect(tab.locator("nav h2")).to_have_text([group.label for group in SHIPPED.groups])
    tab.locator('nav a[href="#privacy"]').click()
    expect(tab.locator("article#privacy")).to_be_in_viewport()


def test_a_code_below_another_stands_in_after_it(tab: Page, tmp_path: Path) -> None:
    first, second, third, *rest = SHIPPED.codes
    codes = (first, replace(second, parent=third.id), replace(third, parent=first.id), *rest)
    opened(tab, replace(SHIPPED, codes=codes), tmp_path)
    shown = tab.locator("article")
    left = []
    for place, code in enumerate((first, third, second)):
        expect(shown.nth(place)).to_have_id(code.id)
        box = shown.nth(place).bounding_box()
        assert box is not None
        left.append(box["x"])
    assert left[0] < left[1] < left[2]
    expect(shown.nth(2)).to_contain_text(f"Onder: {first.label} › {third.label}")


def test_a_phone_needs_no_sideways_scrolling(tab: Page, tmp_path: Path) -> None:
    tab.set_viewport_size({"width": 360, "height": 740})
    opened(tab, SHIPPED, tmp_path)
    assert tab.evaluate("document.documentElement.scrollWidth") <= 360


def test_printed_no_code_is_cut_by_a_page(tab: Page, tmp_path: Path) -> None:
    opened(tab, SHIPPED, tmp_path)
    tab.emulate_media(media="print")
    styles = tab.locator("article").evaluate_all(
        "all => all.map(one => getComputedStyle(one).breakInside)"
    )
    assert set(styles) == {"avoid"}
    assert tab.pdf(format="A4").startswith(b"%PDF")


def test_texts_are_shown_and_never_run(tab: Page, tmp_path: Path) -> None:
    codes = tuple(
        Code(
            f"c{n}",
            text or "-",
            definition=text,
            include=text,
            exclude=text,
            examples=(Example(text, True),),
            questions=(text,),
        )
        for n, text in enumerate(TEXTS)
    )
    retired = Code("weg", "<b>weg</b>", retired=True)
    opened(tab, replace(SHIPPED, title=TEXTS[0], codes=(*codes, retired), groups=()), tmp_path)
    for n, text in enumerate(TEXTS):
        shown = tab.locator(f"article#c{n} .quote").text_content()
        assert shown == text
    expect(tab.locator("body")).to_contain_text("<b>weg</b>")
    assert tab.locator("script").count() == 0


def test_the_language_is_the_codebooks(tab: Page, tmp_path: Path) -> None:
    opened(tab, replace(SHIPPED, language="en"), tmp_path)
    assert tab.locator("html").get_attribute("lang") == "en"
    expect(tab.locator("article#privacy dt").first).to_have_text("Include")


def test_the_same_codebook_gives_the_same_bytes() -> None:
    assert render_codebook(SHIPPED, "x.yaml") == render_codebook(SHIPPED, "x.yaml")


def test_memos_of_codes_and_of_the_project_are_shown(tab: Page, tmp_path: Path) -> None:
    first, *rest = SHIPPED.codes
    noted = replace(first, memo="Twijfel: hoort q7 hierbij?\nVolgende week bespreken.")
    book = replace(SHIPPED, codes=(noted, *rest), memo="Voor het rapport van maart.")
    opened(tab, book, tmp_path)
    expect(tab.locator(f"article#{first.id} .memo")).to_contain_text("hoort q7 hierbij?")
    expect(tab.locator("header .memo")).to_have_text("Voor het rapport van maart.")
