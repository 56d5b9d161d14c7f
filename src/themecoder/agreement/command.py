"""``themecoder agreement``: how far the coders agree, as tables and as a page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from themecoder.agreement.findings import AgreementFindings
from themecoder.agreement.from_file import agreement_in_file, write_agreement_in_file
from themecoder.agreement.planning import AnswersNeeded
from themecoder.agreement.rows import AgreementRow
from themecoder.agreement.small_counts import HIDDEN
from themecoder.agreement.study_agreement import study_agreement, write_agreement
from themecoder.agreement.values import OF_SCALE
from themecoder.coding.exchange.import_report import notes_data, print_notes
from themecoder.coding.exchange.reading_options import (
    Columns,
    Empty,
    HeadingRow,
    RowsOption,
    Separator,
    Sheets,
    reading_options,
)
from themecoder.console import (
    JsonOption,
    Questions,
    StageBars,
    StudyOption,
    errors,
    language_of,
    print_json,
    print_table,
)
from themecoder.errors import InputError, Problem
from themecoder.messages import message
from themecoder.output.numbers import decimal_text
from themecoder.workspace.folder import StudyFolder

_SETS = "krippendorff_alpha_masi"
_LOWEST = 5
_CONFUSED = 3


def agreement(
    study: StudyOption = Path(),
    question: Questions = None,
    coder: Annotated[list[str] | None, typer.Option("--coder")] = None,
    plan: Annotated[float | None, typer.Option("--plan")] = None,
    coefficient: Annotated[str, typer.Option("--coefficient")] = "krippendorff_alpha",
    machine: Annotated[bool, typer.Option("--machine")] = False,
    suggestions: Annotated[Path | None, typer.Option("--suggestions")] = None,
    threshold: Annotated[float, typer.Option(min=0, max=1)] = 0.5,
    resamples: Annotated[int, typer.Option("--resamples")] = 1000,
    file: Annotated[Path | None, typer.Option("--from")] = None,
    out: Annotated[Path | None, typer.Option("--out")] = None,
    column: Columns = None,
    sheet: Sheets = None,
    heading: HeadingRow = None,
    separator: Separator = "",
    empty: Empty = "unseen",
    rows: RowsOption = "",
    as_json: JsonOption = False,
) -> None:
    """Measure how far the coders agree; writes reports/agreement.html, .csv and .xlsx.

    With --from the coders are those in a file, such as two columns of an Excel sheet, and their
    codes are what stands there; it is printed, and written where --out says.
    """
    with errors(study, as_json):
        if file is not None:
            if machine or suggestions:
                raise InputError(Problem("agreement.machine_of_file"))
            options = reading_options(column, "", separator, empty, rows, sheet, heading)
            found = agreement_in_file(
                file,
                options,
                question or (),
                coder or (),
                width=plan,
                coefficient=coefficient,
                resamples=resamples,
            )
            language = language_of(study)
            written = write_agreement_in_file(found, out, language) if out else []
            if as_json:
                notes = notes_data(found.notes, language)
                print_json({**_as_json(found.findings, written), "notes": notes})
                return
            print_notes(found.notes, language)
            _print_findings(found.findings, language)
            for one in written:
                typer.echo(one)
            return
        folder = StudyFolder.open(study, progress=StageBars(language_of(study)))
        findings = study_agreement(
            folder,
            question or (),
            coder or (),
            machine=suggestions or machine,
            threshold=threshold,
            width=plan,
            coefficient=coefficient,
            resamples=resamples,
        )
        files = write_agreement(folder, findings)
        if as_json:
            print_json(_as_json(findings, files))
            return
        _print_findings(findings, folder.config.interface_language)
        for one in files:
            typer.echo(one)


def _as_json(findings: AgreementFindings, files: Iterable[Path]) -> dict[str, object]:
    """The findings as plain data, without the codings that they rest on."""
    parts = [{"part": part.kind, "name": part.name, **asdict(row)} for part, row in findings.parts]
    return {
        "coders": findings.coders,
        "version": findings.version,
        "coded": list(map(asdict, findings.coded)),
        "rows": list(map(asdict, findings.rows)),
        "parts": parts,
        "confused": list(map(asdict, findings.confused)),
        "tendencies": list(map(asdict, findings.tendencies)),
        "habits": list(map(asdict, findings.habits)),
        "anchoring": list(map(asdict, findings.anchoring)),
        "gap": list(map(asdict, findings.gap)),
        "machine": list(map(asdict, findings.machine)),
        "needed": list(map(asdict, findings.needed)),
        "left_out": asdict(findings.left_out),
        "resamples": findings.resamples,
        "seed": findings.seed,
        "files": [str(file) for file in files],
    }


def _print_findings(findings: AgreementFindings, language: str) -> None:
    def say(key: str, **params: object) -> str:
        return message(f"cli.agreement.{key}", language, **params)

    rows = {
        (row.question, row.code, row.coefficient): row
        for row in findings.rows
        if row.coder_pair == "all"
    }
    print_table(
        say("header").split("|"),
        [
            (
                extent.question,
                extent.answers,
                extent.doubled,
                len(extent.coders),
                *_with_interval(rows[extent.question, "all", _SETS], language),
                _value(rows[extent.question, "all", "percent_agreement"], language),
            )
            for extent in findings.coded
        ],
        right=(1, 2, 3, 4, 6),
    )
    alphas = [rows["all", code, "krippendorff_alpha"] for code in findings.codes]
    lowest = sorted((row for row in alphas if row.value is not None), key=lambda r: r.value or 0)
    if lowest:
        typer.echo(say("lowest"))
        print_table(
            say("lowest_header").split("|"),
            [
                (
                    row.code,
                    *_with_interval(row, language),
                    _value(rows["all", row.code, "gwet_ac1"], language),
                    HIDDEN if row.hidden else _number(row.prevalence, language),
                )
                for row in lowest[:_LOWEST]
            ],
            right=(1, 3, 4),
        )
    _print_values(findings, language)
    if findings.confused:
        typer.echo(say("confused"))
    for pair in findings.confused[:_CONFUSED]:
        typer.echo(
            say(
                "confusion",
                first=pair.first,
                second=pair.second,
                answers=HIDDEN if pair.answers is None else pair.answers,
                either=HIDDEN if pair.either is None else pair.either,
                share=HIDDEN if pair.share is None else round(100 * pair.share),
            )
        )
    _print_machine(findings, language)
    _print_needed(findings, language)
    left_out = findings.left_out
    other = sum(left_out.other_version.values())
    if left_out.skipped or left_out.stale or other:
        typer.echo(say("left_out", skipped=left_out.skipped, stale=left_out.stale, other=other))
    if left_out.unknown:
        typer.echo(say("unknown", codes=", ".join(left_out.unknown)))


def _print_values(findings: AgreementFindings, language: str) -> None:
    lines = [
        (
            row.code,
            message(f"agreement_page.values.{scale}", language),
            *_with_interval(row, language),
            HIDDEN if row.n_answers is None else row.n_answers,
        )
        for scale, coefficient in OF_SCALE.items()
        for row in findings.rows
        if (row.question, row.coder_pair, row.coefficient) == ("all", "all", coefficient)
    ]
    if lines:
        typer.echo(message("cli.agreement.values", language))
        header = message("cli.agreement.values_header", language).split("|")
        print_table(header, lines, right=(2, 4))


def _print_machine(findings: AgreementFindings, language: str) -> None:
    rows = [
        row
        for row in findings.machine
        if (row.question, row.code, row.coefficient) == ("all", "all", _SETS)
    ]
    if rows:
        typer.echo(message("cli.agreement.machine", language))
    for row in rows:
        value, interval = _with_interval(row, language)
        typer.echo(f"  {row.coder_pair}: {value} {interval}")


def _print_needed(findings: AgreementFindings, language: str) -> None:
    if not findings.needed:
        return
    first = findings.needed[0]
    params = {"width": _number(first.width, language), "coefficient": first.coefficient}
    typer.echo(message("cli.agreement.needed", language, **params))
    print_table(
        message("cli.agreement.needed_header", language, available=findings.available).split("|"),
        [
            (
                needed.code if needed.code != "all" else needed.coefficient,
                needed.answers_now,
                _number(needed.width_now, language),
                _undefined_text(needed.undefined_because, language)
                if needed.answers is None
                else needed.answers,
                _likely(needed, language),
                _number(needed.narrowest, language) if needed.more_than_there_are else "",
            )
            for needed in findings.needed
        ],
        right=(1, 2, 3, 4, 5),
    )


def _likely(needed: AnswersNeeded, language: str) -> str:
    """Between which numbers the answers needed lie, or how many must be coded to say so."""
    if needed.first is not None:
        return message("cli.agreement.first", language, first=needed.first)
    return "" if needed.low is None else f"{needed.low} – {needed.high}"


def _with_interval(row: AgreementRow, language: str) -> tuple[str, str]:
    if row.ci_low is not None and row.ci_high is not None:
        interval = f"{_number(row.ci_low, language)} – {_number(row.ci_high, language)}"
    elif row.more_answers is not None:
        interval = message("cli.agreement.more", language, more=row.more_answers)
    else:
        interval = _in_words(row.no_interval_because, language)
    return _value(row, language), interval


def _value(row: AgreementRow, language: str) -> str:
    if row.value is None:
        return _undefined_text(row.undefined_because, language)
    return _number(row.value, language)


def _undefined_text(reason: str | None, language: str) -> str:
    return message("cli.agreement.undefined", language, reason=_in_words(reason, language))


def _in_words(reason: str | None, language: str) -> str:
    return message(f"agreement_words.because.{reason}", language) if reason else ""


def _number(value: float | None, language: str) -> str:
    return "" if value is None else decimal_text(value, 2, language)
