"""Which suggestion a coder began with: suggestions may change while people code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any


def shown_prediction(
    predictions: Sequence[Mapping[str, Any]], annotation: Mapping[str, Any]
) -> Mapping[str, Any] | None:
    """The one of a task's ``predictions`` that ``annotation`` began with, if any.

    The page says which; else it is the last from before the annotation. One of which no moment is
    known is from before.
    """
    named = annotation.get("parent_prediction")
    for one in predictions:
        if named is not None and one.get("id") == named:
            return one
    made = _moment(annotation.get("created_at"))
    before = [one for one in predictions if _moment(one.get("created_at")) <= made]
    return max(before, key=lambda one: _moment(one.get("created_at")), default=None)


def _moment(text: Any) -> float:
    """0 where it is not known: before all others."""
    return datetime.fromisoformat(text).timestamp() if text else 0.0
