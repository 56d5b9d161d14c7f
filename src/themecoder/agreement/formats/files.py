"""The agreement table as files: the contract's CSV, one of the parts, and a workbook of all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import astuple, fields, replace
from typing import Any

from themecoder.agreement.findings import AgreementFindings
from themecoder.agreement.measures.benchmark import by_point, by_probability
from themecoder.agreement.planning import AnswersNeeded
from themecoder.agreement.rows import ALL, AgreementRow
from themecoder.agreement.small_counts import HIDDEN
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
MORE_HEADER = ("no_interval_because", "more_answers")
"""What follows them: why a value has no interval, and how many more answers to code twice."""
MACHINE_FILE = "agreement_machine.csv"
PART_HEADER = ("part", "name", "since", "until")
SHOWN_SCALES = ("landis_koch", "altman", "krippendorff")
NO_AGREEMENT = ("kappa_max", "prevalence_index", "bias_index")
"""Scales have no words for these coefficients, which do not measure agreement."""


def agreement_files(findings: AgreementFindings, language: str) -> dict[str, str | bytes]:
    """Name -> content. Numbers have six decimals; an undefined one is empty, with its reason."""
    contents: dict[str, str | bytes] = {
        "agreement.csv": csv_text(
            (*HEADER, *MORE_HEADER), (_csv_cells(row) for row in findings.rows)
        ),
        "agreement_parts.csv": csv_text(
            (*PART_HEADER, *HEADER, *MORE_HEADER),
            (
                (part.kind, part.name, part.since, part.until, *_csv_cells(row))
                for part, row in findings.parts
            ),
        ),
        "agreement.xlsx": workbook(list(_sheets(findings, language))),
    }
    if findings.machine:
        contents[MACHINE_FILE] = csv_text(
            (*HEADER, *MORE_HEADER), map(_csv_cells, findings.machine)
        )
    return contents


def reason(key: str | None, language: str) -> str:
    """Why a statistic is undefined, in words."""
    return message(f"agreement_words.because.{key}", language) if key else ""


def _csv_cells(row: AgreementRow) -> tuple[Any, ...]:
    return tuple(_csv_cell(getattr(row, name)) for name in (*HEADER, *MORE_HEADER))


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

    widths = (12, 22, 30, 28, 10, 10, 10, 10, 10, 11, 34, 18, 18, 18, 18, 18, 18, 30, 14)
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
            (
                c.first,
                c.second,
                *map(_or_hidden, (c.answers, c.either, c.share, c.by_chance)),
                ", ".join(c.examples),
            )
            for c in findings.confused
        ),
        (30, 30, 12, 12, 12, 12, 60),
    )
    yield sheet(
        "tendencies",
        (
            astuple(replace(one, mine=_or_hidden(one.mine), others=_or_hidden(one.others)))
            for one in findings.tendencies
        ),
    )
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
        yield sheet("needed", (_needed_cells(needed, language) for needed in findings.needed))
    left_out = findings.left_out
    yield sheet(
        "left_out",
        [
            ("skipped", "", left_out.skipped),
            ("stale", "", left_out.stale),
            *(("other_version", version, n) for version, n in left_out.other_version.items()),
            *(("unknown", code, _or_hidden(n)) for code, n in left_out.unknown.items()),
        ],
    )


def _workbook_cells(row: AgreementRow, language: str) -> list[Any]:
    """The contract's cells with numbers unrounded and the reason in words; and what each scale
    calls the value: by the value itself, and by the level it has with probability .95 (Gwet)."""
    cells: list[Any] = [getattr(row, name) for name in HEADER[:-4]]
    cells += [_or_hidden(row.n_answers), row.n_coders]
    cells.append(HIDDEN if row.hidden else row.prevalence)
    cells.append(reason(row.undefined_because, language))
    value = None if row.coefficient in NO_AGREEMENT else row.value
    for scale in SHOWN_SCALES:
        by_value = "" if value is None else by_point(value, scale)
        certain = "" if value is None or not row.se else by_probability(value, row.se, scale)
        cells += [_level(by_value, language), _level(certain, language)]
    return [*cells, reason(row.no_interval_because, language), row.more_answers]


def _needed_cells(needed: AnswersNeeded, language: str) -> list[Any]:
    """The plan's fields in their order, the share and the reason in words."""
    cells = {field.name: getattr(needed, field.name) for field in fields(needed)}
    if needed.code != ALL:
        cells["prevalence"] = _or_hidden(needed.prevalence)
    cells["undefined_because"] = reason(needed.undefined_because, language)
    return list(cells.values())


def _or_hidden(value: Any) -> Any:
    return HIDDEN if value is None else value


def _level(level: str, language: str) -> str:
    if not level:
        return ""
    return message(f"agreement_words.level.{level.lower().replace(' ', '_')}", language)


def _rounded(value: Any) -> Any:
    return round(value, 6) + 0.0 if isinstance(value, float) else value
