"""``themecoder suggestions``: which codes an answer may have, and how good that is."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from themecoder.coding.suggestions.study_suggestions import suggest_study
from themecoder.console import (
    ClusterOption,
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
from themecoder.output.numbers import NO_NUMBER, decimal_text
from themecoder.suggestion_quality.files import quality_record, write_quality
from themecoder.suggestion_quality.scores import Estimate
from themecoder.suggestion_quality.study_quality import Quality, suggestion_quality
from themecoder.workspace.cluster import computing_on
from themecoder.workspace.folder import StudyFolder

_LIKELY = 0.5


def suggestions(
    study: StudyOption = Path(),
    question: Questions = None,
    report: Annotated[bool, typer.Option("--report")] = False,
    cluster: ClusterOption = None,
    as_json: JsonOption = False,
) -> None:
    """Work out which codes an answer may have, from the codebook and from what is coded.

    Writes suggestions/<question>.csv. What was coded since is learned from at the next call. With
    --report: reports/suggestions.html and .json, on the answers coded without suggestions.
    """
    with errors(study, as_json):
        opened = StudyFolder.open(study, progress=StageBars(language_of(study)))
        language = opened.config.interface_language
        opened.required_codebook()
        if report:
            if question:
                raise InputError(Problem("suggestions.report_of_all"))
            with computing_on(opened, cluster):
                quality = suggestion_quality(opened)
            files = [
                str(file.relative_to(opened.paths.root)) for file in write_quality(opened, quality)
            ]
            if as_json:
                print_json({**quality_record(quality), "files": files})
            else:
                _print_quality(quality, files, language)
            return
        with computing_on(opened, cluster):
            asked = [opened.config.question(one).id for one in question or ()]
            found = suggest_study(opened, asked)
        rows = [
            (
                name,
                len(suggested),
                sum(codes[0][1] >= _LIKELY for codes in suggested.values()),
                str(opened.paths.suggestions(name).relative_to(opened.paths.root)),
            )
            for name, suggested in found.of.items()
        ]
        if as_json:
            names = ("question", "answers", "likely", "file")
            print_json(
                {
                    "learned_from": found.learned_from,
                    "questions": [dict(zip(names, row, strict=True)) for row in rows],
                }
            )
            return
        print_table(message("cli.suggestions.header", language).split("|"), rows, right=(1, 2))
        typer.echo(message("cli.suggestions.learned", language, n=found.learned_from))


def _print_quality(found: Quality, files: list[str], language: str) -> None:
    """The measures over all codes, and where the others are."""

    def number(value: float | None) -> str:
        return NO_NUMBER if value is None else decimal_text(value, 2, language)

    def row(key: str, one: Estimate) -> tuple[str, str, str]:
        known = one.ci_low is not None
        return (
            message(f"quality.{key}", language),
            number(one.value),
            f"{number(one.ci_low)}–{number(one.ci_high)}" if known else "",
        )

    whole = found.scores.whole
    rows = [
        row("first", found.scores.first),
        row("three", found.scores.three),
        row("precision", whole.precision),
        row("recall", whole.recall),
        row("f1", whole.f1),
        row("average_precision", whole.average_precision),
        row("error", found.reliability.error),
        row("effort.saved", found.effort.saved),
    ]
    header = [message(f"quality.{key}", language) for key in ("measure", "value", "interval")]
    print_table(header, rows, right=(1,))
    typer.echo(message("quality.summary.rests_on", language, blind=found.blind, coded=found.coded))
    typer.echo("  ".join(files))
