"""The files of ``themecoder agreement``: the contract's table, and the workbook."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import openpyxl
import pytest

from sample_coding import CODES, VERSION, made, random_coding, tabled
from themecoder.agreement.findings import AgreementFindings, findings
from themecoder.agreement.formats.files import (
    HEADER,
    MACHINE_FILE,
    MORE_HEADER,
    agreement_files,
)


@pytest.fixture(scope="module")
def found() -> AgreementFindings:
    codings = random_coding(5, 3, 60)
    timed = {
        name: [replace(c, shown=("a",) if n % 3 else None) for n, c in enumerate(rows)]
        for name, rows in codings.items()
    }
    people = tabled(timed)
    suggested = {answer: [("a", 0.8)] for answer in people.answers}
    return findings(
        people,
        VERSION,
        suggested=suggested,
        machine=suggested,
        width=0.2,
        available=60,
        resamples=100,
    )


def rows_of(found: AgreementFindings, name: str) -> list[dict[str, str]]:
    text = agreement_files(found, "nl")[name]
    assert isinstance(text, str)
    return list(csv.DictReader(io.StringIO(text)))


def test_the_table_has_the_columns_of_the_contract(found: AgreementFindings) -> None:
    rows = rows_of(found, "agreement.csv")
    assert tuple(rows[0]) == (*HEADER, *MORE_HEADER)
    assert HEADER == (
        "question",
        "coder_pair",
        "code",
        "coefficient",
        "value",
        "ci_low",
        "ci_high",
        "n_answers",
        "n_coders",
        "prevalence",
        "undefined_because",
    )
    assert {row["question"] for row in rows} == {"q1", "all"}
    assert {row["coder_pair"] for row in rows} == {"all", "k0|k1", "k0|k2", "k1|k2"}
    assert {row["code"] for row in rows} == {*CODES, "all"}
    keys = [tuple(row[name] for name in HEADER[:4]) for row in rows]
    assert len(set(keys)) == len(keys)


def test_a_number_or_the_reason_why_there_is_none(found: AgreementFindings) -> None:
    for row in rows_of(found, "agreement.csv"):
        assert bool(row["value"]) != bool(row["undefined_because"])
        if row["ci_low"]:
            assert -1 <= float(row["ci_low"]) < float(row["ci_high"]) <= 1
        assert bool(row["ci_low"]) == (bool(row["value"]) and not row["no_interval_because"])
        assert not row["more_answers"] or row["no_interval_because"] == "too_few"


def test_the_machine_is_in_no_row_of_people(found: AgreementFindings) -> None:
    assert "machine" not in str(agreement_files(found, "nl")["agreement.csv"])
    assert {row["coder_pair"] for row in rows_of(found, MACHINE_FILE)} == {
        "machine|k0",
        "machine|k1",
        "machine|k2",
    }
    without = replace(found, machine=())
    assert MACHINE_FILE not in agreement_files(without, "nl")


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_workbook_holds_what_the_table_says(found: AgreementFindings, language: str) -> None:
    data = agreement_files(found, language)["agreement.xlsx"]
    assert isinstance(data, bytes)
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert len(book.sheetnames) == 9
    sheet = book.worksheets[0]
    assert sheet.max_row == 1 + len(found.rows)
    for line, row in zip(sheet.iter_rows(min_row=2, values_only=True), found.rows, strict=True):
        assert line[:4] == (row.question, row.coder_pair, row.code, row.coefficient)
        assert line[4] == (None if row.value is None else pytest.approx(row.value, abs=1e-6))
        assert bool(line[10]) == (row.value is None)
    for page in book.worksheets:
        assert page.max_column == len([cell for cell in page[1] if cell.value])


def test_the_same_coding_gives_the_same_bytes(found: AgreementFindings) -> None:
    codings = random_coding(5, 3, 60)
    first, second = (
        agreement_files(findings(tabled(codings), VERSION, resamples=100), "nl") for _ in range(2)
    )
    assert first == second


def test_one_coder_gives_files_that_say_so() -> None:
    one = findings(tabled(made(anna=["a", "b"])), VERSION, resamples=100)
    rows = rows_of(one, "agreement.csv")
    assert {row["undefined_because"] for row in rows} == {"one_coder"}
    assert {row["value"] for row in rows} == {""}


def test_no_text_of_a_sheet_is_a_formula() -> None:
    codings = made(anna=["a"], bert=["b"])
    renamed = {
        f"={name}": [replace(c, coder=f"={name}") for c in rows] for name, rows in codings.items()
    }
    data = agreement_files(findings(tabled(renamed), VERSION, resamples=100), "nl")[
        "agreement.xlsx"
    ]
    assert isinstance(data, bytes)
    book = openpyxl.load_workbook(io.BytesIO(data))
    kinds = {c.data_type for page in book.worksheets for line in page.iter_rows() for c in line}
    assert "f" not in kinds
