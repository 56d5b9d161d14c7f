# ruff: noqa: SIM905
"""Amounts in text: what Dutch and English phrases claim, and what is left alone."""

from __future__ import annotations

import csv
import time
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from themecoder.figures.quantities.amount import Amount
from themecoder.figures.quantities.find import find_amounts, parse_amount
from themecoder.figures.quantities.quantifiers import find_quantifiers
from themecoder.output.numbers import percent_text

# bounds as a mathematician writes them, in percent for a share: "[" belongs to it, "(" does not
DUTCH = {
    "37,1%": "share [37.05 37.15)",
    "37,1 %": "share [37.05 37.15)",
    "37.1%": "share [37.05 37.15)",
    "37 procent": "share [36.5 37.5)",
    "zevenendertig procent": "share [36.5 37.5)",
    "slechts 13%": "share [12.5 13.5)",
    "0,0%": "share [-0.05 0.05)",
    "<5%": "share [0 5)",
    "minder dan 5%": "share [0 5)",
    "meer dan 60 procent": "share (60 100]",
    "minstens 60%": "share [60 100]",
    "hoogstens een kwart": "share [0 25]",
    "niet meer dan 20%": "share [0 20]",
    "ruim 40%": "share (40 45]",
    "ruim 35%": "share (35 37.5]",
    "ruim 37%": "share (37 38]",
    "bijna 50%": "share [45 50)",
    "een kleine 40%": "share [35 40)",
    "circa 3%": "share [2 4]",
    "tussen de 20 en 30%": "share [20 30]",
    "tussen 20% en 30%": "share [20 30]",
    "20-30%": "share [20 30]",
    "20 tot 30 procent": "share [20 30]",
    "1 op de 10": "share [7.5 12.5]",
    "een op de tien": "share [7.5 12.5]",
    "één op de tien": "share [7.5 12.5]",
    "1 op 4": "share [22.5 27.5]",
    "bijna 1 op de 5": "share [15 20)",
    "ruim drie op de vier": "share (75 80]",
    "de helft": "share [47.5 52.5]",
    "precies de helft": "share [50 50]",
    "bijna de helft": "share [45 50)",
    "ruim de helft": "share (50 55]",
    "meer dan de helft": "share (50 100]",
    "ongeveer een kwart": "share [20 30]",
    "Circa een kwart van de deelnemers": "share [20 30]",
    "rond een kwart": "share [20 30]",
    "een kwart": "share [22.5 27.5]",
    "drie kwart": "share [72.5 77.5]",
    "driekwart": "share [72.5 77.5]",
    "tussen de 200 en 300 deelnemers": "count [200 300]",
    "een vijfde": "share [17.5 22.5]",
    "Bijna een vijfde van de gebruikers": "share [15 20)",
    "een tiende": "share [7.5 12.5]",
    "bijna een tiende": "share [7.5 10)",
    "twaalf deelnemers": "count [12 12]",
    "twaalf": "count [12 12]",
    "één deelnemer": "count [1 1]",
    "Een enkele deelnemer": "count [1 1]",
    "een enkele": "count [1 1]",
    "tweehonderdvierennegentig": "count [294 294]",
    "tweeëntwintig": "count [22 22]",
    "1.234": "count [1234 1234]",
    "1.234 mensen": "count [1234 1234]",
    "ruim 300 deelnemers": "count (300 350]",
    "zo'n 300 deelnemers": "count [250 350]",
    "minder dan tien mensen": "count [0 10)",
    "tientallen": "count [20 99]",
    "2 miljoen": "count [1500000 2500000)",
    "1,2 miljoen": "count [1150000 1250000)",
    "n = 294": "count [294 294]",
    "(N=771)": "count [771 771]",
    "49,2": "value [49.15 49.25)",
    "-10,88": "value (-10.885 -10.875]",
    "p < .001": "value [None 0.001)",
}
THIRDS = {
    "een derde": (Fraction(1, 3), "about"),
    "Een derde van de deelnemers": (Fraction(1, 3), "about"),
    "ruim een derde": (Fraction(1, 3), "above"),
    "Ruim een derde van de deelnemers": (Fraction(1, 3), "above"),
    "iets meer dan een derde": (Fraction(1, 3), "above"),
    "bijna tweederde": (Fraction(2, 3), "below"),
    "bijna twee derde": (Fraction(2, 3), "below"),
    "net geen twee-derde": (Fraction(2, 3), "below"),
    "twee op de drie": (Fraction(2, 3), "about"),
}
ENGLISH = {
    "37.1%": "share [37.05 37.15)",
    "37 per cent": "share [36.5 37.5)",
    "fewer than 5%": "share [0 5)",
    "between 20 and 30%": "share [20 30]",
    "20–30%": "share [20 30]",
    "one in ten": "share [7.5 12.5]",
    "three out of four": "share [72.5 77.5]",
    "nearly half": "share [45 50)",
    "just over half of the users": "share (50 55]",
    "more than a quarter": "share (25 100]",
    "about three quarters": "share [70 80]",
    "two hundred and ninety-four": "count [294 294]",
    "twenty four people": "count [24 24]",
    "a hundred people": "count [100 100]",
    "1,234": "count [1234 1234]",
    "a single participant": "count [1 1]",
    "n = 294": "count [294 294]",
    "dozens": "count [24 99]",
    "49.2": "value [49.15 49.25)",
}
NO_AMOUNT = [
    "",
    "veel",
    "de meerderheid",
    "Voor bijna iedereen",
    "een belangrijke rol",
    "een aantal deelnemers",
    "Een andere grote groep",
    "de meest genoemde reden",
    "20% van de 294 gebruikers",
    "een",
    "sommige gebruikers",
    "een derde reden",
    "2025",
    "figuur 5",
    "16-34 jaar",
]


def written(amount: Amount | None) -> str:
    assert amount is not None
    times = 100 if amount.kind == "share" else 1
    low, high = (
        None if bound is None else f"{float(bound * times):g}"
        for bound in (amount.low, amount.high)
    )
    if amount.kind == "count":
        low, high = (str(int(bound)) for bound in (amount.low or 0, amount.high or 0))
    left, right = "[" if amount.low_closed else "(", "]" if amount.high_closed else ")"
    return f"{amount.kind} {left}{low} {high}{right}"


@pytest.mark.parametrize("text", DUTCH)
def test_what_a_dutch_phrase_claims(text: str) -> None:
    assert written(parse_amount(text, "nl")) == DUTCH[text]


@pytest.mark.parametrize("text", ENGLISH)
def test_what_an_english_phrase_claims(text: str) -> None:
    assert written(parse_amount(text, "en")) == ENGLISH[text]


@pytest.mark.parametrize("text", THIRDS)
def test_thirds_are_exact_thirds(text: str) -> None:
    value, sense = THIRDS[text]
    amount = parse_amount(text, "nl")
    width = Fraction(25, 1000) if sense == "about" else Fraction(5, 100)
    assert amount is not None
    low = value - width if sense in ("about", "below") else value
    high = value + width if sense in ("about", "above") else value
    assert (amount.low, amount.high) == (low, high)
    assert amount.holds(value) == (sense == "about")


@pytest.mark.parametrize("text", NO_AMOUNT)
def test_a_phrase_that_is_no_amount(text: str) -> None:
    assert parse_amount(text, "nl") is None


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("Van 3–24 september 2025 namen 804 mensen deel (33 uitgesloten).", ["804", "33"]),
        ("Zie figuur 5, tabel 2 en 3, pagina 12, bijlage 2, hoofdstuk 3 en vraag 17.", []),
        ("Jongeren van 16-34 jaar, 16–34 jaar, een 16-jarige, 65+ en 65-plussers.", []),
        ("Invullen duurde 5-15 minuten, drie maanden, een half jaar of twee keer.", []),
        ("De gemiddelde leeftijd is 49,2 jaar.", ["49,2"]),
        ("36,7% en 55,8%, samen 92,5% (n=272).", ["36,7%", "55,8%", "92,5%", "n=272"]),
        ("(t(635)=-10,88; p < .001)", ["-10,88", "p < .001"]),
        ("172 van de 294 gebruikers (58,5%)", ["172", "294", "58,5%"]),
        ("Een derde reden; de derde vraag; de tweede helft van het jaar.", []),
        ("Een derde heeft geen behoefte (32,3%).", ["Een derde", "32,3%"]),
        ("Op 24-9-2025, 2025-09-24 en 24 september; in 2023 was dit 12%.", ["12%"]),
        ("Bel 113, 112, 0800-0113, 06-12345678 of +31 6 1234 5678.", []),
        ("Zo verwees AI 113 deelnemers niet door.", ["113"]),
        ("GPT-4, ChatGPT 5, versie 1.2.3, https://x.nl/12, doi:10.1000/182, a1@b2.nl [3, 4]", []),
        ("2.3 Resultaten", []),
        ("1. Van de 294 gebruikers", ["294"]),
        ("Twintig gesloten vragen en vijf open vragen, om drie redenen.", ["Twintig", "vijf"]),
        ("Het verschil is 5 procentpunten (95%-betrouwbaarheidsinterval).", []),
        ("(De Vries, 2023) 2025 deelnemers, N = 2004", ["2025", "N = 2004"]),
        (
            "Eén op de tien jongeren, ruim een derde en bijna de helft.",
            ["Eén op de tien", "ruim een derde", "bijna de helft"],
        ),
        ("15,6%, 15,6% en 1,5", ["15,6%", "15,6%", "1,5"]),
        ("Het kost € 25, 25 euro of €1.234,50; 24/7 open om 10:30 uur.", []),
        ("Onder 771 mensen", ["771"]),
        (
            "9 op de 10 mensen, 1 van de 3 jongeren, 5 van de 20 personen, 50/50, 771/804.",
            ["9 op de 10", "1 van de 3", "5", "20", "771", "804"],
        ),
        (
            "5 à 10 procent; 5 tot 10%; 38%–42%; 5-10 mensen; op een schaal van 1 tot 5.",
            ["5 à 10 procent", "5 tot 10%", "38%–42%", "5-10"],
        ),
        ("In 2024 en 2025 ging het om 1.200 mensen; sinds 1999; 2022-2023.", ["1.200"]),
        (
            "β = 0,32; F(2, 291) = 4,56; p = 0,03; χ²(1, N = 294) = 5,2; SD = 12,3.",
            ["0,32", "4,56", "p = 0,03", "5,2", "12,3"],
        ),
        ("§3.2; art. 7:446; p. 45; een derde partij; -3%; q14_2; 2e ronde; 3x per week.", []),
        ("Een kwart eeuw; half september; anderhalf keer; geen enkele deelnemer.", []),
        ("Een deel (een enkele keer) zei: om één reden; slechts een klein deel.", []),
        (
            "Van de 1.234 deelnemers zei iets meer dan de helft (51,3%) nee.",
            ["1.234", "iets meer dan de helft", "51,3%"],
        ),
    ],
)
def test_the_amounts_in_running_text(text: str, amounts: list[str]) -> None:
    found = find_amounts(text, "nl")
    assert [one.text for one in found] == amounts
    assert all(text[one.start : one.end] == one.text for one in found)


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("Nearly one in five users (18.7%) see AI as a friend.", ["Nearly one in five", "18.7%"]),
        ("On September 24, 2025, 804 people aged 16-34 years took part; see Table 2.", ["804"]),
        ("A third reason was cost; a third of the 1,234 users agreed.", ["a third", "1,234"]),
        ("The 95% confidence interval; a difference of 5 percentage points.", []),
    ],
)
def test_the_amounts_in_english_text(text: str, amounts: list[str]) -> None:
    assert [one.text for one in find_amounts(text, "en")] == amounts


def test_of_the_phrases_of_a_real_report_those_with_an_amount_are_read() -> None:
    file = Path(__file__).parents[1] / "data" / "drafts" / "report_quantifiers.csv"
    with file.open(encoding="utf-8", newline="") as handle:
        phrases = dict.fromkeys(row["quantifier"] for row in csv.DictReader(handle))
    read = {phrase: parse_amount(phrase) for phrase in phrases}
    assert {phrase: amount.kind for phrase, amount in read.items() if amount} == {
        "Ruim een derde van de deelnemers": "share",
        "Circa een kwart van de deelnemers": "share",
        "Bijna een vijfde van de gebruikers": "share",
        "Iets meer dan een derde van de deelnemers": "share",
        "Een derde van de deelnemers": "share",
        "Een enkele deelnemer": "count",
    }


def test_the_noun_that_is_counted_is_told() -> None:
    first, second = find_amounts("Van de 294 gebruikers zeiden 12 andere jonge vrouwen nee.", "nl")
    assert (first.noun, second.noun) == ("gebruikers", "vrouwen")


NL = (
    "nul een twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien "
    "zestien zeventien achttien negentien"
).split()
NL_TENS = "- - twintig dertig veertig vijftig zestig zeventig tachtig negentig".split()
EN = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
).split()
EN_TENS = "- - twenty thirty forty fifty sixty seventy eighty ninety".split()


def dutch(n: int) -> str:
    """``n`` as the Dutch word list spells it."""
    if n < 20:
        return NL[n]
    if n < 100:
        ten, one = divmod(n, 10)
        joint = "ën" if one in (2, 3) else "en"
        return (NL[one] + joint if one else "") + NL_TENS[ten]
    if n < 1000:
        hundred, rest = divmod(n, 100)
        return (NL[hundred] if hundred > 1 else "") + "honderd" + (dutch(rest) if rest else "")
    thousand, rest = divmod(n, 1000)
    before = dutch(thousand) if thousand > 1 else ""
    return f"{before}duizend{' ' + dutch(rest) if rest else ''}"


def english(n: int) -> str:
    if n < 20:
        return EN[n]
    if n < 100:
        ten, one = divmod(n, 10)
        return EN_TENS[ten] + (f"-{EN[one]}" if one else "")
    if n < 1000:
        hundred, rest = divmod(n, 100)
        return f"{EN[hundred]} hundred" + (f" and {english(rest)}" if rest else "")
    thousand, rest = divmod(n, 1000)
    return f"{english(thousand)} thousand" + (f" {english(rest)}" if rest else "")


@given(st.integers(0, 999_999))
def test_a_number_in_words_comes_back(n: int) -> None:
    for spell, language, noun in ((dutch, "nl", "deelnemers"), (english, "en", "participants")):
        words = f"{spell(n)} {noun}"
        # "een deelnemer" is any, "één deelnemer" is one
        amount = parse_amount("één deelnemer" if words == "een deelnemers" else words, language)
        assert amount == Amount("count", Fraction(n), Fraction(n), exact=True, decimals=0), words


@given(st.integers(13, 999_999), st.sampled_from(["nl", "en"]))
def test_a_number_in_words_is_found_in_a_sentence(n: int, language: str) -> None:
    words = dutch(n) if language == "nl" else english(n)
    text = f"Wel {words.upper()} keken." if language == "nl" else f"Then {words} looked."
    (found,) = find_amounts(text, language)
    assert found.text.lower() == words
    assert found.amount.low == n


@given(st.integers(1, 2000), st.data(), st.integers(0, 3), st.sampled_from(["nl", "en"]))
def test_a_percentage_holds_what_it_was_rounded_from(
    base: int, data: st.DataObject, decimals: int, language: str
) -> None:
    n = data.draw(st.integers(0, base))
    amount = parse_amount(percent_text(n, base, decimals, language), language)
    assert amount is not None
    assert amount.holds(Fraction(n, base))
    assert not amount.holds(Fraction(n, base) + Fraction(11, 1000 * 10**decimals))


@given(st.text(alphabet="0123456789 ,.%-–()=nabcdetwvrhl'’ëéop€/:", max_size=60))
def test_any_text_gives_amounts_in_order_that_do_not_overlap(text: str) -> None:
    for language in ("nl", "en"):
        found = find_amounts(text, language)
        assert all(text[one.start : one.end] == one.text for one in found)
        assert all(a.end <= b.start for a, b in pairwise(found))
        for one in found:
            low, high = one.amount.low, one.amount.high
            assert low is None or high is None or low <= high


@pytest.mark.parametrize("piece", ["1", "een", "1,", "1.", "honderd", "n = ", "1 ", "een op ", " "])
def test_a_very_long_text_takes_no_time(piece: str) -> None:
    begun = time.process_time()
    find_amounts(piece * 2000 + "x")
    assert time.process_time() - begun < 2


def test_quantifier_words_are_found_whole_and_longest_first() -> None:
    scale = ["veel", "de meeste", "meeste", "de meerderheid", "een enkele", "Met name"]
    text = "Met name de meeste deelnemers, Veel  te veelzijdig; DE MEERDERHEID, een\u00a0enkele."
    found = find_quantifiers(text, scale)
    assert [word for _, _, word in found] == [
        "Met name",
        "de meeste",
        "veel",
        "de meerderheid",
        "een enkele",
    ]
    assert [text[start:end].lower() for start, end, _ in found][3] == "de meerderheid"
    assert find_quantifiers(text, []) == []
