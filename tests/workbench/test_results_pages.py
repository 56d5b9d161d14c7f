"""From two coders who differ to a report, in a real browser, without a terminal."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urljoin

import pytest

from benches import a_bench, a_page, go_to, serious_faults
from coding_study import ANSWERS, make_study
from themecoder.coding.annotations import read_codings, write_codings
from themecoder.coding.model import Coding
from themecoder.settings.paths import StudyPaths

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser
SLOW = 120_000
ANNA = {"101": ("privacy",), "102": ("echo",), "103": ("tijd",), "105": ("privacy", "tijd")}
BRAM = {**ANNA, "105": ("privacy",)}


@pytest.fixture
def study(tmp_path: Path) -> Path:
    root = make_study(tmp_path / "study")
    config = root / "study.toml"
    more = '\n[report]\nsmallest_cell = 1\n\n[[attributes]]\nid = "leeftijd"\nbands = [34]\n'
    config.write_text(config.read_text(encoding="utf-8") + more, encoding="utf-8")
    for coder, own in (("anna", ANNA), ("bram", BRAM)):
        codings = [
            Coding(f"{n}:q1", coder, "1.0.0", "coded" if n in own else "no_code", own.get(n, ()))
            for n in ANSWERS["q1"]
        ]
        write_codings(StudyPaths(root).coding("q1", coder), codings)
    return root


def test_from_a_disagreement_to_the_report(chromium: Browser, study: Path, tmp_path: Path) -> None:
    with a_bench(study) as url, a_page(chromium, url) as page:
        page.set_default_timeout(SLOW)
        page.goto(urljoin(url, "/disagreements"))
        page.get_by_role("heading", name="105:q1").wait_for()
        page.get_by_role("checkbox", name="Tijd en gemak").check()
        page.get_by_label("Beslist door").fill("eva")
        page.get_by_label("Waarom").fill("Het kost tijd, staat er")
        # meanwhile somebody decides in another tab: this one is told, and nothing is lost
        with a_page(chromium, url) as other:
            other.set_default_timeout(SLOW)
            other.goto(urljoin(url, "/disagreements?answer=105:q1"))
            other.get_by_label("Beslist door").fill("finn")
            other.get_by_label("Waarom").fill("Alleen privacy")
            other.get_by_role("button", name="Beslis en volgende").click()
            other.locator(".done").wait_for()
        page.get_by_role("button", name="Beslis en volgende").click()
        page.locator(".problems", has_text="105:q1").wait_for()
        assert page.get_by_label("Waarom").input_value() == "Het kost tijd, staat er"
        page.goto(urljoin(url, "/disagreements?answer=105:q1"))
        page.get_by_role("checkbox", name="Tijd en gemak").check()
        page.get_by_label("Beslist door").fill("eva")
        page.get_by_label("Waarom").fill("Het kost tijd, staat er")
        page.get_by_role("button", name="Beslis en volgende").click()
        page.locator(".done").wait_for()
        (decision,) = read_codings(StudyPaths(study).adjudicated("q1"))
        assert (decision.codes, decision.decided_by) == (("privacy", "tijd"), "eva")
        assert serious_faults(page) == []

        page.goto(urljoin(url, "/counts?question=q1&by=leeftijd"))
        row = page.get_by_role("row", name="Tijd en gemak")
        row.get_by_role("link", name="25,0%").first.click()
        page.locator("#told", has_text="rijen: 2").wait_for()
        assert serious_faults(page) == []

        go_to(page, urljoin(url, "/quotes?code=privacy"))
        page.get_by_role("button", name="Nooit tonen: 101:q1").click()
        page.get_by_role("heading", name="Nooit").wait_for()
        assert "101:q1" in StudyPaths(study).quotes.read_text(encoding="utf-8")
        assert serious_faults(page) == []

        draft = tmp_path / "concept.md"
        draft.write_text("Tijd en gemak noemt 25,0%. Privacy en data noemt 61%.\n", "utf-8")
        page.goto(urljoin(url, "/check"))
        page.locator("input[type=file]").set_input_files(draft)
        page.get_by_role("button", name="Controleer").click()
        page.locator("tr.tied", has_text="25,0%").wait_for()
        assert page.locator("tr", has_text="61%").get_attribute("class") != "tied"
        page.get_by_role("button", name="Maak het rapport").click()
        page.get_by_role("link", name="Verder").click()
        with page.expect_download() as got:
            page.get_by_role("link", name="report.docx").click()
        assert got.value.suggested_filename == "report.docx"
