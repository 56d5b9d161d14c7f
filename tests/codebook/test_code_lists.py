"""Lists of codes as people keep them: numbers and labels in Excel, tags of Taguette."""

from __future__ import annotations

import csv
from pathlib import Path

import openpyxl
import pytest

from coding_study import make_study
from commands import done, themecoder
from themecoder.codebook.exchange import read_incoming
from themecoder.codebook.model import Code
from themecoder.workspace.folder import StudyFolder


def book(file: Path, *rows: tuple[object, ...]) -> Path:
    made = openpyxl.Workbook()
    for row in rows:
        made.active.append(row)
    made.save(file)
    return file


@pytest.mark.parametrize(
    "head",
    [
        ("Nr", "Code", "Omschrijving"),
        ("Code", "Label", "Toelichting"),
        ("nummer", "Thema", "Definitie"),
        ("Nr.", "Naam", "Beschrijving"),
    ],
)
def test_a_list_by_number(tmp_path: Path, head: tuple[str, ...]) -> None:
    file = book(tmp_path / "lijst.xlsx", head, (1, "Privacy", "Over gegevens."), (12, "Tijd", None))
    incoming = read_incoming(file)
    assert incoming.book.codes == (
        Code("privacy", "Privacy", definition="Over gegevens.", number="1"),
        Code("tijd", "Tijd", number="12"),
    )
    assert incoming.notes == ()


def test_numbers_and_a_description_alone(tmp_path: Path) -> None:
    file = book(tmp_path / "lijst.xlsx", ("Code", "Omschrijving"), (1, "Privacy"), (2, "Tijd"))
    codes = read_incoming(file).book.codes
    assert [(code.number, code.label, code.definition) for code in codes] == [
        ("1", "Privacy", ""),
        ("2", "Tijd", ""),
    ]


def test_what_taguette_exports(tmp_path: Path) -> None:
    file = tmp_path / "codebook.csv"
    with file.open("w", encoding="utf-8", newline="") as handle:
        rows = csv.writer(handle)
        rows.writerow(("tag", "description", "number of highlights"))
        rows.writerow(("privacy", "Wie kan erbij,\nen hoe lang?", 3))
        rows.writerow(("privacy.lek", "", 0))
    incoming = read_incoming(file)
    labels = [(code.label, code.definition) for code in incoming.book.codes]
    assert labels == [("privacy", "Wie kan erbij,\nen hoe lang?"), ("privacy.lek", "")]
    assert [note.params["name"] for note in incoming.notes] == ["number of highlights"]


def test_a_list_with_other_labels_is_taken_over_by_number(tmp_path: Path) -> None:
    study = make_study(tmp_path / "studie")
    first = book(tmp_path / "a.xlsx", ("Nr", "Naam"), (1, "Privacy en data"), (3, "Tijd en gemak"))
    done(study, "codebook", "import", str(first))
    renamed = book(tmp_path / "b.xlsx", ("Nr", "Naam"), (1, "Privacy"), (3, "Tijd en gemak"))
    done(study, "codebook", "import", str(renamed))
    draft = StudyFolder.open(study).codebooks.draft()[1].book
    codes = {code.number: (code.id, code.label) for code in draft.codes if code.number}
    assert codes == {"1": ("privacy", "Privacy"), "3": ("tijd", "Tijd en gemak")}
    assert len(draft.codes) == 4


def test_coding_by_number_needs_no_list_beside_it(tmp_path: Path) -> None:
    study = make_study(tmp_path / "studie")
    numbers = book(
        tmp_path / "a.xlsx", ("Nr", "Naam"), (1, "Privacy en data"), (3, "Tijd en gemak")
    )
    done(study, "codebook", "import", str(numbers))
    done(study, "codebook", "release")
    coded = book(tmp_path / "c.xlsx", ("respid", "codes"), (101, 1), (103, 3), (105, "1; 3"))
    words = ("-q", "q1", "--coder", "anna", "--apply")
    done(study, "coding", "import", str(coded), *words)
    lines = (study / "annotations" / "q1" / "anna.jsonl").read_text("utf-8").splitlines()
    assert ['"codes": ["privacy", "tijd"]' in line for line in lines] == [False, False, True]


def test_two_codes_with_one_number_are_told(tmp_path: Path) -> None:
    study = make_study(tmp_path / "studie")
    file = study / "codebooks" / "mens" / "1.0.0.yaml"
    text = file.read_text("utf-8")
    text = text.replace("  definition: Over", "  number: 1\n  definition: Over")
    text = text.replace("  definition: Het", "  number: '1'\n  definition: Het")
    file.write_text(text, "utf-8")
    found = themecoder(study, "codebook", "check")
    assert found.returncode == 1
    assert "hetzelfde nummer '1'" in found.stderr + found.stdout
