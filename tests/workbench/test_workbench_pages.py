"""What holds for every page of the workbench, in a real browser."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urljoin

import pytest

from benches import a_bench, a_page, go_to, serious_faults
from shipped import copy_shipped
from themecoder.workbench.pages import AREAS

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.long(120)]
PATHS = [*(area.path for area in AREAS), "/answers?coder=", "/start/question/q18", "/job"]


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory, mined_once: Path) -> Iterator[str]:
    study = copy_shipped(tmp_path_factory.mktemp("bench"), quoted=True, warm=mined_once)
    shutil.copytree(mined_once / "themes", study / "themes")
    with a_bench(study) as url:
        yield url


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_has_a_serious_fault_for_who_reads_it_otherwise(
    chromium: Browser, bench: str, scheme: str
) -> None:
    with a_page(chromium, bench, color_scheme=scheme) as page:
        for path in PATHS:
            go_to(page, urljoin(bench, path))
            assert page.locator("h1").count() == 1, path
            assert page.locator(".problems").count() == 0, path
            assert serious_faults(page) == [], path


def test_a_page_fits_a_tablet_without_scrolling_sideways(chromium: Browser, bench: str) -> None:
    with a_page(chromium, bench) as page:
        page.set_viewport_size({"width": 768, "height": 1024})
        for path in PATHS:
            go_to(page, urljoin(bench, path))
            wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert wide <= 0, path


def test_a_change_by_somebody_else_is_told(chromium: Browser, tmp_path: Path) -> None:
    study = copy_shipped(tmp_path / "study")
    with a_bench(study) as url, a_page(chromium, url) as page:
        told = page.locator("#changed")
        assert not told.is_visible()
        page.wait_for_load_state("networkidle")
        with (study / "study.toml").open("a", encoding="utf-8") as file:
            file.write("# somebody looked at this\n")
        told.wait_for(state="visible", timeout=15_000)


def test_a_study_that_cannot_be_read_is_a_page_that_says_why(
    chromium: Browser, tmp_path: Path
) -> None:
    study = copy_shipped(tmp_path / "study")
    with (study / "study.toml").open("a", encoding="utf-8") as file:
        file.write("no toml <script>alert(1)</script>\n")
    with a_bench(study) as url, a_page(chromium, "about:blank") as page:
        assert page.goto(url).status == 422  # type: ignore[union-attr]
        assert "study.toml" in page.locator(".problems").inner_text()
        assert page.locator("script:not([src])").count() == 0
