"""``themecoder agreement``: how far the coders agree, as tables and as a page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from themecoder.agreement.findings import AgreementFindings
from themecoder.agreement.rows import AgreementRow
from themecoder.agreement.study_agreement import study_agreement, write_agreement
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
from themecoder.messages import message
from themecoder.output.numbers import decimal_text
from themecoder.workspace.folder import StudyFolder

_SETS = "krippendorff_alpha_masi"
_LOWEST = 5
_CONFUSED = 3


def agreement(
    study: StudyOption = Path(),
    question: Questions = None,
    coder: Annotated[
        list[str] | None,
        typer.Option("--coder", help="Only this coder; may be given several times."),
    ] = None,
    plan: Annotated[
        float | None,
        typer.Option("--plan", help="How many answers to code twice for an interval this wide."),
    ] = None,
    coefficient: Annotated[
        str, typer.Option("--coefficient", help="The coefficient to plan with.")
    ] = "krippendorff_alpha",
    machine: Annotated[
        bool, typer.Option("--machine", help="Compare the study's suggestions as if a coder's.")
    ] = False,
    suggestions: Annotated[
        Path | None,
        typer.Option("--suggestions", help="Compare the suggestions in this file instead."),
    ] = None,
    threshold: Annotated[
        float, typer.Option(min=0, max=1, help="From this score a suggestion counts as given.")
    ] = 0.5,
    resamples: Annotated[
        int, typer.Option("--resamples", help="Draws of respondents for the intervals.")
    ] = 1000,
    as_json: JsonOption = False,
) -> None:
    """Measure how far the coders agree; writes reports/agreement.html, .csv and .xlsx."""
    with errors(study, as_json):
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
        for file in files:
            typer.echo(file)


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
                    _number(row.prevalence, language),
                )
                for row in lowest[:_LOWEST]
            ],
            right=(1, 3, 4),
        )
    if findings.confused:
        typer.echo(say("confused"))
    for pair in findings.confused[:_CONFUSED]:
        typer.echo(
            say(
                "confusion",
                first=pair.first,
                second=pair.second,
                answers=pair.answers,
                either=pair.either,
                share=round(100 * pair.share),
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
                _number(needed.narrowest, language) if needed.more_than_there_are else "",
            )
            for needed in findings.needed
        ],
        right=(1, 2, 3, 4),
    )


def _with_interval(row: AgreementRow, language: str) -> tuple[str, str]:
    interval = ""
    if row.ci_low is not None and row.ci_high is not None:
        interval = f"{_number(row.ci_low, language)} – {_number(row.ci_high, language)}"
    return _value(row, language), interval


def _value(row: AgreementRow, language: str) -> str:
    if row.value is None:
        return _undefined_text(row.undefined_because, language)
    return _number(row.value, language)


def _undefined_text(reason: str | None, language: str) -> str:
    words = message(f"agreement_words.because.{reason}", language)
    return message("cli.agreement.undefined", language, reason=words)


def _number(value: float | None, language: str) -> str:
    return "" if value is None else decimal_text(value, 2, language)
