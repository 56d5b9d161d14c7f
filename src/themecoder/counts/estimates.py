"""Estimates of shares from machine codes and a human-coded random part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from themecoder.coding.source import CodingSource

RESPONDENTS, ANSWERS = "respondents", "answers"


@dataclass(frozen=True, slots=True)
class PpiRow:
    """The share of the base with a code, or with any code of a net, in percent.

    ``unit``: what is counted, respondents or answers. Of those of the base with content, which are
    ``machine_n``, ``human_n`` are in the human-coded random part. ``worth_n``: so many human-coded
    ones alone would be as precise. ``human_percent`` and its interval: what the human-coded ones
    say alone. ``weight``: how much the machine counts, 0 to 1. All of these are None where the row
    is not shown (``suppressed``), and where too few are human-coded: then ``more_needed`` more are
    needed.
    """

    question: str
    code: str
    subgroup: str
    unit: str
    base_n: int
    human_n: int
    machine_n: int
    worth_n: float | None = None
    percent: float | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    human_percent: float | None = None
    human_ci_low: float | None = None
    human_ci_high: float | None = None
    weight: float | None = None
    suppressed: bool = False
    more_needed: int | None = None


@dataclass(frozen=True, slots=True)
class PpiBasis:
    """What the estimates of a question rest on, in answers with content: all of them, the
    human-coded random part, those of it that the source has no coding of, and those that are coded
    out of turn and don't belong to it. ``not_together``: of the questions together, which are
    answered by respondents of whom none is coded at all of them; then nothing is estimated."""

    question: str
    machine_n: int
    human_n: int
    lost: int = 0
    behind: int = 0
    not_together: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PpiCounts:
    """The estimates of a study. ``source``: whose coding the human part is."""

    source: CodingSource
    version: str
    base: str
    level: float
    smallest: int
    bases: tuple[PpiBasis, ...]
    rows: tuple[PpiRow, ...]
    question_labels: Mapping[str, str]
    code_labels: Mapping[tuple[str, str], str]
    subgroup_labels: Mapping[str, str]
    not_coded: tuple[str, ...] = ()
    levels: Mapping[str, int] = field(default_factory=dict)
