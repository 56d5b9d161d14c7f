"""``annotations/plan.csv``: who codes which answers, in which round and order."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from themecoder.coding.plan import Planned
from themecoder.errors import InputError, Problem
from themecoder.storage import atomic as files

HEADER = ("question", "answer_id", "coder", "round", "blind", "place", "note")
_YES, _NO = "1", "0"


def read_plan(file: Path) -> tuple[Planned, ...]:
    """The plan, sorted; empty where there is none. Raises InputError with every row's problem."""
    if not file.is_file():
        return ()
    rows: list[Planned] = []
    problems: list[Problem] = []
    first: dict[tuple[str, str, int], int] = {}
    for number, entry in enumerate(files.read_csv(file), start=2):
        try:
            row = Planned(
                entry["question"], entry["answer_id"], entry["coder"], int(entry["round"]),
                {_YES: True, _NO: False}[entry["blind"]], int(entry["place"]), entry["note"] or "",
            )  # fmt: skip
            if row.answer_id.rpartition(":")[2] != row.question or row.round < 1 or not row.coder:
                raise ValueError(row.answer_id)
        except (KeyError, TypeError, ValueError) as error:
            params = {"reason": str(error), "columns": ", ".join(HEADER)}
            problems.append(Problem("plan.damaged", params, file=file, row=number))
            continue
        if row.key in first:
            params = {"answer": row.answer_id, "coder": row.coder, "first": str(first[row.key])}
            problems.append(Problem("plan.twice", params, file=file, row=number))
        first.setdefault(row.key, number)
        rows.append(row)
    if problems:
        raise InputError(problems)
    return tuple(sorted(rows))


def write_plan(file: Path, rows: Iterable[Planned]) -> None:
    """Replace the plan; the same plan changes no byte."""
    files.write_csv(
        file,
        HEADER,
        (
            (r.question, r.answer_id, r.coder, r.round, _YES if r.blind else _NO, r.place, r.note)
            for r in sorted(rows)
        ),
    )
