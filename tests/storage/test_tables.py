"""Small tables as spreadsheets leave them: the same rows, or every problem with its place."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from themecoder.adjudication.decision_list import read_list
from themecoder.codebook.files.origins import origins_text, read_origins
from themecoder.codebook.origins import Origin
from themecoder.coding.plan import Planned
from themecoder.coding.plan_file import read_plan, write_plan
from themecoder.coding.suggestions.files import read_suggestions, write_suggestions
from themecoder.errors import InputError
from themecoder.masking.decisions import Decision
from themecoder.masking.store import read_mask_decisions, write_mask_decisions
from themecoder.messages import LANGUAGES, render
from themecoder.storage.atomic import guarded, no_formula
from themecoder.storage.tables import read_table

DATA = Path(__file__).parents[1] / "data" / "tables"
PLAN = (
    Planned("q1", "P00:q1", "ada", 1, False, 1),
    Planned("q1", "P01:q1", "bo", 1, True, 2, "opnieuw, na één overleg"),
    Planned("q2", "P02:q2", "ada", 1, False, 3),
    Planned("q2", "P03:q2", "bo", 1, True, 4),
)
SUGGESTED = {"P00:q1": [("tijd", 0.9), ("geld", 0.25)], "P01:q1": [("tijd", 0.5)]}
DECISIONS = [
    Decision("P00:q1", 0, 2, "name", "accept", "0012"),
    Decision("P01:q1", 3, 9, "place", "undo", "a1b2"),
]
Dialect = Callable[[Sequence[Sequence[str]]], bytes]


@pytest.mark.parametrize(
    "name", ["plan_bom", "plan_semicolons", "plan_windows", "plan_unicode_text"]
)
def test_a_plan_that_went_through_excel_is_the_same_plan(name: str) -> None:
    assert read_plan(DATA / f"{name}.csv") == PLAN


@pytest.mark.parametrize("name", ["suggestions_bom", "suggestions_excel"])
def test_suggestions_that_went_through_excel_are_the_same(name: str) -> None:
    assert read_suggestions(DATA / f"{name}.csv") == SUGGESTED


def test_decisions_that_went_through_excel_are_the_same() -> None:
    """The zeros before a check are gone there, as of any number."""
    assert read_mask_decisions(DATA / "masking_excel.csv") == DECISIONS


def test_figures_with_a_line_for_excel_are_read() -> None:
    ((row, cells),) = read_table(DATA / "figures_sep.csv", ["id", "expr", "printed"])
    assert (row, cells["id"], cells["printed"]) == (3, "f1", "38,1%")


# any table, in any dialect


def _dialect(
    delimiter: str, end: str, encoding: str, quoting: Any, empty: int, sep: bool
) -> Dialect:
    def line(row: Sequence[str]) -> str:
        out = io.StringIO()
        # with "\n" as its own line end, Python's writer leaves a lone "\r" without quotes
        csv.writer(out, delimiter=delimiter, quoting=quoting).writerow(row)
        return out.getvalue().removesuffix("\r\n") + end

    def written(rows: Sequence[Sequence[str]]) -> bytes:
        padded = [*([*row, *[""] * empty] for row in rows), *[[""] * (empty + 3)] * empty]
        return (f"sep={delimiter}{end}" * sep + "".join(map(line, padded))).encode(encoding)

    return written


DIALECTS = st.builds(
    _dialect,
    st.sampled_from([",", ";", "\t"]),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    st.integers(0, 3),
    st.booleans(),
)
# what cp1252 and UTF-16 both hold, with all that delimits and quotes
TEXTS = st.text(alphabet="abcé€ ;,\t\"'=+-@0\n\r", max_size=8)


@given(DIALECTS, st.lists(st.tuples(TEXTS, TEXTS), max_size=6))
def test_any_texts_read_back_from_any_dialect(
    tmp_path_factory: pytest.TempPathFactory, dialect: Dialect, texts: list[tuple[str, str]]
) -> None:
    file = tmp_path_factory.getbasetemp() / "any.csv"
    rows = [(f"r{n}", no_formula(a), no_formula(b)) for n, (a, b) in enumerate(texts)]
    file.write_bytes(dialect([("id", "Text ", "remark"), *rows]))
    found = read_table(file, ("id", "text"))
    assert [(c["id"], c["text"], c["remark"]) for _, c in found] == [
        (f"r{n}", a, b) for n, (a, b) in enumerate(texts)
    ]


@given(DIALECTS, st.lists(st.tuples(st.booleans(), st.integers(0, 99), TEXTS), max_size=6))
def test_any_plan_reads_back_from_any_dialect(
    tmp_path_factory: pytest.TempPathFactory,
    dialect: Dialect,
    rows: list[tuple[bool, int, str]],
) -> None:
    plan = tuple(
        Planned("q1", f"r{n}:q1", "ada", 1, blind, place, note)
        for n, (blind, place, note) in enumerate(rows)
    )
    file = tmp_path_factory.getbasetemp() / "plan.csv"
    write_plan(file, plan)
    with file.open(encoding="utf-8", newline="") as handle:
        written = list(csv.reader(handle))
    assert read_plan(file) == plan
    file.write_bytes(dialect(written))
    assert read_plan(file) == plan


@given(DIALECTS, st.dictionaries(st.integers(0, 9), st.integers(0, 10_000), max_size=5))
def test_any_scores_read_back_with_decimal_commas(
    tmp_path_factory: pytest.TempPathFactory, dialect: Dialect, scores: dict[int, int]
) -> None:
    suggested = {f"r{n}:q1": [("a", score / 10_000)] for n, score in scores.items()}
    file = tmp_path_factory.getbasetemp() / "q1.csv"
    write_suggestions(file, suggested)
    with file.open(encoding="utf-8", newline="") as handle:
        header, *rows = csv.reader(handle)
    file.write_bytes(dialect([header, *([*row[:2], row[2].replace(".", ",")] for row in rows)]))
    assert read_suggestions(file) == suggested


@given(st.text(alphabet="'=+a\n＝", max_size=6))
def test_a_guard_comes_off_as_it_went_on(text: str) -> None:
    written = no_formula(text)
    assert not written.startswith(("=", "+", "-", "@", "\n", "＝"))
    assert (written[1:] if guarded(written) else written) == text


def test_a_label_that_looks_like_a_formula_reads_back(tmp_path: Path) -> None:
    origin = Origin("q1", 3, "tijd", "new", "=tijd", 5, 40, 0.5, "", "'-nodig")
    (tmp_path / "origins.csv").write_text(origins_text([origin]), encoding="utf-8")
    assert read_origins(tmp_path) == (origin,)
    assert ",'=tijd," in (tmp_path / "origins.csv").read_text(encoding="utf-8")


# what is wrong


def told(error: InputError) -> list[tuple[str, int | None, object]]:
    for problem in error.problems:
        for language in LANGUAGES:
            assert "\n  → " in render(problem, language)
    return [(problem.key, problem.row, problem.column) for problem in error.problems]


def test_everything_wrong_in_a_plan_is_told_at_once(tmp_path: Path) -> None:
    file = tmp_path / "plan.csv"
    file.write_text(
        "question;answer_id;coder;round;blind;place;note;\n"
        "q1;r1:q1;;een;misschien;1;;\n"
        "q1;r2:q2;ada;1;1;1;;\n"
        "q1;r3:q1;ada;1;1;1;; \n"
        "q1;r4:q1;ada;1;1\n"
        "q1;r3:q1;ada;1,0;ONWAAR;2\n"
        "q1;r5:q1;ada;1;1;1;;los\n",
        encoding="utf-8",
    )
    with pytest.raises(InputError) as caught:
        read_plan(file)
    assert told(caught.value) == [
        ("plan.damaged", 2, "coder"),
        ("plan.damaged", 2, "round"),
        ("plan.damaged", 2, "blind"),
        ("plan.other_question", 3, "answer_id"),
        ("tables.width", 5, None),
        ("plan.twice", 6, None),
        ("tables.width", 7, None),
    ]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", [("tables.columns", 1, None)]),
        (b"\nvraag,antwoord\n", [("tables.columns", 2, None)]),
        (b"PK\x03\x04rest", [("tables.workbook", None, None)]),
        (b'answer_id,code,score\nr1:q1,"a,0.5\n', [("tables.open_quote", 2, None)]),
        (b"answer_id,code,score\nr1:q1,a\x00b,0.5\n", [("tables.zero_byte", 2, None)]),
        (b"answer_id,code,score,Code\nr1:q1,a,1,b\n", [("tables.column_twice", 1, None)]),
        (
            "answer_id,code,score\nr1:é,a,1\nr2:é,b,1\n".encode() + b"r3:\xe9,a,1\n",
            [("tables.broken_utf8", 4, "answer_id")],
        ),
        (
            b"answer_id,code,score\nr1:q1,a,veel\nr1:q1,,2\nr1:q1,a,nan\n",
            [
                ("suggestions.damaged", 2, "score"),
                ("suggestions.damaged", 3, "code"),
                ("suggestions.damaged", 3, "score"),
                ("suggestions.damaged", 4, "score"),
            ],
        ),
    ],
)
def test_what_is_no_table_of_suggestions_is_told(
    tmp_path: Path, content: bytes, expected: list[tuple[str, int | None, object]]
) -> None:
    file = tmp_path / "q1.csv"
    file.write_bytes(content)
    with pytest.raises(InputError) as caught:
        read_suggestions(file)
    assert told(caught.value) == expected


def test_a_column_that_would_be_lost_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "masking.csv"
    write_mask_decisions(file, DECISIONS)
    header, *rows = file.read_text(encoding="utf-8").splitlines()
    file.write_text("\n".join([f"{header},remark", *(f"{r},x" for r in rows)]), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_mask_decisions(file)
    assert told(caught.value) == [("tables.unknown_column", 1, None)]


def test_a_list_of_decisions_in_windows_text_is_read(tmp_path: Path) -> None:
    file = tmp_path / "lijst.csv"
    file.write_bytes("answer_id;A;decision;why;seen\r\nr0:q1;x;a;één;x\r\n".encode("cp1252"))
    (proposal,) = read_list(file, {"r0:q1"}, {"a"}, (), "Ada", {})
    assert (proposal.codes, proposal.why) == (("a",), "één")
