"""The report in a real browser: read on a screen and a phone, and printed."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from sample_report import change, make_reported
from themecoder.coding.source import CodingSource
from themecoder.study import Study

pytestmark = pytest.mark.browser
LONG = "Een label zonder einde dat maar doorgaat " + "aaneengeschreven" * 6
WIDTHS = (1280, 400)


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The report of a coder's coding, and that of suggestions with long names."""
    folder = make_reported(tmp_path_factory.mktemp("report") / "klein")
    change(folder, "smallest_cell = 2", "smallest_cell = 1")
    plain, _ = Study.open(folder).report(formats=["html"], resamples=100)
    for old in ("Waarom?", "Klein", "Woonplaats"):
        change(folder, old, LONG)
    for old in ("label: Hulp", "label: Groep"):
        change(folder, old, f"label: {LONG}", "codebooks/boek/draft.yaml")
    suggested = Study.open(folder).report(CodingSource("suggestions"), ["html"])
    return {"plain": plain, "long": suggested[0]}


@pytest.fixture
def tab(chromium: Browser) -> Iterator[Page]:
    """A tab in which nothing may be asked of a network, run or logged."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    seen: list[str] = []
    inside = ("file:", "data:")
    page.on("request", lambda r: None if r.url.startswith(inside) else seen.append(r.url))
    page.on("console", lambda m: seen.append(m.text))
    page.on("pageerror", lambda e: seen.append(str(e)))
    yield page
    context.close()
    assert seen == []


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("kind", ["plain", "long"])
def test_no_sideways_scrolling(tab: Page, pages: dict[str, Path], kind: str, width: int) -> None:
    tab.set_viewport_size({"width": width, "height": 800})
    tab.goto(pages[kind].as_uri())
    assert tab.evaluate("document.documentElement.scrollWidth") <= width


def test_plots_are_drawn_and_said_in_words(tab: Page, pages: dict[str, Path]) -> None:
    tab.goto(pages["plain"].as_uri())
    expect(tab.locator("figure img")).to_have_count(3)
    sizes = "all => all.map(one => one.complete && one.naturalWidth > 300 && one.alt.length > 40)"
    assert tab.locator("figure img").evaluate_all(sizes) == [True] * 3
    first = tab.locator("figure img").first
    assert "Hulp: q1 85,7%, q2 42,9%" in (first.get_attribute("alt") or "")


def test_tables_say_what_their_cells_are_of(tab: Page, pages: dict[str, Path]) -> None:
    tab.goto(pages["plain"].as_uri())
    assert tab.locator("table").count() == 8
    assert tab.locator("th:not([scope])").count() == 0
    assert tab.locator("tbody tr:not(:has(th[scope=row]))").count() == 0
    # what can be scrolled has a name and can be reached with the keyboard
    regions = tab.locator(".scroll")
    named = "all => all.every(one => one.tabIndex === 0 && one.getAttribute('aria-label'))"
    assert regions.evaluate_all(named)


def test_the_contents_lead_to_their_headings(tab: Page, pages: dict[str, Path]) -> None:
    tab.goto(pages["plain"].as_uri())
    for link in tab.locator("nav a").all():
        place = tab.locator(link.get_attribute("href") or "-")
        assert place.text_content() == link.text_content()
    tab.locator("nav a").last.click()
    expect(tab.locator("#manifest")).to_be_in_viewport()


def test_headings_go_down_one_level_at_a_time(tab: Page, pages: dict[str, Path]) -> None:
    tab.goto(pages["plain"].as_uri())
    levels = tab.locator("h1, h2, h3, h4").evaluate_all("all => all.map(one => +one.tagName[1])")
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_the_warning_of_suggestions_stays_in_sight(tab: Page, pages: dict[str, Path]) -> None:
    tab.goto(pages["long"].as_uri())
    warning = tab.locator(".unconfirmed")
    expect(warning).to_be_in_viewport()
    tab.locator("#manifest").scroll_into_view_if_needed()
    expect(warning).to_be_in_viewport()
    tab.goto(pages["plain"].as_uri())
    expect(tab.locator(".unconfirmed")).to_have_count(0)


def test_it_prints(tab: Page, pages: dict[str, Path]) -> None:
    tab.goto(pages["plain"].as_uri())
    tab.emulate_media(media="print")
    expect(tab.locator("nav")).to_be_hidden()
    assert tab.pdf(format="A4").startswith(b"%PDF")


def test_its_text_can_be_told_from_the_page(tab: Page, pages: dict[str, Path]) -> None:
    """Contrast of text of 4.5 to 1 or more (WCAG 2.2, 1.4.3), on every background that it has."""
    tab.goto(pages["long"].as_uri())
    low = tab.evaluate(
        """() => {
        const light = c => { const v = c.map(x => { x /= 255;
            return x <= .03928 ? x / 12.92 : ((x + .055) / 1.055) ** 2.4 });
            return .2126 * v[0] + .7152 * v[1] + .0722 * v[2] };
        const parts = c => c.match(/[\\d.]+/g).map(Number);
        const ground = e => { for (; e; e = e.parentElement) {
            const c = parts(getComputedStyle(e).backgroundColor);
            if (c.length < 4 || c[3] > 0) return c } return [255, 255, 255] };
        const found = [];
        for (const e of document.querySelectorAll('body *')) {
            if (![...e.childNodes].some(n => n.nodeType === 3 && n.data.trim())) continue;
            if (!e.getClientRects().length) continue;
            const [a, b] = [light(parts(getComputedStyle(e).color)), light(ground(e))];
            const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
            if (ratio < 4.5) found.push([e.tagName, e.textContent.trim().slice(0, 40), ratio]);
        }
        return found }"""
    )
    assert low == []
