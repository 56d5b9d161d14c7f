"""The page of agreement in a real browser: chosen, sorted, read on a phone, and printed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from agreement_findings import BOOK, CODES, of_coders, with_everything
from themecoder.agreement.findings import AgreementFindings
from themecoder.agreement.html import codes as agreement_codes
from themecoder.agreement.html.page import render_agreement
from themecoder.agreement.html.words import PageWords
from themecoder.codebook.model import Codebook

pytestmark = pytest.mark.browser
LONG = "Een label zonder einde dat maar doorgaat " + "aaneengeschreven" * 6
WIDTHS = (1280, 400)


@pytest.fixture
def tab(chromium: Browser) -> Iterator[Page]:
    """A tab in which nothing may be asked of a network or logged."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    seen: list[str] = []
    page.on("request", lambda r: None if r.url.startswith("file:") else seen.append(r.url))
    page.on("console", lambda m: seen.append(m.text))
    page.on("pageerror", lambda e: seen.append(str(e)))
    yield page
    context.close()
    assert seen == []


def opened(
    tab: Page, folder: Path, found: AgreementFindings, book: Codebook = BOOK, language: str = "nl"
) -> Page:
    file = folder / "agreement.html"
    file.write_text(
        render_agreement(found, book, title="Proef", language=language), encoding="utf-8"
    )
    tab.goto(file.as_uri())
    return tab


def choose(tab: Page, name: str, value: str) -> None:
    tab.locator(f'input[name="{name}"][value="{value}"]').check(force=True)


def shown_labels(tab: Page) -> list[str]:
    return tab.locator(".panel[open] .forest tbody th.name").all_text_contents()


def test_question_and_coefficient_choose_the_panel(tab: Page, tmp_path: Path) -> None:
    found = of_coders("anna", "bob", "cem")
    opened(tab, tmp_path, found)
    for panel in agreement_codes.panels(found, BOOK, PageWords("nl")):
        choose(tab, "question", panel.question)
        choose(tab, "coefficient", panel.coefficient)
        visible = tab.locator(".panel:visible")
        expect(visible).to_have_count(1)
        expect(visible).to_have_attribute("data-question", panel.question)
        expect(visible).to_have_attribute("data-coefficient", panel.coefficient)
        assert shown_labels(tab) == [line.label for line in panel.lines]


def test_by_group_the_codes_stand_under_their_groups_and_back(tab: Page, tmp_path: Path) -> None:
    opened(tab, tmp_path, of_coders("anna", "bob", "cem"))
    lowest_first = shown_labels(tab)
    choose(tab, "order", "group")
    forest = tab.locator(".panel[open] .forest")
    expect(forest.locator("tr.group")).to_have_text(["Opbrengst", "Risico", "Zonder groep"])
    assert shown_labels(tab) == [code.label for code in CODES]
    choose(tab, "coefficient", "gwet_ac1")
    expect(tab.locator(".panel[open] .forest tr.group")).to_have_count(3)
    choose(tab, "coefficient", "krippendorff_alpha")
    choose(tab, "order", "value")
    expect(tab.locator("tr.group:visible")).to_have_count(0)
    assert shown_labels(tab) == lowest_first


def test_the_switches_work_from_the_keyboard(tab: Page, tmp_path: Path) -> None:
    opened(tab, tmp_path, of_coders("anna", "bob", "cem"))
    tab.locator('input[name="coefficient"]').first.focus()
    tab.keyboard.press("ArrowRight")
    expect(tab.locator(".panel:visible")).to_have_attribute("data-coefficient", "kappa")


def test_dots_lie_where_their_values_say(tab: Page, tmp_path: Path) -> None:
    found = of_coders("anna", "bob", "cem")
    opened(tab, tmp_path, found)
    panel = agreement_codes.panels(found, BOOK, PageWords("nl"))[0]
    for line in panel.lines:
        if line.row is None or line.row.value is None:
            continue
        row = tab.locator(".panel[open] .forest tbody tr", has_text=line.label)
        cell, dot = row.locator("td.plot").bounding_box(), row.locator("circle").bounding_box()
        assert cell is not None and dot is not None
        share = 100 * (dot["x"] + dot["width"] / 2 - cell["x"]) / cell["width"]
        assert share == pytest.approx(panel.axis.at(line.row.value), abs=0.5)
        # what lies behind it is of the same axis, and the bound of .800 stands where it should
        assert row.locator("td.plot use").get_attribute("href") == f"#{panel.axis.id}"
    bound = tab.locator(f"#{panel.axis.id} line.bd").last
    assert bound.get_attribute("x1") == f"{panel.axis.at(0.8):.1f}%"


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", ["nl", "en"])
def test_no_sideways_scrolling(tab: Page, tmp_path: Path, width: int, language: str) -> None:
    tab.set_viewport_size({"width": width, "height": 800})
    book = replace(
        BOOK,
        codes=tuple(replace(code, label=f"{code.label} {LONG}", definition=LONG) for code in CODES),
    )
    for found in (with_everything(), of_coders("anna"), of_coders("anna", "bob")):
        opened(tab, tmp_path, found, book, language)
        assert tab.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", WIDTHS)
def test_eight_coders_fit(tab: Page, tmp_path: Path, width: int) -> None:
    tab.set_viewport_size({"width": width, "height": 800})
    names = [f"codeur-met-een-lange-naam-{n}" for n in range(8)]
    opened(tab, tmp_path, of_coders(*names))
    expect(tab.locator("table.coders td[title]")).to_have_count(28)
    assert tab.evaluate("document.documentElement.scrollWidth") <= width


def test_without_a_script_every_panel_can_be_opened(chromium: Browser, tmp_path: Path) -> None:
    context = chromium.new_context(java_script_enabled=False)
    tab = opened(context.new_page(), tmp_path, of_coders("anna", "bob", "cem"))
    expect(tab.locator(".switches")).to_be_hidden()
    expect(tab.locator(".panel .forest:visible")).to_have_count(1)
    tab.get_by_text("q7 · Gwets AC1").click()
    expect(tab.locator('[data-question="q7"][data-coefficient="gwet_ac1"] .forest')).to_be_visible()
    context.close()


def test_printed_it_holds_the_chosen_panel_and_no_switches(tab: Page, tmp_path: Path) -> None:
    opened(tab, tmp_path, with_everything())
    choose(tab, "coefficient", "gwet_ac1")
    tab.emulate_media(media="print")
    expect(tab.locator(".switches")).to_be_hidden()
    expect(tab.locator(".panel:visible")).to_have_attribute("data-coefficient", "gwet_ac1")
    assert tab.pdf(format="A4").startswith(b"%PDF")


def test_the_methods_paragraph_is_copied_or_selected(tab: Page, tmp_path: Path) -> None:
    opened(tab, tmp_path, of_coders("anna", "bob", "cem"))
    text = tab.locator(".methods p").text_content()
    tab.locator(".copy").click()
    tab.wait_for_function(
        "document.querySelector('[role=status]').textContent || String(getSelection())"
    )
    selected = tab.evaluate("String(getSelection())")
    assert selected in ("", text)
