"""Quoted figures and words of quantity against data: what holds, what does not, and why not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path

import pandas
import pytest
from hypothesis import given
from hypothesis import strategies as st

from themecoder.errors import InputError
from themecoder.expressions import parse
from themecoder.figures.quoted.claims import Claim, judge, of_each, without_source
from themecoder.figures.quoted.figures import CheckedFigure, check_figure
from themecoder.figures.quoted.formula import Welch
from themecoder.figures.quoted.printed import holds_test, parse_printed
from themecoder.figures.quoted.quantifiers import Rule, parse_rule, rule_for
from themecoder.figures.quoted.rows import FIGURES, quantifier_scales, read_figures
from themecoder.output.numbers import percent_text, rounded
from themecoder.survey.export import Column, Export

FILE = Path("quoted_figures.csv")


def answers(**counts: int) -> list[str | None]:
    """``a=2, b=1``: a, a, b; ``none`` are empty cells."""
    return [None if name == "none" else name for name, n in counts.items() for _ in range(n)]


def export(**columns: list[str | None]) -> Export:
    frame = pandas.DataFrame(columns, dtype=object)
    named = tuple(Column(name, values={"a": "", "b": ""}) for name in columns)
    return Export(named, frame, tuple(range(2, len(frame) + 2)), "export.csv", "csv", {})


def checked(
    data: Export,
    expr: str,
    base: str,
    printed: str,
    decimals: str = "",
    bases: Iterable[str] = (),
    language: str = "nl",
) -> CheckedFigure:
    row = dict(zip(FIGURES, ("x", "", expr, base, decimals, printed), strict=True))
    (figure,) = read_figures([(2, row)], data, language, FILE)
    others = {name: parse(name).evaluate(data.frame) for name in bases}
    return check_figure(figure, data.frame, others, language)


USERS = export(
    q1=answers(a=771, c=33),
    q3=answers(a=294, b=477, none=33),
    q9=answers(a=164, b=22, c=108, none=510),
    q5=answers(a=100, b=150, none=554),
)


# what is printed


@pytest.mark.parametrize(
    ("printed", "verdict"),
    [
        ("38,1%", "match"),
        ("38.1%", "match"),
        ("38,1 %", "match"),
        ("38,1\u00a0%", "match"),
        ("38,1 procent", "match"),
        ("38%", "match"),
        ("38,13%", "match"),
        ("38,1", "match"),  # no count has decimals
        ("38,10%", "differs"),  # at two decimals it is 38,13%
        ("294", "match"),
        ("294 deelnemers", "match"),
        ("294 van 771", "match"),
        ("294 van de 771", "match"),
        ("294/771", "match"),
        ("38,1% (294 van 771)", "match"),
        ("38,1% (n=294)", "match"),
        ("38,1% (n = 771)", "match"),
        ("38,1% (294)", "match"),
        ("294 (38,1%)", "match"),
        ("294/771 (38,1%)", "match"),
        ("ruim een derde", "match"),
        ("ruim een derde (n = 294)", "match"),
        ("bijna vier op de tien", "match"),
        ("38,2%", "differs"),
        ("37%", "differs"),
        ("38,1% (n=286)", "differs"),
        ("38,1% (293 van 771)", "differs"),
        ("38,1% (771)", "differs"),
        ("293 (38,1%)", "differs"),
        ("294 van 770", "differs"),
        ("293", "differs"),
        ("38", "differs"),  # a whole number is a count
        ("bijna een derde", "differs"),
        ("de helft", "differs"),
        ("-38,1%", "differs"),
        ("t(635) = 2,0", "differs"),
    ],
)
def test_what_a_percentage_may_be_printed_as(printed: str, verdict: str) -> None:
    found = checked(USERS, "q3=a", "q1=a", printed)
    assert (found.verdict, found.n, found.base_n) == (verdict, 294, 771)


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [
        ("1.234", "nl", Fraction(1234)),
        ("1,234", "en", Fraction(1234)),
        ("12.345.678", "nl", Fraction(12345678)),
        ("1.234,5", "nl", Fraction(12345, 10)),
        ("1,234.5", "en", Fraction(12345, 10)),
        ("1234", "nl", Fraction(1234)),
        ("−10,88", "nl", Fraction(-1088, 100)),
        ("12.345%", "nl", Fraction(12345, 1000)),  # no percentage is in the thousands
    ],
)
def test_thousands_are_those_of_the_language(text: str, language: str, value: Fraction) -> None:
    printed = parse_printed(text, language)
    assert printed is not None
    assert printed.value == value


@pytest.mark.parametrize("text", ["", "veel", "n.v.t.", "1,2,3", "%", "a (n=3)", "()"])
def test_what_is_no_number_is_none(text: str) -> None:
    assert parse_printed(text, "nl") is None


@given(st.text(alphabet="0123456789.,%()= nNvadeop/-−", max_size=25), st.sampled_from(["nl", "en"]))
def test_nothing_that_is_printed_breaks(text: str, language: str) -> None:
    parse_printed(text, language)


@given(st.integers(1, 2000), st.data(), st.integers(0, 2), st.sampled_from(["nl", "en"]))
def test_what_is_printed_from_n_of_base_matches_itself(
    base: int, data: st.DataObject, decimals: int, language: str
) -> None:
    n = data.draw(st.integers(0, base))
    table = export(q=answers(a=n, b=base - n))
    share = percent_text(n, base, decimals, language)
    for printed in (share, str(n), f"{share} (n = {n})", f"{n} ({share})"):
        found = checked(table, "q=a", "all", printed, language=language)
        assert (found.verdict, found.n, found.base_n) == ("match", n, base)
    # and no neighbour does: one unit more at the last digit is another number
    more = rounded(Fraction(100 * n, base), decimals) + Decimal(1).scaleb(-decimals)
    assert checked(table, "q=a", "all", f"{more:f}%", language=language).verdict == "differs"


def test_a_half_is_rounded_up_and_never_to_even() -> None:
    table = export(q=answers(a=1, b=7))  # 12,5 %
    assert checked(table, "q=a", "all", "13%").verdict == "match"
    even = checked(table, "q=a", "all", "12%")
    assert (even.verdict, even.cause, even.rebuilt) == ("differs", "rounding", "13%")


# why it differs


def test_cut_off_and_rounded_up_are_rounding() -> None:
    table = export(q=answers(a=2, b=1))  # 66,667 %
    assert checked(table, "q=a", "all", "66,6%").cause == "rounding"
    table = export(q=answers(a=1, b=2))  # 33,333 %
    assert checked(table, "q=a", "all", "33,4%").cause == "rounding"
    assert checked(table, "q=a", "all", "33,5%").cause is None
    # "33%" where one decimal was asked for
    assert checked(table, "q=a", "all", "33%", "1").cause == "rounding"


@pytest.mark.parametrize(
    ("expr", "parts"),
    [
        ("q in a,c", "44,4 + 44,4"),
        ("q=a or q=c", "44,4 + 44,4"),
        ("q in a,c and r=x", "44,4 + 44,4"),
        ("(q=a or q=c) and r=x", "44,4 + 44,4"),
    ],
)
def test_a_sum_of_rounded_parts_names_them(expr: str, parts: str) -> None:
    table = export(q=answers(a=4, b=1, c=4), r=answers(x=9))  # 88,9 %
    found = checked(table, expr, "all", "88,8%")
    assert (found.rebuilt, found.cause, found.detail) == ("88,9%", "sum of rounded parts", parts)


def test_a_net_of_a_net_is_summed_from_its_parts_or_its_answers() -> None:
    table = export(q=answers(a=1, b=1, c=1, d=3))  # 50,0 %; 33,3 + 16,7 and 16,7 x 3
    assert checked(table, "q in a,b or q=c", "all", "50,1%").detail == "16,7 + 16,7 + 16,7"
    table = export(q=answers(a=1, b=1, c=1, d=6))  # 33,3 %; 22,2 + 11,1 fits
    assert checked(table, "q in a,b or q=c", "all", "33,3%").verdict == "match"


def test_parts_that_overlap_are_no_sum() -> None:
    table = export(q_a=answers(ja=6, nee=3), q_b=answers(nee=1, ja=6, none=2))
    # 7 of 9; 6 + 6 of 9 add up to more
    found = checked(table, "q_a or q_b", "all", "133,4%")
    assert (found.verdict, found.cause) == ("differs", None)


@pytest.mark.parametrize(
    ("printed", "base", "detail"),
    [
        ("14,0%", "q3=a", "q1=a, n = 771"),  # of the target group: 108 of 771
        ("13,4%", "q3=a", "all, n = 804"),  # of everyone in the export
        ("36,7%", "q1=a", "q3=a, n = 294"),  # of those who were asked
        ("36,7%", "all", "q3=a, n = 294"),
    ],
)
def test_another_base_is_named_with_its_size(printed: str, base: str, detail: str) -> None:
    found = checked(USERS, "q9=c", base, printed, bases=("q1=a", "q3=a", "all"))
    assert (found.cause, found.detail) == ("other base", detail)


def test_those_who_answered_are_another_base() -> None:
    found = checked(USERS, "q5=a", "q3=a", "40,0%")  # 100 of the 250 who answered, not of 294
    assert (found.rebuilt, found.cause) == ("34,0%", "other base")
    assert found.detail == "q5 is not empty, n = 250"


def test_a_base_that_leaves_some_out_is_no_cause() -> None:
    # 164 of q9=a are 21,3 % of 771; a base without them gives that share by chance only
    found = checked(USERS, "q9=a", "q3=a", "34,4%", bases=("q3=b",))
    assert (found.verdict, found.cause) == ("differs", None)


# statistics and what can't be rebuilt


def test_means_and_tests() -> None:
    table = export(age=["20", "30", "40", "61", None], g=["a", "a", "b", "b", "a"])
    assert checked(table, "mean age", "all", "37,75").verdict == "match"
    assert checked(table, "mean age", "all", "37,8").verdict == "match"
    assert checked(table, "mean age", "all", "37,7").rebuilt == "37,8"
    assert checked(table, "median age", "all", "35").verdict == "match"
    assert checked(table, "sd age", "all", "17,5").verdict == "match"
    assert checked(table, "mean age", "g=a", "25").n == 2
    assert checked(table, "mean age", "all", "37,75%").verdict == "differs"
    assert checked(table, "rows", "g=a", "3").verdict == "match"
    assert checked(table, "mean age", "age is empty", "3").cause == "empty base"
    # t = (25 - 50.5) / sqrt(50/2 + 220.5/2)
    assert checked(table, "welch age by g", "all", "t(1) = -2,19").verdict == "match"
    assert checked(table, "welch age by g", "all", "t(1) = 2,19; p > 0,05").verdict == "match"
    # df = (25 + 110.25)^2 / (25^2 + 110.25^2) = 1.431
    other = checked(table, "welch age by g", "all", "t(1,42) = -2,193; p = ,2079")
    assert (other.verdict, other.rebuilt) == ("differs", "t(1,43) = −2,193; p = 0,2079")


P_PRINTED = [
    # printed, the data's p, whether it is what was printed
    ("p = .03", 0.0312, True),
    ("p = ,01", 0.0134, True),
    ("p = .01", 0.0151, False),
    ("p = .03", 0.025, True),  # a half is rounded up
    ("p = .03", 0.035, False),
    ("p = .0312", 0.0316, False),
    ("p = 0,0316", 0.0316, True),
    ("p = .030", 0.0312, False),
    ("p = .000", 0.0004, True),
    ("p = .000", 0.0005, False),
    ("p = 1.00", 0.996, True),
    ("p < .001", 0.0009, True),
    ("p < .001", 0.001, False),
    ("p < .05", 0.0499, True),
    ("p < .05", 0.0501, False),
    ("p > ,05", 0.0501, True),
    ("p > ,05", 0.05, False),
    ("p ≤ .05", 0.05, True),
    ("p ≤ .05", 0.0501, False),
    ("p ≥ .05", 0.0499, False),
]


@pytest.mark.parametrize(("text", "p", "right"), P_PRINTED)
def test_p_is_held_at_the_decimals_that_are_printed(text: str, p: float, right: bool) -> None:
    printed = parse_printed(f"t(635) = -10,88; {text}", "nl")
    assert printed is not None
    assert holds_test(printed, Welch(-10.88, 635.0, p)) == right


@given(
    st.integers(0, 10**6),
    st.integers(1, 4),
    st.integers(-2000, 2000),
    st.integers(0, 3),
    st.integers(1, 9000),
    st.integers(0, 2),
)
def test_a_test_printed_at_any_decimals_matches_itself_and_no_neighbour(
    p: int, p_places: int, t: int, t_places: int, df: int, df_places: int
) -> None:
    welch = Welch(t / 1000, df / 10, p / 10**6)
    exact = (Decimal(t).scaleb(-3), Decimal(df).scaleb(-1), Decimal(p).scaleb(-6))
    places = (t_places, df_places, p_places)
    steps = [Decimal(1).scaleb(-place) for place in places]
    read = [one.quantize(step, ROUND_HALF_UP) for one, step in zip(exact, steps, strict=True)]

    def held(values: list[Decimal]) -> bool:
        shown = [f"{value:f}" for value in values]
        printed = parse_printed(f"t({shown[1]}) = {shown[0]}; p = {shown[2]}", "en")
        assert printed is not None
        return holds_test(printed, welch)

    assert held(read)
    for place in range(3):
        other = read.copy()
        other[place] = abs(read[place]) + steps[place]
        assert not held(other)


def test_an_empty_base_and_no_source_are_undefined() -> None:
    empty = checked(USERS, "q3=a", "q1=b", "38,1%")
    assert (empty.verdict, empty.cause, empty.base_n) == ("undefined", "empty base", 0)
    none = checked(USERS, "", "", "36%")
    assert (none.verdict, none.cause, none.n) == ("undefined", "no source", None)


# words of quantity

CLOSED_NL = quantifier_scales("nl", {})["closed"]
EDGES = {
    # word: (shares or counts of 200 that it claims, those it does not)
    "niemand": ([0], [1]),
    "een enkele": ([1], [0, 2]),
    "enkele": ([2, 4], [1, 5]),
    "een handvol": ([3, 7], [2, 8]),
    "meerdere": ([3, 99], [2, 100]),
    "regelmatig": ([20], [19]),
    "weinig": ([0, 19], [20]),
    "een krappe meerderheid": ([101, 110], [100, 111]),
    "een grote meerderheid": ([132], [131]),
    "een klein deel": ([1, 19], [0, 20]),
    "een minderheid": ([99], [100]),
    "een groot deel": ([60], [59]),
    "veel": ([50, 200], [49]),
    "de meerderheid": ([101], [100, 99]),
    "de meeste": ([101], [100]),
    "een kleine meerderheid": ([101, 120], [100, 121]),
    "een ruime meerderheid": ([121], [120]),
    "de overgrote meerderheid": ([150], [149]),
    "vrijwel alle": ([180], [179]),
    "alle": ([200], [199]),
}


@pytest.mark.parametrize("word", EDGES)
def test_a_word_holds_up_to_its_bounds(word: str) -> None:
    rule = CLOSED_NL[word]
    inside, outside = EDGES[word]
    assert [n for n in inside if not rule.holds(n, Fraction(n, 200), 9)] == []
    assert [n for n in outside if rule.holds(n, Fraction(n, 200), 1)] == []


# word: (counts of 200 who said something that it claims of a code, those it does not)
OPEN_EDGES = {
    "veel": ([20, 200], [19]),
    "vaak": ([20], [19]),
    "een grote groep": ([20], [19]),
    "regelmatig": ([10], [9]),
    "weinig": ([0, 9], [10]),
    "een klein deel": ([1, 19], [0, 20]),
    "een aanzienlijk deel": ([50], [49]),
    "de meeste": ([101], [100]),
}


@pytest.mark.parametrize("word", OPEN_EDGES)
def test_of_codes_a_word_holds_up_to_bounds_of_its_own(word: str) -> None:
    rule = quantifier_scales("nl", {})["open"][word]
    inside, outside = OPEN_EDGES[word]
    assert [n for n in inside if not rule.holds(n, Fraction(n, 200), 9)] == []
    assert [n for n in outside if rule.holds(n, Fraction(n, 200), 1)] == []


@pytest.mark.parametrize("kind", ["open", "closed"])
@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_word_of_a_scale_can_hold_and_can_fail(language: str, kind: str) -> None:
    for word, rule in quantifier_scales(language, {})[kind].items():
        held = {rule.holds(n, Fraction(n, 1000), rank) for n in range(1001) for rank in (1, 50)}
        assert held == {True, False}, word


@pytest.mark.parametrize(
    ("quantifier", "text"),
    [
        ("Veel deelnemers", ">= 25%"),
        ("volgens VEEL  mensen", ">= 25%"),
        ("een ruime meerderheid van hen", "> 60%"),  # and not "meerderheid" in it
        ("Een enkele deelnemer", "1"),
        ("ruim een derde van de deelnemers", "ruim een derde van de deelnemers"),
        ("een deel, ruim een derde", "een deel, ruim een derde"),
        ("veel van de 294 gebruikers (n = 294)", ">= 25%"),
        ("enkele tientallen", "enkele tientallen"),
        ("12 deelnemers", "12 deelnemers"),
        ("37,1%", "37,1%"),
        ("het meest genoemd", "rank 1"),
        ("bijna alle deelnemers", ">= 90%"),
    ],
)
def test_the_word_that_says_how_many_is_found(quantifier: str, text: str) -> None:
    rule = rule_for(quantifier, CLOSED_NL, "nl")
    assert rule is not None
    assert rule.text.casefold() == text.casefold()


@pytest.mark.parametrize(
    "quantifier",
    [
        "heel erg",
        "veelzijdig",
        "deelnemers",
        "tot slot",
        "niet veel deelnemers",
        "lang niet alle gebruikers",
        "bijna de meerderheid",
        "nauwelijks enkele",
        "een paar procentpunten",
        "enkele procentpunt verschil",
        "foo: heel erg",
    ],
)
def test_a_word_that_no_scale_has_is_none(quantifier: str) -> None:
    assert rule_for(quantifier, CLOSED_NL, "nl") is None


def test_a_word_with_an_amount_behind_it_claims_both() -> None:
    rule = rule_for("de meerderheid (57%)", CLOSED_NL, "nl")
    assert rule is not None
    assert [rule.holds(n, Fraction(n, 100), 1) for n in (49, 57, 58)] == [False, True, False]


def test_a_study_sets_its_own_scale() -> None:
    own = {"Veel": ">= 40%", "een enkele": "1-3", "deelnemers": "none", "opvallend": "rank 1-3"}
    scale = quantifier_scales("nl", own)["closed"]
    assert scale["veel"].text == ">= 40%"
    assert scale["de meerderheid"].text == "> 50%"
    for quantifier, text in (
        ("veel deelnemers", ">= 40%"),  # not "deelnemers", which says no number
        ("een enkele deelnemer", "1-3"),
        ("Deelnemers", "none"),
    ):
        rule = rule_for(quantifier, scale, "nl")
        assert rule is not None
        assert rule.text == text


@pytest.mark.parametrize(
    ("text", "closed", "opened"),
    [
        (">= 40%", ">= 40%", ">= 40%"),
        ("closed: >= 40%; open: >= 8%", ">= 40%", ">= 8%"),
        ("Open: >= 8% ; closed: rank 1", "rank 1", ">= 8%"),
        ("open: rank 1-3", ">= 25%", "rank 1-3"),  # what it does not say stays
    ],
)
def test_a_study_says_for_which_questions_a_rule_is(text: str, closed: str, opened: str) -> None:
    scales = quantifier_scales("nl", {"veel": text})
    assert (scales["closed"]["veel"].text, scales["open"]["veel"].text) == (closed, opened)


@pytest.mark.parametrize(
    "text",
    ["open: veel", "gesloten: 1; open: 2", "open: 1; open: 2", "open: 1;", "open >= 1; closed: 2"],
)
def test_a_rule_for_some_questions_that_is_none_is_told(text: str) -> None:
    with pytest.raises(InputError) as raised:
        quantifier_scales("nl", {"veel": text})
    assert [(p.key, p.params["word"]) for p in raised.value.problems] == [("checking.rule", "veel")]


def test_every_rule_of_a_study_that_is_none_is_told() -> None:
    with pytest.raises(InputError) as raised:
        quantifier_scales(
            "nl", {"veel": "heel veel", "weinig": "< 5%", "vaak": "25% or 30%", "zo": ""}
        )
    told = [(p.key, p.params["word"], str(p.file)) for p in raised.value.problems]
    assert told == [("checking.rule", w, "study.toml") for w in ("veel", "vaak", "zo")]


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("1", (1, 1), (2, 1)),
        ("=3", (3, 1), (2, 1)),
        ("2-4", (4, 1), (5, 1)),
        ("30%-37%", (60, 1), (75, 1)),
        ("30-37%", (74, 1), (59, 1)),
        (">= 12,5%", (25, 1), (24, 1)),
        ("< 10% and >= 3", (3, 1), (20, 1)),
        ("rank 2-3", (0, 3), (0, 1)),
        ("rank 1 and > 50%", (101, 1), (100, 1)),
    ],
)
def test_the_forms_of_a_rule(text: str, inside: tuple[int, int], outside: tuple[int, int]) -> None:
    rule = parse_rule(text)
    assert rule.holds(inside[0], Fraction(inside[0], 200), inside[1])
    assert not rule.holds(outside[0], Fraction(outside[0], 200), outside[1])


@pytest.mark.parametrize("text", ["", "veel", "> 50 procent", "4-2-1", "rank", "rank 0x", "50%%"])
def test_what_is_no_rule_is_told(text: str) -> None:
    with pytest.raises(InputError):
        parse_rule(text)


# claims


def claim(rule: str) -> Claim:
    return Claim(
        "c", "", ("a",), None, ("q7",), None, "", Rule("") if not rule else parse_rule(rule)
    )


def test_the_place_is_among_those_that_the_claim_is_not_about() -> None:
    counts = {"a": 10, "b": 10, "c": 4, "d": 20}
    assert judge(claim("rank 1"), 10, 50, counts, frozenset("a")).rank == 2
    # as many as another: both have the place
    assert judge(claim("rank 2"), 10, 50, counts, frozenset("b")).verdict == "match"
    assert judge(claim("rank 1"), 24, 50, counts, frozenset("ad")).verdict == "match"
    # of several answers that are each named the least one counts
    named = judge(claim("rank 1"), 24, 50, counts, frozenset("cd"), least=4)
    assert (named.verdict, named.rank) == ("differs", 3)


def test_one_of_those_with_a_code_is_no_contradiction() -> None:
    # "een enkele deelnemer" is one of the sixteen with the code, by what they said of it
    verdicts = [judge(claim("1"), n, 50, {}, frozenset("a")) for n in (0, 1, 16)]
    assert [(one.verdict, one.cause) for one in verdicts] == [
        ("differs", None),
        ("match", None),
        ("undefined", "holds more"),
    ]
    # an answer to a closed question is what it says: sixteen are not one
    closed = replace(claim("1"), codes=(), condition=parse("q=a"))
    assert judge(closed, 16, 50, {}, frozenset()).verdict == "differs"
    # nor are a few
    assert judge(claim("2-4"), 16, 50, {}, frozenset("a")).verdict == "differs"


@given(
    st.sampled_from(["1", "2-4", ">= 3", ">= 3 and < 50%", "> 50%", ">= 25%", "< 10%", "100%"]),
    st.integers(1, 40),
    st.data(),
)
def test_a_claim_within_codes_differs_only_where_no_part_of_them_would_do(
    rule: str, base: int, data: st.DataObject
) -> None:
    n = data.draw(st.integers(0, base))
    within = replace(claim(rule), rule=replace(parse_rule(rule), reach="within"))
    found = judge(within, n, base, {}, frozenset())
    alone = [judge(claim(rule), part, base, {}, frozenset()) for part in range(n + 1)]
    some = any(one.verdict == "match" or one.cause == "holds more" for one in alone)
    assert (found.verdict, found.cause) == (
        ("undefined", "holds more") if some else ("differs", None)
    )


def test_a_place_within_codes_is_at_best_that_of_all_of_them() -> None:
    within = replace(claim("rank 1-2"), rule=replace(parse_rule("rank 1-2"), reach="within"))
    assert judge(within, 5, 50, {"b": 6}, frozenset("a")).verdict == "undefined"
    assert judge(within, 5, 50, {"b": 6, "c": 7}, frozenset("a")).verdict == "differs"


def test_of_each_of_several_the_one_that_decides_is_told() -> None:
    parts = [judge(claim("2-4"), n, 50, {}, frozenset("a")) for n in (3, 7, 9, 4)]
    assert (of_each(parts).verdict, of_each(parts).n) == ("differs", 9)
    assert (of_each([parts[0], parts[3]]).verdict, of_each([parts[0], parts[3]]).n) == ("match", 4)


def test_a_claim_on_nobody_has_a_verdict() -> None:
    absent = judge(claim(">= 25%"), 0, 50, {"b": 3}, frozenset())
    assert (absent.verdict, absent.n, absent.rank) == ("differs", 0, 2)
    assert judge(claim("0"), 0, 50, {}, frozenset()).verdict == "match"
    empty = judge(claim("0"), 0, 0, {}, frozenset())
    assert (empty.verdict, empty.cause) == ("undefined", "empty base")


def test_no_source_is_not_nothing_countable() -> None:
    assert without_source(claim("1")).cause == "no source"
    for rule in ("", "none"):
        found = judge(claim(rule), 3, 50, {"a": 3}, frozenset("a"))
        assert (found.verdict, found.cause, found.n) == ("undefined", "nothing countable", 3)
