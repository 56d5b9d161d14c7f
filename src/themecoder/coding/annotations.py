"""The coding on disk: ``annotations/<question>/<coder>.jsonl``, one line per answer, and the queue.

Files are read whole and strictly: a line that is not as the contract has it is an error with its
row, never a coding that is dropped.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from themecoder.coding.migration import Queued
from themecoder.coding.model import ADJUDICATED, CARRIED, STALE, STATES, Coding, Quote
from themecoder.errors import InputError, Problem
from themecoder.storage import atomic as files

KEYS = (
    "answer_id", "coder", "codebook", "state", "codes", "quotes", "uncertain", "comment", "shown",
    "round", "created_at", "updated_at", "seconds", "source",
)  # fmt: skip
DECIDED_BY = "decided_by"
QUEUE = (
    "answer_id", "coder", "code", "now", "reason", "since", "made_under", "into", "why",
)  # fmt: skip


def coding_files(folder: Path) -> list[Path]:
    """Every file of coding below ``annotations/``, adjudicated ones too, sorted."""
    return sorted(folder.glob("*/*.jsonl"))


def read_codings(file: Path) -> tuple[Coding, ...]:
    """The coding in ``file``. Raises InputError with every line that can't be read."""
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = error.object[: error.start].count(b"\n") + 1
        raise InputError(Problem("annotations.not_utf8", file=file, row=row)) from None
    except OSError as error:
        raise InputError(
            Problem("annotations.not_readable", {"reason": error.strerror or ""}, file=file)
        ) from None
    codings: list[Coding] = []
    problems: list[Problem] = []
    first: dict[str, int] = {}
    # not splitlines: an answer's own line separators stand inside its line
    for row, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            coding = _coding(json.loads(line))
        except json.JSONDecodeError as error:
            key, params = "not_json", dict[str, Any](reason=error.msg)
        except _Wrong as error:
            key, params = error.key, error.params
        else:
            place = _misplaced(coding, file)
            if place:
                problems.append(Problem(f"annotations.{place[0]}", place[1], file=file, row=row))
            elif coding.answer_id in first:
                params = {"answer": coding.answer_id, "first": first[coding.answer_id]}
                problems.append(Problem("annotations.double", params, file=file, row=row))
            first.setdefault(coding.answer_id, row)
            codings.append(coding)
            continue
        problems.append(Problem(f"annotations.{key}", params, file=file, row=row))
    if problems:
        raise InputError(problems)
    return tuple(codings)


def codings_text(codings: Iterable[Coding]) -> str:
    """The text of a file of coding: sorted by answer, keys in the contract's order."""
    return "".join(
        json.dumps(_record(coding), ensure_ascii=False) + "\n"
        for coding in sorted(codings, key=lambda coding: coding.answer_id)
    )


def write_codings(file: Path, codings: Iterable[Coding]) -> None:
    """Replace ``file`` by ``codings``, whole or not at all; the same coding changes no byte."""
    files.write_text(file, codings_text(codings))


def write_queue(file: Path, queue: Sequence[Queued]) -> None:
    """Write the re-code queue; without rows a file that is there keeps its header only."""
    if not queue and not file.is_file():
        return
    rows = [
        (q.answer_id, q.coder, q.code, q.now, q.reason, q.since, q.made_under, " ".join(q.into),
         q.why)
        for q in queue
    ]  # fmt: skip
    files.write_csv(file, QUEUE, rows)


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _are_names(value: Any) -> bool:
    """A list of different texts."""
    return isinstance(value, list) and all(map(_is_text, value)) and len(set(value)) == len(value)


def _is_source(value: Any) -> bool:
    """An object; what migration wrote into it must be readable, else the queue would lose it."""
    if not isinstance(value, dict):
        return False
    carried = value.get(CARRIED)
    if carried is None:
        return True
    if not isinstance(carried, dict) or not _is_text(carried.get("from")):
        return False
    stale = carried.get("stale", [])
    return isinstance(stale, list) and all(
        isinstance(mark, dict) and set(mark) == STALE and all(map(_is_text, mark.values()))
        for mark in stale
    )


_TEXT = (_is_text, "text")
_TIME = (lambda value: value is None or _is_text(value), "2026-01-31T12:00:00Z, null")
_KINDS: Mapping[str, tuple[Callable[[Any], bool], str]] = {
    "answer_id": _TEXT,
    "coder": _TEXT,
    "codebook": _TEXT,
    "state": _TEXT,
    "comment": _TEXT,
    "codes": (_are_names, '["code", …]'),
    "quotes": (lambda value: isinstance(value, list), "[{code, …}]"),
    "uncertain": (lambda value: isinstance(value, bool), "true, false"),
    "shown": (lambda value: value is None or _are_names(value), '["code", …], null'),
    "round": (lambda value: type(value) is int and value >= 1, "1, 2, …"),
    "created_at": _TIME,
    "updated_at": _TIME,
    "seconds": (lambda value: value is None or type(value) in (int, float), "12.5, null"),
    "source": (_is_source, "{kind, …}"),
    "decided_by": (lambda value: value is None or _is_text(value), "text, null"),
}
_SHOWN = 120  # characters of a wrong value that a message holds


class _Wrong(Exception):
    def __init__(self, problem: str, **params: Any) -> None:
        self.key, self.params = problem, params
        super().__init__(problem)


def _coding(record: Any) -> Coding:
    if not isinstance(record, dict):
        raise _Wrong("not_an_object")
    missing = [key for key in KEYS if key not in record]
    if missing:
        raise _Wrong("missing", keys=", ".join(missing))
    unknown = [key for key in record if key not in (*KEYS, DECIDED_BY)]
    if unknown:
        raise _Wrong("unknown", keys=", ".join(unknown))
    for key, (fits, expected) in _KINDS.items():
        if key in record and not fits(record[key]):
            found = json.dumps(record[key], ensure_ascii=False)[:_SHOWN]
            raise _Wrong("kind", key=key, found=found, expected=expected)
    if record["state"] not in STATES:
        raise _Wrong("state", found=str(record["state"]), known=", ".join(STATES))
    if record["state"] != "skipped" and bool(record["codes"]) != (record["state"] == "coded"):
        raise _Wrong("state_codes", state=record["state"], codes=", ".join(record["codes"]) or "-")
    quotes = tuple(_quote(quote) for quote in record["quotes"])
    for quote in quotes:
        if quote.code not in record["codes"]:
            raise _Wrong("quote_code", code=quote.code, text=quote.text[:_SHOWN])
    return Coding(
        answer_id=record["answer_id"],
        coder=record["coder"],
        codebook=record["codebook"],
        state=record["state"],
        codes=tuple(record["codes"]),
        quotes=quotes,
        uncertain=record["uncertain"],
        comment=record["comment"],
        shown=None if record["shown"] is None else tuple(record["shown"]),
        round=record["round"],
        created_at=record["created_at"],
        updated_at=record["updated_at"],
        seconds=record["seconds"],
        source=record["source"],
        decided_by=record.get(DECIDED_BY),
    )


def coding_of(record: Any) -> Coding:
    """One line of coding. Raises InputError where it is not as the contract has it."""
    try:
        return _coding(record)
    except _Wrong as error:
        raise InputError(Problem(f"annotations.{error.key}", error.params)) from None


def _quote(quote: Any) -> Quote:
    try:
        found = Quote(quote["start"], quote["end"], quote["code"], quote["text"])
        right = (
            isinstance(found.code, str)
            and isinstance(found.text, str)
            and 0 <= found.start < found.end
            and len(found.text) == found.end - found.start
        )
    except (KeyError, TypeError):
        right = False
    if not right:
        raise _Wrong("quote", found=json.dumps(quote, ensure_ascii=False)[:_SHOWN])
    return found


def _misplaced(coding: Coding, file: Path) -> tuple[str, dict[str, Any]] | None:
    """What says that a line belongs to another file: its coder or its question."""
    question, coder = file.parent.name, file.stem
    if question == ADJUDICATED:
        question, coder = coder, ADJUDICATED
    if coding.coder != coder:
        return "other_coder", {"found": coding.coder, "expected": coder}
    if coding.question != question:
        return "other_question", {"answer": coding.answer_id, "expected": question}
    return None


def _record(coding: Coding) -> dict[str, Any]:
    record = {
        "answer_id": coding.answer_id,
        "coder": coding.coder,
        "codebook": coding.codebook,
        "state": coding.state,
        "codes": sorted(coding.codes),
        "quotes": [
            {"code": q.code, "start": q.start, "end": q.end, "text": q.text}
            for q in sorted(coding.quotes)
        ],
        "uncertain": coding.uncertain,
        "comment": coding.comment,
        "shown": None if coding.shown is None else list(coding.shown),
        "round": coding.round,
        "created_at": coding.created_at,
        "updated_at": coding.updated_at,
        "seconds": coding.seconds,
        "source": dict(coding.source),
    }
    return record | ({DECIDED_BY: coding.decided_by} if coding.decided_by is not None else {})
