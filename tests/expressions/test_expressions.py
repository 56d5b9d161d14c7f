"""The language of bases and subgroups: what it means, its canonical text, its errors."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import numpy as np
import pandas
import pytest
from hypothesis import given
from hypothesis import strategies as st

from themecoder.errors import InputError
from themecoder.expressions import Expression, nodes, parse, patterns
from themecoder.messages import LANGUAGES, render
from themecoder.survey.export import Column, Export
from themecoder.survey.expression_check import check_expression

ROOT = Path(__file__).parents[2]


def table(**columns: list[str | None]) -> pandas.DataFrame:
    return pandas.DataFrame(columns, dtype=object)


def export(frame: pandas.DataFrame, **labels: dict[str, str]) -> Export:
    columns = tuple(Column(name, values=labels.get(name, {})) for name in frame)
    return Export(columns, frame, tuple(range(2, len(frame) + 2)), "export.csv", "csv", {})


@pytest.fixture(scope="module")
def shipped() -> pandas.DataFrame:
    with (ROOT / "data" / "survey.csv").open(encoding="utf-8-sig", newline="") as handle:
        rows = list(csv.DictReader(handle, delimiter=";"))
    return pandas.DataFrame([{k: v or None for k, v in row.items()} for row in rows], dtype=object)


def holds(text: str, **row: str | None) -> bool:
    return bool(parse(text).evaluate(row)[0])


# what the forms mean


@pytest.mark.parametrize(
    ("text", "base", "count"),
    [
        ("q3=a", "q1 in a,b", 294),
        ("q9 in a,c", "q3=a", 272),
        ("q8_d", "q3=a", 39),
        ("q3=a", "q2=b", 22),
        ("q25 in e,f,g", "q1 in a,b", 450),
        ("q14_6 in 4,5", "q3=a", 172),
        ("q12_f", "q11=a", 8),
        ("q16_m", "q3=b", 5),
        ("q4_t_anders~mistral|le chat", "q3=a", 2),
        (r"q4_t_anders~\bpi\b", "q3=a", 2),
        ("q4_t_anders~snapchat|my ai", "q3=a", 1),
        ("q17 in a,c", "q3=b", 236),
        ("q11=a", "q9 in a,c", 105),
        ("q1=c", "all", 33),
    ],
)
def test_counts_that_the_report_prints(
    shipped: pandas.DataFrame, text: str, base: str, count: int
) -> None:
    assert (parse(text).evaluate(shipped) & parse(base).evaluate(shipped)).sum() == count


def documented() -> list[tuple[str, int]]:
    text = (ROOT / "docs" / "expressions.md").read_text(encoding="utf-8")
    examples = text.split("## Examples")[1]
    found = re.findall(r"^\| `(.+)` \| (\d+) \|$", examples, re.MULTILINE)
    return [(expression.replace(r"\|", "|"), int(count)) for expression, count in found]


def test_the_documented_examples_are_read() -> None:
    assert len(documented()) >= 9


@pytest.mark.parametrize(("text", "count"), documented())
def test_a_documented_example_gives_its_count(
    shipped: pandas.DataFrame, text: str, count: int
) -> None:
    assert parse(text).evaluate(shipped).sum() == count


@pytest.mark.parametrize("text", ["q3=a", "q3==a", "q3 = a", 'q3="a"', "q3 in a", "(q3='a')"])
def test_spellings_of_the_same_condition_are_equal(text: str) -> None:
    assert parse(text) == parse("q3=a")


@pytest.mark.parametrize("text", ["q3!=a", "q3<>a", "q3≠a", "q3 not in a", "q3 NOT IN (a)"])
def test_spellings_of_the_same_negation_are_equal(text: str) -> None:
    assert parse(text) == parse("q3!=a")


@pytest.mark.parametrize("cell", ["1", "true", "Ja", "YES", "y", "Checked", "Aangevinkt", "Gratis"])
def test_a_ticked_option(cell: str) -> None:
    assert holds("q6_d", q6_d=cell)
    assert not holds("not q6_d", q6_d=cell)


@pytest.mark.parametrize("cell", ["0", "False", "nee", "NO", "N", "unchecked", "Not selected"])
def test_an_option_that_is_not_ticked(cell: str) -> None:
    assert not holds("q6_d", q6_d=cell)
    assert holds("not q6_d", q6_d=cell)


@pytest.mark.parametrize(
    "text",
    [
        "q3=a",
        "q3!=a",
        "not q3=a",
        "not q3!=a",
        "q3",
        "not q3",
        "q3>1",
        "not q3>1",
        "q3~a",
        "not q3~a",
        "q3 not in a,b",
    ],
)
@pytest.mark.parametrize("cell", [None, "", "  "])
def test_an_empty_cell_is_in_no_group_and_in_no_negated_group(text: str, cell: str | None) -> None:
    assert not holds(text, q3=cell)


def test_unknown_is_decided_by_the_other_side_where_that_settles_it() -> None:
    assert holds("q3=a or q5=x", q3=None, q5="x")
    assert holds("not (q3=a and q5=x)", q3=None, q5="y")
    assert not holds("not (q3=a and q5=x)", q3=None, q5="x")
    assert not holds("not (q3=a or q5=x)", q3=None, q5="y")


def test_is_empty_is_never_unknown() -> None:
    assert holds("q7 is empty", q7=None)
    assert holds("q7 IS NOT EMPTY", q7="tekst")
    assert holds("not q7 is not empty", q7=" ")


@pytest.mark.parametrize(
    ("text", "cell", "expected"),
    [
        ("q>=65", "65", True),
        ("q>65", "65", False),
        ("q<3,5", "3.4", True),
        ("q<3.5", "3,4", True),
        ("q<=-1", "-2", True),
        ("q>0.125", "0,2", True),
        ("q≥2", "2", True),
        ("q>9", "10", True),
        ("q>1", "veel", False),
        ("not q>1", "veel", False),
        ("q>1", "1.234,5", False),
    ],
)
def test_numbers_compare_as_numbers(text: str, cell: str, expected: bool) -> None:
    assert holds(text, q=cell) is expected


def test_values_compare_letter_by_letter() -> None:
    assert not holds("q3=A", q3="a")
    assert not holds("q3=1", q3="01")


def test_quoted_values_hold_anything() -> None:
    assert holds('q25="HBO, WO"', q25="HBO, WO")
    assert holds('q25 in "HBO, WO", c', q25="c")
    assert holds('q="zei ""ja"""', q='zei "ja"')
    assert holds(r'q="a\b"', q=r"a\b")
    assert holds("q in 'and', \"or\"", q="or")


@pytest.mark.parametrize("text", ["`Wat is je leeftijd?`>17", "[Wat is je leeftijd?] > 17"])
def test_names_that_are_no_words_stand_in_backquotes_or_brackets(text: str) -> None:
    assert parse(text).columns == ("Wat is je leeftijd?",)
    assert parse(text).evaluate({"Wat is je leeftijd?": "18"}).tolist() == [True]


def test_a_pattern_may_hold_spaces_and_brackets_and_ends_at_and_or() -> None:
    expression = parse("(q4~le (chat|vibe) x and q3=a) or q5~z")
    assert [getattr(c, "pattern", None) for c in expression.conditions] == [
        "le (chat|vibe) x",
        None,
        "z",
    ]
    assert holds('q~"zout and peper"', q="ZOUT AND PEPER")


def test_patterns_ignore_case_of_letters_with_accents() -> None:
    assert holds("q~één", q="ÉÉN keer")


def test_not_binds_stronger_than_and_and_and_stronger_than_or() -> None:
    assert parse("not a=1 and b=2 or c=3") == parse("((not a=1) and b=2) or c=3")
    assert parse("a=1 or b=2 and c=3") != parse("(a=1 or b=2) and c=3")


def test_columns_are_named_once_in_order() -> None:
    assert parse("q3=a and (q1 in a,b or q3=b) and not q6_d").columns == ("q3", "q1", "q6_d")
    assert parse("all").columns == ()


def test_every_row_of_a_frame_gets_its_own_truth() -> None:
    frame = table(q3=["a", "b", None, "a"], q23=["70", "80", "66", None])
    assert parse("q3=a or q23>75").evaluate(frame).tolist() == [True, True, False, True]
    assert parse("all").evaluate(frame).tolist() == [True] * 4
    assert parse("q3=a").evaluate(frame.iloc[:0]).tolist() == []


# properties

NAMES = st.one_of(
    st.sampled_from(
        ["q3", "q6_d", "and", "Empty", "all", "q6[SQ001]", "Wat is je leeftijd?", "é`x"]
    ),
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1),
)
VALUES = st.one_of(
    st.sampled_from(["a", "b", "1", "HBO, WO", "or", "not", 'zei "ja"', "true", "’", ""]), st.text()
)
PATTERNS = st.one_of(
    st.sampled_from(["gemini|google", r"\bpi\b", "(a|b) c", "a and b", 'x"y', "[()]"]), st.text()
).filter(lambda text: patterns.flaw(text) is None)
NUMBERS = st.decimals(-(10**6), 10**6, allow_nan=False, places=3)
CONDITIONS = st.one_of(
    st.just(nodes.All()),
    st.builds(nodes.Ticked, NAMES),
    st.builds(
        nodes.OneOf,
        NAMES,
        st.lists(VALUES, min_size=1, max_size=4, unique=True).map(tuple),
        st.booleans(),
    ),
    st.builds(nodes.Compare, NAMES, st.sampled_from(["<", "<=", ">", ">="]), NUMBERS),
    st.builds(nodes.Matches, NAMES, PATTERNS),
    st.builds(nodes.IsEmpty, NAMES, st.booleans()),
)
NODES = st.recursive(
    CONDITIONS,
    lambda parts: st.one_of(
        parts.map(nodes.negation),
        st.lists(parts, min_size=1, max_size=4).map(lambda p: nodes.joined(nodes.And, tuple(p))),
        st.lists(parts, min_size=1, max_size=4).map(lambda p: nodes.joined(nodes.Or, tuple(p))),
    ),
    max_leaves=12,
)


@given(NODES.map(Expression).filter(lambda e: len(str(e)) <= 4000))
def test_the_canonical_text_parses_to_an_equal_expression(expression: Expression) -> None:
    assert parse(str(expression)) == expression


@given(st.text(st.sampled_from("q3ab65 =<>!~,.()[]`\"'\\andortis emp|+*\n日")))
def test_any_text_is_an_expression_or_a_problem_in_both_languages(text: str) -> None:
    try:
        assert parse(str(parse(text))) == parse(text)
    except InputError as error:
        assert all(render(p, language) for p in error.problems for language in LANGUAGES)


CELLS = st.sampled_from([None, "a", "b", "1", "0", "ja", "", "3.5"])
SIMPLE = st.builds(nodes.OneOf, st.sampled_from(["x", "y"]), st.just(("a", "1")), st.booleans())
SMALL = st.recursive(
    st.one_of(SIMPLE, st.builds(nodes.Ticked, st.sampled_from(["x", "y"]))),
    lambda parts: st.one_of(
        parts.map(nodes.negation),
        st.tuples(parts, parts).map(lambda p: nodes.joined(nodes.And, p)),
        st.tuples(parts, parts).map(lambda p: nodes.joined(nodes.Or, p)),
    ),
    max_leaves=8,
)


@given(SMALL, st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=6))
def test_an_expression_and_its_negation_never_both_hold(
    node: nodes.Node, rows: list[tuple[str | None, str | None]]
) -> None:
    frame = table(x=[x for x, _ in rows], y=[y for _, y in rows])
    both = Expression(node).evaluate(frame) & Expression(nodes.negation(node)).evaluate(frame)
    assert not both.any()


@given(SMALL, SMALL, st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=6))
def test_de_morgan_holds_with_empty_cells_too(
    left: nodes.Node, right: nodes.Node, rows: list[tuple[str | None, str | None]]
) -> None:
    frame = table(x=[x for x, _ in rows], y=[y for _, y in rows])
    one = nodes.negation(nodes.joined(nodes.And, (left, right)))
    other = nodes.joined(nodes.Or, (nodes.negation(left), nodes.negation(right)))
    assert np.array_equal(Expression(one).evaluate(frame), Expression(other).evaluate(frame))


# errors


def problem(text: str) -> tuple[str, str, str]:
    with pytest.raises(InputError) as caught:
        parse(text)
    (found,) = caught.value.problems
    return found.key, found.params.get("line", ""), found.params.get("caret", "")


@pytest.mark.parametrize(
    ("text", "kind", "column"),
    [
        ("q3=", "value", 3),
        ("q3=a and", "condition", 8),
        ("q3=a q4=b", "after_condition", 5),
        ("(q3=a", "unclosed_bracket", 5),
        ("q3=a)", "extra_bracket", 4),
        ("q9 in a,,b", "value", 8),
        ("q3=a en q4=b", "operator", 5),
        ("q23>=veel", "number", 5),
        ("q4~", "pattern", 3),
        ('q3="a', "unclosed_quote", 3),
        ("q3=“a”", "curly_quote", 3),
        ("q3 is a", "empty", 6),
        ("q9 not a", "in", 7),
        ("q3=3,5", "comma", 4),
        ("q9 in a b", "after_value", 8),
        ("q6_d[", "after_column", 4),
    ],
)
def test_a_syntax_error_says_what_and_points_at_the_spot(text: str, kind: str, column: int) -> None:
    assert problem(text) == (f"expression.syntax_{kind}", text, " " * column + "^")


def test_the_caret_stands_right_under_wide_and_combining_characters() -> None:
    assert problem("日本=a ja")[2] == " " * 7 + "^"
    assert problem("q3=e\u0301 ja")[2] == " " * 5 + "^"


def test_of_several_lines_the_one_at_fault_is_shown() -> None:
    assert problem("q3=a and\n\tq4 = = b\nor q5")[1:] == (" q4 = = b", "      ^")


def test_a_number_that_could_be_a_thousand_is_refused() -> None:
    assert problem("q5>1.000")[0] == "expression.ambiguous_number"
    assert problem("q5>12,500")[0] == "expression.ambiguous_number"


@pytest.mark.parametrize(
    "pattern", [r"(a+)+b", r"(a|a)*b", r"(a?){30}", r"(.)\1", "a*b*c*d*", "a?" * 20, "((ab)*c)*"]
)
def test_a_pattern_that_could_take_for_ever_is_refused(pattern: str) -> None:
    assert problem(f'q~"{pattern}"')[0] == "expression.pattern_slow"


def test_a_pattern_that_is_too_long_or_no_pattern_is_refused() -> None:
    assert problem("q~" + "a" * 201)[0] == "expression.pattern_long"
    assert problem('q~"("')[0] == "expression.pattern_syntax"


@pytest.mark.parametrize("pattern", ["gemini|google", r"\bpi\b", "psych(iater|oloog)?", r"\d{4}"])
def test_ordinary_patterns_are_taken(pattern: str) -> None:
    assert patterns.flaw(pattern) is None


def test_all_unknown_columns_are_named_at_once_with_the_nearest() -> None:
    with pytest.raises(InputError) as caught:
        parse("Q03=a and leeftyd>3 and q3=a").evaluate(table(q3=["a"], leeftijd=["4"]))
    assert [(p.params["name"], p.params["near"]) for p in caught.value.problems] == [
        ("Q03", "q3 …"),
        ("leeftyd", "leeftijd …"),
    ]


def keys(text: str, source: Export) -> tuple[list[str], list[str]]:
    found = check_expression(parse(text), source)
    return [p.key for p in found.problems], [p.key for p in found.warnings]


def test_a_value_that_never_occurs_suggests_the_near_one_by_case_spelling_or_label() -> None:
    source = export(table(q3=["a", "b"], q5=["vrouw", "man"]), q3={"a": "Ja", "b": "Nee"})
    meant = {
        text: check_expression(parse(text), source).problems[0].params.get("meant")
        for text in ("q3=A", "q3=ja", "q5=vrouww", "q5 in Man,vrouw")
    }
    assert meant == {"q3=A": "a", "q3=ja": "a", "q5=vrouww": "vrouw", "q5 in Man,vrouw": "man"}


def test_values_that_nobody_chose_are_a_warning_unless_none_of_them_occurs() -> None:
    source = export(table(q9=["a", "b"]))
    assert keys("q9 in a,c", source) == ([], ["expression.value_unseen"])
    assert keys("q9 in c,d", source)[0] == ["expression.value_unseen"] * 2
    assert keys("q9=c", export(table(q9=["a"]), q9={"c": "Soms"})) == ([], [])


def test_a_bare_column_must_be_an_option() -> None:
    source = export(
        table(q3=["a", "b"], q4=["1", "2"], q6=["0", "1"], q7=["Gratis", None], q8=[None, None])
    )
    assert keys("q3", source)[0] == ["expression.not_an_option"]
    assert keys("q4", source)[0] == ["expression.not_an_option"]
    assert keys("q5", export(table(q5=["x", "y"])))[0] == ["expression.not_an_option"]
    assert keys("q6 and q7", source) == ([], [])
    assert keys("q8", source) == ([], ["expression.column_empty"])


def test_a_comparison_needs_numbers() -> None:
    source = export(table(q3=["a", "b"], q23=["18", "veel"]))
    assert keys("q3>1", source)[0] == ["expression.no_numbers"]
    assert keys("q23>1", source) == ([], ["expression.some_no_numbers"])
