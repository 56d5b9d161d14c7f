"""Broken codebooks, kept as files: what ``codebook check`` says of each, and where."""

from __future__ import annotations

import csv
import re
import subprocess
import sys
from pathlib import Path

import pytest

from themecoder.codebook.checks import check
from themecoder.codebook.files.document import read_document
from themecoder.codebook.files.folder import CodebookFolder
from themecoder.errors import Problem
from themecoder.messages import LANGUAGES, message

THEMECODER = str(Path(sys.executable).with_name("themecoder"))
DATA = Path(__file__).parents[1] / "data" / "codebooks"
ROOT = Path(__file__).parents[2]
with (DATA / "broken.tsv").open(encoding="utf-8", newline="") as _file:
    _ROWS = list(csv.DictReader(_file, delimiter="\t"))
EXPECTED = {
    name: [(int(r["line"]), r["problem"], r["code"]) for r in _ROWS if r["codebook"] == name]
    for name in sorted({row["codebook"] for row in _ROWS})
}


def problems(name: str, tmp_path: Path) -> list[Problem]:
    folder = CodebookFolder(DATA / "broken" / name, tmp_path / "lock")
    return folder.problems("draft", ("q1", "q2"))


def test_every_file_has_its_expectation() -> None:
    assert len(EXPECTED) >= 25
    assert sorted(EXPECTED) == sorted(one.name for one in (DATA / "broken").iterdir())


@pytest.mark.parametrize("name", EXPECTED)
def test_each_problem_is_found_where_it_is(name: str, tmp_path: Path) -> None:
    found = problems(name, tmp_path)
    assert [(p.row, p.key) for p in found] == [
        (line, f"codebook.{problem}") for line, problem, _ in EXPECTED[name]
    ]
    assert {p.file for p in found} == {DATA / "broken" / name / "draft.yaml"}
    for problem, (_, _, code) in zip(found, EXPECTED[name], strict=True):
        for language in LANGUAGES:
            text = message(f"{problem.key}.text", language, **problem.params)
            assert code == "-" or re.search(rf"\b{code}\b", text)
            remedy = message(f"{problem.key}.remedy", language, **problem.params)
            assert remedy.strip()


def test_several_mistakes_in_one_file_are_all_reported(tmp_path: Path) -> None:
    assert len(problems("many_at_once", tmp_path)) == 9


@pytest.mark.parametrize("name", ["many_at_once", "cycle", "not_utf8", "git_conflict", "nothing"])
def test_the_command_names_file_line_and_remedy(name: str) -> None:
    file = DATA / "broken" / name / "draft.yaml"
    done = subprocess.run(
        [THEMECODER, "codebook", "check", str(file)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    for line, _, _ in EXPECTED[name]:
        assert re.search(rf"draft\.yaml, (regel|line) {line}\b", done.stderr)
    assert not list(file.parent.glob("*.lock"))


def test_a_file_that_is_not_there_is_bad_input(tmp_path: Path) -> None:
    done = subprocess.run(
        [THEMECODER, "codebook", "check", str(tmp_path / "nee.yaml")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "nee.yaml" in done.stderr


@pytest.mark.parametrize("text", ["null", "[]", "codes: [1, [2], {id: 3}]", "id: [a]\ncodes: {}"])
def test_data_of_any_form_is_reported_and_never_raises(text: str, tmp_path: Path) -> None:
    (tmp_path / "draft.yaml").write_text(text, encoding="utf-8")
    found = CodebookFolder(tmp_path, tmp_path / "lock").problems("draft")
    assert found
    assert all(message(f"{p.key}.text", "nl", **p.params) for p in found)


def test_the_shipped_codebook_is_fine_with_two_examples_for_each_code() -> None:
    folder = ROOT / "codebooks" / "mind-genai"
    document = read_document(folder / "1.0.0.yaml")
    book = document.codebook
    assert document.findings == []
    assert check(book) == []
    assert (len(book.codes), len(book.groups)) == (31, 5)
    for code in book.codes:
        assert [example.borderline for example in code.examples] == [False, True], code.id
    texts = [example.text for code in book.codes for example in code.examples]
    assert len(set(texts)) == len(texts)
