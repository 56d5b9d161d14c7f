"""Three coders in three browsers at once, each doing what docs/coding.md says, to the last task."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from threading import Barrier

import pytest
from browser_moves import begin, button
from playwright.sync_api import Page, Response, expect
from real_server import CODERS, Server, make_study, opened

from chromium import a_chromium
from themecoder.coding.label_studio.accounts import email_of
from themecoder.coding.plan import Planned
from themecoder.coding.plan_file import read_plan
from themecoder.coding.planning import coding_by_coder

pytestmark = [pytest.mark.server, pytest.mark.browser, pytest.mark.long(120)]
TITLE = "Hoe is het bij u in de straat?"
TEXTS = [f"Antwoord {number} over de straat en de mensen die er wonen" for number in range(1, 13)]
CODED = ("geluid", "groen", "buren")


@pytest.fixture
def study(server: Server, tmp_path: Path) -> Path:
    """Twelve answers, four of which two coders code, and a share that each codes blind."""
    folder = make_study(tmp_path / "drie", TEXTS)
    config = (folder / "study.toml").read_text(encoding="utf-8")
    config = config.replace("Wat vindt u van uw buurt?", TITLE)
    (folder / "study.toml").write_text(config, encoding="utf-8")
    opened(folder).plan(double=1 / 3)
    opened(folder).push(["q1"], server.url)
    return folder


def planned(study: Path, coder: str) -> list[Planned]:
    rows = [one for one in read_plan(opened(study).paths.plan) if one.question == "q1"]
    return sorted((one for one in rows if one.coder == coder), key=lambda one: one.place)


def test_each_is_handed_her_planned_tasks_in_her_order_to_the_last(
    study: Path, server: Server
) -> None:
    rows = {coder: planned(study, coder) for coder in CODERS}
    assert sum(map(len, rows.values())) == 16
    assert all(len({one.blind for one in mine}) == 2 for mine in rows.values())
    together = Barrier(len(CODERS))
    with ThreadPoolExecutor(len(CODERS)) as pool:
        days = [pool.submit(day, server, coder, len(rows[coder]), together) for coder in CODERS]
        handed = dict(zip(CODERS, (one.result() for one in days), strict=True))
    texts = opened(study).masked_texts()
    for coder, mine in rows.items():
        assert [text for text, _ in handed[coder]] == [
            texts[one.answer_id].masked for one in mine
        ], coder
        assert [ticked for _, ticked in handed[coder]] == [int(not one.blind) for one in mine]
    (pulled,) = opened(study).pull(["q1"], server.url)
    assert (pulled.added, pulled.asked, pulled.notes) == (16, 0, ())
    codings = coding_by_coder(opened(study), "q1")
    for number, coder in enumerate(CODERS):
        assert {one.answer_id for one in codings[coder]} == {one.answer_id for one in rows[coder]}
        for one in codings[coder]:
            assert CODED[number] in one.codes


def day(server: Server, coder: str, tasks: int, together: Barrier) -> list[tuple[str, int]]:
    """The texts that a coder is handed in a browser of her own, and how many boxes are ticked
    beforehand. She chooses her own code, goes on till there is nothing left, and sees no error."""
    handed: list[tuple[str, int]] = []
    code = str({"geluid": 1, "groen": 3, "buren": 4}[CODED[CODERS.index(coder)]])
    with a_chromium() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.set_default_timeout(90_000)
        expect.set_options(timeout=60_000)
        refused: list[str] = []
        page.on("response", lambda answer: refused.extend(refusals(answer)))
        together.wait(120)
        begin(page, server, TITLE, email_of(coder))
        together.wait(240)
        for number in count(1):
            expect(page.locator(".tc-codes input")).to_have_count(5)
            text = page.locator(".lsf-htx-richtext").inner_text().strip()
            ticked = page.locator(".tc-codes input:checked").count()
            handed.append((text, ticked))
            box = page.locator(".tc-codes input").nth(int(code) - 1)
            if not box.is_checked():
                page.keyboard.press(code)
                expect(box).to_be_checked()
            submit(page)
            if number == tasks:
                break
            expect(page.locator(".lsf-htx-richtext")).not_to_have_text(text)
        expect(page.get_by_text("No More Tasks Left in Queue")).to_be_visible()
        assert refused == []
    return handed


def submit(page: Page) -> None:
    with page.expect_response(
        lambda r: "/annotations" in r.url and r.request.method == "POST" and r.ok
    ):
        button(page, "Submit").click()


def refusals(answer: Response) -> Iterator[str]:
    if answer.status in (401, 403) or answer.status >= 500:
        yield f"{answer.status} {answer.url}"
