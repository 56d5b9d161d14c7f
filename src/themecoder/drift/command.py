"""``themecoder drift``: whether codes mean in a new wave what they meant before."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from themecoder.console import (
    JsonOption,
    StageBars,
    StudyOption,
    errors,
    language_of,
    print_json,
    print_table,
)
from themecoder.drift.codes import FEWEST
from themecoder.drift.files import (
    DRIFTS,
    ShownCode,
    ShownUnlike,
    shown_codes,
    shown_unlike,
    write_drift,
)
from themecoder.drift.study_drift import Drift, study_drift
from themecoder.drift.unlike import USUAL
from themecoder.messages import message
from themecoder.output.numbers import NO_NUMBER, decimal_text, number_text, span_text
from themecoder.workspace.folder import StudyFolder


def drift(
    waves: Annotated[str, typer.Argument()],
    study: StudyOption = Path(),
    new: Annotated[str | None, typer.Option("--new")] = None,
    prompted: Annotated[bool, typer.Option("--prompted")] = False,
    as_json: JsonOption = False,
) -> None:
    """Alarm where a code means something else in the new wave than in those before it.

    What is learned on the earlier waves is held against what people coded in the new one. Writes
    reports/drift.csv and reports/drift_unlike.csv; exits 1 with an alarm.
    """
    with errors(study, as_json):
        opened = StudyFolder.open(study, progress=StageBars(language_of(study)))
        opened.required_codebook()
        found = study_drift(opened, waves, new, blind=not prompted)
        files = write_drift(opened, found)
        smallest, language = opened.config.report.smallest_cell, opened.config.interface_language
        codes, unlike = shown_codes(found, smallest), shown_unlike(found, smallest)
        names = [str(file.relative_to(opened.paths.root)) for file in files]
        if as_json:
            print_json(
                {
                    "waves": found.waves,
                    "earlier": list(found.old),
                    "new": found.new,
                    "blind": found.blind,
                    "learned_from": found.learned_from,
                    "codes": [asdict(one) for one in codes],
                    "unlike": [asdict(one) for one in unlike],
                    "files": names,
                }
            )
        else:
            labels = {code.id: code.label for code in opened.required_codebook().codes}
            _print_codes(found, codes, labels, language)
            _print_unlike(unlike, language)
            typer.echo("  ".join(names))
        if DRIFTS in [row.verdict for row in codes] + [row.verdict for row in unlike]:
            raise typer.Exit(1)


def _print_codes(
    found: Drift, rows: list[ShownCode], labels: dict[str, str], language: str
) -> None:
    title = message(
        "drift.title", language, waves=found.waves, new=found.new, old=", ".join(found.old)
    )
    cells = [
        (
            labels[row.code],
            _whole(row.n_old),
            _whole(row.n_new),
            _share(row.old, language),
            _share(row.new, language),
            _span(row.ci_low, row.ci_high, language),
            _p(row.p_holm, language),
            message(f"drift.verdict.{row.verdict}", language),
        )
        for row in rows
    ]
    print_table(message("drift.header", language).split("|"), cells, title, right=(1, 2, 3, 4))
    key = "drift.rests_on_blind" if found.blind else "drift.rests_on"
    typer.echo(message(key, language, learned=found.learned_from))
    typer.echo(message("drift.note", language, fewest=FEWEST))


def _print_unlike(rows: list[ShownUnlike], language: str) -> None:
    cells = [
        (
            row.question,
            _whole(row.n_new),
            _percent(row.unlike, language),
            _percents(row, language),
            _p(row.p_holm, language),
            message(f"drift.verdict_unlike.{row.verdict}", language),
        )
        for row in rows
    ]
    title = message("drift.unlike_title", language)
    print_table(message("drift.unlike_header", language).split("|"), cells, title, right=(1, 2))
    typer.echo(message("drift.unlike_note", language, usual=round(100 * USUAL)))


def _whole(n: int | None) -> str:
    return NO_NUMBER if n is None else str(n)


def _share(value: float | None, language: str) -> str:
    return NO_NUMBER if value is None else decimal_text(value, 2, language)


def _span(low: float | None, high: float | None, language: str) -> str:
    return "" if low is None or high is None else span_text(low, high, 2, language)


def _percent(value: float | None, language: str) -> str:
    return NO_NUMBER if value is None else number_text(100 * value, 0, language) + "%"


def _percents(row: ShownUnlike, language: str) -> str:
    if row.ci_low is None or row.ci_high is None:
        return ""
    return span_text(100 * row.ci_low, 100 * row.ci_high, 0, language) + "%"


def _p(value: float | None, language: str) -> str:
    if value is None:
        return ""
    if value < 0.001:
        return "< " + number_text(0.001, 3, language)
    return number_text(value, 3, language)
