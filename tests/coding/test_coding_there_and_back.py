"""Coding of a study out by command, and back: into the same study, and into an empty one."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pyreadstat
import pytest
from street_study import make_street, plan_for, put_coding

from commands import done, snapshot, themecoder
from marked_study import details_in
from themecoder.coding.annotations import read_codings
from themecoder.coding.history import read_history
from themecoder.coding.model import Coding
from themecoder.errors import InputError
from themecoder.study import Study

NAMES = ("Marieke", "de Vries")
FORMS = ("coding.xlsx", "coding.csv", "coding.json", "coding.qdpx")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The study with its masks worked out: to be copied."""
    folder = make_street(tmp_path_factory.mktemp("straat") / "studie")
    put_coding(folder)
    return folder


@pytest.fixture
def study(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "studie"))


def codings(folder: Path) -> dict[tuple[str, str], Coding]:
    files = sorted((folder / "annotations").glob("q*/*.jsonl"))
    return {(c.answer_id, c.coder): c for file in files for c in read_codings(file)}


def said(coding: Coding) -> Coding:
    """A coding without what depends on where it came from."""
    bare: dict[str, Any] = {"source": {}, "shown": None, "seconds": None}
    return replace(coding, **bare, created_at=None, updated_at=None)


def names_in(folder: Path) -> set[str]:
    """What identifies somebody in the files of a folder, also in what is packed."""
    return {name for data in snapshot(folder).values() for name in details_in(data, NAMES)}


@pytest.mark.parametrize("name", FORMS)
def test_out_and_into_an_empty_study(study: Path, name: str) -> None:
    before = codings(study)
    printed = done(study, "coding", "export", name)
    file = study / "reports" / "internal" / name
    assert str(file) in printed
    assert (file.parent / "LEESMIJ.txt").is_file()
    first = file.read_bytes()
    done(study, "coding", "export", name)
    assert file.read_bytes() == first
    assert names_in(file.parent) == set()
    same = json.loads(done(study, "coding", "import", str(file), "--apply", "--json"))
    assert same["same"] == len(before)
    assert codings(study) == before
    for own in (study / "annotations").glob("q*"):
        shutil.rmtree(own)
    done(study, "coding", "import", str(file), "--apply")
    after = codings(study)
    assert {key: said(coding) for key, coding in after.items()} == {
        key: said(widened(study, coding)) for key, coding in before.items()
    }
    again = snapshot(study / "annotations")
    done(study, "coding", "import", str(file), "--apply")
    assert snapshot(study / "annotations") == again


def widened(folder: Path, coding: Coding) -> Coding:
    """A coding whose quotes take masks whole, as everything does that people see."""
    answer = Study.open(folder).masked_texts()[coding.answer_id]
    quotes = []
    for quote in coding.quotes:
        start, end = answer.to_original(*answer.to_masked(quote.start, quote.end))
        quotes.append(replace(quote, start=start, end=end))
    return replace(coding, quotes=tuple(sorted(quotes)))


def test_the_matrix_and_spss_hold_codes(study: Path) -> None:
    printed = done(study, "coding", "export", "matrix.csv", "--as", "matrix")
    assert "citaten" in printed
    rows = (study / "reports" / "internal" / "matrix.csv").read_text("utf-8").splitlines()
    assert rows[0] == "answer_id,coder,state,geluid,groen,buren,niets"
    assert rows[1] == "R1:q1,anna,coded,1,0,1,0"
    assert rows[-1] == "R6:q1,anna,no_code,0,0,0,0"
    for own in (study / "annotations").glob("q*"):
        shutil.rmtree(own)
    done(study, "coding", "import", str(study / "reports/internal/matrix.csv"), "--apply")
    codes = {key: (coding.state, coding.codes) for key, coding in codings(study).items()}
    assert codes["R1:q1", "anna"] == ("coded", ("buren", "geluid"))
    assert codes["R6:q1", "anna"] == ("no_code", ())
    assert codes["R5:q1", "bram"] == ("skipped", ())
    done(study, "coding", "export", "coding.sav", "--source", "coder:anna", "-q", "q1")
    frame, meta = pyreadstat.read_sav(study / "reports" / "internal" / "coding.sav")
    assert frame["q1_geluid"].tolist()[:2] == [1.0, 0.0]
    assert meta.column_names_to_labels["q1_geluid"] == "De straat: Geluid"
    assert "q2_geluid" not in frame


def test_where_a_file_goes_and_what_is_said(study: Path, tmp_path: Path) -> None:
    file = tmp_path / "elders.xlsx"
    found = themecoder(study, "coding", "export", str(file), "--with", "leeftijd")
    assert found.returncode == 0
    assert "respondenten" in found.stderr
    assert not (study / "reports").exists()
    data = json.loads(done(study, "coding", "export", "a.csv", "--json"))
    assert (data["coders"], data["codings"], data["answers"]) == (["anna", "bram"], 7, 12)
    page = openpyxl.load_workbook(file)["q1"]
    header = [cell.value for cell in page[1]]
    assert header[:4] == ["answer_id", "antwoord", "Leeftijd", "anna: codes"]
    assert page["C2"].value == "<30"
    assert page["D2"].value == "Buren; Geluid"
    for words, part in (
        (("a.docx",), "xlsx, csv, matrix"),
        (("a.xlsx", "--as", "csv"), ".csv"),
        (("a.xlsx", "--with", "inkomen"), "leeftijd"),
        (("a.xlsx", "--source", "coder:dirk"), "anna"),
        (("a.xlsx", "-q", "q9"), "q1"),
    ):
        refused = themecoder(study, "coding", "export", *words)
        assert refused.returncode == 2
        assert part in refused.stderr
    shutil.rmtree(study / "annotations")
    assert themecoder(study, "coding", "export", "a.csv").returncode == 2


@pytest.mark.parametrize("name", ["coding.xlsx", "coding.csv", "coding.qdpx", "coding.sav"])
def test_what_is_known_of_respondents_goes_along_where_it_is_asked(study: Path, name: str) -> None:
    """Together attributes may tell who somebody is; what stays is said, and how to take it."""

    def written(*words: str) -> tuple[dict[str, Any], bool]:
        found = json.loads(done(study, "coding", "export", name, *words, "--json"))
        if name == "coding.sav":
            frame, meta = pyreadstat.read_sav(found["files"][0])
            known = [*meta.column_names, *map(str, frame.to_numpy().ravel())]
            return found, bool({"leeftijd", "<30", "24.0"}.intersection(known))
        return found, bool(
            details_in(Path(found["files"][0]).read_bytes(), ["leeftijd", "Leeftijd"])
        )

    made, is_told = written()
    assert (made["unasked"], is_told) == (["leeftijd"], False)
    assert "--with" in done(study, "coding", "export", name)
    for words in (("--with", "leeftijd"), ("--with", "all")):
        made, is_told = written(*words)
        assert (made["unasked"], is_told) == ([], True)
        assert "--with" not in done(study, "coding", "export", name, *words)
    assert not json.loads(done(study, "coding", "export", "a.json", "--json"))["unasked"]


def edit(file: Path, change: Callable[[Any, dict[str, int]], None]) -> None:
    book = openpyxl.load_workbook(file)
    for name in ("q1", "q2"):
        page = book[name]
        change(page, {str(cell.value): cell.column for cell in page[1]})
    book.save(file)


def test_a_coders_week_in_a_workbook(study: Path) -> None:
    plan_for(study, "anna")
    (made,) = json.loads(done(study, "coding", "sheet", "--with", "leeftijd", "--json"))
    file = Path(made["file"])
    assert (made["answers"], made["filled"], made["blind"]) == (12, 5, 6)
    assert file.parent == study / "reports" / "internal"
    assert names_in(file.parent) == set()
    before = codings(study)
    report = done(study, "coding", "import", str(file), "--json")
    assert json.loads(report)["same"] == 5

    def monday(page: Any, columns: dict[str, int]) -> None:
        if page.title == "q1":
            assert page.cell(2, columns["Leeftijd"]).value == "<30"
            page.cell(2, columns["code 2"]).value = None
            page.cell(2, columns["citaten (code: woorden)"]).value = "Buren: buren"
            page.cell(6, columns["code 1"]).value = "Geluid"
            comment = page.cell(6, columns["opmerking"])
            assert comment.number_format == "@", "what is typed there is text"
            comment.value, comment.data_type = "=1+1", "s"
        else:
            page.cell(2, columns["geen code past"]).value = "x"

    edit(file, monday)
    refused = themecoder(study, "coding", "sheet")
    assert refused.returncode == 2
    assert file.name in refused.stderr
    found = json.loads(done(study, "coding", "import", str(file), "--json"))
    assert (len(found["added"]), len(found["replaced"]), found["same"]) == (2, 1, 4)
    assert codings(study) == before
    done(study, "coding", "import", str(file), "--apply")
    after = codings(study)
    assert after["R1:q1", "anna"].codes == ("buren",)
    assert after["R5:q1", "anna"].comment == "=1+1"
    # bram's is untouched, what was blind has no suggestion, what was not has those it was shown
    assert after["R1:q1", "bram"] == before["R1:q1", "bram"]
    assert after["R1:q2", "anna"].shown == ("geluid",)
    assert after["R5:q1", "anna"].shown == ("geluid",)
    assert read_history(Study.open(study).paths.coding_history("q1", "anna")) == [
        before["R1:q1", "anna"]
    ]
    once = snapshot(study / "annotations")
    done(study, "coding", "import", str(file), "--apply")
    assert snapshot(study / "annotations") == once

    def tuesday(page: Any, columns: dict[str, int]) -> None:
        if page.title == "q1":
            page.cell(6, columns["opmerking"]).value = None
            page.cell(6, columns["code 2"]).value = "Buren"

    edit(file, tuesday)
    done(study, "coding", "import", str(file), "--apply")
    assert codings(study)["R5:q1", "anna"].codes == ("buren", "geluid")
    assert codings(study)["R5:q1", "anna"].comment == ""
    history = read_history(Study.open(study).paths.coding_history("q1", "anna"))
    assert [(one.answer_id, one.comment) for one in history][1:] == [("R5:q1", "=1+1")]


def test_what_was_coded_elsewhere_meanwhile_is_a_conflict(study: Path) -> None:
    plan_for(study, "anna")
    done(study, "coding", "sheet", "--ticks", "--to", str(study / "bladen"))
    (file,) = (study / "bladen").glob("*.xlsx")
    other = codings(study)["R1:q1", "anna"]
    path = study / "annotations" / "q1" / "anna.jsonl"
    text = path.read_text("utf-8").replace("navragen; =1+1", "elders")
    path.write_text(text, encoding="utf-8")

    def work(page: Any, columns: dict[str, int]) -> None:
        if page.title == "q1":
            page.cell(2, columns["Geluid"]).value = None
            page.cell(2, columns["citaten (code: woorden)"]).value = None
            page.cell(3, columns["Geluid"]).value = "x"

    edit(file, work)
    found = json.loads(done(study, "coding", "import", str(file), "--apply", "--json"))
    assert [one["answer_id"] for one in found["conflicts"]] == ["R1:q1"]
    assert [one["answer_id"] for one in found["replaced"]] == ["R2:q1"]
    assert codings(study)["R1:q1", "anna"] == replace(other, comment="elders")
    assert codings(study)["R2:q1", "anna"].codes == ("buren", "geluid", "groen")


def test_a_sheet_of_another_study_or_with_faults_is_refused_whole(study: Path) -> None:
    plan_for(study, "anna")
    done(study, "coding", "sheet", "--to", str(study))
    (file,) = study.glob("*.xlsx")

    def spoil(page: Any, columns: dict[str, int]) -> None:
        if page.title == "q1":
            page.cell(3, 2).value = "iets anders"
            page.cell(4, columns["geen code past"]).value = "x"
            page.cell(5, columns["key"]).value = "weg"
            page.cell(6, columns["opmerking"]).value = "alleen dit"
            page.cell(7, columns["citaten (code: woorden)"]).value = "Groen: staat er niet"

    edit(file, spoil)
    before = snapshot(study / "annotations")
    refused = themecoder(study, "coding", "import", str(file), "--apply", "--json")
    assert refused.returncode == 2
    problems = json.loads(refused.stderr)["problems"]
    assert [(one["key"], one["row"]) for one in problems] == [
        ("exchange.sheet_text", 3),
        ("exchange.sheet_both", 4),
        ("exchange.sheet_key", 5),
        ("exchange.sheet_unsaid", 6),
        ("exchange.quote_not_there", 7),
    ]
    assert snapshot(study / "annotations") == before


def test_bad_input_of_sheets(study: Path) -> None:
    assert themecoder(study, "coding", "sheet").returncode == 2
    plan_for(study, "anna")
    for words, part in (
        (("--coder", "dirk"), "anna"),
        (("--with", "inkomen"), "leeftijd"),
        (("--question", "q9"), "q1"),
    ):
        refused = themecoder(study, "coding", "sheet", *words)
        assert refused.returncode == 2
        assert part in refused.stderr
    path = study / "annotations" / "q1" / "anna.jsonl"
    path.write_text(path.read_text("utf-8").replace('"1.0.0"', '"0.9.0"'), encoding="utf-8")
    refused = themecoder(study, "coding", "sheet")
    assert "migrate" in refused.stderr


def test_a_notebook_does_the_same(study: Path, tmp_path: Path) -> None:
    opened = Study.open(study)
    made = opened.exchange.export(tmp_path / "coding.csv", questions=["q1"])
    done(study, "coding", "export", "coding.csv", "-q", "q1")
    (file,) = made.files
    assert file.read_bytes() == (study / "reports/internal/coding.csv").read_bytes()
    plan_for(study, "anna")
    (sheet,) = opened.exchange.sheets(folder=tmp_path / "bladen")
    assert (sheet.coder, sheet.answers) == ("anna", 12)
    before = codings(study)
    shutil.rmtree(study / "annotations" / "q1")
    planned = opened.exchange.take_over(file)
    assert len(planned.plan.added) == made.codings
    assert not (study / "annotations" / "q1").exists()
    opened.exchange.take_over(file, apply=True)
    assert set(codings(study)) == set(before)
    text = file.read_text("utf-8-sig").replace("R1:q1", "R99:q1")
    (tmp_path / "weg.csv").write_text(text, encoding="utf-8")
    with pytest.raises(InputError):
        opened.exchange.take_over(tmp_path / "weg.csv", apply=True)
    part = opened.exchange.take_over(tmp_path / "weg.csv", apply=True, partial=True)
    assert part.not_taken and part.plan.same
