"""The shipped study's coding in every format of ours, taken over by the study that it came from."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from commands import done, snapshot
from shipped import copy_shipped
from themecoder.study import Study

pytestmark = pytest.mark.slow
EXPORTS = (
    ("coding.xlsx",),
    ("coding.csv",),
    ("coding.json",),
    ("coding.qdpx",),
    ("matrix.csv", "--as", "matrix"),
)


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory, mined_once: Path) -> Path:
    """The study, to be left as it is."""
    return copy_shipped(tmp_path_factory.mktemp("shipped") / "study", warm=mined_once)


def test_quotes_that_end_within_a_mask_are_there(shipped: Path) -> None:
    study = Study.open(shipped)
    texts = study.masked_texts()
    cut = [
        quote
        for question in study.questions
        for coding in study.codings(question, study.source("coder:coder_a")).values()
        for quote in coding.quotes
        for answer in [texts[coding.answer_id]]
        if answer.to_original(*answer.to_masked(quote.start, quote.end)) != (quote.start, quote.end)
    ]
    assert cut


@pytest.mark.parametrize("words", EXPORTS, ids=lambda words: words[0])
def test_our_own_export_changes_nothing(shipped: Path, words: tuple[str, ...]) -> None:
    before = snapshot(shipped / "annotations")
    written = json.loads(done(shipped, "coding", "export", *words, "--json"))
    file = written["files"][0]
    found = json.loads(done(shipped, "coding", "import", file, "--apply", "--json"))
    assert found["same"] == written["codings"] == len(_lines(before))
    assert not (found["added"] or found["replaced"] or found["conflicts"] or found["problems"])
    assert snapshot(shipped / "annotations") == before


def test_sheets_that_nobody_worked_in_change_nothing(shipped: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(shipped, tmp_path / "study"))
    done(folder, "plan", "--double", "20%")
    before = snapshot(folder / "annotations")
    same = 0
    for ticks in ((), ("--ticks",)):
        to = tmp_path / f"sheets{len(ticks)}"
        for made in json.loads(done(folder, "coding", "sheet", *ticks, "--to", str(to), "--json")):
            found = json.loads(done(folder, "coding", "import", made["file"], "--apply", "--json"))
            assert found["same"] == made["filled"]
            assert not (found["added"] or found["replaced"] or found["conflicts"])
            same += found["same"]
    assert same > 500
    assert snapshot(folder / "annotations") == before


def _lines(files: dict[str, bytes]) -> list[bytes]:
    """The codings in the files of annotations."""
    return [
        line
        for name, data in files.items()
        if name.endswith(".jsonl")
        for line in data.splitlines()
    ]
