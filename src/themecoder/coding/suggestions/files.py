"""``suggestions/<question>.csv``: answer_id, code, score, best first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from themecoder.errors import InputError, Problem
from themecoder.storage import atomic as files

HEADER = ("answer_id", "code", "score")
Suggested = dict[str, list[tuple[str, float]]]


def read_suggestions(file: Path) -> Suggested:
    """answer_id -> codes with scores, best first. Raises InputError with every wrong row."""
    found: Suggested = {}
    problems = []
    for number, row in enumerate(files.read_csv(file), start=2):
        try:
            score = float(row["score"])
            if not 0 <= score <= 1 or not row["code"]:
                raise ValueError(row["score"])
            found.setdefault(row["answer_id"], []).append((row["code"], score))
        except (KeyError, TypeError, ValueError) as error:
            params = {"reason": str(error), "columns": ", ".join(HEADER)}
            problems.append(Problem("suggestions.damaged", params, file=file, row=number))
    if problems:
        raise InputError(problems)
    return found


def write_suggestions(file: Path, suggested: Mapping[str, Sequence[tuple[str, float]]]) -> None:
    files.write_csv(
        file,
        HEADER,
        (
            (answer_id, code, f"{score:.4f}")
            for answer_id, codes in sorted(suggested.items())
            for code, score in codes
        ),
    )
