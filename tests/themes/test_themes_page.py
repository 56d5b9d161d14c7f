"""The page of themes in a real browser: what a reader points at, types, prints and tabs through."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect

from sample_pages import HOSTILE, page
from themecoder.themes.html.page import render_themes

pytestmark = pytest.mark.browser

WIDE: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 360, "height": 740}
Open = Callable[..., Page]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("pages")
    pages = {"plain": page(), "hostile": page(texts=HOSTILE), "english": page("en")}
    for name, content in pages.items():
        (folder / f"{name}.html").write_text(render_themes(content), encoding="utf-8")
    return {name: folder / f"{name}.html" for name in pages}


@pytest.fixture
def open_page(chromium: Browser, files: dict[str, Path]) -> Iterator[Open]:
    """Opens a page; at the end there must have been no request, error, warning or dialog."""
    contexts = []
    seen: list[str] = []

    def open_it(
        name: str = "plain", *, size: ViewportSize = WIDE, anchor: str = "", **more: bool
    ) -> Page:
        context = chromium.new_context(viewport=size, **more)  # type: ignore[arg-type]
        contexts.append(context)
        tab = context.new_page()
        address = files[name].as_uri()
        tab.on("request", lambda r: None if r.url.split("#")[0] == address else seen.append(r.url))
        tab.on("console", lambda m: seen.append(m.text))
        tab.on("pageerror", lambda e: seen.append(str(e)))
        tab.on("dialog", lambda d: seen.append(d.message))
        tab.goto(address + anchor)
        return tab

    yield open_it
    for context in contexts:
        context.close()
    assert seen == []


def point(tab: Page, number: int | str) -> Locator:
    return tab.locator(f'#q18 .plane use[data-a="{number}"]')


def answer(tab: Page, number: int | str) -> str:
    """The text of an answer as the lists hold it."""
    return tab.locator(f'#q18 li[data-a="{number}"] p').first.text_content() or ""


def free_point(tab: Page) -> tuple[str, float, float]:
    """An answer of theme 1 that no number covers, with its place in the window."""
    tab.locator("#q18 .plane").scroll_into_view_if_needed()
    found = tab.evaluate(
        """() => {
          for (const use of document.querySelectorAll('#q18 .plane use[data-t^="1:"]')) {
            const box = use.getBoundingClientRect();
            const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
            if (document.elementFromPoint(x, y) === use) return [use.dataset.a, x, y];
          }
        }"""
    )
    return str(found[0]), float(found[1]), float(found[2])


@pytest.mark.parametrize("name", ["plain", "hostile", "english"])
def test_the_page_loads_and_asks_for_nothing(open_page: Open, name: str) -> None:
    tab = open_page(name)
    assert tab.locator(".question").count() == 2
    assert tab.locator("#q18 .plane use").count() == 38
    tab.wait_for_timeout(300)  # time for a late request, which the fixture would report


def test_a_hostile_answer_runs_nothing(open_page: Open) -> None:
    tab = open_page("hostile")
    assert tab.evaluate("window.hacked") is None
    for number in range(1, 12):
        tab.evaluate(
            "n => document.querySelector(`#q18 .plane use[data-a='${n}']`).scrollIntoView()", number
        )
        box = point(tab, number).bounding_box()
        assert box is not None
        tab.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    tab.fill("#search", "<script>")
    expect(tab.locator("#found")).not_to_be_empty()
    assert tab.evaluate("window.hacked") is None
    assert tab.locator("script").count() == 1
    assert "{{ 7 * 7 }}" in (tab.text_content("main") or "")


def test_pointing_shows_the_answer_and_its_themes(open_page: Open) -> None:
    tab = open_page()
    number, x, y = free_point(tab)
    assert tab.locator("#card").is_hidden()
    tab.mouse.move(x, y)
    assert tab.locator("#card").is_visible()
    assert tab.locator("#card .answer").text_content() == answer(tab, number)
    assert "Wachten op hulp" in tab.locator("#card .of").inner_text()
    assert "sterkte 0," in tab.locator("#card .of").inner_text()
    tab.mouse.move(5, 5)
    assert tab.locator("#card").is_hidden()


def test_a_click_keeps_the_answer_until_it_is_closed(open_page: Open) -> None:
    tab = open_page()
    _, x, y = free_point(tab)
    tab.mouse.click(x, y)
    tab.mouse.move(5, 5)
    assert tab.locator("#card").is_visible()
    tab.locator("#card .close").click()
    assert tab.locator("#card").is_hidden()


def test_the_card_stays_within_the_window(open_page: Open) -> None:
    tab = open_page()
    for i in range(38):
        use = tab.locator("#q18 .plane use").nth(i)
        use.scroll_into_view_if_needed()
        box = use.bounding_box()
        assert box is not None
        tab.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        card = tab.locator("#card").bounding_box()
        if card is not None:
            assert card["x"] >= 0 and card["x"] + card["width"] <= WIDE["width"]
            assert card["y"] >= 0 and card["y"] + card["height"] <= WIDE["height"]


def test_choosing_a_theme_lights_its_answers_and_no_other(open_page: Open) -> None:
    tab = open_page()
    button = tab.locator('#q18 .legend button[data-theme="2"]')
    button.click()
    lit = tab.locator("#q18 .plane use.on")
    assert lit.count() == 12, "11 of its own and one that is in theme 1 too"
    assert all("2:" in str(lit.nth(i).get_attribute("data-t")) for i in range(12))
    assert button.get_attribute("aria-pressed") == "true"
    assert tab.locator("#q18 .shows").inner_text() == "Thema 2 uitgelicht: 12 antwoorden."
    dimmed = tab.locator("#q18 .plane use:not(.on)").first
    assert float(dimmed.evaluate("e => getComputedStyle(e).opacity")) < 0.3
    assert tab.locator("#q7 .plane.chosen").count() == 0, "the other question is left alone"
    tab.locator("#q18 .all").click()
    assert tab.locator("#q18 .plane.chosen").count() == 0


def test_a_number_on_the_map_chooses_its_theme(open_page: Open) -> None:
    tab = open_page()
    tab.locator('#q18 .pill[data-theme="5"]').click()
    assert tab.locator("#q18 .plane use.on").count() == 6
    assert tab.url.endswith(".html"), "it does not jump away"


def test_answers_in_no_theme_can_be_chosen(open_page: Open) -> None:
    tab = open_page()
    tab.locator('#q18 .legend button[data-theme="none"]').click()
    assert tab.locator("#q18 .plane use.on").count() == 3


def search(tab: Page, text: str) -> str:
    before = tab.inner_text("#found")
    tab.fill("#search", text)
    expect(tab.locator("#found")).not_to_have_text(before)
    return tab.inner_text("#found")


def test_search_finds_answers_whatever_their_case_and_accents(open_page: Open) -> None:
    tab = open_page()
    assert search(tab, "ECHT mens") == "12 antwoorden in 2 thema's"
    assert tab.locator("#q18 .theme:visible").count() == 1
    assert tab.locator("#q18-5 li[data-a]:visible").count() == 6, "the rest is opened"
    assert tab.locator("#q18 .plane use.on").count() == 6
    assert tab.evaluate("CSS.highlights.get('search').size") == 24
    assert search(tab, "bestaatniet") == "Niets gevonden"
    assert search(tab, "") == ""
    assert tab.locator("#q18 .theme:visible").count() == 3
    assert tab.locator("details[open]").count() == 0, "what search opened is closed again"


def test_search_finds_themes_by_label_and_code_and_loose_answers(open_page: Open) -> None:
    tab = open_page()
    assert search(tab, "overbrugging") == "0 antwoorden in 2 thema's"
    assert tab.locator("#q18-1 .quotes li:visible").count() == 2, "the whole theme stays"
    assert search(tab, "heel anders") == "6 antwoorden in 0 thema's, 6 in geen thema"
    assert tab.locator("#q18 .no-theme li:visible").count() == 3


def test_themes_can_be_sorted(open_page: Open) -> None:
    tab = open_page()

    def order() -> list[str]:
        cards = tab.locator("#q7 .theme")
        return [str(cards.nth(i).get_attribute("data-theme")) for i in range(cards.count())]

    assert order() == ["1", "2", "5"]
    tab.locator('#q7 [data-by="tree"]').click()
    assert order() == ["1", "2", "5"]
    tab.locator('#q7 [data-by="stability"]').click()
    assert order() == ["1", "2", "5"]
    tab.evaluate("document.querySelector('#q7-5').dataset.stability = '0.99'")
    tab.locator('#q7 [data-by="stability"]').click()
    assert order() == ["5", "1", "2"]
    tab.locator('#q7 [data-by="size"]').click()
    assert order() == ["1", "2", "5"]


def test_the_map_is_read_by_keyboard(open_page: Open) -> None:
    tab = open_page()
    tab.locator("#q18 .plane").focus()
    tab.keyboard.press("ArrowRight")
    assert tab.locator("#card").is_visible()
    first = tab.locator("#q18 use.at").get_attribute("data-a")
    assert tab.locator("#card .answer").text_content() == answer(tab, str(first))
    tab.keyboard.press("ArrowDown")
    second = tab.locator("#q18 use.at").get_attribute("data-a")
    assert second != first
    theme = str(tab.locator("#q18 use.at").get_attribute("data-t")).split(":")[0]
    tab.keyboard.press("Enter")
    assert tab.locator("#card").is_hidden()
    assert tab.evaluate("location.hash") == f"#q18-{theme}"
    tab.locator("#q18 .plane").focus()
    tab.keyboard.press("ArrowDown")
    tab.keyboard.press("Escape")
    assert tab.locator("#card").is_hidden()


def test_arrows_reach_every_answer_of_a_theme_and_every_theme(open_page: Open) -> None:
    tab = open_page()
    tab.locator("#q18 .plane").focus()

    def press(key: str) -> list[str]:
        tab.keyboard.press(key)
        at = tab.locator("#q18 use.at")
        return [str(at.get_attribute("data-a")), str(at.get_attribute("data-t")).split(":")[0]]

    walk = [press("ArrowRight") for _ in range(39)]
    assert [number for number, _ in walk] == [str(i) for i in (*range(1, 39), 38)]
    assert [theme for _, theme in (press("ArrowUp") for _ in range(4))] == ["5", "2", "1", "1"]
    assert press("ArrowDown") == ["19", "2"]
    tab.locator('#q18 .legend button[data-theme="5"]').click()
    tab.locator("#q18 .plane").focus()
    assert press("ArrowRight")[1] == "5", "only what is lit"


def test_everything_that_works_has_a_tab_stop_that_shows(open_page: Open) -> None:
    tab = open_page()
    stops = []
    for _ in range(30):
        tab.keyboard.press("Tab")
        stops.append(
            tab.evaluate(
                "(() => { const e = document.activeElement; const s = getComputedStyle(e);"
                " return [e.className || e.id || e.tagName, s.outlineStyle]; })()"
            )
        )
    assert stops[0][0] == "skip"
    assert ["search", "solid"] in stops
    assert ["plane", "solid"] in stops
    assert all(style == "solid" for _, style in stops)


@pytest.mark.parametrize("name", ["plain", "hostile", "english"])
def test_a_phone_has_nothing_to_scroll_sideways(open_page: Open, name: str) -> None:
    tab = open_page(name, size=PHONE)
    for details in tab.locator("summary").all():
        details.click()
    assert tab.evaluate("document.documentElement.scrollWidth") == 360


@pytest.mark.parametrize("size", [WIDE, PHONE])
def test_branches_end_at_their_themes(open_page: Open, size: ViewportSize) -> None:
    tab = open_page(size=size)
    tab.locator("#q18 .hierarchy summary").click()
    tree = tab.locator("#q18 .tree > svg")
    top = tree.evaluate("svg => svg.getBoundingClientRect().top")
    scale = tree.evaluate("svg => svg.getScreenCTM().d")
    for i in range(3):
        row = tab.locator("#q18 .tree li").nth(i).bounding_box()
        assert row is not None
        assert abs(row["y"] + row["height"] / 2 - (top + scale * 30 * (i + 0.5))) < 1


def test_a_tap_shows_the_answer_at_the_foot_of_a_phone(open_page: Open) -> None:
    tab = open_page(size=PHONE, has_touch=True, is_mobile=True)
    number, x, y = free_point(tab)
    tab.touchscreen.tap(x, y)
    assert tab.locator("#card .answer").text_content() == answer(tab, number)
    box = tab.locator("#card").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= 740
    assert tab.locator("#card .close").is_visible()


def test_print_has_what_a_theme_says_and_the_lists_that_are_open(open_page: Open) -> None:
    tab = open_page()
    tab.locator("#q18-1 summary").click()
    tab.emulate_media(media="print")
    assert tab.locator("#q18-1 details li[data-a]").first.is_visible()
    assert tab.locator("#q18-2 details").is_hidden(), "all lists of answers are a book"
    assert tab.locator("#q18-2 .quotes li").first.is_visible()
    tab.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert tab.locator("details.fold:not([open])").count() == 0
    assert tab.locator("#bases").is_visible()
    assert tab.locator("#q18 .plane svg").is_visible()
    assert tab.locator("#search").is_hidden()
    tab.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert tab.locator("details[open]").count() == 1
    assert tab.pdf(format="A4").startswith(b"%PDF")


def test_the_first_theme_is_on_the_first_screen(open_page: Open) -> None:
    tab = open_page(size={"width": 1280, "height": 800})
    box = tab.locator(".theme").first.bounding_box()
    assert box is not None
    assert box["y"] < 700


def test_without_script_everything_but_pointing_is_there(open_page: Open) -> None:
    tab = open_page(java_script_enabled=False)
    assert tab.locator("#q18 .plane use").first.is_visible()
    assert tab.locator("#search").is_hidden()
    assert tab.locator(".sort").first.is_hidden()
    tab.locator("#q18-1 summary").click()
    assert tab.locator("#q18-1 li[data-a]:visible").count() == 18
    tab.locator('#q18 .pill[data-theme="2"]').click()
    assert tab.url.endswith("#q18-2"), "a number on the map leads to its theme"


def test_a_link_to_a_theme_leads_to_it(open_page: Open) -> None:
    tab = open_page(anchor="#q18-5")
    box = tab.locator("#q18-5 h4").bounding_box()
    assert box is not None
    assert 40 < box["y"] < 200, "below the bar that sticks to the top"


def test_nothing_shifts_while_loading(open_page: Open) -> None:
    tab = open_page()
    shift = tab.evaluate(
        """() => new Promise((done) => {
          let sum = 0;
          new PerformanceObserver((list) => { for (const e of list.getEntries()) sum += e.value; })
            .observe({ type: "layout-shift", buffered: true });
          setTimeout(() => done(sum), 300);
        })"""
    )
    assert shift == 0
