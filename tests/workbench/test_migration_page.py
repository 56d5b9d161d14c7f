"""Coding in files of an older format, carried over on the page."""

from __future__ import annotations

import json
from pathlib import Path

from bench_client import Client
from benches import a_workbench
from coding_study import make_study
from themecoder.coding.annotations import read_codings
from themecoder.settings.paths import StudyPaths
from themecoder.workspace.folder import StudyFolder

CODED = {
    "answer_id": "105:q1",
    "coder": "anna",
    "codebook": "1.0.0",
    "state": "coded",
    "codes": ["privacy"],
    "quotes": [{"code": "privacy", "start": 0, "end": 7, "text": "privacy"}],
    "uncertain": False,
    "comment": "",
    "shown": None,
    "round": 1,
    "created_at": "2026-01-02T09:00:00Z",
    "updated_at": "2026-01-02T09:00:00Z",
    "seconds": 5.0,
    "source": {"kind": "page"},
}


def test_older_coding_is_shown_before_anything_is_written_and_carried_over_by_a_button(
    tmp_path: Path,
) -> None:
    folder = make_study(tmp_path / "study")
    paths = StudyPaths(folder)
    paths.mask_decisions.write_text("answer_id,start,end,kind,decision,check\n")
    file = paths.coding("q1", "anna")
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps(CODED) + "\n", encoding="utf-8")  # as an earlier version wrote it
    before = file.read_bytes()
    with a_workbench(folder) as bench:
        client = Client(bench)
        assert 'href="/migrate"' in client.page("/")
        shown = client.page("/migrate")
        assert "anna.jsonl" in shown and "<form" in shown
        assert file.read_bytes() == before
        said = client.finish(client.send("/migrate"))
        assert "1 bestand" in said
        assert "<form" not in client.page("/migrate")
    assert [coding.format for coding in read_codings(file)] == [2]
    assert list(StudyFolder.open(folder).paths.backups.glob("*-annotations"))
