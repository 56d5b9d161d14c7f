"""From a raw export to a study with checked masks, on the page alone."""

from __future__ import annotations

import random
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from benches import a_bench, a_page, gone_on, serious_faults
from themecoder.workspace.folder import StudyFolder

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

SCALE = ("Helemaal oneens", "Oneens", "Neutraal", "Eens", "Helemaal eens")
ANSWERS = (
    "Ik moest lang wachten, maar mevrouw Jansen hielp mij goed 😀 en Qwibbel was er ook bij",
    "De brief was moeilijk te lezen <script>alert(1)</script> en veel te lang",
    "Alles ging vlot aan de balie\r\nen daarna belde ik met Qwibbel voor de rest",
    "Ik gebruik Xylotron vaak en dat gaat heel goed",
)


def raw_export(file: Path) -> Path:
    chance = random.Random(5)
    lines = ["Nummer;Leeftijd;Geholpen;Waarom? Licht uw antwoord toe.;Balie;Telefoon"]
    for n in range(40):
        text = ANSWERS[n % 4]
        cells = [str(1000 + n), str(chance.randint(18, 80)), chance.choice(SCALE), f'"{text}"']
        lines.append(";".join([*cells, chance.choice(["ja", ""]), chance.choice(["ja", ""])]))
    file.write_bytes("\n".join(lines).encode())
    return file


def select(page: Page, words: str) -> None:
    """Select words in the first answer that shows them, as a hand does with a mouse."""
    page.evaluate(
        """words => {
          for (const piece of document.querySelectorAll("[data-start]")) {
            const node = piece.firstChild, at = node.data.indexOf(words);
            if (at < 0) continue;
            const range = document.createRange();
            range.setStart(node, at);
            range.setEnd(node, at + words.length);
            getSelection().removeAllRanges();
            getSelection().addRange(range);
            return;
          }
          throw new Error("no such words");
        }""",
        words,
    )
    page.wait_for_function("words => document.getElementById('to-mask').value === words", arg=words)


def until_done(page: Page, back: str) -> None:
    page.wait_for_url("**/job", timeout=30_000)
    page.locator(".done").wait_for(timeout=200_000)
    page.locator(f'a.button[href="{back}"]').click()


def test_from_a_raw_export_to_checked_masks(chromium: Browser, tmp_path: Path) -> None:
    folder = tmp_path / "study"
    folder.mkdir()
    with a_bench(folder) as url, a_page(chromium, url) as page:
        page.locator("aside.next a").click()
        assert serious_faults(page) == []
        page.set_input_files("#export", raw_export(tmp_path / "enquete.csv"))
        page.locator("form button.main").click()
        until_done(page, "/start")
        assert serious_faults(page) == []
        text = page.locator("main").inner_text()
        assert "Jansen" not in text and "[NAAM]" in text

        def row(name: str) -> int:
            heads = page.locator("tbody th[scope=row]").all_inner_texts()
            return next(n for n, head in enumerate(heads) if head.startswith(name))

        page.fill("[name=title]", "Dienstverlening")
        page.fill("[name=coders]", "anna, bram")
        page.select_option(f"[name=kind-{row('Leeftijd')}]", "number")
        page.check(f"[name=with-{row('Balie')}]")
        page.check(f"[name=with-{row('Telefoon')}]")
        page.select_option("#together", "option")
        page.fill("[name=bands-leeftijd]", "30, 60")
        page.locator("details summary").click()
        page.fill("#allow", "de balie\nde brief")
        assert serious_faults(page) == []
        page.fill("[name=include]", "Geholpen =")
        page.locator("form button.main").click()
        page.locator("#problems .problems").wait_for()  # what was typed stays
        assert page.input_value("[name=title]") == "Dienstverlening"
        page.fill("[name=include]", "all")
        with page.expect_navigation():
            page.locator("form button.main").click()
        config = StudyFolder.open(folder).config
        assert (config.title, config.coding.coders) == ("Dienstverlening", ("anna", "bram"))
        assert config.masking.allow == ("de balie", "de brief")
        assert next(one for one in config.attributes if one.id == "leeftijd").bands == (30, 60)
        both = next(one for one in config.closed if set(one.options) == {"Balie", "Telefoon"})
        assert both.kind == "multiple"

        page.locator(f"tbody tr:nth-child({row('Geholpen') + 1}) a").click()
        assert serious_faults(page) == []
        cells = page.locator("tbody th[scope=row]").all_inner_texts()
        for n, cell in enumerate(cells):
            page.fill(f"[name=options-place-{n}]", str(SCALE.index(cell) + 1))
        with page.expect_navigation():
            page.locator("form button.main").click()
        closed = {one.id: one for one in StudyFolder.open(folder).config.closed}
        assert list(closed["geholpen"].values) == list(SCALE)

        page.locator("aside.next a").click()
        page.wait_for_load_state()
        gone_on(page)
        assert serious_faults(page) == []

        def shown() -> str:
            return "".join(t.masked for t in StudyFolder.open(folder).masked_texts().values())

        page.select_option("#show", "all")
        with page.expect_navigation():
            page.locator("form.search button").click()
        assert page.locator(".answers > li").count() == 40
        assert "<script>" in page.locator(".answers").inner_text()
        for times, words in enumerate(("ook bij", "rest"), start=1):
            # behind an emoji; behind the end of a line that a browser writes otherwise
            select(page, words)
            page.keyboard.press("m")
            page.locator(f".said .note:has-text(': {times}')").wait_for()
        texts = StudyFolder.open(folder).masked_texts()
        decisions = StudyFolder.open(folder).mask_decisions()
        said = [texts[d.answer_id].original[d.start : d.end] for d in decisions]
        assert sorted(said) == ["ook bij"] * 10 + ["rest"] * 10  # wherever the words stand
        assert "ook bij" not in shown() and " rest" not in shown()
        page.reload()
        page.locator("#take-back").click()
        page.locator(".said .note:has-text(': 1')").wait_for()
        page.keyboard.press("Control+z")
        page.locator(".said .note").wait_for(state="detached")
        assert StudyFolder.open(folder).mask_decisions() == []

        mask = page.locator(".mask", has_text="Jansen").first
        mask.focus()
        page.keyboard.press("Enter")
        page.locator(".said .note").wait_for()
        assert "Jansen" in shown()
        page.locator(".missed", has_text="Xylotron").first.click()
        page.locator(".missed", has_text="Xylotron").first.wait_for(state="detached")
        assert "Xylotron" not in shown()
        assert serious_faults(page) == []
        with page.expect_navigation():
            page.locator("form button.main").click()
        assert "Hierna: Thema's zoeken" in page.locator("aside.next").inner_text()
