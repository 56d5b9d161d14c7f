"""Workbooks to code in: what comes back, after people and other programs had them."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_outgoing import BOOK, outgoings, said, said_elsewhere

from themecoder.coding.exchange.formats.coding_sheet import (
    is_coding_sheet,
    is_untouched,
    read_coding_sheet,
)
from themecoder.coding.exchange.formats.coding_sheet_workbook import CodingSheet, sheet_workbook
from themecoder.coding.exchange.model import ForeignCoding, ForeignFile
from themecoder.coding.exchange.outgoing import Outgoing
from themecoder.coding.exchange.reading import KnownNames, ReadingOptions
from themecoder.coding.exchange.sheet_rows import SheetRow, coding_mark
from themecoder.coding.model import Coding, Quote
from themecoder.errors import InputError

TEXTS = (
    "Wie leest er mee met mijn data? Mijn data zijn van mij 🙂",
    "=1+1 is geen formule maar een antwoord",
    "cafe\u0301 op de hoek,\nelke dag",
    "Het praat 👩🏽‍⚕️ altijd mee",
)


def read(file: Path) -> ForeignFile:
    return read_coding_sheet(file, ReadingOptions(), KnownNames())


def rows_of(made: Outgoing, coder: str) -> tuple[SheetRow, ...]:
    rows = []
    for answer in made.answers:
        coding = made.by_answer.get(answer.answer_id, {}).get(coder)
        mark = None if coding is None else coding_mark(coding)
        row = SheetRow(answer.answer_id, "q1", 1, answer.text, coding=coding, before=mark)
        rows.append(row)
    return tuple(rows)


def sheet_of(rows: Sequence[SheetRow], **changes: Any) -> CodingSheet:
    made = CodingSheet("tuin", "anna", "nl", BOOK, {"q1": "Wat groeit er?"}, (), tuple(rows))
    return replace(made, **changes)


@settings(max_examples=60)
@given(outgoings(), st.booleans())
def test_what_was_coded_comes_back(made: Outgoing, ticks: bool) -> None:
    sheet = sheet_of(rows_of(made, "anna"))
    data = sheet_workbook(sheet, ticks)
    assert sheet_workbook(sheet, ticks) == data
    with TemporaryDirectory() as folder:
        file = Path(folder) / "anna.xlsx"
        file.write_bytes(data)
        assert is_coding_sheet(file)
        assert is_untouched(file)
        found = read(file)
    assert found.notes == found.faults == ()
    own = [coding for coding in made.codings if coding.coder == "anna"]
    assert [said_elsewhere(c, "values") for c in found.codings] == [said(c, "values") for c in own]
    assert not any(coding.changed for coding in found.codings)
    assert [c.before for c in found.codings] == [coding_mark(c) for c in own]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Four answers, of which anna has coded the first; the third was suggested a code."""
    coded = Coding(
        "R1:q1", "anna", "1.1.0", "coded", ("privacy",), (Quote(20, 29, "privacy", "mijn data"),)
    )
    rows = [SheetRow(f"R{n}:q1", "q1", 1, text) for n, text in enumerate(TEXTS, 1)]
    rows[0] = replace(rows[0], coding=coded, before=coding_mark(coded))
    rows[2] = replace(rows[2], shown=("echo",))
    path = tmp_path / "anna.xlsx"
    path.write_bytes(sheet_workbook(sheet_of(rows)))
    return path


def edit(file: Path, change: Callable[[Any], None]) -> None:
    """What a person does with the sheet, in a program that keeps the rest."""
    book = openpyxl.load_workbook(file)
    change(book["q1"])
    book.save(file)


def put(page: Any, row: int, **cells: str) -> None:
    columns = {cell.value: cell.column for cell in page[1]}
    headings = {"code1": "code 1", "code2": "code 2", "geen": "geen code past"}
    headings |= {"citaten": "citaten (code: woorden)"}
    for name, value in cells.items():
        page.cell(row, columns[headings.get(name, name)]).value = value


def by_answer(found: ForeignFile) -> dict[str, ForeignCoding]:
    return {coding.respondent: coding for coding in found.codings}


def test_the_page_says_what_may_be_filled_in(file: Path) -> None:
    book = openpyxl.load_workbook(file)
    page = book["q1"]
    assert list(book.sheetnames) == ["q1", "codes", "themecoder"]
    assert book["themecoder"].sheet_state == "veryHidden"
    assert page.protection.sheet
    assert not page.protection.autoFilter
    columns = {cell.value: cell.column_letter for cell in page[1]}
    assert page[f"{columns['Wat groeit er?']}2"].protection.locked
    assert page.column_dimensions[columns["key"]].hidden
    for heading in ("code 1", "geen code past", "citaten (code: woorden)", "opmerking"):
        assert not page[f"{columns[heading]}2"].protection.locked
    (codes, ticks, *values) = page.data_validations.dataValidation
    assert codes.formula1 == "'codes'!$A$2:$A$5"
    names = [cell.value for cell in book["codes"]["A"]][1:]
    assert names == ["privacy", "echo", "mens", "Geen inhoud"]
    assert ticks.formula1 == '"x"'
    # of each code with values its own list, behind the definitions: a value may hold a comma
    lists = {str(rule.sqref)[0]: rule.formula1 for rule in values}
    assert lists == {
        columns["waarde van privacy"]: "'codes'!$G$2:$G$5",
        columns["waarde van echo"]: "'codes'!$H$2:$H$3",
    }
    listed = [cell.value for cell in book["codes"]["H"]]
    assert listed == ["waarden van echo", "Voor", "Tégen 🙂", None, None]
    # the answer that looks like a formula is text, and what is suggested stands only at its row
    assert page["B3"].data_type == "s"
    assert [page.cell(row, 3).value for row in (2, 3, 4, 5)] == [None, None, "echo", None]


def test_a_coders_work_comes_back(file: Path) -> None:
    def work(page: Any) -> None:
        put(page, 2, code2="echo", opmerking="navragen", twijfel="x")
        put(page, 3, geen="x")
        put(page, 4, citaten="echo: CAFÉ op".replace("É", "E\u0301"))
        put(page, 5, overslaan="x")

    edit(file, work)
    found = read(file)
    assert found.notes == found.faults == ()
    assert not is_untouched(file)
    codings = by_answer(found)
    assert codings["R1"].codes == ("privacy", "echo")
    assert [quote.start for quote in codings["R1"].quotes] == [20]
    assert (codings["R1"].comment, codings["R1"].uncertain) == ("navragen", True)
    assert codings["R1"].changed
    assert (codings["R2"].codes, codings["R2"].skipped) == ((), False)
    (quote,) = codings["R3"].quotes
    assert (quote.text, codings["R3"].codes) == ("cafe\u0301 op", ("echo",))
    assert (codings["R3"].shown, codings["R2"].shown) == (("echo",), None)
    assert codings["R4"].skipped
    assert {coding.codebook for coding in found.codings} == {"1.1.0"}


def test_sorted_filtered_and_moved_columns(file: Path) -> None:
    def move(page: Any) -> None:
        put(page, 3, geen="x")
        rows = [[cell.value for cell in line] for line in page.iter_rows()]
        order = [0, 4, 2, 1, 3]
        for row, source in enumerate(order, start=1):
            turned = reversed(rows[source])
            for column, value in enumerate(turned, start=1):
                page.cell(row, column).value = value
                page.cell(row, column).data_type = "s" if value is not None else "n"
        page.row_dimensions[3].hidden = True
        page.auto_filter.ref = None

    before = by_answer(read(file))
    edit(file, move)
    found = read(file)
    assert found.notes == found.faults == ()
    after = by_answer(found)
    assert after["R2"].codes == ()
    assert replace(after["R1"], place=before["R1"].place) == before["R1"]


def test_rows_that_were_tampered_with_are_told(file: Path) -> None:
    def tamper(page: Any) -> None:
        put(page, 2, code1="")
        put(page, 2, citaten="")
        put(page, 3, code1="echo", geen="x")
        page.cell(4, 2).value = "iets anders"
        put(page, 4, code1="echo")
        for column in range(1, page.max_column + 1):
            page.cell(6, column).value = page.cell(5, column).value
        put(page, 5, code1="echo")
        put(page, 6, code1="mens")

    edit(file, tamper)
    found = read(file)
    assert found.codings == ()
    wrong = [(fault.key, fault.place.row) for fault in found.faults]
    assert wrong == [("sheet_both", 3), ("sheet_text", 4), ("sheet_twice", 6)]
    assert [(note.key, note.place.row) for note in found.notes] == [("sheet_emptied", 2)]


def test_a_key_of_another_row_sheet_or_hand_is_told(file: Path) -> None:
    def swap(page: Any) -> None:
        last = page.max_column
        keys = [page.cell(row, last).value for row in (2, 3, 4)]
        page.cell(2, last).value, page.cell(3, last).value = keys[1], keys[0]
        fields = json.loads(keys[2])
        page.cell(4, last).value = json.dumps(["R9:q1", *fields[1:]])
        page.delete_rows(5)
        for row in (2, 3, 4):
            put(page, row, code1="echo")

    edit(file, swap)
    found = read(file)
    assert found.codings == ()
    wrong = [(fault.key, fault.place.row) for fault in found.faults]
    assert wrong == [("sheet_text", 2), ("sheet_text", 3), ("sheet_key", 4)]
    (gone,) = found.notes
    assert (gone.key, gone.params) == ("sheet_gone", {"n": 2, "answers": "R3:q1, R4:q1"})


def test_a_doubled_row_that_says_the_same_is_taken_once(file: Path) -> None:
    def double(page: Any) -> None:
        for column in range(1, page.max_column + 1):
            page.cell(6, column).value = page.cell(2, column).value

    edit(file, double)
    found = read(file)
    assert [coding.respondent for coding in found.codings] == ["R1"]
    assert [note.key for note in found.notes] == ["sheet_twice_same"]


def test_names_that_are_taken(tmp_path: Path) -> None:
    """Questions that are called as our own sheets, headings that are alike, a long name."""
    questions = {"codes": "vraag", "themecoder": "", "een_vraag_met_een_lange_naam_a": "vraag\r\n2"}
    rows = [
        SheetRow(f"R1:{question}", question, 1, "Een tekst", told=("a", "b"), shown=("echo",))
        for question in questions
    ]
    sheet = sheet_of(rows, questions=questions, told=("vraag", "opmerking"))
    file = tmp_path / "anna.xlsx"
    file.write_bytes(sheet_workbook(sheet))
    book = openpyxl.load_workbook(file)
    for page in book.worksheets[:3]:
        row = [str(cell.value) for cell in page[1]]
        page.cell(2, row.index("code 1") + 1).value = "echo"
    formula = book.worksheets[0].data_validations.dataValidation[0].formula1
    assert book[formula.split("'")[1]]["A2"].value == "privacy"
    book.save(file)
    found = read(file)
    assert (found.notes, found.faults) == ((), ())
    assert [coding.question for coding in found.codings] == list(questions)
    assert {coding.codes for coding in found.codings} == {("echo",)}


def test_a_lost_column_is_an_error(file: Path) -> None:
    edit(file, lambda page: page.delete_cols(4))
    with pytest.raises(InputError) as error:
        read(file)
    assert [problem.key for problem in error.value.problems] == ["outgoing.column_gone"]


def test_other_files_are_no_sheets(tmp_path: Path) -> None:
    for name, data in (("a.xlsx", b"PK\x03\x04 cut"), ("b.csv", b"a;b"), ("c", b"")):
        (tmp_path / name).write_bytes(data)
        assert not is_coding_sheet(tmp_path / name)
    assert not is_coding_sheet(tmp_path / "nowhere.xlsx")


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not on this machine")
@pytest.mark.parametrize("kind", ["xlsx:Calc MS Excel 2007 XML", "ods"])
def test_libreoffice_saves_it(file: Path, tmp_path: Path, kind: str) -> None:
    edit(file, lambda page: put(page, 3, code1="echo", citaten="echo: geen formule"))
    saved = tmp_path / "saved" / file.with_suffix("." + kind.partition(":")[0]).name
    home = f"-env:UserInstallation=file://{tmp_path}/office"
    words = ("soffice", home, "--headless", "--convert-to", kind, "--outdir", str(saved.parent))
    subprocess.run([*words, str(file)], check=True, capture_output=True, timeout=300)
    assert is_coding_sheet(saved)
    again = read(saved)
    assert again.codings == read(file).codings
    assert again.notes == again.faults == ()
    if saved.suffix == ".xlsx":
        page = openpyxl.load_workbook(saved)["q1"]
        assert page.protection.sheet
        assert len(page.data_validations.dataValidation) >= 2
        assert page.column_dimensions[page.cell(1, page.max_column).column_letter].hidden
