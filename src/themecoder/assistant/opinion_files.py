"""``suggestions/assistant/<question>.csv``: which codes the assistant gave, without any text.

An answer to which no code was given has one row with an empty code: it was asked about. ``check``
changes with the answer and with what was asked; a row that no longer fits is left out.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from themecoder.assistant.model import Opinions
from themecoder.settings.paths import StudyPaths
from themecoder.storage.atomic import csv_text, no_formula, write_json, write_text
from themecoder.storage.tables import TableRow, WholeOrNone, read_rows


class _Row(TableRow):
    answer_id: str
    check: str
    code: str = ""
    start: WholeOrNone = None
    end: WholeOrNone = None


_HEADER = tuple(_Row.model_fields)
_TEXTS_HEADER = ("answer_id", "code", "words", "reason")


def write_opinions(paths: StudyPaths, found: Opinions) -> None:
    """Replace the opinions on a question: what later steps use, and the words for people."""
    given: dict[str, list[tuple[Any, ...]]] = {answer: [] for answer in found.checks}
    for one in found.opinions:
        given[one.answer_id].append((one.code, one.start, one.end))
    rows = [
        (answer, found.checks[answer], *row)
        for answer in sorted(given)
        for row in given[answer] or [("", None, None)]
    ]
    texts = [
        (one.answer_id, one.code, no_formula(one.words), no_formula(one.reason))
        for one in sorted(found.opinions, key=lambda one: (one.answer_id, one.code))
    ]
    own = paths.assistant_texts / f"opinions_{found.question}.csv"
    write_text(own, csv_text(_TEXTS_HEADER, texts))
    write_text(paths.assistant_opinions(found.question), csv_text(_HEADER, rows))
    made = made_with(paths)
    made[found.question] = {
        "model": found.model.shown,
        "digest": found.model.digest,
        "of_weights": found.model.of_weights,
        "answers": len(found.checks),
        "codes": len(found.opinions),
        "dropped": found.dropped,
        "failed": len(found.failed),
        "left": found.left,
    }
    write_json(paths.assistant_made_with, dict(sorted(made.items())))


def read_opinions(file: Path) -> dict[str, tuple[str, set[str]]]:
    """answer_id -> check and codes. Raises InputError with every wrong row."""
    found: dict[str, tuple[str, set[str]]] = {}
    for answer, check, code in read_rows(file, _Row, _cells, "assistant", ("answer_id", "code")):
        own = found.setdefault(answer, (check, set()))[1]
        if code:
            own.add(code)
    return found


def _cells(
    answer_id: str, check: str, code: str, start: int | None, end: int | None
) -> tuple[str, str, str]:
    return answer_id, check, code


def made_with(paths: StudyPaths) -> dict[str, Mapping[str, Any]]:
    """Question -> the model that gave its opinions and how many; empty where there are none."""
    try:
        made = json.loads(paths.assistant_made_with.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    entries = made.items() if isinstance(made, dict) else ()
    return {question: entry for question, entry in entries if isinstance(entry, dict)}


def opinion_files(paths: StudyPaths, questions: Sequence[str]) -> list[Path]:
    """The files of opinions that are there, and what says by which model they are."""
    files = [paths.assistant_opinions(question) for question in questions]
    there = [file for file in files if file.is_file()]
    return [*there, paths.assistant_made_with] if there else []
