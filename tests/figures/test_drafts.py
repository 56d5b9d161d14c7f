"""The numbers of a draft tied to figures: a real report's, and drafts with planted mistakes."""

from __future__ import annotations

import csv
import json
import random
from collections import Counter
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from themecoder.figures.drafts.check import check_draft
from themecoder.figures.drafts.model import (
    Block,
    KnownClaim,
    KnownFigure,
    MatchedNumber,
    Place,
    Verdict,
)
from themecoder.figures.drafts.sentences import sentences
from themecoder.figures.drafts.table import header, place_text, records, rows, summary
from themecoder.figures.drafts.words import stem

NUMBERS = Path(__file__).parents[1] / "data" / "drafts" / "report_numbers.csv"


def read_numbers() -> list[dict[str, str]]:
    with NUMBERS.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


ROWS = read_numbers()
FIGURES = [
    KnownFigure(
        row["id"],
        row["text"],
        row["printed"],
        int(row["n"]) if row["n"] else None,
        int(row["base_n"]) if row["base_n"] else None,
        source=row["source"],
    )
    for row in ROWS
]
SOURCE = {figure.id: figure.source or figure.id for figure in FIGURES}
SAID = {row["id"]: row for row in ROWS if row["sentence"] and row["base_n"]}


def checked(text: str, heading: str = "Resultaten", **given: object) -> list[MatchedNumber]:
    blocks = [Block(Place("paragraph", 1, heading), text)]
    return check_draft(blocks, FIGURES, language="nl", **given)  # type: ignore[arg-type]


def said_with(printed: dict[str, str]) -> list[tuple[str, MatchedNumber]]:
    """The report's sentences, each with a percentage, and what becomes of that percentage."""
    names = list(printed)
    blocks = [
        Block(
            Place("paragraph", n, SAID[name]["heading"]),
            f"Van de deelnemers {SAID[name]['sentence']} ({printed[name]}).",
        )
        for n, name in enumerate(names)
    ]
    found = check_draft(blocks, FIGURES, language="nl")
    last = {one.place.number: one for one in found}
    return [(name, last[n]) for n, name in enumerate(names)]


def test_no_percentage_of_the_report_is_tied_to_another_number() -> None:
    assert len(SAID) == 79
    verdicts: Counter[str] = Counter()
    for name, one in said_with({name: row["printed"] for name, row in SAID.items()}):
        if one.verdict in (Verdict.TIED, Verdict.DIFFERS):
            assert SOURCE[one.ids[0]] == SOURCE[name], one
        verdicts[one.verdict.value] += 1
    # four of the report's five wrong sums; "niet het idee minder te delen" says too little
    assert verdicts["differs"] == 4
    assert verdicts["tied"] >= 50


def test_a_sentence_with_the_percentage_of_another_figure_is_rarely_tied() -> None:
    chance = random.Random(1)
    printed = sorted({row["printed"] for row in ROWS if row["printed"].endswith("%")})
    verdicts: Counter[str] = Counter()
    for _ in range(3):
        others = {
            name: chance.choice([p for p in printed if p != row["printed"]])
            for name, row in SAID.items()
        }
        verdicts += Counter(one.verdict.value for _, one in said_with(others))
    assert verdicts["tied"] <= 0.02 * verdicts.total()
    assert verdicts["differs"] >= 0.15 * verdicts.total()


# a paragraph, and per amount: what is typed, the verdict, the text of its figure, what it is by
DRAFT: list[tuple[str, list[tuple[str, str, str, str]]]] = [
    (
        "In totaal namen 804 mensen deel. Van de 294 gebruikers noemt 69,7% dat AI altijd "
        "beschikbaar is en 57,8% dat het laagdrempelig is.",
        [
            ("804", "tied", "deelnemers totaal", "n"),
            ("294", "tied", "Ja", "base"),
            ("69,7%", "tied", "Altijd beschikbaar", "percent"),
            ("57,8%", "tied", "Laagdrempelig", "percent"),
        ],
    ),
    (
        "Bijna een vijfde van de gebruikers (18,7%) ervaart AI als een vriend. Ruim een kwart "
        "(22,1%) kan soms moeilijk stoppen wanneer het niet goed gaat.",
        [
            ("Bijna een vijfde", "tied", "AI is als een vriend", "percent"),
            ("18,7%", "tied", "AI is als een vriend", "percent"),
            ("Ruim een kwart", "differs", "Ik merk dat ik soms moeilijk", "words"),
            ("22,1%", "tied", "Ik merk dat ik soms moeilijk", "percent"),
        ],
    ),
    (
        "Onder niet-gebruikers (n = 477) maakt 37,1% zich zorgen over privacy, en is 42,9% bang "
        "voor verkeerde of foutieve informatie.",
        [
            ("n = 477", "tied", "", "base"),
            ("37,1%", "tied", "Ik maak me zorgen over mijn privacy", "percent"),
            ("42,9%", "differs", "Ik ben bang dat AI verkeerde", "words"),
        ],
    ),
    (
        "Een op de tien gebruikers (10,2%) heeft het eenmalig geprobeerd; 46 mensen gebruiken "
        "AI dagelijks (15,6%).",
        [
            ("Een op de tien", "tied", "Ik heb het eenmalig", "percent"),
            ("10,2%", "tied", "Ik heb het eenmalig", "percent"),
            ("46", "tied", "Dagelijks", "n"),
            ("15,6%", "tied", "Dagelijks", "percent"),
        ],
    ),
    (
        "33,7% zet AI in als coach en 51,4% als steunende vriend of gesprekspartner, samen 85,0%.",
        [
            ("33,7%", "tied", "Als een coach", "percent"),
            ("51,4%", "tied", "Als een steunende vriend", "percent"),
            ("85,0%", "tied", "Als een coach", "sum"),
        ],
    ),
    (
        "Van de gebruikers twijfelt 57,2% over het delen van persoonlijke gegevens.",
        [("57,2%", "differs", "Ik twijfel over het delen", "printed")],
    ),
    (
        "Volgens een andere peiling heeft 12,9% van de jongeren klachten. De leeftijd is 49,2.",
        [
            ("12,9%", "no_source", "", ""),
            ("49,2", "tied", "gemiddelde leeftijd", "printed"),
        ],
    ),
]


@pytest.mark.parametrize(("text", "expected"), DRAFT)
def test_the_numbers_of_a_draft(text: str, expected: list[tuple[str, str, str, str]]) -> None:
    found = checked(text)
    texts = {figure.id: figure.text for figure in FIGURES}
    assert [(one.text, one.verdict.value, one.by) for one in found] == [
        (typed, verdict, by) for typed, verdict, _, by in expected
    ]
    for one, (_, _, begins, _) in zip(found, expected, strict=True):
        assert not begins or texts[one.ids[0]].startswith(begins)


def test_what_the_data_give_is_told_where_the_draft_differs() -> None:
    (one,) = checked("Van de gebruikers twijfelt 57,2% over het delen van persoonlijke gegevens.")
    assert one.expected == "57,1% (168/294)"


def test_the_share_of_another_group_does_not_differ() -> None:
    text = "Van de 600 vrouwen maakt 44,0% zich zorgen over hun privacy."
    assert [one.verdict.value for one in checked(text)] == ["tied", "no_source"]
    text = "Van hen maakt 44,0% zich zorgen over hun privacy."
    assert [one.verdict.value for one in checked(text)] == ["differs"]


def test_two_figures_with_one_value_are_told_apart_by_words_or_not_at_all() -> None:
    figures = [
        KnownFigure("a", "Helpt bij slapen", "20,0%", 20, 100),
        KnownFigure("b", "Helpt bij werken", "20,0%", 20, 100),
    ]
    block = Block(Place("line", 1), "AI hielp 20,0% bij het slapen. Het ging om 20,0%.")
    first, second = check_draft([block], figures)
    assert (first.verdict, first.ids) == (Verdict.TIED, ("a",))
    assert second.verdict == Verdict.AMBIGUOUS
    assert set(second.ids) == {"a", "b"}


def test_an_n_in_the_sentence_speaks_for_the_figure_with_that_n() -> None:
    figures = [
        KnownFigure("a", "Ja", "20,0%", 20, 100),
        KnownFigure("b", "Nee", "20,0%", 40, 200),
    ]
    text = "Dat gold voor 40 van hen (20,0%)."
    found = check_draft([Block(Place("line", 1), text)], figures)
    assert [(one.text, one.verdict.value, one.ids) for one in found][-1] == (
        "20,0%",
        "tied",
        ("b",),
    )


def test_a_row_of_a_table_is_read_as_one() -> None:
    block = Block(Place("row", 2, "Gebruik", 1), "Altijd beschikbaar | 205 | 69,7%")
    found = check_draft([block], FIGURES)
    assert [(one.text, one.verdict.value, one.by) for one in found] == [
        ("205", "tied", "n"),
        ("69,7%", "tied", "percent"),
    ]


@pytest.mark.parametrize(
    ("kind", "text"),
    [("row", "Luisterend oor | 135 | 46,3%"), ("line", "135 gebruikers (46,3%): luisterend oor.")],
)
def test_a_count_is_held_against_the_percentage_beside_it(kind: str, text: str) -> None:
    place = Place(kind, 2, "Gebruik", 1)  # type: ignore[arg-type]
    count, share = check_draft([Block(place, text)], FIGURES)
    assert (count.verdict, count.expected) == (Verdict.DIFFERS, "46,3% (136/294)")
    assert share.verdict == Verdict.TIED


def test_a_mean_is_tied_by_its_value() -> None:
    figures = [KnownFigure("leeftijd", "gemiddelde leeftijd", value=Fraction(4921, 100))]
    (one,) = check_draft([Block(Place("line", 1), "De gemiddelde leeftijd is 49,2 jaar.")], figures)
    assert (one.verdict, one.by) == (Verdict.TIED, "value")


def test_words_of_quantity_are_tied_to_claims_or_listed() -> None:
    claims = [
        KnownClaim("c1", "Voelt zich door AI serieus genomen", "door veel deelnemers"),
        KnownClaim("c2", "AI kan vanuit verschillende perspectieven reageren", "Veel deelnemers"),
    ]
    text = (
        "Veel deelnemers voelen zich door AI serieus genomen. Veel deelnemers slapen slecht. "
        "De meeste deelnemers voelen zich serieus genomen."
    )
    found = checked(text, claims=claims, quantifiers=["veel", "de meeste"])
    assert [(one.text, one.verdict.value, one.ids) for one in found] == [
        ("Veel", "tied", ("c1",)),
        ("Veel", "no_source", ()),
        ("De meeste", "no_source", ()),
    ]


def test_a_word_that_is_turned_makes_another_claim() -> None:
    claims = [KnownClaim("c1", "Voelt zich door AI serieus genomen", "veel")]
    for turned in ("Niet veel", "Nauwelijks veel", "Geen veel"):
        (one,) = checked(
            f"{turned} deelnemers voelen zich door AI serieus genomen.",
            claims=claims,
            quantifiers=["veel"],
        )
        assert one.verdict == Verdict.NO_SOURCE


def test_a_word_of_a_claim_that_does_not_hold_differs() -> None:
    claims = [
        KnownClaim("c1", "Zet AI in als aanvulling op hulp", "de meeste", False, "36,7%, plaats 2"),
        KnownClaim("c2", "AI bestond nog niet toen er klachten waren", "veel", None),
    ]
    text = (
        "De meeste mensen zetten AI in als aanvulling op hulp. Veel mensen zeggen dat AI nog niet "
    )
    text += "bestond toen de klachten er waren."
    found = checked(text, claims=claims, quantifiers=["veel", "de meeste"])
    assert [(one.verdict.value, one.ids, one.expected) for one in found] == [
        ("differs", ("c1",), "36,7%, plaats 2"),
        ("ambiguous", ("c2",), ""),
    ]


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (  # two numbers, each in the other's place
            "Altijd beschikbaar noemt 69,7% en laagdrempelig 57,8%.",
            "Altijd beschikbaar noemt 57,8% en laagdrempelig 69,7%.",
        ),
        (
            "Van de gebruikers noemt 69,7% dat AI altijd beschikbaar is en 57,8% dat het "
            "laagdrempelig is.",
            "Van de gebruikers noemt 57,8% dat AI altijd beschikbaar is en 69,7% dat het "
            "laagdrempelig is.",
        ),
        (  # of a group of another size
            "Zorgen over de privacy maakt zich 37,1% (n = 477).",
            "Zorgen over de privacy maakt zich 37,1% (n = 294).",
        ),
        (
            "Van de 477 niet-gebruikers maakt 37,1% zich zorgen over de privacy.",
            "Van de 294 gebruikers maakt 37,1% zich zorgen over de privacy.",
        ),
        (  # the contrary
            "Laagdrempelig noemt 57,8% het.",
            "Laagdrempelig noemt 57,8% het nooit.",
        ),
    ],
)
def test_the_right_value_in_the_wrong_place_is_not_tied(right: str, wrong: str) -> None:
    assert {one.verdict.value for one in checked(right) if "%" in one.text} == {"tied"}
    assert {one.verdict.value for one in checked(wrong) if "%" in one.text} == {"ambiguous"}


def test_the_n_of_a_part_is_not_tied_where_another_is_spoken_of() -> None:
    (one,) = checked("Er staan 412 deelnemers op een wachtlijst voor zorg of ondersteuning.")
    assert one.verdict == Verdict.AMBIGUOUS


@pytest.mark.parametrize("heading", ["1. Inleiding", "2.1 Gebruik", "12. De cijfers"])
def test_the_number_of_a_heading_is_no_amount(heading: str) -> None:
    assert check_draft([Block(Place("heading", 1, heading), heading)], FIGURES) == []


def test_a_word_inside_an_amount_is_listed_once() -> None:
    found = checked("Bijna de helft zegt nee.", quantifiers=["bijna", "de helft"])
    assert [one.text for one in found] == ["Bijna de helft"]


def test_english_drafts_are_read() -> None:
    figures = [KnownFigure("a", "I worry about my privacy", "37.1%", 177, 477)]
    text = "Just over a third (37.1%) worry about privacy; 1,234 people were asked."
    found = check_draft([Block(Place("line", 1), text)], figures, language="en")
    assert [(one.text, one.verdict.value) for one in found] == [
        ("Just over a third", "tied"),
        ("37.1%", "tied"),
        ("1,234", "no_source"),
    ]


@settings(max_examples=60)
@given(
    st.lists(
        st.sampled_from(
            [
                "37,1%",
                "ruim een derde",
                "(",
                ")",
                "n = 294",
                "294",
                "privacy",
                "zorgen",
                "veel",
                ".",
                "de helft",
                "49,2",
                "2025",
                "zin. Zin",
                "\n",
                "vriend",
                "AI",
                "57,2%",
                "een",
            ]
        ),
        max_size=25,
    )
)
def test_every_amount_has_a_place_in_its_sentence(words: list[str]) -> None:
    text = " ".join(words)
    found = checked(text, quantifiers=["veel"])
    known = set(SOURCE)
    assert found == checked(text, quantifiers=["veel"])
    for one in found:
        assert one.sentence[one.start : one.end] == one.text
        assert one.sentence in text
        assert set(one.ids) <= known
        assert bool(one.ids) or one.verdict == Verdict.NO_SOURCE
        assert (one.verdict != Verdict.DIFFERS) or one.expected


def test_the_table_and_the_records_say_the_same() -> None:
    found = checked("Van de gebruikers twijfelt 57,2% over het delen van persoonlijke gegevens.")
    (row,) = rows(found, "nl")
    assert dict(zip(header("nl"), row, strict=True)) == {
        "plaats": "alinea 1 onder 'Resultaten'",
        "getal of telwoord": "57,2%",
        "oordeel": "wijkt af",
        "cijfers": ", ".join(found[0].ids),
        "volgens de gegevens": "57,1% (168/294)",
        "zin": found[0].sentence,
    }
    (record,) = json.loads(json.dumps(records(found)))
    assert record["verdict"] == "differs"
    assert record["place"] == {
        "kind": "paragraph",
        "number": 1,
        "table": None,
        "heading": "Resultaten",
    }
    assert summary(found, "nl") == (
        "getallen en telwoorden: 1; herleid: 0, wijkt af: 1, onzeker: 0, geen bron: 0"
    )


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_place_has_words(language: str) -> None:
    for kind in ("heading", "paragraph", "row", "footnote", "endnote", "box", "line"):
        assert place_text(Place(kind, 2, "Kop", 3), language)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("Dat zegt 3,5%. Nee.", ["Dat zegt 3,5%.", "Nee."]),
        ("Bijv. 12% en o.a. Gemini. Ja!", ["Bijv. 12% en o.a. Gemini.", "Ja!"]),
        ("Een kop\nDan tekst. 12% zei ja.", ["Een kop", "Dan tekst.", "12% zei ja."]),
        (
            "t(635)=-10,88; p < .001. En dan (fig. 3) door.",
            ["t(635)=-10,88; p < .001.", "En dan (fig. 3) door."],
        ),
        ("", []),
    ],
)
def test_a_text_is_cut_at_the_ends_of_sentences(text: str, cut: list[str]) -> None:
    assert [text[start:end] for start, end in sentences(text)] == cut


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("gebruiker", "gebruikers"),
        ("brief", "brieven"),
        ("zorgen", "zorg"),
        ("gedachten", "gedachte"),
        ("eenzaam", "eenzaamheid"),
        ("reden", "redenen"),
    ],
)
def test_forms_of_a_word_share_a_stem(one: str, other: str) -> None:
    assert stem(one, "nl") == stem(other, "nl")
