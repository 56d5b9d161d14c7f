"""The agreement table as files: the contract's CSV, one of the parts, and a workbook of all."""

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
    "question",
    "coder_pair",
    "code",
    "coefficient",
    "value",
    "ci_low",
    "ci_high",
    "n_answers",
    "n_coders",
    "prevalence",
    "undefined_because",
)
"""The columns of the contract; each is a field of ``AgreementRow``."""
MACHINE_FILE = "agreement_machine.csv"
PART_HEADER = ("part", "name", "since", "until")
SHOWN_SCALES = ("landis_koch", "altman", "krippendorff")
NO_AGREEMENT = ("kappa_max", "prevalence_index", "bias_index")
"""Scales have no words for these coefficients, which do not measure agreement."""


def agreement_files(findings: AgreementFindings, language: str) -> dict[str, str | bytes]:
    """Name -> content. Numbers have six decimals; an undefined one is empty, with its reason."""
    contents: dict[str, str | bytes] = {
        "agreement.csv": csv_text(HEADER, (_csv_cells(row) for row in findings.rows)),
        "agreement_parts.csv": csv_text(
            (*PART_HEADER, *HEADER),
            (
                (part.kind, part.name, part.since, part.until, *_csv_cells(row))
                for part, row in findings.parts
            ),
        ),
        "agreement.xlsx": workbook(list(_sheets(findings, language))),
    }
    if findings.machine:
        contents[MACHINE_FILE] = csv_text(HEADER, map(_csv_cells, findings.machine))
    return contents


def reason(key: str | None, language: str) -> str:
    """Why a statistic is undefined, in words."""
    return message(f"agreement_words.because.{key}", language) if key else ""


def _csv_cells(row: AgreementRow) -> tuple[Any, ...]:
    return tuple(_csv_cell(getattr(row, name)) for name in HEADER)


def _csv_cell(value: Any) -> Any:
    if isinstance(value, float):
        # "-0.000000" and "0.000000" are one number
        return f"{value:.6f}".replace("-0.000000", "0.000000")
    return "" if value is None else value


def _sheets(findings: AgreementFindings, language: str) -> Iterable[Sheet]:
    def words(key: str) -> list[str]:
        return message(f"agreement_words.{key}", language).split("|")

    def sheet(name: str, rows: Iterable[Sequence[Any]], widths: Sequence[int] = ()) -> Sheet:
        title, *header = words(f"sheet.{name}")
        table = [[_rounded(value) for value in row] for row in rows]
        return Sheet(title, header, table, widths or [22] * len(header), ["0.000"] * len(header))

    widths = (12, 22, 30, 28, 10, 10, 10, 10, 10, 11, 34, 18, 18, 18, 18, 18, 18, 14)
    yield sheet("rows", (_workbook_cells(row, language) for row in findings.rows), widths)
    yield sheet(
        "parts",
        (
            (part.kind, part.name, part.since, part.until, *_workbook_cells(row, language))
            for part, row in findings.parts
        ),
        (14, 12, 22, 22, *widths),
    )
    yield sheet(
        "confusion",
        (
            (c.first, c.second, c.answers, c.either, c.share, c.by_chance, ", ".join(c.examples))
            for c in findings.confused
        ),
        (30, 30, 12, 12, 12, 12, 60),
    )
    yield sheet("tendencies", map(astuple, findings.tendencies))
    yield sheet("habits", map(astuple, findings.habits))
    yield sheet(
        "anchoring",
        (
            (effect.coder, rate.name, rate.value, rate.ci_low, rate.ci_high, rate.n)
            for effect in findings.anchoring
            for rate in effect.rates
        ),
    )
    if findings.machine:
        yield sheet("machine", (_workbook_cells(row, language) for row in findings.machine), widths)
    if findings.needed:
        yield sheet("needed", map(astuple, findings.needed))
    left_out = findings.left_out
    yield sheet(
        "left_out",
        [
            ("skipped", "", left_out.skipped),
            ("stale", "", left_out.stale),
            *(("other_version", version, n) for version, n in left_out.other_version.items()),
            *(("unknown", code, n) for code, n in left_out.unknown.items()),
        ],
    )


def _workbook_cells(row: AgreementRow, language: str) -> list[Any]:
    """The contract's cells with numbers unrounded and the reason in words; and what each scale
    calls the value: by the value itself, and by the level it has with probability .95 (Gwet)."""
    cells: list[Any] = [getattr(row, name) for name in HEADER[:-1]]
    cells.append(reason(row.undefined_because, language))
    value = None if row.coefficient in NO_AGREEMENT else row.value
    for scale in SHOWN_SCALES:
        by_value = "" if value is None else by_point(value, scale)
        certain = "" if value is None or not row.se else by_probability(value, row.se, scale)
        cells += [_level(by_value, language), _level(certain, language)]
    return [*cells, row.undefined_share]


def _level(level: str, language: str) -> str:
    if not level:
        return ""
    return message(f"agreement_words.level.{level.lower().replace(' ', '_')}", language)


def _rounded(value: Any) -> Any:
    return round(value, 6) + 0.0 if isinstance(value, float) else value
