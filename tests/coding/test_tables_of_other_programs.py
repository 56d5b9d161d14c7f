"""Tables that other programs export: lists of what was marked, and a matrix of codes."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Sequence
from pathlib import Path

import openpyxl
import pytest
from spreadsheet_shapes import LABELS

from coding_study import ANSWERS, make_study
from commands import themecoder
from themecoder.coding.annotations import read_codings
from themecoder.coding.exchange.columns import SheetColumn, doubts, taken_for
from themecoder.coding.exchange.reading import KnownNames, ReadingOptions

Marked = Sequence[tuple[str, str, str]]
MARKED: Marked = (
    ("101", "privacy", "Mijn data"),
    ("102", "echo", "naar de mond"),
    ("103", "tijd", "Scheelt tijd"),
    ("105", "privacy", "privacy"),
    ("105", "tijd", "kost tijd"),
    ("105", "tijd", "vooral; en"),
)


def taguette(folder: Path) -> Path:
    """Its numbers of highlights are no respondents."""
    file = folder / "highlights.csv"
    with file.open("w", encoding="utf-8", newline="") as handle:
        rows = csv.writer(handle)
        rows.writerow(["id", "document", "tag", "content"])
        for n, (who, code, words) in enumerate(MARKED, start=1):
            rows.writerow([n, f"{who}.txt", LABELS[code], words])
    return file


def workbook(folder: Path, rows: Sequence[Sequence[object]]) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(folder / "tabel.xlsx")
    return folder / "tabel.xlsx"


def atlas(folder: Path) -> Path:
    """The quotation report: a row a quotation, its codes below each other in a cell."""
    head = ["ID", "Document", "Quotation Name", "Quotation Content", "Codes", "Comment"]
    rows: list[list[object]] = [[*head, "Created by", "Created"]]
    for n, (who, code, words) in enumerate(MARKED, start=1):
        told = [f"{n}:1", who, words[:8], words, LABELS[code], "", "Anna", "2026-01-01"]
        rows.append(list(told))
    return workbook(folder, rows)


def maxqda(folder: Path) -> Path:
    """The retrieved segments."""
    head = ["Color", "Comment", "Document group", "Document name", "Code", "Begin", "End"]
    rows: list[list[object]] = [[*head, "Weight score", "Segment", "Created by", "Created"]]
    for who, code, words in MARKED:
        told = ["●", "", "Enquête", who, LABELS[code], 1, 1, 0, words, "Anna", "2026-01-01"]
        rows.append(list(told))
    return workbook(folder, rows)


@pytest.fixture
def study(tmp_path: Path) -> Path:
    return make_study(tmp_path / "studie")


def codings(study: Path) -> dict[str, tuple[tuple[str, ...], set[tuple[str, str]]]]:
    return {
        coding.respondent: (coding.codes, {(quote.code, quote.text) for quote in coding.quotes})
        for coding in read_codings(study / "annotations" / "q1" / "anna.jsonl")
    }


@pytest.mark.parametrize("write", [taguette, atlas, maxqda])
def test_a_list_of_what_was_marked(
    write: Callable[[Path], Path], study: Path, tmp_path: Path
) -> None:
    """Where a part is in its answer is told by its words: the file does not have the answer."""
    words = ("coding", "import", str(write(tmp_path)), "-q", "q1", "--coder", "anna", "--apply")
    done = themecoder(study, *words)
    assert done.returncode == 0, done.stderr + done.stdout
    expected = {
        who: (
            tuple(sorted({code for one, code, _ in MARKED if one == who})),
            {(code, part) for one, code, part in MARKED if one == who},
        )
        for who in {one for one, _, _ in MARKED}
    }
    assert codings(study) == expected
    assert json.loads(themecoder(study, *words, "--json").stdout)["same"] == len(expected)


def test_words_that_are_not_in_the_answer_or_there_twice_are_refused(
    study: Path, tmp_path: Path
) -> None:
    rows = [["document", "code", "segment"]]
    rows += [["101", "Privacy en data", "niet gezegd"], ["108", "Tijd en gemak", "a"]]
    words = ("coding", "import", str(workbook(tmp_path, rows)), "-q", "q1", "--coder", "anna")
    refused = themecoder(study, *words, "--apply", "--json")
    assert refused.returncode == 2
    problems = json.loads(refused.stderr)["problems"]
    assert [(one["key"], one["row"]) for one in problems] == [
        ("exchange.quote_words", 2),
        ("exchange.quote_several", 3),
    ]
    assert not (study / "annotations").exists()


def test_nvivos_matrix_has_letters_and_numbers_before_the_names(
    study: Path, tmp_path: Path
) -> None:
    codes = list(LABELS)
    rows: list[list[object]] = [
        ["", *(f"{chr(65 + n)} : {LABELS[c]}" for n, c in enumerate(codes))]
    ]
    for n, who in enumerate(("101", "102", "103", "105"), start=1):
        own = {code for one, code, _ in MARKED if one == who}
        rows.append([f"{n} : {who}", *(int(code in own) for code in codes)])
    words = ("coding", "import", str(workbook(tmp_path, rows)), "-q", "q1", "--coder", "anna")
    assert themecoder(study, *words, "--apply").returncode == 0
    assert {who: codes for who, (codes, _) in codings(study).items()} == {
        "101": ("privacy",),
        "102": ("echo",),
        "103": ("tijd",),
        "105": ("privacy", "tijd"),
    }


def test_a_label_may_hold_the_sign_between_labels(study: Path, tmp_path: Path) -> None:
    rows = [["respid", "codes"], [101, "Echokamer, meepraten, Privacy en data"]]
    rows += [[103, "Tijd en gemak, Echokamer, meepraten"], [102, "Echokamer, meepraten"]]
    words = ("coding", "import", str(workbook(tmp_path, rows)), "-q", "q1", "--coder", "anna")
    done = themecoder(study, *words, "--apply")
    assert done.returncode == 0, done.stderr
    assert {who: codes for who, (codes, _) in codings(study).items()} == {
        "101": ("echo", "privacy"),
        "102": ("echo",),
        "103": ("echo", "tijd"),
    }


def test_names_of_columns_in_two_rows_are_told(study: Path, tmp_path: Path) -> None:
    codes = list(LABELS)
    rows: list[list[object]] = [["respid", "Antwoord", "Zorgen", "", "Voordelen", ""]]
    rows.append(["", "", *LABELS.values()])
    for who in ("101", "102", "103", "105"):
        own = {code for one, code, _ in MARKED if one == who}
        rows.append([who, ANSWERS["q1"][who], *("x" if code in own else None for code in codes)])
    file = workbook(tmp_path, rows)
    book = openpyxl.load_workbook(file)
    book.active.merge_cells("C1:D1")
    book.active.merge_cells("E1:F1")
    book.save(file)
    words = ("coding", "import", str(file), "-q", "q1", "--coder", "anna")
    refused = themecoder(study, *words)
    assert refused.returncode == 2
    assert "C1:D1, E1:F1" in refused.stderr and "--heading" in refused.stderr
    done = themecoder(study, *words, "--heading", "2", "--apply")
    assert done.returncode == 0, done.stderr
    assert codings(study)["105"][0] == ("privacy", "tijd")


def test_a_running_number_is_no_respondent() -> None:
    """Where a program's own numbers could be respondents, its documents tell; where two columns
    could be and say other things, it is asked."""
    known = KnownNames(codes=frozenset(("x",)), respondents=frozenset(map(str, range(1, 10))))

    def taken(first: Sequence[str], second: Sequence[str]) -> tuple[list[int], list[str]]:
        columns = [
            SheetColumn("id", tuple(first)),
            SheetColumn("document", tuple(second)),
            SheetColumn("code", ("x", "x", "x")),
        ]
        found = taken_for(columns, known, ReadingOptions())
        return found.places("respondent"), [one.key for one in doubts(found, columns, "")]

    assert taken(("1", "2", "3"), ("4.txt", "4.txt", "2.txt")) == ([1], [])
    assert taken(("3", "2", "1"), ("4", "4", "2")) == ([0, 1], ["exchange.several_columns"])
    assert taken(("5", "6", "7"), ("Tuin", "Tuin", "Straat")) == ([0], [])


def test_the_answers_are_those_of_the_study() -> None:
    assert all(words in ANSWERS["q1"][who] for who, _, words in MARKED)
