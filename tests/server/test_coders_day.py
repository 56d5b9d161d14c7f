"""A coder's day: a person's moves in a real browser on the real server, and what comes of it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from browser_moves import begin, button, mark
from playwright.sync_api import Browser, Page, expect
from real_server import ROOT, Server, make_study, opened, project_of

from themecoder.codebook.model import Codebook
from themecoder.coding.label_studio.accounts import email_of
from themecoder.coding.label_studio.client import Client
from themecoder.coding.label_studio.config import code_hotkeys
from themecoder.coding.plan import Planned
from themecoder.coding.plan_file import write_plan
from themecoder.coding.planning import coding_by_coder

pytestmark = [pytest.mark.server, pytest.mark.browser]
MEDIAN = "Het is er altijd, ook midden in de nacht, en het oordeelt nooit over wat ik vertel."


@dataclass(frozen=True)
class Move:
    """What the coder does with one answer: keys for codes, quotes, doubt, a remark; or a skip."""

    text: str
    codes: tuple[str, ...] = ()
    quotes: tuple[tuple[str, str], ...] = ()
    uncertain: bool = False
    remark: str = ""
    skip: bool = False


DAY = (
    Move(
        MEDIAN,
        ("altijd_beschikbaar", "delen_zonder_oordeel"),
        (("altijd_beschikbaar", "midden in de nacht"),),
    ),
    Move(
        "Fijn 🙂👩🏽‍⚕️ maar het praat altijd mee",
        ("echo_in_plaats_van_spiegel",),
        (("echo_in_plaats_van_spiegel", "praat altijd mee"),),
    ),
    Move("Ik ben bang voor mijn gegevens", ("privacy",), uncertain=True),
    Move("Weet nog niet wat ik hiervan vind", skip=True),
    Move("Mijn buurman Kees de Boer vond het onzin", ("overig",), remark="navragen"),
    Move("Het past eigenlijk nergens bij"),
    Move(
        "Mijn psycholoog begrijpt me beter",
        ("voorkeur_mens",),
        (("voorkeur_mens", "begrijpt me beter"),),
    ),
    Move("Soms klopt het gewoon niet", ("foutief_schadelijk",)),
    Move(
        "Het houdt me van de straat, ’s avonds",
        ("minder_eenzaam",),
        (("minder_eenzaam", "van de straat"),),
    ),
    Move(
        "Ordent mijn gedachten en zet ze op een rij",
        ("ordenen_inzicht", "emoties_verwoorden"),
        (("ordenen_inzicht", "op een rij"), ("emoties_verwoorden", "mijn gedachten")),
    ),
)


@pytest.fixture
def study(server: Server, tmp_path: Path) -> Path:
    """Ten answers for one coder, with the 31 codes of the shipped study and no suggestions."""
    folder = make_study(tmp_path / "dag", [move.text for move in DAY])
    shutil.rmtree(folder / "codebooks")
    shutil.copytree(ROOT / "codebooks" / "mind-genai", folder / "codebooks" / "mind-genai")
    config = (folder / "study.toml").read_text(encoding="utf-8")
    (folder / "study.toml").write_text(config.replace('id = "buurt"', 'id = "mind-genai"'), "utf-8")
    rows = [
        Planned("q1", f"R{number:02d}:q1", "coder_a", blind=True, place=number)
        for number in range(1, len(DAY) + 1)
    ]
    write_plan(opened(folder).paths.plan, rows)
    opened(folder).push(["q1"], server.url)
    return folder


@pytest.fixture
def page(chromium: Browser, server: Server) -> Iterator[Page]:
    """A window in which nothing is asked of any other machine."""
    context = chromium.new_context(viewport={"width": 1280, "height": 800})
    tab = context.new_page()
    elsewhere: list[str] = []
    tab.on(
        "request",
        lambda r: (
            elsewhere.append(r.url)
            if not r.url.startswith((server.url, "data:", "blob:"))
            else None
        ),
    )
    yield tab
    context.close()
    assert elsewhere == []


def do(page: Page, move: Move, book: Codebook) -> None:
    keys = code_hotkeys(book)
    labels = {code.id: code.label for code in book.codes}
    for code in move.codes:
        page.keyboard.press(keys[code])
    expect(page.locator(".tc-codes input:checked")).to_have_count(len(move.codes))
    for number, (code, part) in enumerate(move.quotes, start=1):
        mark(page, labels[code], part)
        expect(page.locator(".lsf-htx-richtext .htx-highlight")).to_have_count(number)
    if move.uncertain:
        page.keyboard.press("Control+u")
        expect(page.locator(".tc-more input:checked")).to_have_count(1)
    if move.remark:
        page.locator(".tc-more textarea, .tc-more input[type=text]").first.fill(move.remark)
    name = "Skip" if move.skip else "Submit"
    with page.expect_response(
        lambda r: "/annotations" in r.url and r.request.method == "POST" and r.ok
    ):
        button(page, name).click()


def test_a_coders_day_comes_back_exactly(
    study: Path, server: Server, client: Client, page: Page
) -> None:
    here = opened(study)
    book = here.codebooks.read("1.0.0")
    begin(page, server, project_of(study, client).title, email_of("coder_a"))
    for number, move in enumerate(DAY):
        shown = here.masked_texts()[f"R{number + 1:02d}:q1"].masked
        expect(page.locator(".lsf-htx-richtext")).to_have_text(shown)
        if number == 0:
            fits_without_scrolling(page)
        do(page, move, book)
    (pulled,) = opened(study).pull(["q1"], server.url)
    assert (pulled.added, pulled.unread, pulled.notes) == (len(DAY), 0, ())
    codings = {one.answer_id: one for one in coding_by_coder(here, "q1")["coder_a"]}
    answers = {answer.answer_id: answer.text for answer in here.answers("q1")}
    for number, move in enumerate(DAY, start=1):
        coding = codings[f"R{number:02d}:q1"]
        coded = "coded" if move.codes else "no_code"
        assert coding.state == ("skipped" if move.skip else coded), move
        assert coding.codes == tuple(sorted(move.codes))
        assert (coding.uncertain, coding.comment) == (move.uncertain, move.remark)
        assert {(q.code, q.text) for q in coding.quotes} == set(move.quotes)
        for quote in coding.quotes:
            assert answers[coding.answer_id][quote.start : quote.end] == quote.text
        assert coding.seconds is not None and coding.created_at is not None


def fits_without_scrolling(page: Page) -> None:
    """31 codes, doubt, remark and quotes, at 1280 by 800, with an answer of median length."""
    page.mouse.move(640, 790)
    expect(page.locator(".tc-codes input")).to_have_count(31)
    heights = page.locator(".lsf-main-content").evaluate(
        "one => [one.scrollHeight, one.clientHeight]"
    )
    assert heights[0] <= heights[1], heights
    panel = page.get_by_text("Citaten markeren").bounding_box()
    bar = button(page, "Submit").bounding_box()
    assert panel is not None and bar is not None
    assert panel["y"] + panel["height"] < bar["y"]
