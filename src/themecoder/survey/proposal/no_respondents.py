"""Rows of an export that are no respondents, or half of one: previews, tests, unfinished."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from themecoder.expressions import Expression, nodes
from themecoder.expressions.cells import NOT_TICKED, is_empty, number
from themecoder.survey.export import Export
from themecoder.survey.proposal.profile import Profile

_STATUS = re.compile(
    r"(response ?)?(status|type)|antwoordtype|distribution ?channel", re.IGNORECASE
)
_FINISHED = re.compile(r"finished|voltooid|afgerond|complete(d)?|compleet", re.IGNORECASE)
_PREVIEWS = frozenset(
    ("survey preview", "survey test", "preview", "test", "spam", "enquêtevoorbeeld", "voorbeeld")
)
# Qualtrics' numbers: 0 a respondent, 1 preview, 2 test, 4 imported, 8 spam, 9 and 17 their sums
_PREVIEW_NUMBERS = frozenset({"1", "2", "8", "9", "17", "33", "34", "40"})


@dataclass(frozen=True, slots=True)
class RowsToldOf:
    """Rows that a person should know of. ``left_out`` is who stays where they are not counted."""

    reason: Literal["preview", "unfinished", "heading", "totals", "title", "event"]
    n: int
    column: str
    values: tuple[str, ...]
    left_out: nodes.Node | None = None
    keep: nodes.Node | None = None  # who would stay, were they left out


def rows_told_of(columns: Sequence[Profile], export: Export) -> tuple[RowsToldOf, ...]:
    """Rows that were left out in reading, previews and tests, and those who did not finish."""
    told = []
    for reason in ("title", "heading", "totals"):
        rows = [row for row in export.left_out if row.reason == reason]
        if rows:
            texts = tuple(f"{row.number}: {row.text}" for row in rows)
            told.append(RowsToldOf(reason, len(rows), "", texts))
    kept: npt.NDArray[np.bool_] = np.ones(len(export.frame), dtype=bool)
    if (events := _events(columns, export)) is not None and events.left_out is not None:
        told.append(events)
        kept = Expression(events.left_out).evaluate(export.frame)
    previews = _previews(columns, export)
    if previews is not None:
        told.append(previews)
        names = export.frame[previews.column].tolist()
        kept &= np.array([cell not in previews.values for cell in names], dtype=bool)
    unfinished = _unfinished(columns, export, kept)
    if unfinished is not None:
        told.append(unfinished)
    return tuple(told)


def _events(columns: Sequence[Profile], export: Export) -> RowsToldOf | None:
    """REDCap gives a row for each event of a record: one event of each is a respondent.

    The event with the most records is kept, the first of those with as many.
    """
    for profile in columns:
        if profile.name not in ("redcap_event_name", "redcap_repeat_instrument"):
            continue
        first = export.frame[columns[0].name].tolist()
        cells = ["" if is_empty(c) else str(c) for c in export.frame[profile.name].tolist()]
        if len(set(first)) == len(first):
            return None
        counts = Counter(cells)
        kept = max(counts, key=lambda event: counts[event])
        keep: nodes.Node = (
            nodes.OneOf(profile.name, (kept,)) if kept else nodes.IsEmpty(profile.name)
        )
        others = tuple(event or "-" for event in counts if event != kept)
        n = len(cells) - counts[kept]
        return RowsToldOf("event", n, profile.name, others, keep, keep)
    return None


def _previews(columns: Sequence[Profile], export: Export) -> RowsToldOf | None:
    for profile in columns:
        if not _STATUS.fullmatch(profile.name.strip()):
            continue
        cells = [str(c) for c in export.frame[profile.name].tolist() if not is_empty(c)]
        seen = list(dict.fromkeys(cells))
        found = [cell for cell in seen if cell.strip().casefold() in _PREVIEWS]
        if not found and export.format == "qualtrics" and "channel" not in profile.name.casefold():
            found = [cell for cell in seen if cell.strip() in _PREVIEW_NUMBERS]
        if found:
            n = sum(cell in found for cell in cells)
            keep = nodes.OneOf(profile.name, tuple(sorted(found)), negated=True)
            left_out = keep if n < len(cells) else None
            return RowsToldOf("preview", int(n), profile.name, tuple(sorted(found)), left_out, keep)
    return None


def _unfinished(
    columns: Sequence[Profile],
    export: Export,
    kept: np.ndarray,  # type: ignore[type-arg]
) -> RowsToldOf | None:
    """Who did not finish: told, and counted, for they may have answered what is asked about."""
    for profile in columns:
        name = profile.name.strip()
        cells = export.frame[profile.name].tolist()
        if _FINISHED.fullmatch(name) or name.endswith("_complete"):
            finished = {"2"} if name.endswith("_complete") else None
            values = {
                str(c) for c, keep in zip(cells, kept, strict=True) if keep and not is_empty(c)
            }
            no = {
                value
                for value in values
                if (value not in finished if finished else value.strip().casefold() in NOT_TICKED)
            }
            if no and no != values:
                n = sum(keep and str(c) in no for c, keep in zip(cells, kept, strict=True))
                keep_node = nodes.OneOf(profile.name, tuple(sorted(no)), negated=True)
                return RowsToldOf(
                    "unfinished", int(n), profile.name, tuple(sorted(no)), keep=keep_node
                )
        if name == "submitdate" and export.format == "limesurvey":
            n = sum(bool(keep) and is_empty(c) for c, keep in zip(cells, kept, strict=True))
            if 0 < n < len(cells):
                submitted = nodes.IsEmpty(profile.name, negated=True)
                return RowsToldOf("unfinished", int(n), profile.name, (), keep=submitted)
        if name.casefold() == "progress":
            below = [
                keep and not is_empty(c) and (number(str(c)) or 0) < 100
                for c, keep in zip(cells, kept, strict=True)
            ]
            if any(below) and not any(_FINISHED.fullmatch(p.name.strip()) for p in columns):
                return RowsToldOf("unfinished", sum(map(bool, below)), profile.name, ())
    return None
