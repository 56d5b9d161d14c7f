"""``reports/drift.csv`` and ``reports/drift_unlike.csv``, which name codes and numbers only; which
answers to read stands in ``reports/internal/drift_answers.csv``."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from themecoder.drift.codes import TOO_FEW, CodeDrift
from themecoder.drift.study_drift import Drift
from themecoder.drift.unlike import Unlike
from themecoder.storage.access import make_folder
from themecoder.storage.atomic import csv_text, write_together
from themecoder.survey.answer_id import AnswerId
from themecoder.workspace.folder import StudyFolder
from themecoder.workspace.internal import INTERNAL_NOTICE, internal_notice

DRIFTS, HOLDS, SMALL = "drifts", "holds", "small"


@dataclass(frozen=True, slots=True)
class ShownCode:
    """A row of ``drift.csv``. ``verdict``: drifts, holds (no drift was found), too_few or
    not_together (not decidable), small (fewer respondents than tables may show: nothing is said).
    ``n_old`` and ``n_new`` are rounded down to whole times the smallest cell, so that they take
    nothing back of what counts hide."""

    code: str
    n_old: int | None
    n_new: int | None
    old: float | None
    new: float | None
    change: float | None
    ci_low: float | None
    ci_high: float | None
    p: float | None
    p_holm: float | None
    verdict: str


@dataclass(frozen=True, slots=True)
class ShownUnlike:
    """A row of ``drift_unlike.csv``: shares from 0 to 1."""

    question: str
    n_old: int | None
    n_new: int | None
    unlike: float | None
    ci_low: float | None
    ci_high: float | None
    p: float | None
    p_holm: float | None
    verdict: str


CODES_HEADER = tuple(ShownCode.__dataclass_fields__)
UNLIKE_HEADER = tuple(ShownUnlike.__dataclass_fields__)
ANSWERS_HEADER = ("why", "answer_id", "question", "given", "score")


def write_drift(study: StudyFolder, found: Drift) -> list[Path]:
    """Write the three files; returns them."""
    smallest = study.config.report.smallest_cell
    shown = {
        "drift.csv": csv_text(
            CODES_HEADER, [_cells(one, CODES_HEADER) for one in shown_codes(found, smallest)]
        ),
        "drift_unlike.csv": csv_text(
            UNLIKE_HEADER, [_cells(one, UNLIKE_HEADER) for one in shown_unlike(found, smallest)]
        ),
    }
    answers = csv_text(
        ANSWERS_HEADER,
        (
            (
                one.why,
                one.answer_id,
                AnswerId.parse(one.answer_id).question,
                int(one.given),
                f"{one.score:.4f}",
            )
            for one in found.to_read
        ),
    )
    reports, internal = study.paths.reports, study.paths.internal
    make_folder(reports)
    make_folder(internal)
    notice = internal_notice(study.config.interface_language)
    write_together(reports, shown)
    write_together(internal, {"drift_answers.csv": answers, INTERNAL_NOTICE: notice})
    return [*(reports / name for name in shown), internal / "drift_answers.csv"]


def shown_codes(found: Drift, smallest: int) -> list[ShownCode]:
    """The codes as they may be shown: those that drift first, then by how far they fell."""
    rows = [_shown_code(one, smallest) for one in found.codes]
    order = (DRIFTS, HOLDS)
    return sorted(
        rows,
        key=lambda row: (
            order.index(row.verdict) if row.verdict in order else len(order),
            row.p if row.p is not None else 2.0,
            row.code,
        ),
    )


def _shown_code(one: CodeDrift, smallest: int) -> ShownCode:
    if min(one.n_old, one.n_new) < smallest:
        return ShownCode(one.code, *(None,) * 9, SMALL)
    verdict = one.not_tested or (DRIFTS if one.drifts else HOLDS)
    n_old, n_new = (_rounded_down(n, smallest) for n in (one.n_old, one.n_new))
    measures = (one.old, one.new, one.change, one.ci_low, one.ci_high, one.p, one.p_holm)
    return ShownCode(one.code, n_old, n_new, *measures, verdict)


def shown_unlike(found: Drift, smallest: int) -> list[ShownUnlike]:
    return [_shown_unlike(one, smallest) for one in found.unlike]


def _shown_unlike(one: Unlike, smallest: int) -> ShownUnlike:
    if min(one.n_old, one.n_new) < smallest or 0 < one.unlike < smallest:
        return ShownUnlike(one.question, *(None,) * 7, SMALL)
    verdict = TOO_FEW if one.p is None else DRIFTS if one.alarms else HOLDS
    n_old, n_new = (_rounded_down(n, smallest) for n in (one.n_old, one.n_new))
    measures = (one.share, one.ci_low, one.ci_high, one.p, one.p_holm)
    return ShownUnlike(one.question, n_old, n_new, *measures, verdict)


def _rounded_down(n: int, smallest: int) -> int:
    return n // max(smallest, 1) * max(smallest, 1)


def _cells(row: ShownCode | ShownUnlike, header: tuple[str, ...]) -> list[Any]:
    """Areas and shares with two decimals: more would give away of how many they are."""
    return [_cell(name, getattr(row, name)) for name in header]


def _cell(name: str, value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.4f}" if name.startswith("p") else f"{value:.2f}"
    return value
