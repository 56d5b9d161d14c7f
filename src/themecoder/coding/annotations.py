"""The coding on disk: ``annotations/<question>/<coder>.jsonl``, one line per answer, and the queue.

Files are read whole and strictly: a line that breaks the contract is an error with its row, and
never a coding that is dropped.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from themecoder.coding.migration import Queued
from themecoder.coding.model import (
    ADJUDICATED,
    CARRIED,
    FORMAT,
    STALE,
    STATES,
    WITH_VALUES,
    Coding,
    Quote,
)
from themecoder.errors import InputError, Problem
from themecoder.storage import atomic as files
from themecoder.storage.validation import Fault, faults_of, shown, unfit

K = TypeVar("K")
QUEUE = (
    "answer_id",
    "coder",
    "code",
    "now",
    "reason",
    "since",
    "made_under",
    "into",
    "why",
)


def coding_files(folder: Path) -> list[Path]:
    """Every file of coding below ``annotations/``, adjudicated ones too, sorted by path."""
    return sorted(folder.glob("*/*.jsonl"))


def read_codings(file: Path) -> tuple[Coding, ...]:
    """The coding in ``file``. Raises InputError with every line that can't be read."""
    codings, problems = codings_in(file)
    first_rows: dict[str, int] = {}
    for row, coding in codings:
        misplaced = _misplaced(coding, file)
        if misplaced:
            problems.append(
                Problem(f"annotations.{misplaced[0]}", misplaced[1], file=file, row=row)
            )
        elif coding.answer_id in first_rows:
            params = {"answer": coding.answer_id, "first": first_rows[coding.answer_id]}
            problems.append(Problem("annotations.double", params, file=file, row=row))
        first_rows.setdefault(coding.answer_id, row)
    if problems:
        raise InputError(sorted(problems, key=lambda problem: problem.row or 0))
    return tuple(coding for _, coding in codings)


def read_coding_files(files: Mapping[K, Path]) -> dict[K, tuple[Coding, ...]]:
    """The coding in each of ``files``. Raises InputError with every problem in all of them."""
    codings: dict[K, tuple[Coding, ...]] = {}
    problems: list[Problem] = []
    for key, file in files.items():
        try:
            codings[key] = read_codings(file)
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return codings


def codings_in(file: Path) -> tuple[list[tuple[int, Coding]], list[Problem]]:
    """The codings in ``file`` with their line numbers, and the problems of the other lines.

    Raises InputError where the file is not text.
    """
    codings: list[tuple[int, Coding]] = []
    problems: list[Problem] = []
    # not splitlines(), which would also split at the line separators within an answer
    for row, line in enumerate(files.read_text(file, "annotations").split("\n"), start=1):
        if not line.strip():
            continue
        try:
            parsed = CodingLine.model_validate_json(line)
        except ValidationError as error:
            faults = list(_line_faults(line, faults_of(error, CodingLine)))
        else:
            faults = list(_contradictions(parsed))
            if not faults:
                of_quotes = min(parsed.format, FORMAT)
                codings.append((row, Coding(**vars(parsed) | {"format": of_quotes})))
        problems += [Problem(f"annotations.{key}", params, file, row) for key, params in faults]
    return codings, problems


def codings_text(codings: Iterable[Coding]) -> str:
    """The text of a file of coding: sorted by answer, keys in the contract's order."""
    return lines_text(sorted(codings, key=lambda coding: coding.answer_id))


def lines_text(codings: Iterable[Coding]) -> str:
    """The lines of ``codings`` in their order. Their quotes are masked (``quote_texts``): what was
    read from a file of format 1 raises ValueError, for it would be passed off as masked."""
    return "".join(json.dumps(_line_record(one), ensure_ascii=False) + "\n" for one in codings)


def write_codings(file: Path, codings: Iterable[Coding]) -> None:
    """Replace ``file`` by ``codings`` in one step; the same coding changes no byte."""
    files.write_text(file, codings_text(codings))


def queue_text(queue: Sequence[Queued]) -> str:
    """The text of the re-code queue."""
    rows = [
        (
            q.answer_id,
            q.coder,
            q.code,
            q.now,
            q.reason,
            q.since,
            q.made_under,
            " ".join(q.into),
            q.why,
        )
        for q in queue
    ]
    return files.csv_text(QUEUE, rows)


def write_queue(file: Path, queue: Sequence[Queued]) -> None:
    """Write the re-code queue. Without rows no file is made, and an existing one keeps only its
    header."""
    if not queue and not file.is_file():
        return
    files.write_text(file, queue_text(queue))


def _without_repeats(names: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(names)) < len(names):
        raise unfit("different codes")
    return names


def _readable_source(source: dict[str, Any]) -> dict[str, Any]:
    """Refuse a source whose marks of migration can't be read: the queue would lose these codes."""
    carried = source.get(CARRIED)
    if carried is not None:
        stale = carried.get("stale", []) if isinstance(carried, dict) else None
        if not isinstance(stale, list) or not isinstance(carried.get("from"), str):
            raise unfit("carried")
        for mark in stale:
            texts = isinstance(mark, dict) and all(isinstance(text, str) for text in mark.values())
            if not texts or set(mark) != STALE:
                raise unfit("carried")
    return source


_Names = Annotated[tuple[str, ...], AfterValidator(_without_repeats)]
_TEXT, _TIME = Field(description="text"), Field(description="2026-01-31T12:00:00Z, null")


class CodingLine(BaseModel):
    """A line of coding: the fields of a Coding, of which only ``decided_by`` and ``values`` may be
    left out, and ``format`` in files of format 1."""

    model_config = ConfigDict(strict=True, extra="forbid")

    answer_id: str = _TEXT
    coder: str = _TEXT
    codebook: str = _TEXT
    state: str = Field(description="text", json_schema_extra={"enum": list(STATES)})
    codes: _Names = Field(description='["code", …]')
    quotes: tuple[Quote, ...] = Field(description="[{code, …}]")
    values: dict[str, str] = Field({}, description='{"code": "value", …}')
    uncertain: bool = Field(description="true, false")
    comment: str = _TEXT
    shown: _Names | None = Field(description='["code", …], null')
    round: int = Field(ge=1, description="1, 2, …")
    created_at: str | None = _TIME
    updated_at: str | None = _TIME
    seconds: int | float | None = Field(description="12.5, null")
    source: Annotated[dict[str, Any], AfterValidator(_readable_source)] = Field(
        description="{kind, …}"
    )
    decided_by: str | None = Field(None, description="text, null")
    format: int = Field(1, ge=1, le=WITH_VALUES, description=f"1 … {WITH_VALUES}")


_Wrong = tuple[str, dict[str, Any]]
"""The key of a message below annotations., and its parameters."""


def _line_faults(line: str, faults: Sequence[Fault]) -> Iterator[_Wrong]:
    """The faults that pydantic found in a line, each key and each quote once."""
    if not faults[0].path:
        kind, reason = faults[0].kind, faults[0].params["reason"]
        yield ("not_json", {"reason": reason}) if kind == "not_json" else ("not_an_object", {})
        return
    record = json.loads(line)
    for kind, key in (("missing", "missing"), ("unknown_key", "unknown")):
        names = [
            str(fault.path[0]) for fault in faults if fault.kind == kind and len(fault.path) == 1
        ]
        if names:
            yield key, {"keys": ", ".join(names)}
    by_place = {
        fault.path[: 2 if fault.path[0] == "quotes" else 1]: fault
        for fault in faults
        if len(fault.path) > 1 or fault.kind not in ("missing", "unknown_key")
    }
    for place in by_place:
        key = str(place[0])
        if len(place) > 1:
            yield "quote", {"found": shown(record[key][place[1]])}
            continue
        expected = CodingLine.model_fields[key].description
        yield "kind", {"key": key, "found": shown(record[key]), "expected": expected}


def _contradictions(line: CodingLine) -> Iterator[_Wrong]:
    """Contradictions within a line whose values are all valid by themselves."""
    if line.state not in STATES:
        yield "state", {"found": line.state, "known": ", ".join(STATES)}
    elif line.state != "skipped" and bool(line.codes) != (line.state == "coded"):
        yield "state_codes", {"state": line.state, "codes": ", ".join(line.codes) or "-"}
    for quote in line.quotes:
        as_long = line.format > 1 or len(quote.text) == quote.end - quote.start
        if not 0 <= quote.start < quote.end or not quote.text or not as_long:
            yield "quote", {"found": shown(asdict(quote))}
        elif quote.code not in line.codes:
            yield "quote_code", {"code": quote.code, "text": shown(quote.text)[1:-1]}
    for code in sorted(line.values.keys() - set(line.codes)):
        yield "value_code", {"code": code, "value": line.values[code]}
    if line.values and line.format < WITH_VALUES:
        yield "kind", {"key": "format", "found": str(line.format), "expected": str(WITH_VALUES)}


def _misplaced(coding: Coding, file: Path) -> tuple[str, dict[str, Any]] | None:
    """The problem of a line that belongs to another file, by its coder or its question."""
    question, coder = file.parent.name, file.stem
    if question == ADJUDICATED:
        question, coder = coder, ADJUDICATED
    if coding.coder != coder:
        return "other_coder", {"found": coding.coder, "expected": coder}
    if coding.question != question:
        return "other_question", {"answer": coding.answer_id, "expected": question}
    return None


def _line_record(coding: Coding) -> dict[str, Any]:
    """A line as the contract has it: its keys in order, and its codes and quotes sorted."""
    if coding.format != FORMAT:
        raise ValueError(f"the quotes of {coding.answer_id} are of format {coding.format}")
    record = {name: getattr(coding, name) for name in CodingLine.model_fields}
    record |= {
        "codes": sorted(coding.codes),
        "quotes": [
            {"code": q.code, "start": q.start, "end": q.end, "text": q.text}
            for q in sorted(coding.quotes)
        ],
        "values": dict(sorted(coding.values.items())),
        "source": dict(coding.source),
        "format": WITH_VALUES if coding.values else FORMAT,
    }
    if coding.decided_by is None:
        del record["decided_by"]
    if not coding.values:
        del record["values"]
    return record
