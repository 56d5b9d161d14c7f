"""The two files that are checked: what may vary in them, and every mistake told at once."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_checking import USERS

from themecoder.errors import InputError, Problem
from themecoder.figures.quoted.claims import Claim
from themecoder.figures.quoted.figures import QuotedFigure
from themecoder.figures.quoted.rows import (
    CLAIMS,
    FIGURES,
    quantifier_scales,
    read_claims,
    read_figures,
)
from themecoder.messages import LANGUAGES, render
from themecoder.storage.delimited import LARGEST_CELL
from themecoder.storage.tables import read_table

HEADER = ",".join(FIGURES)
ROW = 'x,een,q3=a,q1=a,1,"38,1%"'
CODES = ("privacy", "voorkeur_mens")
QUESTIONS = {"q7": True, "q18": True, "q3": False}


def figures(file: Path, content: str | bytes) -> list[QuotedFigure]:
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_figures(read_table(file, FIGURES), USERS, "nl", file)


def claims(file: Path, content: str) -> list[Claim]:
    file.write_bytes(content.encode())
    scales = quantifier_scales("nl", {})
    return read_claims(read_table(file, CLAIMS), USERS, CODES, QUESTIONS, scales, "nl", file)


def told(error: InputError) -> list[tuple[str, int | None, str | None]]:
    return [(one.key, one.row, one.column) for one in error.problems]


def all_rendered(problems: Sequence[Problem]) -> None:
    """What was found, what was expected and a remedy, in each language."""
    for problem in problems:
        for language in LANGUAGES:
            text = render(problem, language)
            assert not re.search(r"\{[a-z_]+\}", text), text
            assert len(text.splitlines()) > 1 or ". " in text, text


# what may vary


def _spreadsheet(delimiter: str, end: str, quoting: int, columns: Sequence[str]) -> str:
    cells = {
        "id": "x",
        "text": "een; of, twee",
        "expr": "q3=a",
        "base_expr": "q1=a",
        "decimals": "1",
        "printed": "38,1%",
        "opmerking": "van p. 3",
    }
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=quoting)  # type: ignore[arg-type]
    writer.writerow(columns)
    writer.writerow([cells[name.strip().lower()] for name in columns])
    return out.getvalue()


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("quoting", [csv.QUOTE_ALL, csv.QUOTE_MINIMAL])
@pytest.mark.parametrize(
    "columns",
    [
        FIGURES,
        FIGURES[::-1],
        ("opmerking", *FIGURES),
        ("ID", " Text ", "Expr", "Base_Expr", "Decimals", "Printed"),
    ],
)
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_spreadsheets_csv_is_read(
    tmp_path: Path, delimiter: str, end: str, quoting: int, columns: Sequence[str], mark: str
) -> None:
    text = mark + _spreadsheet(delimiter, end, quoting, columns)
    (figure,) = figures(tmp_path / "f.csv", text)
    assert (figure.id, figure.text, figure.printed) == ("x", "een; of, twee", "38,1%")
    assert (str(figure.base), figure.decimals) == ("q1=a", 1)


def test_empty_rows_and_cells_are_no_mistake(tmp_path: Path) -> None:
    text = f'{HEADER}\n\n,,,,,\n{ROW}\ny,"twee\nregels",,,,vijf\nz,,rows,q1=a\n'
    with pytest.raises(InputError) as raised:
        figures(tmp_path / "f.csv", text)
    assert told(raised.value) == [("checking.printed", 6, "printed")]
    first, second = figures(tmp_path / "f.csv", text.replace("z,,rows,q1=a\n", ""))
    assert (first.decimals, second.formula, second.decimals) == (1, None, None)


# mistakes


def test_all_mistakes_of_figures_are_told_at_once(tmp_path: Path) -> None:
    rows = [
        ROW,
        ROW,  # the id again
        ',een,q3=a,q1=a,1,"38,1%"',
        'a,een,q3 = (a,q1=a,1,"38,1%"',
        'b,een,q33=a,q1=a,1,"38,1%"',
        'c,een,q3=a,q11=a,1,"38,1%"',
        'd,een,q3=a,,1,"38,1%"',
        "e,een,q3=a,,,ruim een derde",
        "f,een,q3=a,q1=a,een,294",
        "g,een,q3=a,q1=a,-1,294",
        "h,een,q3=a,q1=a,,veel",
        "i,een,mean q77,q1=a,,3",
        "j,een,welch q9 by q9,q1=a,,3",
        "k,een,q3=z,q1=z,twee,n.v.t.",
    ]
    with pytest.raises(InputError) as raised:
        figures(tmp_path / "f.csv", "\n".join([HEADER, *rows]))
    found = told(raised.value)
    assert [(key.partition(".")[2], row, column) for key, row, column in found] == [
        ("double", 3, "id"),
        ("no_id", 4, "id"),
        (found[2][0].partition(".")[2], 5, "expr"),
        ("unknown_column", 6, "expr"),
        ("unknown_column", 7, "base_expr"),
        ("no_base", 8, "base_expr"),
        ("no_base", 9, "base_expr"),
        ("decimals", 10, "decimals"),
        ("decimals", 11, "decimals"),
        ("printed", 12, "printed"),
        ("unknown_column", 13, "expr"),
        ("two_groups", 14, "expr"),
        ("value_unseen", 15, "expr"),
        ("value_unseen", 15, "base_expr"),
        ("printed", 15, "printed"),
        ("decimals", 15, "decimals"),
    ]
    assert found[2][0].startswith("expression.")
    all_rendered(raised.value.problems)


def test_all_mistakes_of_claims_are_told_at_once(tmp_path: Path) -> None:
    rows = [
        "x,een,privacy,q18,,veel",
        "x,een,privacy,q18,,heel erg",  # the id again
        "a,een,privacie,q18,,veel",
        "b,een,privacy;mensen,q18,q3=,veel",
        "c,een,privacy,q99;q98,,veel",
        "d,een,privacy,q3,,veel",
        "e,een,q3=a,q18,,veel",
        "f,een,privacy,q18,q99=a,veel",
    ]
    with pytest.raises(InputError) as raised:
        claims(tmp_path / "c.csv", "\n".join([",".join(CLAIMS), *rows]))
    found = told(raised.value)
    assert [one for one in found if not one[0].startswith("expression.")] == [
        ("checking.double", 3, "id"),
        ("checking.quantifier", 3, "quantifier"),
        ("checking.code", 4, "codes"),
        ("checking.code", 5, "codes"),
        ("cli.question_unknown", 6, "question"),
        ("cli.question_unknown", 6, "question"),
        ("checking.closed", 7, "question"),
        ("checking.open", 8, "question"),
    ]
    syntax = [one[1:] for one in found if one[0].startswith("expression.")]
    assert syntax == [(5, "group"), (9, "group")]
    all_rendered(raised.value.problems)


def test_claims_are_on_codes_on_a_condition_or_on_nothing(tmp_path: Path) -> None:
    rows = [
        "a,een,privacy;voorkeur_mens,q7; q18,q9=a,veel deelnemers",
        "b,twee,q3=a or q9=a,q3,,de meerderheid",
        "c,drie,,,,veel",
        "d,vier,privacy,,,",
    ]
    one, two, three, four = claims(tmp_path / "c.csv", "\n".join([",".join(CLAIMS), *rows]))
    assert (one.codes, one.questions, str(one.group)) == (CODES, ("q7", "q18"), "q9=a")
    assert (two.codes, str(two.condition), two.rule.text) == ((), "q3=a or q9=a", "> 50%")
    assert (three.codes, three.condition) == ((), None)
    assert not four.rule.countable


def test_a_word_claims_something_else_of_codes_and_the_numbers_of_a_report_are_marked(
    tmp_path: Path,
) -> None:
    rows = [
        "a,een,privacy,q18,,veel deelnemers",
        "b,twee,q3=a,q3,,veel deelnemers",
        "c,drie,privacy,q18,,Elk: veel",
        "d,vier,privacy,q18,,binnen : een derde",
        "e,vijf,privacy,q18,,de meerderheid (57%)",
    ]
    found = claims(tmp_path / "c.csv", "\n".join([",".join(CLAIMS), *rows]))
    assert [(one.rule.text, one.rule.reach, one.rule.has_number) for one in found] == [
        (">= 10%", "together", False),
        (">= 25%", "together", False),
        (">= 10%", "each", False),
        ("een derde", "within", True),
        ("de meerderheid (57%)", "together", True),
    ]


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (b"", "tables.columns"),
        (b"\n\n", "tables.columns"),
        (b"id,text,expr\nx,een,q3=a\n", "tables.columns"),
        (HEADER.encode() + b"\nx,een,q3=a,q1=a,1,38,1%\n", "tables.width"),
        (HEADER.encode() + "\nx,één,q3=a,q1=a,1,294\n".encode() + b"\xe9", "tables.broken_utf8"),
        (f"{HEADER}\n{ROW}".encode("utf-16")[:-1], "tables.wrong_encoding"),
        (
            HEADER.encode() + b"\nx," + b"a" * LARGEST_CELL + b"a,q3=a,q1=a,1,294\n",
            "tables.cell_too_large",
        ),
    ],
)
def test_what_is_no_table_is_told(tmp_path: Path, content: bytes, key: str) -> None:
    with pytest.raises(InputError) as raised:
        figures(tmp_path / "f.csv", content)
    assert [one.key for one in raised.value.problems] == [key]
    assert raised.value.problems[0].file == tmp_path / "f.csv"
    all_rendered(raised.value.problems)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError) as raised:
        read_table(tmp_path / "f.csv", FIGURES)
    assert [one.key for one in raised.value.problems] == ["tables.no_file"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.binary(max_size=200) | st.text(alphabet='a=3,;"\n\r\x00\t% ', max_size=80).map(str.encode)
)
def test_no_bytes_break_it(tmp_path: Path, content: bytes) -> None:
    for head in (b"", HEADER.encode() + b"\n"):
        try:
            figures(tmp_path / "f.csv", head + content)
        except InputError as error:
            all_rendered(error.problems)
