"""``suggestions/<question>.csv``: answer_id, code, score, best first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

from pydantic import ConfigDict, Field

from themecoder.storage import atomic as files
from themecoder.storage.tables import Number, TableRow, read_rows

Suggested = dict[str, list[tuple[str, float]]]


class SuggestionRow(TableRow):
    model_config = ConfigDict(extra="ignore")

    answer_id: str
    code: str = Field(min_length=1, description="code")
    score: Annotated[Number, Field(ge=0, le=1, description="0 … 1")]


HEADER = tuple(SuggestionRow.model_fields)


def _cells(answer_id: str, code: str, score: float) -> tuple[str, str, float]:
    return answer_id, code, score


def read_suggestions(file: Path) -> Suggested:
    """answer_id -> codes with scores, best first. Raises InputError with every wrong row."""
    suggested: Suggested = {}
    for answer_id, code, score in read_rows(file, SuggestionRow, _cells, "suggestions"):
        suggested.setdefault(answer_id, []).append((code, score))
    return suggested


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
