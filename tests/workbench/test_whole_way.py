"""The whole way on the page, by one who never opens a terminal: from a raw export to the report.

``THEMECODER_PICTURES=docs`` writes the pictures of docs/workbench.md on the way.
"""

from __future__ import annotations

import json
import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urljoin

import pytest

from benches import a_bench, a_page, gone_on, serious_faults
from themecoder.coding.annotations import read_codings
from themecoder.study import Study

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.long(240)]

SLOW = 240_000
"""Milliseconds: looking for themes and the first masking take long."""
PICTURES = os.environ.get("THEMECODER_PICTURES")
SAID = {
    "wachten": ("de wachttijd was veel te lang", "ik moest uren wachten", "er stond een lange rij"),
    "vriendelijk": (
        "iedereen was erg vriendelijk",
        "aardige mensen aan de balie",
        "heel hartelijk",
    ),
    "parkeren": ("nergens een plek voor de auto", "parkeren is duur", "de parkeergarage was vol"),
    "brief": (
        "de brief was moeilijk te lezen",
        "ambtelijke taal in de brief",
        "onduidelijke brieven",
    ),
    "website": ("de website werkt niet goed", "op de site vind ik niets", "inloggen lukte niet"),
    "telefoon": (
        "telefonisch onbereikbaar",
        "niemand neemt de telefoon op",
        "ik hing lang aan de lijn",
    ),
    "kosten": ("het paspoort is te duur", "de leges zijn te hoog", "veel geld voor een papiertje"),
    "open": ("ruimere openingstijden graag", "in het weekend gesloten", "'s avonds nooit open"),
    "deskundig": (
        "ze wisten precies hoe het moest",
        "deskundig geholpen",
        "goede kennis van zaken",
    ),
    "privacy": (
        "mijn gegevens lagen op straat",
        "wie ziet mijn dossier",
        "zorgen over mijn privacy",
    ),
}
ENDS = ("", ", vond ik", " die dag", ", eerlijk gezegd", " helaas", ", elke keer weer")


def written_export(file: Path, respondents: int) -> Path:
    """What a survey tool writes: semicolons, long headings, ages, a scale, an open question."""
    chance = random.Random(3)
    lines = ["Nummer;Leeftijd;Hoe bent u geholpen?;Waarom vindt u dat? Licht uw antwoord toe."]
    for n in range(respondents):
        topics = chance.sample(sorted(SAID), chance.choice((1, 1, 1, 2)))
        text = ". ".join(chance.choice(SAID[one]) + chance.choice(ENDS) for one in topics)
        scale = chance.choice(("Goed", "Matig", "Slecht"))
        lines.append(f'{1000 + n};{chance.randint(18, 80)};{scale};"{text}"')
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def picture(page: Page, name: str) -> None:
    if PICTURES:
        page.evaluate("scrollTo(0, 0)")
        page.screenshot(path=Path(PICTURES) / f"workbench-{name}.png")


def until_over(page: Page) -> None:
    """Wait for the long job that a button began, and go on."""
    page.wait_for_url("**/job")
    page.get_by_role("link", name="Verder").click()
    page.wait_for_load_state()


@contextmanager
def answered(page: Page) -> Iterator[None]:
    """What is done in the block is a step; the page is there anew after it."""
    page.evaluate("document.querySelector('#work > *').id = 'stale'")
    with page.expect_response(lambda r: r.request.method == "POST") as answer:
        yield
    assert answer.value.status == 200, answer.value.text()
    page.locator("#stale").wait_for(state="detached")


def test_from_a_raw_export_to_the_report_without_a_terminal(
    chromium: Browser, tmp_path: Path
) -> None:
    folder = tmp_path / "studie"
    folder.mkdir()
    with a_bench(folder) as url, a_page(chromium, url) as page:
        page.set_default_timeout(SLOW)
        begin(page, written_export(tmp_path / "enquete.csv", 200))
        themes_to_codes(page, url, folder)
        release(page, url, folder)
        code(page, url, folder)
        decide(page, url)
        change(page, url, folder)
        results(page, url, folder)


def begin(page: Page, export: Path) -> None:
    page.locator("aside.next a").click()
    page.set_input_files("#export", export)
    page.locator("form button.main").click()
    until_over(page)
    page.fill("[name=title]", "Dienstverlening")
    page.fill("[name=coders]", "anna, bram")
    picture(page, "columns")
    with page.expect_navigation():
        page.locator("form button.main").click()
    page.locator("aside.next a").click()
    page.wait_for_load_state()
    gone_on(page)
    with page.expect_navigation():
        page.get_by_role("button", name="Nagekeken: verder").click()
    page.locator("aside.next a").click()


def unfold(page: Page) -> None:
    """Show the themes that hardly come back, where there are any."""
    for loose in page.locator("details.loose:not([open]) summary").all():
        loose.click()


def themes_to_codes(page: Page, url: str, folder: Path) -> None:
    page.get_by_role("button", name="Thema's zoeken").click()
    until_over(page)
    question = Study.open(folder).questions[0]
    work = Study.open(folder).theme_work
    found = work.themes(question).themes
    assert len(found.themes) >= 6
    first, second, *_ = (int(n) for n in page.locator(".theme .number").all_text_contents())

    # a merge, undone; a split; the last two merged; a reload in between
    page.locator(f'.theme input[value="{second}"]').check()
    with answered(page):
        page.keyboard.press("m")
    with answered(page):
        page.locator("#one-title").click()
        page.keyboard.press("z")
    assert work.themes(question).themes == found
    page.goto(urljoin(url, f"/themes?q={question}&theme={first}"))
    page.keyboard.press("s")
    with answered(page):
        page.locator(".acts details[open] form").get_by_role(
            "button", name="In groepen splitsen"
        ).click()
    split = len(work.themes(question).themes.themes)
    assert split > len(found.themes)
    page.reload()
    *_, before, last = (int(n) for n in page.locator(".theme .number").all_text_contents())
    page.goto(urljoin(url, f"/themes?q={question}&theme={before}"))
    unfold(page)
    page.locator(f'.theme input[value="{last}"]').check()
    with answered(page):
        page.keyboard.press("m")
    assert len(work.themes(question).themes.themes) == split - 1
    page.locator("#map[data-points='200']").wait_for()
    picture(page, "themes")
    largest = sorted(work.themes(question).themes.themes.values(), key=lambda t: -len(t.answers))
    kept, rest = largest[:8], largest[8:]
    for place, theme in enumerate(kept, start=1):
        page.goto(urljoin(url, f"/themes?q={question}&theme={theme.id}"))
        page.keyboard.press("c")
        page.get_by_label("Label van de code").fill(f"Onderwerp {place}")
        with answered(page):
            page.locator("#make form").get_by_role("button", name="Code maken").click()
    for theme in rest:
        page.goto(urljoin(url, f"/themes?q={question}&theme={theme.id}"))
        page.keyboard.press("x")
        page.locator(".acts details[open]").get_by_label("Waarom").fill("te klein")
        with answered(page):
            page.locator(".acts details[open] form").get_by_role("button", name="Verwerpen").click()


def release(page: Page, url: str, folder: Path) -> None:
    ids = [code.id for code in Study.open(folder).codebooks.draft()[1].book.codes]
    assert len(ids) == 8
    for one in ids:
        page.goto(urljoin(url, f"/codebook?code={one}"))
        page.get_by_label("Definitie").fill(f"Antwoorden over {one}.")
        with answered(page):
            page.locator("#texts").get_by_role("button", name="Opslaan").click()
    with answered(page):
        page.locator(".beside").get_by_role("button", name="Uitbrengen als 1.0.0").click()
    assert len(Study.open(folder).required_codebook().usable) == 8


def code(page: Page, url: str, folder: Path) -> None:
    """Anna and Bram code what both were given first, and differ in one."""
    page.goto(urljoin(url, "/server"))
    page.fill("#double", "100%")
    page.locator('form[action="/server/plan"] button').click()
    until_over(page)
    question = Study.open(folder).questions[0]
    for coder, keys in (("anna", "123456781234"), ("bram", "123456781235")):
        page.goto(urljoin(url, f"/answers?coder={coder}"))
        page.get_by_role("grid").locator(".row").first.wait_for()
        page.locator("#hint").wait_for()
        # the same order for both, whatever the plan's is
        page.locator("select[name=sort]").select_option("text")
        page.locator("#told", has_text="200").wait_for()
        for step, key in enumerate(keys, start=1):
            page.keyboard.press(key)
            page.locator(f'#kept[data-steps="{step}"]').wait_for()
            if step == len(keys):
                picture(page, "answers")
            page.keyboard.press("ArrowDown")
        made = read_codings(Study.open(folder).paths.coding(question, coder))
        assert len(made) == len(keys)


def decide(page: Page, url: str) -> None:
    page.goto(urljoin(url, "/disagreements"))
    picture(page, "disagreements")
    case = page.locator("#case")
    while case.count():
        answer = case.inner_text()
        page.locator("label.tick", has_text="verschil").first.click()
        page.get_by_label("Beslist door").fill("eva")
        page.get_by_label("Waarom").fill("Anna heeft gelijk")
        page.get_by_role("button", name="Beslis en volgende").click()
        page.locator(".done").or_(case.filter(has_not_text=answer)).first.wait_for()
    page.locator(".done").wait_for()


def change(page: Page, url: str, folder: Path) -> None:
    """A merge in the draft: what it would do is told before anyone codes again, and it is taken
    back."""
    kept = Study.open(folder)
    one, other = (code.id for code in kept.required_codebook().usable[:2])
    page.goto(urljoin(url, f"/codebook?code={other}"))
    page.keyboard.press("m")
    merging = page.locator("form", has=page.locator("[value=merge]"))
    merging.get_by_label("Met").select_option(one)
    merging.get_by_label("Waarom").fill("samen één onderwerp")
    with answered(page):
        merging.get_by_role("button", name="Samenvoegen").click()
    picture(page, "codebook")
    draft = kept.codebooks.file("draft").read_bytes()
    page.get_by_role("link", name="Wat zou dit doen?").click()
    page.get_by_role("button", name="Voorspellen").click()
    until_over(page)
    assert serious_faults(page) == []
    picture(page, "whatif")
    told = json.loads((folder / "reports/internal/whatif.json").read_text(encoding="utf-8"))
    (outcome,) = told["outcomes"]
    *_, count = (row for row in outcome["counts"] if row["code"] == one)
    assert count["then"]["value"] > count["now"] > 0
    row = page.get_by_label("Aantallen").get_by_role("row", name=one).last
    shown = row.locator("td").all_inner_texts()
    assert shown[1:4] == [one, str(count["now"]), str(round(count["then"]["value"]))]
    assert page.get_by_text("Berekend, niet voorspeld").count() == 1
    assert kept.codebooks.file("draft").read_bytes() == draft
    page.get_by_role("link", name="Terug naar het codeboek").click()
    with answered(page):
        page.get_by_role("button", name="Terugnemen").click()
    assert kept.codebooks.draft()[1].book.changes == ()


def results(page: Page, url: str, folder: Path) -> None:
    page.goto(urljoin(url, "/counts"))
    page.locator("table.bars").wait_for()
    picture(page, "counts")
    page.goto(urljoin(url, "/check"))
    page.get_by_label("Ook als").check()
    page.get_by_role("button", name="Maak het rapport").click()
    until_over(page)
    assert (folder / "reports" / "report.docx").is_file()
    assert "Onderwerp 1" in (folder / "reports" / "report.html").read_text(encoding="utf-8")
