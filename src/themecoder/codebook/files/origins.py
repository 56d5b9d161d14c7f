"""``codebooks/<id>/origins.csv``: which themes the codes came from."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from themecoder.codebook.origins import Origin
from themecoder.errors import InputError, Problem
from themecoder.storage import atomic as files

NAME = "origins.csv"
HEADER = (
    "question", "theme", "code", "decision", "label", "size", "base", "stability", "guided_by",
    "why",
)  # fmt: skip


def read_origins(folder: Path) -> tuple[Origin, ...]:
    """The decisions in ``folder``; none where there is no file. Raises InputError where damaged."""
    file = folder / NAME
    if not file.is_file():
        return ()
    found, problems = [], []
    for row, entry in enumerate(files.read_csv(file), start=2):
        try:
            found.append(
                Origin(
                    entry["question"],
                    int(entry["theme"]),
                    entry["code"],
                    entry["decision"],
                    entry["label"],
                    int(entry["size"]),
                    int(entry["base"]),
                    float(entry["stability"]),
                    entry["guided_by"],
                    entry["why"],
                )
            )
        except (KeyError, TypeError, ValueError) as error:
            params = {"reason": str(error), "columns": ", ".join(HEADER)}
            problems.append(Problem("codebook.origin.damaged", params, file=file, row=row))
    if problems:
        raise InputError(problems)
    return tuple(found)


def origins_text(origins: Iterable[Origin]) -> str:
    return files.csv_text(
        HEADER,
        (
            (o.question, o.theme, o.code, o.decision, o.label, o.size, o.base,
             f"{o.stability:.4f}", o.guided_by, o.why)
            for o in origins
        ),
    )  # fmt: skip
