"""The agreement table as files: the contract's CSV, what is apart, and a workbook of all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import astuple
from typing import Any

from themecoder.agreement.findings import AgreementFindings
from themecoder.agreement.measures.benchmark import by_point, by_probability
from themecoder.agreement.rows import AgreementRow
from themecoder.messages import message
from themecoder.output.excel import Sheet, workbook
from themecoder.storage.atomic import csv_text

HEADER = (
    "question", "coder_pair", "code", "coefficient", "value", "ci_low", "ci_high", "n_answers",
    "n_coders", "prevalence", "undefined_because",
)  # fmt: skip
MACHINE_FILE = "agreement_machine.csv"
PART_HEADER = ("part", "name", "since", "until")
SHOWN_SCALES = ("landis_koch", "altman", "krippendorff")
NO_AGREEMENT = ("kappa_max", "prevalence_index", "bias_index")
"""Of these no word of a scale can be said: they are no agreement."""


def agreement_files(found: AgreementFindings, language: str) -> dict[str, str | bytes]:
    """Name -> content. Numbers have six decimals; an undefined one is empty, with its reason."""
    contents: dict[str, str | bytes] = {
        "agreement.csv": csv_text(HEADER, (_cells(row) for row in found.rows)),
        "agreement_parts.csv": csv_text(
            (*PART_HEADER, *HEADER),
            (
                (part.kind, part.name, part.since, part.until, *_cells(row))
                for part, row in found.parts
            ),
        ),
        "agreement.xlsx": workbook(list(_sheets(found, language))),
    }
    if found.machine:
        contents[MACHINE_FILE] = csv_text(HEADER, map(_cells, found.machine))
    return contents


def reason(key: str | None, language: str) -> str:
    """Why a statistic is undefined, in words."""
    return message(f"agreement_words.because.{key}", language) if key else ""


def _cells(row: AgreementRow) -> tuple[Any, ...]:
    return (
        row.question, row.coder_pair, row.code, row.coefficient, _six(row.value), _six(row.ci_low),
        _six(row.ci_high), row.n_answers, row.n_coders, _six(row.prevalence),
        row.undefined_because or "",
    )  # fmt: skip


def _six(value: float | None) -> str:
    # "-0.000000" and "0.000000" are one number
    return "" if value is None else f"{value:.6f}".replace("-0.000000", "0.000000")


def _sheets(found: AgreementFindings, language: str) -> Iterable[Sheet]:
    def words(key: str) -> list[str]:
        return message(f"agreement_words.{key}", language).split("|")

    def sheet(name: str, rows: Iterable[Sequence[Any]], widths: Sequence[int] = ()) -> Sheet:
        title, *header = words(f"sheet.{name}")
        table = [[_rounded(value) for value in row] for row in rows]
        return Sheet(title, header, table, widths or [22] * len(header), ["0.000"] * len(header))

    widths = (12, 22, 30, 28, 10, 10, 10, 10, 10, 11, 34, 18, 18, 18, 18, 18, 18, 14)
    yield sheet("rows", (_described(row, language) for row in found.rows), widths)
    yield sheet(
        "parts",
        (
            (part.kind, part.name, part.since, part.until, *_described(row, language))
            for part, row in found.parts
        ),
        (14, 12, 22, 22, *widths),
    )
    yield sheet(
        "confusion",
        (
            (c.first, c.second, c.answers, c.either, c.share, c.by_chance, ", ".join(c.examples))
            for c in found.confused
        ),
        (30, 30, 12, 12, 12, 12, 60),
    )
    yield sheet("tendencies", map(astuple, found.tendencies))
    yield sheet("habits", map(astuple, found.habits))
    yield sheet(
        "anchoring",
        (
            (one.coder, rate.name, rate.value, rate.ci_low, rate.ci_high, rate.n)
            for one in found.anchoring
            for rate in one.rates
        ),
    )
    if found.machine:
        yield sheet("machine", (_described(row, language) for row in found.machine), widths)
    if found.needed:
        yield sheet("needed", map(astuple, found.needed))
    out = found.left_out
    yield sheet(
        "left_out",
        [
            ("skipped", "", out.skipped),
            ("stale", "", out.stale),
            *(("other_version", version, n) for version, n in out.other_version.items()),
            *(("unknown", code, n) for code, n in out.unknown.items()),
        ],
    )


def _described(row: AgreementRow, language: str) -> list[Any]:
    """The contract's cells as numbers, why in words, and what the scales call it: by the value, and
    by what it is with probability .95 (Gwet)."""
    cells: list[Any] = [
        row.question, row.coder_pair, row.code, row.coefficient, row.value, row.ci_low, row.ci_high,
        row.n_answers, row.n_coders, row.prevalence, reason(row.undefined_because, language),
    ]  # fmt: skip
    named = row.value is not None and row.coefficient not in NO_AGREEMENT
    for scale in SHOWN_SCALES:
        point = by_point(row.value, scale) if named and row.value is not None else ""
        sure = (
            by_probability(row.value, row.se, scale)
            if named and row.value is not None and row.se
            else ""
        )
        cells += [_level(point, language), _level(sure, language)]
    return [*cells, row.undefined_share]


def _level(level: str, language: str) -> str:
    if not level:
        return ""
    return message(f"agreement_words.level.{level.lower().replace(' ', '_')}", language)


def _rounded(value: Any) -> Any:
    return round(value, 6) + 0.0 if isinstance(value, float) else value
