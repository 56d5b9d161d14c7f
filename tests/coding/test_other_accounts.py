"""A change by another account is told from the coder's own, and from ours when codes are merged."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from themecoder.coding.label_studio.other_accounts import MergedByUs, changed_by

CODER, OWNER = 2, 1
MERGED = [{"from_name": "codes", "value": {"choices": ["geluid"]}}]
OTHER = [{"from_name": "codes", "value": {"choices": ["groen"]}}]


def annotation(updated_by: int | None, result: list[dict[str, Any]]) -> dict[str, Any]:
    return {"id": 5, "completed_by": CODER, "updated_by": updated_by, "result": result}


def test_whose_change_it_is(tmp_path: Path) -> None:
    ours = MergedByUs(tmp_path, "q1")
    assert changed_by(annotation(CODER, OTHER), ours) is None
    assert changed_by(annotation(None, OTHER), ours) is None, "a server that does not say"
    assert changed_by(annotation(OWNER, MERGED), ours) == OWNER
    ours.add({5: MERGED, 6: OTHER})
    for kept in (ours, MergedByUs(tmp_path, "q1")):
        assert changed_by(annotation(OWNER, MERGED), kept) is None
        assert changed_by(annotation(OWNER, OTHER), kept) == OWNER, "changed once more, not by us"
    assert changed_by(annotation(OWNER, MERGED), MergedByUs(tmp_path, "q2")) == OWNER


def test_what_is_kept_already_is_not_written_again_and_a_damaged_file_is_none(
    tmp_path: Path,
) -> None:
    MergedByUs(tmp_path, "q1").add({5: MERGED})
    (file,) = tmp_path.iterdir()
    before = file.stat().st_mtime_ns
    MergedByUs(tmp_path, "q1").add({5: MERGED})
    assert file.stat().st_mtime_ns == before
    file.write_text("{", encoding="utf-8")
    assert changed_by(annotation(OWNER, MERGED), MergedByUs(tmp_path, "q1")) == OWNER
