"""Which suggestion a coder began with: suggestions may change while people code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

_IMPORTED = 300.0
"""Seconds within which an import makes its tasks and then their annotations and predictions."""


def shown_prediction(
    predictions: Sequence[Mapping[str, Any]], annotation: Mapping[str, Any], task_made: Any = None
) -> Mapping[str, Any] | None:
    """The one of a task's ``predictions`` that ``annotation`` began with, if any.

    The page says which; else it is the last from before the annotation, one of which no moment is
    known among them; else the first that came with the task (``task_made``): an import makes
    predictions after the annotations that it brings.
    """
    named = annotation.get("parent_prediction")
    for one in predictions:
        if named is not None and one.get("id") == named:
            return one
    made = _moment(annotation.get("created_at"))
    before = [one for one in predictions if _moment(one.get("created_at")) <= made]
    if before:
        return max(before, key=lambda one: _moment(one.get("created_at")))
    start = _moment(task_made)
    came = [one for one in predictions if _moment(one.get("created_at")) - start <= _IMPORTED]
    return came[0] if start and came else None


def _moment(text: Any) -> float:
    """0 where it is not known: before all others."""
    return datetime.fromisoformat(text).timestamp() if text else 0.0
