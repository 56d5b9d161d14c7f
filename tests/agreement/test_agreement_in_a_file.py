"""``themecoder agreement --from``: two coders in a spreadsheet, without any study."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

from commands import called, snapshot
from themecoder.agreement import measure

ANNA = ["Privacy", "Tijd", "Privacy; Tijd", "Kosten", "Tijd", None, "Privacy", "Kosten"] * 4
BRAM = ["privacy", "Tijd", "Privacy", "Kosten", "Kosten", "Tijd", "Privacy", "-"] * 4


def book(file: Path, rows: list[list[object]], **more: list[list[object]]) -> Path:
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, own in {"Blad1": rows, **more}.items():
        sheet = made.create_sheet(name)
        for row in own:
            sheet.append(row)
    made.save(file)
    return file


def two_columns(file: Path) -> Path:
    rows: list[list[object]] = [["nr", "antwoord", "Anna", "Bram"]]
    pairs = enumerate(zip(ANNA, BRAM, strict=True))
    rows += [[n, f"antwoord nummer {n}", *pair] for n, pair in pairs]
    return book(file, rows)


def found(file: Path, *words: str) -> dict[tuple[str, str], float | None]:
    """(code, coefficient) -> value over all questions and coders."""
    done = called("agreement", "--from", str(file), "--json", *words)
    assert done.returncode == 0, done.stderr
    rows = json.loads(done.stdout)["rows"]
    return {
        (row["code"], row["coefficient"]): row["value"]
        for row in rows
        if row["question"] == "all" and row["coder_pair"] == "all"
    }


def test_two_columns_in_one_sheet(tmp_path: Path) -> None:
    file = two_columns(tmp_path / "coded.xlsx")
    values = found(file)
    ratings = [
        [None if cell is None else int("privacy" in cell.casefold()) for cell in coder]
        for coder in (ANNA, BRAM)
    ]
    expected = measure("krippendorff_alpha", {"matrix": ratings})
    assert values["Privacy", "krippendorff_alpha"] == pytest.approx(expected.value)
    both = [pair for pair in zip(*ratings, strict=True) if None not in pair]
    same = sum(one == other for one, other in both) / len(both)
    assert values["Privacy", "percent_agreement"] == pytest.approx(same)
    assert {code for code, _ in values} == {"Privacy", "Tijd", "Kosten", "all"}


def test_nothing_is_written_unless_it_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = two_columns(tmp_path / "coded.xlsx")
    monkeypatch.chdir(tmp_path)
    before = snapshot(tmp_path)
    assert called("agreement", "--from", "coded.xlsx").returncode == 0
    assert snapshot(tmp_path) == before
    done = called("agreement", "--from", str(file), "--out", str(tmp_path / "uit"))
    assert done.returncode == 0
    written = {one.name for one in (tmp_path / "uit").iterdir()}
    assert {"agreement.html", "agreement.csv", "agreement.xlsx"} <= written
    assert "antwoord nummer" not in (tmp_path / "uit" / "agreement.html").read_text("utf-8")


def test_a_sheet_per_coder_and_rows_without_numbers_say_the_same(tmp_path: Path) -> None:
    expected = found(two_columns(tmp_path / "coded.xlsx"))
    head = ["nr", "codes"]
    own = {
        name: [head, *([n, cell] for n, cell in enumerate(cells))]
        for name, cells in (("Anna", ANNA), ("Bram", BRAM))
    }
    sheets = book(tmp_path / "bladen.xlsx", own["Anna"], Bram=own["Bram"])
    made = openpyxl.load_workbook(sheets)
    made["Blad1"].title = "Anna"
    made.save(sheets)
    assert found(sheets) == expected
    rows: list[list[object]] = [["antwoord", "Anna", "Bram"]]
    rows += [["ja", *pair] for pair in zip(ANNA, BRAM, strict=True)]
    assert found(book(tmp_path / "zonder.xlsx", rows)) == expected


def test_one_coder_is_too_few(tmp_path: Path) -> None:
    file = book(tmp_path / "een.xlsx", [["nr", "codes"], [1, "a"], [2, "b"], [3, "a"]])
    done = called("agreement", "--from", str(file))
    assert done.returncode == 2
    assert "--column" in done.stderr


def test_what_belongs_to_a_study_is_refused(tmp_path: Path) -> None:
    file = two_columns(tmp_path / "coded.xlsx")
    assert called("agreement", "--from", str(file), "--machine").returncode == 2
    assert called("agreement", "--from", str(tmp_path / "weg.xlsx")).returncode == 2


def test_rows_that_are_no_answers_are_told(tmp_path: Path) -> None:
    rows: list[list[object]] = [["Gecodeerd in mei"], [], ["nr", "codes Anna", "codes Bram"]]
    rows += [[n, *pair] for n, pair in enumerate(zip(ANNA, BRAM, strict=True), start=1)]
    rows += [["Totaal", 28, 32]]
    file = book(tmp_path / "coded.xlsx", rows)
    printed = called("agreement", "--from", str(file)).stdout
    assert "rij 1: niet gelezen: de rij is een titel ('Gecodeerd in mei')" in printed
    assert "rij 36: niet gelezen: de rij is een optelling ('Totaal')" in printed
    notes = json.loads(called("agreement", "--from", str(file), "--json").stdout)["notes"]
    told = {note["key"]: note["row"] for note in notes if note["key"].startswith("row_")}
    assert told == {"row_title": 1, "row_totals": 36}
