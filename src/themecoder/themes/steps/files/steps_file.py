"""``codebooks/<id>/theme_steps.jsonl``: a line for each step, undo and redo, in their order.

The first line is the format. Lines are only ever added, so that git joins and shows them well.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Annotated, Any

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError

from themecoder.errors import InputError, Problem
from themecoder.storage.atomic import read_text
from themecoder.themes.steps import model

NAME = "theme_steps.jsonl"
FORMAT = 1
_HEAD = json.dumps({"format": FORMAT})


@dataclass(frozen=True, slots=True)
class KeptEntry:
    """A line of the file: what was done with the themes of ``question``."""

    question: str
    entry: model.Entry


_ENTRY: TypeAdapter[model.Entry] = TypeAdapter(
    Annotated[model.Entry, Field(discriminator="step")],
    config=ConfigDict(strict=True, extra="forbid"),
)


def read_steps(folder: Path) -> tuple[KeptEntry, ...]:
    """The steps in ``folder``; none where there is no file. Raises InputError with every line that
    is no step, and for a format that this version does not read."""
    file = folder / NAME
    if not file.is_file():
        return ()
    head, *lines = read_text(file, "theme_steps").splitlines() or [""]
    _check_format(head, file)
    kept, wrong = [], []
    for row, line in enumerate(lines, 2):
        if not line.strip():
            continue
        try:
            kept.append(_kept(line))
        except ValidationError as error:
            reason = "; ".join(
                f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()[:3]
            )
            wrong.append(Problem("theme_steps.bad_line", {"reason": reason}, file, row))
        except ValueError as error:
            wrong.append(Problem("theme_steps.bad_line", {"reason": str(error)}, file, row))
    if wrong:
        raise InputError(wrong)
    return tuple(kept)


def steps_text(kept: Iterable[KeptEntry]) -> str:
    """The text of the file that holds ``kept``."""
    return "\n".join([_HEAD, *map(_line, kept)]) + "\n"


def _kept(line: str) -> KeptEntry:
    found = json.loads(line)
    if not isinstance(found, dict) or not isinstance(question := found.pop("question", None), str):
        raise ValueError("question: ?")
    return KeptEntry(question, _ENTRY.validate_json(json.dumps(found)))


def _line(kept: KeptEntry) -> str:
    found: dict[str, Any] = asdict(kept.entry)
    step = found.pop("step")
    defaults = {one.name: one.default for one in fields(kept.entry)}
    said = {name: value for name, value in found.items() if value != defaults[name]}
    return json.dumps({"question": kept.question, "step": step, **said}, ensure_ascii=False)


def _check_format(head: str, file: Path) -> None:
    try:
        found = json.loads(head)["format"]
    except (ValueError, KeyError, TypeError):
        raise InputError(
            Problem("theme_steps.bad_line", {"reason": "format: ?"}, file, 1)
        ) from None
    if found != FORMAT:
        params = {"found": found, "expected": FORMAT}
        raise InputError(Problem("theme_steps.format", params, file, 1))
