"""What ``themes.json`` says, as it is read and as its schema is made from."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

FORMAT = 1


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class KeywordEntry(_Part):
    keyword: str
    weight: float


class NearCode(_Part):
    code: str
    similarity: float


class SegmentEntry(_Part):
    """A part of an answer: code points ``start`` to ``end`` (exclusive)."""

    answer_id: str
    start: int = Field(ge=0)
    end: int


class ThemeEntry(_Part):
    """A theme: ``size`` in answers, ``stability`` from 0 to 1, ``uncovered`` by the codebook."""

    id: int
    label: str
    size: int = Field(ge=0)
    stability: float
    keywords: tuple[KeywordEntry, ...]
    representatives: tuple[str, ...]
    nearest_codes: tuple[NearCode, ...]
    uncovered: bool = False
    # a run before there were any has none
    segments: tuple[SegmentEntry, ...] = ()


class ThemesDocument(_Part):
    """The themes of a question, what they were made with, and what became of those before."""

    format: int = Field(ge=FORMAT, le=FORMAT)
    question: str
    made_with: dict[str, Any]
    next_id: int
    themes: tuple[ThemeEntry, ...]
    hierarchy: tuple[tuple[int, int, float], ...]
    lineage: tuple[dict[str, Any], ...]
    became: tuple[tuple[int, int | None], ...] = ()
    contentless: tuple[str, ...]
