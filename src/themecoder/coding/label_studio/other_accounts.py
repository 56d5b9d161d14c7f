"""Coding that another account than the coder's made or changed: a person decides about it.

In the open edition of Label Studio every account may change everybody's work. We do so ourselves
where codes are merged (``upgrade.py``); that is kept here, so that it is told from a stranger's.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from themecoder.storage import atomic as files


class MergedByUs:
    """The annotations whose codes we merged, with what they said then, in a file of the study's.

    Where it is lost, a person is asked about them once.
    """

    def __init__(self, folder: Path, question: str) -> None:
        self._file = folder / f"merged-{question}.json"
        try:
            self._kept: dict[str, str] = json.loads(self._file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            self._kept = {}

    def add(self, results: Mapping[int, Any]) -> None:
        """Keep what annotations are about to be changed to, before they are."""
        new = {str(number): _hash(result) for number, result in results.items()}
        if new.items() <= self._kept.items():
            return
        self._kept |= new
        files.write_text(self._file, json.dumps(self._kept, sort_keys=True) + "\n")

    def is_ours(self, annotation: Mapping[str, Any]) -> bool:
        """Whether the annotation says what we changed it to."""
        return self._kept.get(str(annotation["id"])) == _hash(annotation["result"])


def changed_by(annotation: Mapping[str, Any], merged: MergedByUs) -> int | None:
    """The other account that changed it last; None where its maker did, or we."""
    last = annotation.get("updated_by")
    if last is None or last == annotation["completed_by"] or merged.is_ours(annotation):
        return None
    return int(last)


def _hash(result: Any) -> str:
    return files.sha256(json.dumps(result, sort_keys=True))
