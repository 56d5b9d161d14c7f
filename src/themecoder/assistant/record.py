"""Every prompt and every reply, one JSON line each, in ``reports/internal/assistant/``.

The file only grows. It is also what a run goes on from: a prompt that has a usable reply by the
same model is not sent again. What an instruction says stands once, in a line of its own.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from themecoder.assistant.model import Model, Prompt, Try
from themecoder.storage.access import make_private

NAME = "exchanges.jsonl"


class Record:
    """The file ``path``, read whole; a line that can't be read is as if it were not there: a
    process that was killed leaves half of one."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._replies: dict[str, str] = {}
        self._instructions: set[str] = set()
        self._whole = True
        if not path.is_file():
            return
        with path.open("rb") as handle:
            for line in handle:
                self._whole = line.endswith(b"\n")
                self._take(line)

    def _take(self, line: bytes) -> None:
        try:
            entry = json.loads(line)
            if "instruction" in entry:
                self._instructions.add(str(entry["fixed"]))
            elif not entry["tries"][-1]["fault"]:
                self._replies[str(entry["key"])] = str(entry["tries"][-1]["text"])
        except (ValueError, KeyError, TypeError, IndexError, RecursionError):
            return

    def reply(self, key: str) -> str | None:
        """The reply to the prompt with this key, where there is one that could be used."""
        return self._replies.get(key)

    def add(self, prompt: Prompt, model: Model, tries: Sequence[Try]) -> None:
        """Keep what was asked and what came back, on the disk when this returns."""
        entries: list[dict[str, Any]] = []
        if prompt.fixed not in self._instructions:
            self._instructions.add(prompt.fixed)
            entries.append(
                {
                    "fixed": prompt.fixed,
                    "instruction": prompt.instruction,
                    "schema": prompt.schema,
                    "most_tokens": prompt.most_tokens,
                }
            )
        key = prompt.key(model)
        entries.append(
            {
                "key": key,
                "model": model.name,
                "digest": model.digest,
                "fixed": prompt.fixed,
                "data": prompt.data,
                "tries": [{"text": one.text, "fault": one.fault} for one in tries],
            }
        )
        if tries and not tries[-1].fault:
            self._replies[key] = tries[-1].text
        lines = "".join(json.dumps(entry, ensure_ascii=False) + "\n" for entry in entries)
        data = lines.encode("utf-8", "backslashreplace")
        make_private(self._path)
        with self._path.open("ab") as handle:
            handle.write(data if self._whole else b"\n" + data)
            handle.flush()
            os.fsync(handle.fileno())
        self._whole = True
