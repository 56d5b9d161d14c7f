"""Values of codes out of a study and back: in each format, and in a coder's sheet."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pyreadstat
import pytest

from commands import done, themecoder
from themecoder.coding.annotations import read_codings, write_codings
from themecoder.coding.model import Coding

BOOK = """\
id: b
version: 1.0.0
language: nl
title: Boek
released: 2026-01-01
codes:
- id: privacy
  label: Privacy
  definition: Zorgen over gegevens.
  scale: nominal
  values:
  - {id: voor, label: Voor}
  - {id: tegen, label: "Tegen, sterk"}
- id: ernst
  label: Ernst
  definition: Hoe erg het is.
  scale: ordinal
  values:
  - {id: 1, label: Niet}
  - {id: 3, label: Erg}
- id: slaap
  label: Slaap
  definition: Slecht slapen.
"""
STUDY = """\
id = "s"
title = "Proef"
[survey]
file = "survey.csv"
id = "id"
[codebook]
id = "b"
[coding]
coders = ["anna", "bert"]
[[questions]]
id = "q1"
"""


def coded(number: int, coder: str, *codes: str, **values: str) -> Coding:
    state = "coded" if codes else "no_code"
    source = {"kind": "test"}
    answer = f"R{number}:q1"
    return Coding(answer, coder, "1.0.0", state, codes, source=source, values=values)


CODINGS = {
    "anna": [
        coded(1, "anna", "ernst", "privacy", ernst="3", privacy="tegen"),
        coded(2, "anna", "privacy", privacy="voor"),
        coded(3, "anna", "slaap"),
        coded(4, "anna"),
    ],
    "bert": [
        coded(1, "bert", "ernst", "privacy", ernst="1", privacy="tegen"),
        coded(2, "bert", "privacy"),
    ],
}


@pytest.fixture
def study(tmp_path: Path) -> Path:
    folder = tmp_path / "studie"
    (folder / "codebooks" / "b").mkdir(parents=True)
    (folder / "codebooks" / "b" / "1.0.0.yaml").write_text(BOOK, encoding="utf-8")
    (folder / "study.toml").write_text(STUDY, encoding="utf-8")
    rows = [f"R{n},Ik slaap er slecht van {n}." for n in range(1, 6)]
    (folder / "survey.csv").write_text("\n".join(["id,q1", *rows, ""]), encoding="utf-8")
    for coder, codings in CODINGS.items():
        write_codings(folder / "annotations" / "q1" / f"{coder}.jsonl", codings)
    return folder


def said(folder: Path) -> dict[tuple[str, str], tuple[tuple[str, ...], dict[str, str]]]:
    files = sorted((folder / "annotations" / "q1").glob("*.jsonl"))
    return {
        (c.answer_id, c.coder): (c.codes, dict(c.values))
        for file in files
        for c in read_codings(file)
    }


def rows_of(page: Any, key: int) -> dict[str, int]:
    """answer_id -> its row."""
    cells = {n: page.cell(n, key).value for n in range(2, page.max_row + 1)}
    return {json.loads(cell)[0]: n for n, cell in cells.items()}


@pytest.mark.parametrize("name", ["coding.xlsx", "coding.csv", "coding.json"])
def test_out_and_into_an_empty_study(study: Path, name: str) -> None:
    before = said(study)
    printed = done(study, "coding", "export", name)
    assert "waarden" not in printed
    file = study / "reports" / "internal" / name
    again = json.loads(done(study, "coding", "import", str(file), "--apply", "--json"))
    assert (again["same"], again["added"], again["conflicts"]) == (6, [], [])
    shutil.rmtree(study / "annotations")
    done(study, "coding", "import", str(file), "--apply")
    assert said(study) == before


def test_a_format_without_a_place_says_so_and_leaves_the_values_that_are_here(study: Path) -> None:
    before = said(study)
    assert "4 coderingen" not in done(study, "coding", "export", "coding.csv")
    assert "waarden van codes: 3 coderingen" in done(study, "coding", "export", "coding.qdpx")
    file = study / "reports" / "internal" / "coding.qdpx"
    again = json.loads(done(study, "coding", "import", str(file), "--apply", "--json"))
    assert (again["same"], again["conflicts"]) == (6, [])
    assert said(study) == before


def test_another_value_is_a_conflict_and_overwrites_nothing(study: Path) -> None:
    done(study, "coding", "export", "coding.csv")
    file = study / "reports" / "internal" / "coding.csv"
    file.write_text(file.read_text("utf-8").replace("privacy=voor", "privacy=TEGEN"), "utf-8")
    before = said(study)
    found = json.loads(done(study, "coding", "import", str(file), "--apply", "--json"))
    assert [one["answer_id"] for one in found["conflicts"]] == ["R2:q1"]
    assert said(study) == before


def test_what_is_no_value_and_a_value_without_its_code_are_told(
    study: Path,
) -> None:
    done(study, "coding", "export", "coding.csv")
    file = study / "reports" / "internal" / "coding.csv"
    text = file.read_text("utf-8").replace("privacy=voor", "privacy=misschien")
    text = text.replace("ernst=3; privacy=tegen", "ernst=3; slaap=1; privacy=tegen")
    file.write_text(text, "utf-8")
    shutil.rmtree(study / "annotations")
    found = themecoder(study, "coding", "import", str(file), "--apply")
    assert found.returncode == 2
    told = found.stdout + found.stderr
    assert "'misschien'" in told and "Voor, Tegen, sterk" in told
    assert "slaap" in told and "rij 2" in told
    assert not (study / "annotations").exists()


def test_spss_has_a_variable_of_the_values_on_which_coders_agree(study: Path) -> None:
    done(study, "coding", "export", "coding.sav", "--source", "union")
    frame, meta = pyreadstat.read_sav(study / "reports" / "internal" / "coding.sav")
    frame = frame.set_index("id")
    assert meta.variable_value_labels["q1_ernst_value"] == {1.0: "Niet", 3.0: "Erg"}
    assert meta.variable_value_labels["q1_privacy_value"] == {1.0: "Voor", 2.0: "Tegen, sterk"}
    assert frame.loc["R1", "q1_privacy_value"] == 2
    assert frame.loc["R2", "q1_privacy_value"] == 1
    # coders differ; the code is not there
    assert frame.loc[["R1", "R3"], "q1_ernst_value"].isna().all()
    assert frame.loc["R1", "q1_ernst"] == 1


def test_a_coder_says_values_in_her_sheet(study: Path) -> None:
    done(study, "plan", "--double", "100%")
    done(study, "coding", "sheet", "--coder", "anna")
    file = study / "reports" / "internal" / "coding_s_anna.xlsx"
    book = openpyxl.load_workbook(file)
    page = book["q1"]
    columns = {cell.value: cell.column for cell in page[1]}
    rows = {
        json.loads(page.cell(n, columns["key"]).value)[0]: n for n in range(2, page.max_row + 1)
    }
    value = columns["waarde van Privacy"]
    assert page.cell(rows["R1:q1"], value).value == "Tegen, sterk"
    page.cell(rows["R2:q1"], value).value = "tegen, STERK"
    page.cell(rows["R1:q1"], value).value = None
    page.cell(rows["R5:q1"], columns["code 1"]).value = "Privacy"
    page.cell(rows["R5:q1"], value).value = "Voor"
    book.save(file)
    done(study, "coding", "import", str(file), "--apply")
    now = said(study)
    assert now["R1:q1", "anna"] == (("ernst", "privacy"), {"ernst": "3"})
    assert now["R2:q1", "anna"] == (("privacy",), {"privacy": "tegen"})
    assert now["R5:q1", "anna"] == (("privacy",), {"privacy": "voor"})
    again = json.loads(done(study, "coding", "import", str(file), "--apply", "--json"))
    assert (again["added"], again["replaced"], again["conflicts"]) == ([], [], [])


def test_a_value_that_changed_here_meanwhile_is_not_overwritten(study: Path) -> None:
    done(study, "plan", "--double", "100%")
    done(study, "coding", "sheet", "--coder", "anna")
    file = study / "reports" / "internal" / "coding_s_anna.xlsx"
    changed = [
        replace(one, values={"privacy": "tegen"}) if one.answer_id == "R2:q1" else one
        for one in CODINGS["anna"]
    ]
    write_codings(study / "annotations" / "q1" / "anna.jsonl", changed)
    book = openpyxl.load_workbook(file)
    page = book["q1"]
    columns = {cell.value: cell.column for cell in page[1]}
    rows = {
        json.loads(page.cell(n, columns["key"]).value)[0]: n for n in range(2, page.max_row + 1)
    }
    page.cell(rows["R2:q1"], columns["waarde van Privacy"]).value = None
    book.save(file)
    found = json.loads(done(study, "coding", "import", str(file), "--apply", "--json"))
    assert [one["answer_id"] for one in found["conflicts"]] == ["R2:q1"]
    assert said(study)["R2:q1", "anna"][1] == {"privacy": "tegen"}
