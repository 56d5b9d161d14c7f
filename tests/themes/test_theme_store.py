"""Candidate themes on disk."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from themecoder.errors import InputError
from themecoder.themes.model import Assignment, QuestionThemes, Theme
from themecoder.themes.store import StoredThemes, read_themes, write_themes

THEMES = QuestionThemes(
    question="q18",
    themes=(
        Theme(
            1, "privacy, gegevens", (("privacy", 2.5), ("gegevens", 1.25)), 2, 0.75, ("3:q18",), ()
        ),
        Theme(
            4, 'met "aanhaling"', (("kil", 1.0),), 1, 0.5, ("1:q18",), (("onpersoonlijk", 0.625),)
        ),
    ),
    assignments=(
        Assignment("1:q18", 4, 0.5, 0, 12),
        Assignment("1:q18", 1, 0.25, 13, 20),
        Assignment("2:q18", None, 0.0, 0, 5),
        Assignment("3:q18", 1, 1.0, 0, 7),
    ),
    merges=((1, 4, 0.875),),
    xy={"1:q18": (0.5, -0.25), "2:q18": (0.0, 0.0), "3:q18": (-1.0, 1.0)},
)
STORED = StoredThemes(
    themes=THEMES,
    contentless=("9:q18",),
    next_id=7,
    made_with={"seed": 1, "with_content": 3},
    lineage=({"event": "kept", "theme": 1},),
    centroids=np.array([[0.5, 0.5], [1.0, 0.0]], dtype=np.float32),
)


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    write_themes(tmp_path, STORED)
    found = read_themes(tmp_path)
    assert found is not None
    assert found.centroids is not None
    assert (found.centroids == STORED.centroids).all()
    assert replace(found, centroids=None) == replace(STORED, centroids=None)


def test_the_contract_of_the_assignments_file(tmp_path: Path) -> None:
    write_themes(tmp_path, STORED)
    assert (tmp_path / "assignments.csv").read_text(encoding="utf-8").splitlines() == [
        "answer_id,theme,strength,segment_start,segment_end",
        "1:q18,4,0.5000,0,12",
        "1:q18,1,0.2500,13,20",
        "2:q18,,0.0000,0,5",
        "3:q18,1,1.0000,0,7",
    ]


def test_writing_the_same_again_changes_no_byte(tmp_path: Path) -> None:
    write_themes(tmp_path, STORED)
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    write_themes(tmp_path, STORED)
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == before


def test_nothing_there_is_none(tmp_path: Path) -> None:
    assert read_themes(tmp_path) is None


@pytest.mark.parametrize(
    ("damage", "key"),
    [
        (lambda text: text[: len(text) // 2], "themes.damaged"),
        (lambda text: "[]", "themes.damaged"),
        (lambda text: json.dumps({**json.loads(text), "format": 99}), "themes.format"),
        (lambda text: json.dumps({**json.loads(text), "themes": [{"id": 1}]}), "themes.damaged"),
    ],
)
def test_a_damaged_result_is_a_clear_error(tmp_path: Path, damage, key: str) -> None:  # type: ignore[no-untyped-def]
    write_themes(tmp_path, STORED)
    main = tmp_path / "themes.json"
    main.write_text(damage(main.read_text(encoding="utf-8")), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_themes(tmp_path)
    assert caught.value.problems[0].key == key
