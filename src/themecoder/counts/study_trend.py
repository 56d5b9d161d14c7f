"""The changes of a study's counts from wave to wave, for files and for people."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from themecoder.counts.formats.files import stem
from themecoder.counts.formats.view import p_text
from themecoder.counts.result import Counts
from themecoder.counts.trend import STEP, WaveChange, trend
from themecoder.errors import InputError, Problem
from themecoder.messages import message
from themecoder.output.numbers import number_text, span_text
from themecoder.storage.access import make_folder
from themecoder.storage.atomic import csv_text, write_together
from themecoder.workspace.folder import StudyFolder

HEADER = tuple(WaveChange.__dataclass_fields__)
NOTHING = "–"


def with_waves(study: StudyFolder, by: list[str] | None, waves: str) -> list[str] | None:
    """What to break down by, so that ``waves`` is among it; None: all attributes of the study."""
    chosen = [one.id for one in study.config.attributes] if by is None else by
    if waves not in chosen:
        return [*chosen, waves]
    return by


def study_trend(counts: Counts, waves: str) -> list[WaveChange]:
    """The changes over ``waves``, an attribute that ``counts`` are broken down by: the id of each
    of its groups in their order there. Raises InputError where it has fewer than two."""
    found = waves_of(counts, waves)
    if len(found) < 2:
        params = {"found": waves, "n": len(found)}
        raise InputError(Problem("counts.trend.no_waves", params))
    return trend(counts.rows, found, counts.level)


def waves_of(counts: Counts, waves: str) -> list[str]:
    """The subgroups of an attribute, without those who have no value of it."""
    own = (row.subgroup for row in counts.rows if row.subgroup.startswith(f"{waves}="))
    return [one for one in dict.fromkeys(own) if one != f"{waves}="]


def write_trend(study: StudyFolder, counts: Counts, changes: Sequence[WaveChange]) -> Path:
    """``reports/counts_trend.csv``, percentages and points with four decimals."""
    folder, name = study.paths.reports, f"{stem(counts)}_trend.csv"
    rows = [[_cell(getattr(change, field)) for field in HEADER] for change in changes]
    make_folder(folder)
    write_together(folder, {name: csv_text(HEADER, rows)})
    return folder / name


def _cell(value: object) -> object:
    if value is None:
        return ""
    return f"{value:.4f}" if isinstance(value, float) else value


def trend_header(language: str) -> list[str]:
    """The columns of ``trend_rows``."""
    return message("counts.trend.header", language).split("|")


def trend_rows(
    counts: Counts, changes: Sequence[WaveChange], question: str, language: str, decimals: int
) -> list[list[str]]:
    """The changes of a question as a table: code, from, to, both percentages, the change with its
    interval, p."""
    names = _wave_names(counts, changes)
    rows = []
    for one in changes:
        if one.question != question:
            continue
        span = NOTHING
        if one.change is not None and one.ci_low is not None and one.ci_high is not None:
            points = number_text(one.change, decimals, language)
            span = f"{points} ({span_text(one.ci_low, one.ci_high, decimals, language)})"
        first, last = (
            NOTHING if share is None else number_text(share, decimals, language) + "%"
            for share in (one.percent_first, one.percent_last)
        )
        rows.append(
            [
                counts.row_label(question, one.code) if one.kind == STEP else "",
                f"{names[one.first]} → {names[one.last]}",
                f"{first} → {last}",
                span,
                NOTHING if one.p_holm is None else p_text(one.p_holm, language),
            ]
        )
    return rows


def _wave_names(counts: Counts, changes: Sequence[WaveChange]) -> dict[str, str]:
    """wave -> its label without that of the attribute, which all of them begin with."""
    waves = dict.fromkeys(wave for one in changes for wave in (one.first, one.last))
    labels = {wave: counts.subgroup_labels.get(wave, wave) for wave in waves}
    head, mark, _ = next(iter(labels.values()), "").rpartition(": ")
    if not all(label.startswith(head + mark) for label in labels.values()):
        return labels
    return {wave: label.removeprefix(head + mark) for wave, label in labels.items()}
