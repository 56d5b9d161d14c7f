"""A coder's day in the grid, in a real browser: search, code, many at once, undo, two tabs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urljoin

import pytest

from benches import a_bench, a_page, serious_faults
from coding_study import make_study
from themecoder.coding.annotations import read_codings
from themecoder.coding.model import Coding
from themecoder.coding.plan import Planned
from themecoder.coding.plan_file import write_plan
from themecoder.coding.suggestions.files import write_suggestions
from themecoder.settings.paths import StudyPaths

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
SLOW = 60_000
"""Milliseconds: the first page masks the answers, and a search loads the lemmas."""
ANNA = [f"{n}:q1" for n in (101, 102, 104, 105, 107, 108)]


@pytest.fixture
def study(tmp_path: Path) -> Path:
    root = make_study(tmp_path / "study")
    paths = StudyPaths(root)
    rows = [Planned("q1", one, "anna", blind=n == 0, place=n + 1) for n, one in enumerate(ANNA)]
    write_plan(paths.plan, [*rows, Planned("q1", "103:q1", "bram", blind=True, place=1)])
    write_suggestions(paths.suggestions("q1"), {one: [("echo", 0.9)] for one in ANNA[:2]})
    return root


def coded(study: Path, coder: str = "anna") -> dict[str, Coding]:
    file = StudyPaths(study).coding("q1", coder)
    return {one.answer_id: one for one in read_codings(file)} if file.is_file() else {}


def saved(page: Page, steps: int, words: str = "opgeslagen") -> None:
    page.locator(f'#kept[data-steps="{steps}"]', has_text=words).wait_for()


def test_a_coders_day(chromium: Browser, study: Path) -> None:
    with a_bench(study) as url, a_page(chromium, url) as page:
        page.set_default_timeout(SLOW)
        # Bram codes all of it blind: neither page nor address tells him what the machine doubts
        page.goto(urljoin(url, "/answers?coder=bram"))
        assert page.locator("#asked [value=machine], #asked [name=unsure]").count() == 0
        for asked in ("sort=machine", "unsure=1"):
            told = page.request.get(urljoin(url, f"/answers/find?coder=bram&{asked}"))
            assert told.status == 422
        page.goto(urljoin(url, "/answers"))
        page.get_by_role("link", name="Coderen als anna").click()
        grid = page.get_by_role("grid")
        grid.locator(".row").first.wait_for()
        assert grid.get_attribute("aria-rowcount") == "6"
        assert "103:q1" not in grid.inner_text(), "that is Bram's"
        page.locator("#hint", has_text="zonder suggesties").wait_for()
        assert page.locator("#codes .suggested").count() == 0, "the first is coded blind"
        page.get_by_label("volgorde").select_option("machine")
        page.locator("#order").wait_for()
        grid.locator(".row").nth(5).get_by_text("101:q1").wait_for()
        page.get_by_label("volgorde").select_option("plan")
        page.locator("#order").wait_for(state="hidden")

        page.keyboard.press("1")
        saved(page, 1)
        page.keyboard.press("ArrowDown")
        page.locator("#codes .suggested", has_text="Echokamer").wait_for()
        page.keyboard.press("Enter")
        saved(page, 2)
        made = coded(study)
        assert (made["101:q1"].codes, made["101:q1"].shown) == (("privacy",), None)
        assert (made["102:q1"].codes, made["102:q1"].shown) == (("echo",), ("echo",))

        # both that say the same, found by a word and coded at once
        page.keyboard.press("/")
        page.keyboard.type("weet")
        page.locator("#told", has_text="rijen: 2").wait_for()
        assert page.locator("#order").is_visible()
        page.keyboard.press("Enter")
        page.locator("#told", has_text="rijen: 2").wait_for()
        grid.focus()
        page.keyboard.press("Control+a")
        page.keyboard.press("4")
        saved(page, 3)
        made = coded(study)
        assert made["104:q1"].codes == made["107:q1"].codes == ("geen_inhoud",)
        page.keyboard.press("z")
        saved(page, 4, "teruggenomen")
        assert set(coded(study)) == {"101:q1", "102:q1"}
        page.keyboard.press("4")
        saved(page, 5)
        page.keyboard.press("0")
        saved(page, 6)
        assert coded(study)["104:q1"].state == "no_code"

        # words of an answer as a quote
        page.get_by_role("button", name="Alles tonen").click()
        page.locator("#told", has_text="rijen: 6").wait_for()
        grid.locator(".row", has_text="101:q1").click()
        page.locator("#text").select_text()
        page.get_by_role("button", name="Privacy en data").click()
        saved(page, 7)
        assert [q.text for q in coded(study)["101:q1"].quotes] == [
            "Mijn data ligt overal op straat"
        ]
        assert serious_faults(page) == []
        page.reload()
        page.locator("#text mark", has_text="Mijn data ligt overal").wait_for()


def test_two_tabs_lose_nothing(chromium: Browser, study: Path) -> None:
    with a_bench(study) as url, a_page(chromium, url) as first, a_page(chromium, url) as second:
        for page in (first, second):
            page.set_default_timeout(SLOW)
            page.goto(urljoin(url, "/answers?coder=anna"))
            page.locator("#hint", has_text="zonder suggesties").wait_for()
        first.keyboard.press("1")
        saved(first, 1)
        # told before the second tab has looked whether something changed
        second.keyboard.press("3")
        second.locator(".problems", has_text="101:q1").wait_for()
        assert coded(study)["101:q1"].codes == ("privacy",)
        second.locator("#codes [aria-pressed=true]", has_text="Privacy").wait_for()
        second.keyboard.press("3")
        saved(second, 2)
        assert coded(study)["101:q1"].codes == ("privacy", "tijd")
        first.locator("#codes [aria-pressed=true]", has_text="Tijd").wait_for(timeout=15_000)
