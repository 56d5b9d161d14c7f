"""The tasks of a project: one per answer, coder and round, so that no coder sees another's work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from themecoder.coding.label_studio.config import TEXT
from themecoder.coding.label_studio.results import Result, Span, write_result
from themecoder.coding.plan import Planned

Key = tuple[str, str, int]


def task_data(row: Planned, question: str, text: str) -> dict[str, Any]:
    """What a task holds: ``text`` is masked, ``question`` its wording."""
    return {
        "answer_id": row.answer_id,
        "coder": row.coder,
        "round": row.round,
        "place": row.place,
        "question": question,
        TEXT: text,
        "note": row.note,
    }


def key_of(data: Mapping[str, Any]) -> Key | None:
    """The key of a task by its data; None where it is none of ours."""
    found = data.get("answer_id"), data.get("coder"), data.get("round")
    if isinstance(found[0], str) and isinstance(found[1], str) and type(found[2]) is int:
        return found[0], found[1], found[2]
    return None


def prediction(
    suggested: Sequence[tuple[str, float]], model: str, quotes: Sequence[Span] = ()
) -> dict[str, Any]:
    """Suggested codes (best first, with scores 0-1) as a prediction: the boxes start ticked, the
    ``quotes`` marked."""
    codes = tuple(code for code, _ in suggested)
    return {
        "model_version": model,
        "score": round(max((score for _, score in suggested), default=0.0), 4),
        "result": write_result(Result(codes, tuple(quotes))),
    }
