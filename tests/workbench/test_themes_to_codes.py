"""From candidate themes to a released codebook on the page, and the same steps on the next run."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urljoin

import pytest

from benches import a_bench, a_page, go_to, serious_faults
from night_study import answer as said_by
from themecoder.codebook.model import Code
from themecoder.study import Study

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.long(60)]


def made_study(folder: Path, answers: int) -> Path:
    folder.mkdir()
    (folder / "study.toml").write_text(
        'id = "nacht"\ntitle = "De machine"\nlanguage = "nl"\n'
        '[survey]\nfile = "enquete.csv"\nid = "nr"\n'
        '[[questions]]\nid = "q1"\ntext = "Wat vindt u?"\n'
        '[mining]\nencoders = ["lexical-tfidf-svd"]\n[codebook]\nid = "klein"\n',
        encoding="utf-8",
    )
    write_answers(folder, answers)
    return folder


def write_answers(folder: Path, answers: int) -> None:
    rows = [f'{number},"{said_by(number)[0]}"' for number in range(1, answers + 1)]
    text = "\n".join(["nr,q1", *rows]) + "\n"
    (folder / "enquete.csv").write_text(text, encoding="utf-8")


def mine(page: Page, button: str) -> None:
    page.get_by_role("button", name=button).click()
    page.get_by_role("link", name="Verder").click(timeout=240_000)


def state(page: Page) -> list[str]:
    return page.locator(".theme").all_text_contents()


@contextmanager
def answered(page: Page, method: str = "POST") -> Iterator[None]:
    """What is done in the block asks for the page anew, and it is there after the block."""
    # marked through the browser's own tools: the policy lets no test evaluate text on the page
    page.evaluate("document.querySelector('#work > *').id = 'stale'")
    with page.expect_response(
        lambda r: r.request.method == method and "/changes" not in r.url
    ) as answer:
        yield
    assert answer.value.status == 200, answer.value.text()
    page.locator("#stale").wait_for(state="detached")


def press(page: Page, key: str) -> None:
    with answered(page):
        page.keyboard.press(key)


def send(page: Page, form: str, button: str) -> None:
    with answered(page):
        page.locator(form).get_by_role("button", name=button).click()


def came_back(folder: Path, theme: int, stability: float) -> None:
    """The last run as if ``theme`` had come back so badly."""
    file = folder / "themes" / "q1" / "themes.json"
    kept = json.loads(file.read_text(encoding="utf-8"))
    next(one for one in kept["themes"] if one["id"] == theme)["stability"] = stability
    file.write_text(json.dumps(kept), encoding="utf-8")


def change_the_draft(page: Page, url: str, folder: Path) -> None:
    """Codes in another order by dragging and by key, one split and taken back, and printed."""
    file = folder / "codebooks" / "klein" / "draft.yaml"
    file.write_text(
        file.read_text(encoding="utf-8").replace("- id: code_", "# overlegd\n- id: code_"),
        encoding="utf-8",
    )

    def codes() -> list[Code]:
        return [*Study.open(folder).codebooks.draft()[1].book.codes]

    first, second, *_ = (code.id for code in codes())
    page.goto(urljoin(url, f"/codebook?code={first}"))
    with answered(page):
        page.keyboard.press("Alt+ArrowDown")
    assert [code.id for code in codes()][:2] == [second, first]
    edge = {"x": 30, "y": 2}
    with answered(page):
        page.locator(f'[data-code="{first}"]').drag_to(
            page.locator(f'[data-code="{second}"]'), target_position=edge
        )
    assert [code.id for code in codes()][:2] == [first, second]
    assert file.read_text(encoding="utf-8").count("# overlegd") == len(codes())
    # a form that is sent before the scripts are there, as by who is quick, is taken too
    browser = page.context.browser
    assert browser is not None
    with a_page(browser, url, java_script_enabled=False) as plain:
        for button, there in (("Omlaag", [second, first]), ("Omhoog", [first, second])):
            plain.goto(urljoin(url, f"/codebook?code={first}"))
            with plain.expect_navigation():
                plain.get_by_role("button", name=button).click()
            assert [code.id for code in codes()][:2] == there
    page.reload()
    page.locator("#code-title").click()
    page.keyboard.press("s")
    page.keyboard.type("Het ene\nHet andere")
    page.locator("#split").get_by_label("Waarom").fill("twee dingen")
    with answered(page):
        page.locator("#split form").get_by_role("button", name="Splitsen").click()
    assert {one.id: one.retired for one in codes()}[first]
    assert page.locator("#code-title").inner_text().startswith("Het ene")
    assert page.locator(".answers li").count() > 0, "those of the code that it is a part of"
    with answered(page):
        page.locator(".changes li", has_text="gesplitst").get_by_role("button").click()
    assert not any(one.retired for one in codes())
    elsewhere = page.request.get(urljoin(url, "/codebook/print?version=../klein/1.0.0"))
    assert elsewhere.status == 422
    printed = page.locator(".beside").get_by_role("link", name="1.0.0").get_attribute("href")
    page.goto(urljoin(url, str(printed)))
    assert page.locator("article").count() == len(codes()) - 2


def test_from_themes_to_a_released_codebook_and_the_same_steps_on_the_next_run(
    chromium: Browser, tmp_path: Path
) -> None:
    folder = made_study(tmp_path / "nacht", 90)
    with a_bench(folder) as url, a_page(chromium, url) as page:
        go_to(page, urljoin(url, "/themes"))
        mine(page, "Thema's zoeken")
        work = Study.open(folder).theme_work
        first = work.themes("q1").themes
        assert len(first.themes) >= 3
        largest, second, *_ = (int(n) for n in page.locator(".theme .number").all_text_contents())

        # one that hardly comes back is folded away from the others, until somebody works on it
        smallest = min(first.themes.values(), key=lambda theme: len(theme.answers)).id
        came_back(folder, smallest, 0.2)
        page.reload()
        loose = page.locator(f'details.loose .theme[data-theme="{smallest}"]')
        assert page.locator("details.loose .theme").count() == 1
        assert not loose.is_visible()
        page.locator("details.loose summary").click()
        with answered(page, "GET"):
            loose.locator("a").click()
        page.get_by_label("Naam", exact=True).fill("Toch één ding")
        send(page, ".acts form:first-child", "Naam wijzigen")
        assert page.locator("details.loose").count() == 0
        with answered(page, "GET"):
            page.locator(f'.theme[data-theme="{largest}"] a').click()

        # the map has them all, and says by keyboard too what it points at
        chart = page.locator("#map[data-points='90']")
        chart.focus()
        page.keyboard.press("+")
        page.locator("#map-answer").get_by_text(", ").wait_for()

        # merged: chosen in the list, by its key; a name
        page.locator(f'.theme input[value="{second}"]').check()
        press(page, "m")
        assert set(work.themes("q1").themes.themes) == set(first.themes) - {second}
        page.get_by_label("Naam", exact=True).fill("Alles bij elkaar")
        send(page, ".acts form:first-child", "Naam wijzigen")

        # split into groups, undone by its key, done again
        merged = state(page)
        page.keyboard.press("Escape")
        page.locator("#one-title").click()
        page.keyboard.press("s")
        send(page, ".acts details[open] form", "In groepen splitsen")
        split = work.themes("q1").themes
        assert len(split.themes) == len(first.themes)
        assert split.in_theme == first.in_theme
        page.locator("#one-title").click()
        press(page, "z")
        assert state(page) == merged
        press(page, "Z")
        assert work.themes("q1").themes == split

        # a reload in between, and another tab that is not up to date any more
        before = state(page)
        page.reload()
        assert state(page) == before
        other = page.context.new_page()
        other.goto(page.url)
        press(page, "z")
        other.locator("#one-title").click()
        with other.expect_response("**/step") as refused:
            other.keyboard.press("z")
        assert refused.value.status == 422
        # the answer is there before the page shows it
        other.locator("#problems .problems", has_text="ongedaan gemaakt").wait_for()
        other.close()
        assert work.themes("q1").themes.themes[largest].label == "Alles bij elkaar"
        press(page, "Z")

        # an answer to another theme by dragging
        there = next(n for n in work.themes("q1").themes.themes if n != largest)
        with answered(page, "GET"):
            page.locator(f'.theme[data-theme="{largest}"] a').click()
        moved = page.locator(".answers li").first.get_attribute("data-answer")
        with answered(page):
            page.locator(".answers li").first.drag_to(page.locator(f'.theme[data-theme="{there}"]'))
        assert moved in work.themes("q1").themes.themes[there].answers

        # each becomes a code, but for the smallest
        assert serious_faults(page) == []
        *kept, smallest = sorted(
            work.themes("q1").themes.themes.values(), key=lambda t: -len(t.answers)
        )
        for theme in kept:
            page.goto(urljoin(url, f"/themes?q=q1&theme={theme.id}"))
            page.keyboard.press("c")
            page.get_by_label("Label van de code").fill(f"Code {theme.id}")
            page.get_by_label("of een nieuwe groep").fill("Groep")
            send(page, "#make form", "Code maken")
        page.goto(urljoin(url, f"/themes?q=q1&theme={smallest.id}"))
        page.keyboard.press("x")
        page.locator(".acts details[open]").get_by_label("Waarom").fill("te klein")
        send(page, ".acts details[open] form", "Verwerpen")
        assert page.locator("#numbers").inner_text().startswith("Thema's open: 0 ")

        # the codebook: what is missing is said while it is typed, then it is released
        for theme in kept:
            page.goto(urljoin(url, f"/codebook?code=code_{theme.id}"))
            assert "definitie" in page.locator("#checks").inner_text().lower()
            page.get_by_label("Definitie").fill(f"Wat bij {theme.id} hoort.")
            page.locator("#checks").get_by_text("ontbreekt niets").wait_for()
            send(page, "#texts", "Opslaan")
        assert serious_faults(page) == []
        send(page, ".beside", "Uitbrengen als 1.0.0")
        assert (folder / "codebooks" / "klein" / "1.0.0.yaml").is_file()
        decided = work.themes("q1").themes
        change_the_draft(page, url, folder)

        # new answers come in: the same steps on another run
        write_answers(folder, 120)
        go_to(page, urljoin(url, "/themes"))
        mine(page, "Opnieuw zoeken")
        again = Study.open(folder).theme_work.themes("q1")
        assert len(again.themes.known) == 120
        for theme in kept:
            now = again.themes.themes.get(theme.id)
            said = [m for m in again.missed if getattr(m.step, "theme", None) == theme.id]
            assert (now is not None and now.codes == decided.themes[theme.id].codes) or said
        shown = page.locator("details.notice li")
        assert shown.count() == len(again.missed)
        assert again.themes.themes[largest].label == "Alles bij elkaar"
        assert len(again.themes.themes[largest].answers & first.themes[largest].answers) > 0
