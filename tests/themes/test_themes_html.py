"""The page of themes as text: right numbers, nothing that runs, nothing that is fetched."""

from __future__ import annotations

import base64
import hashlib
import html
import os
import re
import subprocess
import sys
import tomllib
from dataclasses import replace
from html.parser import HTMLParser
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sample_pages import HOSTILE, page, question
from themecoder.messages import LANGUAGES
from themecoder.output.numbers import decimal_text, integer_text, whole_percent_text
from themecoder.themes.html import view
from themecoder.themes.html.page import render_themes
from themecoder.themes.model import QuestionThemes
from themecoder.themes.page_model import Subgroup

RESOURCES = resources.files("themecoder.themes.html")
VOID = {"meta", "link", "input", "br", "img"}


class Document(HTMLParser):
    """Every element with its attributes and text; fails on tags that don't nest."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()
        assert not self.open, self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open and self.open[-1] == tag, (tag, self.open[-3:])
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


@pytest.fixture(scope="module")
def dutch() -> str:
    return render_themes(page())


def plain(text: str) -> str:
    """The words of a page, without tags and with single spaces."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", text)))


def section(text: str, start: str, end: str) -> str:
    return text[text.index(start) :].split(end, maxsplit=1)[0]


def test_hostile_answers_stay_text() -> None:
    safe, hostile = Document(render_themes(page())), Document(render_themes(page(texts=HOSTILE)))
    assert [tag for tag, _ in hostile.elements] == [tag for tag, _ in safe.elements]
    assert [sorted(own) for _, own in hostile.elements] == [sorted(own) for _, own in safe.elements]
    shown = "".join(hostile.texts)
    for text in HOSTILE:
        assert view.clean(text) in shown


def test_labels_keywords_codes_and_attributes_are_escaped_as_well() -> None:
    bad = "<b onclick=x>\"'&"
    own = question()
    themes = own.themes
    first = replace(themes.themes[0], label=bad, keywords=((bad, 1.0),))
    own = replace(
        own,
        wording=bad,
        asked_of=bad,
        themes=replace(themes, themes=(first, *themes.themes[1:])),
        subgroups=(Subgroup(bad, {bad: set(own.texts)}),),
    )
    whole = replace(
        page(questions=[own]),
        study_title=bad,
        notice=bad,
        provenance={bad: bad},
        code_labels={"wachttijd_overbrugging": bad},
    )
    document = Document(render_themes(whole))
    assert "b" not in {tag for tag, attributes in document.elements if "onclick" in attributes}
    assert not [own for _, own in document.elements if any(name.startswith("on") for name in own)]


def test_characters_that_a_page_cannot_hold_are_replaced() -> None:
    text = render_themes(page(texts=HOSTILE))
    text.encode("utf-8")
    assert "\x00" not in text
    assert "\ufffd" in text


@given(st.text())
def test_clean_text_is_valid_and_clean(text: str) -> None:
    assert view.clean(view.clean(text)) == view.clean(text)
    view.clean(text).encode("utf-8")
    assert len(view.clean(text)) == len(text)


def test_nothing_is_fetched(dutch: str) -> None:
    assert "http:" not in dutch
    assert "https:" not in dutch
    assert not re.search(
        r"url\(|@import|<iframe|<object|<embed|srcset|\bfetch\(|XMLHttp|import\(", dutch
    )
    for tag, attributes in Document(dutch).elements:
        assert "src" not in attributes, tag
        target = attributes.get("href")
        assert target is None or target.startswith("#") or target == "data:,"


def test_the_policy_lets_only_our_own_style_and_script_run(dutch: str) -> None:
    policy = next(
        own["content"]
        for tag, own in Document(dutch).elements
        if tag == "meta" and own.get("http-equiv") == "Content-Security-Policy"
    )
    assert policy is not None
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    for kind in ("style", "script"):
        [content] = re.findall(rf"<{kind}>(.*?)</{kind}>", dutch, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policy
    assert not [own for _, own in Document(dutch).elements if "style" in own]


def test_the_same_page_gives_the_same_bytes_whatever_the_hash_seed() -> None:
    code = (
        "import sys; sys.path.insert(0, 'tests'); from sample_pages import page;"
        "from themecoder.themes.html.page import render_themes;"
        "import hashlib; print(hashlib.sha256(render_themes(page()).encode()).hexdigest())"
    )
    root = os.fspath(resources.files("themecoder").joinpath("../.."))
    digests = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=root,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(digests) == 1


def test_no_respondent_can_be_traced(dutch: str) -> None:
    """Neither ids nor the order of respondents: an answer's number follows theme and strength."""
    for answer in question().texts:
        assert answer not in dutch
        assert answer.split(":")[0] not in dutch


@pytest.mark.parametrize(
    ("n", "base", "shown"),
    [
        (1, 3, "33%"),
        (2, 3, "67%"),
        (1, 8, "13%"),
        (5, 1000, "1%"),
        (4, 1000, "<1%"),
        (0, 10, "0%"),
        (10, 10, "100%"),
        (999, 1000, ">99%"),
        (0, 0, "–"),
    ],
)
def test_percent(n: int, base: int, shown: str) -> None:
    assert whole_percent_text(n, base) == shown


def test_numbers_follow_the_language() -> None:
    assert (integer_text(12345, "nl"), integer_text(12345, "en")) == ("12.345", "12,345")
    assert (decimal_text(0.825, language="nl"), decimal_text(0.5, language="en")) == (
        "0,82",
        "0.50",
    )


def test_bases_and_sizes(dutch: str) -> None:
    # 18 + 12 + 6 in themes, one of them in two: 35; 3 in none; 4 without content; 10 not answered
    words = plain(section(dutch, '<section class="bases"', "</section>"))
    assert "52 42 81% 4 38 35 92% 3 8% 3" in words
    card = plain(section(dutch, 'id="q18-1"', "</article>"))
    assert "18 antwoorden 47% van 38" in card
    assert "sterk 0,91" in card
    assert "Overbrugging als er geen hulp is 0,71" in card
    assert "Nog 16 antwoorden" in card
    assert "redelijk" not in card
    assert "zwak 0,31" in plain(section(dutch, 'id="q18-5"', "</article>"))


def test_every_answer_is_on_the_page_and_contentless_ones_are_counted(dutch: str) -> None:
    part = section(dutch, 'id="q18"', "<footer")
    words = plain(part)
    for text in question().texts.values():
        assert text in words
    assert words.count("Ik wacht al een jaar. En wie leest er mee?") == 2, "once in each theme"
    apart = plain(section(part, 'id="q18-apart"', "</section>"))
    assert "Antwoorden in geen thema 3 8%" in apart
    assert "Antwoorden zonder inhoud 4 10%" in apart
    assert "nee 2 ×" in apart


def test_the_part_of_an_answer_that_is_in_the_theme_is_marked(dutch: str) -> None:
    assert "<mark>Ik wacht al een jaar.</mark> En wie leest er mee?" in section(
        dutch, 'id="q18-1"', "</article>"
    )
    assert "Ik wacht al een jaar. <mark>En wie leest er mee?</mark>" in section(
        dutch, 'id="q18-2"', "</article>"
    )


def test_a_theme_is_headed_by_what_it_says(dutch: str) -> None:
    heading = dutch[dutch.index('id="q7-1-label"') :].split("</header>", maxsplit=1)[0]
    assert "Wachten op hulp" in heading
    assert (
        '<q dir="auto">Ik wacht al een jaar</q> <q dir="auto">Er is &lt;niemand&gt;</q>' in heading
    )
    second = dutch[dutch.index('id="q7-2-label"') :].split("</header>", maxsplit=1)[0]
    assert "<q" not in second, "a theme that says nothing short has no empty line"


def test_small_cells_are_not_on_the_page() -> None:
    own = question()
    women = {*sorted(own.members[1])[:3], *own.members[2]}
    values = {"vrouw": women, "man": own.with_content - women}
    text = render_themes(page(questions=[replace(own, subgroups=[Subgroup("Geslacht", values)])]))
    table = section(text, '<table class="heat"', "</table>")
    rows = [plain(row) for row in table.split("<tr")[1:]]
    # of theme 1 four are women (one is in theme 2 as well) and fourteen are men
    assert "<5 minder dan 5" in rows[2]
    assert "× weggelaten" in rows[2]
    assert "14" not in rows[2]
    assert not re.search(r"\b[1-4] \d+%", " ".join(rows[2:]))


def test_an_attribute_with_but_small_counts_has_no_table() -> None:
    own = question()
    few = Subgroup("Provincie", {answer: {answer} for answer in own.texts})
    text = render_themes(page(questions=[replace(own, subgroups=[few])]))
    assert '<table class="heat"' not in text
    assert "Thema's naar Provincie Zonder kolom" in plain(text)


def test_english_by_catalogue() -> None:
    text = render_themes(page("en"))
    assert '<html lang="en">' in text
    assert "18 answers" in plain(text)
    assert "Kernwoorden" not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_of_the_catalogue_is_used(language: str) -> None:
    file = resources.files("themecoder.messages") / language / "page.toml"
    sources = "".join(
        part.read_text(encoding="utf-8")
        for part in (
            RESOURCES / "page.html.jinja",
            RESOURCES / "macros.jinja",
            RESOURCES / "page.py",
        )
    )
    for area, texts in tomllib.loads(file.read_text(encoding="utf-8")).items():
        for name in texts if isinstance(texts, dict) and area != "provenance" else ():
            built = re.search(rf'"{area}\.(\w*)" ~', sources)
            assert f'"{area}.{name}"' in sources or built, f"{area}.{name}"


def test_a_question_without_themes_still_has_its_bases_and_answers() -> None:
    texts = {"1:q1": "wel iets", "2:q1": "nee"}
    own = replace(
        question(),
        question_id="q1",
        asked=5,
        answered=2,
        texts=texts,
        contentless=("2:q1",),
        themes=QuestionThemes("q1", (), (), (), {}),
        subgroups=(),
        parts={},
    )
    words = plain(render_themes(page(questions=[own])))
    assert "Voor deze vraag zijn geen thema's gevonden." in words
    assert "wel iets" in words


def test_a_question_that_nobody_answered() -> None:
    own = replace(
        question(),
        asked=0,
        answered=0,
        texts={},
        contentless=(),
        themes=QuestionThemes("q18", (), (), (), {}),
        parts={},
    )
    assert "Basis voor de percentages: 0 antwoorden" in plain(render_themes(page(questions=[own])))


def test_many_answers_are_sampled_evenly_and_it_says_so() -> None:
    own = question(copies=100)
    text = render_themes(page(questions=[own]))
    words = plain(text)
    listed = int(re.search(r"steekproef van ([\d.]+) antwoorden", words)[1].replace(".", ""))  # type: ignore[index]
    assert listed <= view.LISTED + 20
    assert len(set(re.findall(r'<li data-a="(\d+)"', text))) == listed
    assert text.count('<use href="#mark-') == listed
    assert "1.800 antwoorden" in words, "sizes are those of all answers"
    strengths = [
        float(s.replace(",", "."))
        for s in re.findall(r">(0,\d\d)<", section(text, 'id="q18-1"', "</article>"))
    ]
    assert min(strengths) < 0.25 and max(strengths) > 0.9, "from the edge to the heart"


def test_contradicting_numbers_are_refused() -> None:
    own = question()
    bigger = replace(own.themes.themes[0], size=99)
    with pytest.raises(ValueError, match="theme 1: size 99, 18 assigned"):
        replace(own, themes=replace(own.themes, themes=(bigger, *own.themes.themes[1:])))
    with pytest.raises(ValueError, match=r"no text for .*; 42 answered, 41 texts"):
        replace(own, texts=dict(list(own.texts.items())[1:]))
    with pytest.raises(ValueError, match="42 answered of 3 asked"):
        replace(own, asked=3)


# Contrast and colour vision -------------------------------------------------------------------


def variables() -> dict[str, str]:
    style = (RESOURCES / "page.css").read_text(encoding="utf-8")
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", style.replace("#fff;", "#ffffff;")))


def linear(colour: str) -> list[float]:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    return [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]


def contrast(one: str, other: str) -> float:
    """WCAG 2.2 contrast ratio."""
    light = sorted(
        sum(w * p for w, p in zip((0.2126, 0.7152, 0.0722), linear(c), strict=True))
        for c in (one, other)
    )
    return (light[1] + 0.05) / (light[0] + 0.05)


@pytest.mark.parametrize("name", ["ink", "soft", "rest", "accent"])
def test_text_has_contrast_aa(name: str) -> None:
    own = variables()
    grounds = ["paper"] if name == "rest" else ["paper", "wash", "tint"]
    assert all(contrast(own[name], own[ground]) >= 4.5 for ground in grounds)


def test_marks_have_contrast_and_differ_for_colour_blind_readers() -> None:
    """Simulated as Machado, Oliveira & Fernandes (2009), severity 1; ΔE (CIE76) of 20 or more."""
    own = variables()
    colours = [own[f"c{i}"] for i in range(view.COLOURS)]
    assert all(contrast(colour, own["wash"]) >= 3 for colour in colours)
    kinds = {
        "normal": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
        "protan": (
            (0.152286, 1.052583, -0.204868),
            (0.114503, 0.786281, 0.099216),
            (-0.003882, -0.048116, 1.051998),
        ),
        "deutan": (
            (0.367322, 0.860646, -0.227968),
            (0.280085, 0.672501, 0.047413),
            (-0.011820, 0.042940, 0.968881),
        ),
        "tritan": (
            (1.255528, -0.076749, -0.178779),
            (-0.078411, 0.930809, 0.147602),
            (0.004733, 0.691367, 0.303900),
        ),
    }
    for kind, matrix in kinds.items():
        seen = [
            lab([sum(m * p for m, p in zip(row, linear(c), strict=True)) for row in matrix])
            for c in colours
        ]
        for i, one in enumerate(seen):
            for j, other in enumerate(seen[:i]):
                distance = sum((a - b) ** 2 for a, b in zip(one, other, strict=True)) ** 0.5
                assert distance >= 20, (kind, colours[i], colours[j], distance)


def lab(rgb: list[float]) -> tuple[float, float, float]:
    """CIE L*a*b* (D65) of linear sRGB."""
    r, g, b = (min(max(p, 0.0), 1.0) for p in rgb)
    xyz = (
        (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.95047,
        0.2126 * r + 0.7152 * g + 0.0722 * b,
        (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.08883,
    )
    x, y, z = (t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in xyz)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def test_themes_that_hardly_come_back_are_apart_under_one_heading() -> None:
    """Below .3; at .3 a theme stands with the others."""
    made = question("q7")
    first, second, third = made.themes.themes

    def with_stabilities(*values: float) -> str:
        themes = (
            replace(first, stability=values[0]),
            replace(second, stability=values[1]),
            replace(third, stability=values[2]),
        )
        changed = replace(made, themes=replace(made.themes, themes=themes))
        return section(render_themes(page(questions=(changed,))), 'class="themes"', "hierarchy")

    def of_cards(text: str) -> list[str]:
        return re.findall(r'<article class="theme" id="q7-(\d+)"', text)

    steady, heading, loose = with_stabilities(0.29, 0.3, 0.1).partition('<section class="loose"')
    assert heading
    assert of_cards(steady) == [str(second.id)]
    assert of_cards(loose) == [str(first.id), str(third.id)]
    shown = plain(loose)
    assert "Thema's die nauwelijks terugkomen: 2" in shown and "lager dan 0,30" in shown
    assert '<section class="loose"' not in with_stabilities(0.9, 0.3, 0.5)
