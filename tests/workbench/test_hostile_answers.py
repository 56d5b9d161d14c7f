"""Answers and labels that would like to be a page, a formula or another line are shown as text."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urljoin

import pytest

from benches import a_bench, a_page, go_to
from coding_study import BOOK, make_study
from themecoder.coding.annotations import write_codings
from themecoder.coding.model import Coding
from themecoder.settings.paths import StudyPaths
from themecoder.workbench.pages import AREAS

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser
SCRIPT = "<script>window.pwned = 1</script>"
HOSTILE = (
    SCRIPT,
    '"><img src=x onerror="window.pwned = 1">',
    "{{ 7 * 7 }} {% include 'base.html.jinja' %}",
    '=HYPERLINK("http://evil.example";"klik")',
    "\u202egnaar ed ni si tid\u202c, toch \u2066half",
    "</textarea></template>--><svg onload='window.pwned = 1'>",
)


@pytest.fixture
def study(tmp_path: Path) -> Path:
    root = make_study(tmp_path / "study")
    rows = ["respid;V1;V2;leeftijd;privacy"]
    for n, answer in enumerate(HOSTILE):
        cell = answer.replace('"', '""')
        rows.append(f'{101 + n};"{cell}";"{cell}";{30 + n};{SCRIPT}')
    (root / "data" / "enquete.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    label = f"label: '{SCRIPT}'"
    book = BOOK.replace("label: Tijd en gemak", label)
    (root / "codebooks" / "mens" / "1.0.0.yaml").write_text(book, encoding="utf-8")
    for coder, code in (("anna", "tijd"), ("bram", "privacy")):
        codings = [
            Coding(f"{101 + n}:q1", coder, "1.0.0", "coded", (code,), comment=SCRIPT)
            for n in range(len(HOSTILE))
        ]
        write_codings(StudyPaths(root).coding("q1", coder), codings)
    return root


def test_what_answers_say_is_shown_and_never_done(chromium: Browser, study: Path) -> None:
    with a_bench(study) as url, a_page(chromium, url) as page:
        page.set_default_timeout(120_000)
        page.on("dialog", lambda dialog: pytest.fail(dialog.message))
        for area in AREAS:
            go_to(page, urljoin(url, area.path))
            assert page.evaluate("window.pwned") is None, area.name
            assert page.locator("main script, main img, main svg[onload]").count() == 0, area.name

        # in the grid, with all its parts filled by a script
        page.goto(urljoin(url, "/answers?coder="))
        page.locator("#told", has_text="12").wait_for()
        # rows are placed first and filled when their texts have come
        page.get_by_role("grid").locator(".row", has_text="window.pwned").first.wait_for()
        shown = page.get_by_role("grid").inner_text()
        assert SCRIPT in shown and "{{ 7 * 7 }}" in shown
        page.get_by_role("grid").locator(".row", has_text="102:q1").click()
        # some of it was masked as names; that it is text is seen by the rest
        assert 'window.pwned = 1">' in page.locator("#text").inner_text()
        assert page.evaluate("window.pwned") is None
        # what reads from the right turns nothing round but itself
        for element in (".row .said", "#text"):
            isolated = page.locator(element).first.evaluate("e => getComputedStyle(e).unicodeBidi")
            assert isolated == "isolate", element

        # a table for a spreadsheet holds no formula
        table = page.request.get(urljoin(url, "/answers/table?coder=")).text()
        cells = [cell for line in table.splitlines() for cell in line.split("\t")]
        assert any("HYPERLINK" in cell for cell in cells)
        assert not any(cell.startswith(("=", "+", "-", "@")) for cell in cells)
