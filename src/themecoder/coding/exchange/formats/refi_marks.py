"""What a REFI-QDA project has no place for, as a line in the memo of an answer's text.

    themecoder: {"answer": "21018833:q7", "codebook": "1.1.0", "coders": {"a": {"uncertain": true}}}

Other tools show the memo, keep it and give it back; with it our own reading is exact. What is said
there of a coder never overrules what the project itself says: codes given elsewhere since count.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from themecoder.codebook.memo import marker, split_marker
from themecoder.coding.model import Coding
from themecoder.output.zip import xml_safe

_STATES = ("no_code", "skipped")
_UTC = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")


@dataclass(frozen=True, slots=True)
class CoderMarks:
    """What is said of one coder's coding. ``whole``: the codes that rest on no quote; ``state``
    where there are no codes; times where no selection has them."""

    state: str = ""
    whole: frozenset[str] = frozenset()
    uncertain: bool = False
    comment: str = ""
    shown: tuple[str, ...] | None = None
    codebook: str = ""
    created_at: str | None = None
    updated_at: str | None = None
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class AnswerMarks:
    """What is said of one answer; ``answer`` is empty where nothing is."""

    answer: str = ""
    codebook: str = ""
    coders: Mapping[str, CoderMarks] = field(default_factory=dict)


def is_utc(time: str | None) -> bool:
    """Whether a time can stand in the project as it is."""
    return time is not None and _UTC.fullmatch(time) is not None


def in_note(comment: str) -> bool:
    """Whether a comment can stand in a note of the project as it is."""
    plain = comment.strip().strip("\ufeff").replace("\r", "\n")
    return bool(comment) and xml_safe(comment) == comment == plain


def whole_codes(coding: Coding) -> tuple[str, ...]:
    """The codes that rest on no quote."""
    quoted = {quote.code for quote in coding.quotes}
    return tuple(code for code in coding.codes if code not in quoted)


def marks_line(answer_id: str, codebook: str, codings: Mapping[str, Coding]) -> str:
    """The line on an answer and its coders, in characters that XML can hold."""
    coders = {who: _entry(coding, codebook) for who, coding in sorted(codings.items())}
    known = {who: entry for who, entry in coders.items() if entry}
    line = marker(answer=answer_id, codebook=codebook, coders=known)
    if xml_safe(line) == line:
        return line
    return "".join(char if xml_safe(char) else json.dumps(char)[1:-1] for char in line)


def read_marks(memo: str) -> tuple[str, AnswerMarks]:
    """What people wrote in the memo of a text, and what this program did."""
    words, values = split_marker(memo)
    coders = values.get("coders")
    if not isinstance(values.get("answer"), str) or not isinstance(coders, Mapping):
        return memo.strip(), AnswerMarks()
    return words, AnswerMarks(
        values["answer"],
        _text(values, "codebook"),
        {str(who): _marks(one) for who, one in coders.items() if isinstance(one, Mapping)},
    )


def _entry(coding: Coding, codebook: str) -> dict[str, Any]:
    times_fit = all(time is None or is_utc(time) for time in (coding.created_at, coding.updated_at))
    inside = bool(coding.codes) and times_fit
    said: dict[str, Any] = {
        "state": coding.state if coding.state in _STATES else "",
        "whole": whole_codes(coding),
        "uncertain": coding.uncertain,
        "comment": "" if in_note(coding.comment) else coding.comment,
        "codebook": coding.codebook if coding.codebook != codebook else "",
        "created_at": "" if inside else coding.created_at,
        "updated_at": "" if inside else coding.updated_at,
    }
    entry = {name: value for name, value in said.items() if value}
    if coding.shown is not None:
        entry["shown"] = coding.shown
    if coding.seconds is not None:
        entry["seconds"] = coding.seconds
    return entry


def _marks(entry: Mapping[str, Any]) -> CoderMarks:
    """An entry as far as it is one: somebody may have typed in it."""
    seconds = entry.get("seconds")
    state = _text(entry, "state")
    return CoderMarks(
        state=state if state in _STATES else "",
        whole=frozenset(_names(entry, "whole") or ()),
        uncertain=entry.get("uncertain") is True,
        comment=_text(entry, "comment"),
        shown=_names(entry, "shown"),
        codebook=_text(entry, "codebook"),
        created_at=_text(entry, "created_at") or None,
        updated_at=_text(entry, "updated_at") or None,
        seconds=float(seconds) if isinstance(seconds, int | float) else None,
    )


def _names(entry: Mapping[str, Any], key: str) -> tuple[str, ...] | None:
    value = entry.get(key)
    return tuple(map(str, value)) if isinstance(value, list) else None


def _text(entry: Mapping[str, Any], key: str) -> str:
    value = entry.get(key)
    return value if isinstance(value, str) else ""
