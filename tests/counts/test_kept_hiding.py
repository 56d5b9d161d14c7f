"""What must be hidden is searched for once, whichever command asks, and again where anything
changed."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from shipped import copy_shipped
from themecoder import Study
from themecoder.counts.disclosure import hiding

ASKED = ("q18",)


@pytest.fixture
def searches(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many counts each search had; this process forgets what it found."""
    found: list[int] = []
    protect = hiding.protect

    def counted(system: hiding.System, *rest: object) -> object:
        found.append(len(system.truth))
        return protect(system, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(hiding, "protect", counted)
    monkeypatch.setattr(hiding, "_FOUND", {})
    return found


def test_a_second_command_searches_no_more_and_hides_the_same(
    tmp_path: Path, searches: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    study = copy_shipped(tmp_path / "study")
    first = Study.open(study).counts(ASKED, by=["gender"]).rows
    assert searches and any(row.suppressed for row in first)
    searches.clear()

    monkeypatch.setattr(hiding, "_FOUND", {})
    assert Study.open(study).counts(ASKED, by=["gender"]).rows == first
    assert searches == []

    # what the disk changed is as if it were not there
    with sqlite3.connect(study / ".themecoder" / "hiding.sqlite") as file:
        file.execute("UPDATE entries SET value = X'00' || value")
    monkeypatch.setattr(hiding, "_FOUND", {})
    assert Study.open(study).counts(ASKED, by=["gender"]).rows == first
    assert searches


def test_another_smallest_cell_is_searched_for_anew(tmp_path: Path, searches: list[int]) -> None:
    study = copy_shipped(tmp_path / "study")
    of_five = Study.open(study).counts(ASKED, by=["gender"]).rows
    searches.clear()
    settings = study / "study.toml"
    text = settings.read_text(encoding="utf-8")
    assert "smallest_cell = 5" in text
    settings.write_text(text.replace("smallest_cell = 5", "smallest_cell = 8"), encoding="utf-8")
    of_eight = Study.open(study).counts(ASKED, by=["gender"]).rows
    assert searches
    five, eight = (
        {(r.code, r.subgroup) for r in rows if r.suppressed == "small"}
        for rows in (of_five, of_eight)
    )
    assert five < eight
