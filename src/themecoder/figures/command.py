"""``themecoder check``: the figures and claims of a report, held against the data."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from themecoder.coding.read import source_for
from themecoder.console import (
    JsonOption,
    SourceOption,
    StageBars,
    StudyOption,
    errors,
    language_of,
    print_json,
    show_problems,
)
from themecoder.counts.formats.view import HIDDEN, coding_source_text
from themecoder.figures.drafts import table
from themecoder.figures.drafts.model import MatchedNumber, Verdict
from themecoder.figures.quoted.claims import CheckedClaim
from themecoder.figures.quoted.figures import CheckedFigure
from themecoder.figures.shown import (
    ESTIMATE,
    claim_text,
    detail_shown,
    estimate_cells,
    estimate_text,
    n_shown,
    rebuilt_shown,
)
from themecoder.figures.study_check import (
    CheckedReport,
    check_draft_of,
    check_study,
    write_check,
)
from themecoder.messages import message
from themecoder.workspace.folder import StudyFolder


def check(
    draft: Annotated[Path | None, typer.Argument()] = None,
    study: StudyOption = Path(),
    figures: Annotated[Path | None, typer.Option("--figures")] = None,
    claims: Annotated[Path | None, typer.Option("--claims")] = None,
    source: SourceOption = None,
    show_all: Annotated[bool, typer.Option("--all")] = False,
    as_json: JsonOption = False,
) -> None:
    """Rebuild every figure and claim of a report; exits 1 where one does not hold.

    With a DRAFT: find its numbers and words of quantity, tie them to the quoted figures, and list
    those that differ or have no source.
    """
    with errors(study, as_json):
        folder = StudyFolder.open(study, progress=StageBars(language_of(study)))
        chosen = source_for(folder, source, ppi=True) if source else None
        report = check_study(folder, figures, claims, chosen)
        if draft is not None:
            _draft(
                check_draft_of(folder, draft, report),
                folder.config.interface_language,
                show_all,
                as_json,
            )
            return
        file = write_check(folder, report)
        if as_json:
            print_json(_as_json(report, folder.config.report.smallest_cell))
        else:
            _print_report(report, folder, show_all)
            typer.echo(file)
        if report.problems:
            show_problems(report.problems, folder.config.interface_language, as_json)
        if not report.holds:
            raise typer.Exit(1)
        if report.problems:
            raise typer.Exit(2)


def _as_json(report: CheckedReport, smallest: int) -> dict[str, object]:
    return {
        "figures": [
            {
                "id": checked.figure.id,
                "printed": checked.figure.printed,
                "rebuilt": rebuilt_shown(checked, smallest),
                "n": n_shown(checked, smallest),
                "base_n": checked.base_n,
                "verdict": checked.verdict,
                "cause": checked.cause,
                "detail": detail_shown(checked, smallest),
                **_estimate(checked),
            }
            for checked in report.figures
        ],
        "claims": [
            {
                "id": judged.claim.id,
                "quantifier": judged.claim.quantifier,
                "rule": judged.claim.rule.text,
                "part": judged.part,
                "n": n_shown(judged, smallest),
                "base_n": judged.base_n,
                "rank": judged.rank,
                "verdict": judged.verdict,
                "cause": judged.cause,
                **_estimate(judged),
            }
            for judged in report.claims
        ],
        "source": str(report.source) if report.source else None,
    }


def _estimate(checked: CheckedFigure | CheckedClaim) -> dict[str, object]:
    """What an estimate rests on; nothing of what is none."""
    if checked.estimate is None:
        return {}
    cells = zip(ESTIMATE, estimate_cells(checked), strict=True)
    return {name: float(c) if c not in ("", HIDDEN) else c or None for name, c in cells}


def _print_report(report: CheckedReport, study: StudyFolder, show_all: bool) -> None:
    language, smallest = study.config.interface_language, study.config.report.smallest_cell

    def say(key: str, **params: object) -> str:
        return message(f"checking.{key}", language, **params)

    def verdict_counts(rows: list[str]) -> dict[str, int]:
        return {verdict: rows.count(verdict) for verdict in ("match", "differs", "undefined")}

    def cause_text(row: CheckedFigure | CheckedClaim, detail: str = "") -> str:
        if not row.cause:
            return ""
        kind = say(f"cause.{row.cause.replace(' ', '_')}")
        return f". {kind} ({detail})" if detail else f". {kind}"

    def base_text(row: CheckedFigure | CheckedClaim) -> str:
        if row.estimate is not None:
            told = estimate_text(row, language)
            return f" ({told})" if told else ""
        if row.n is None:
            return ""
        return f" ({say('of', n=n_shown(row, smallest), base=row.base_n)})"

    if report.source and report.source.ppi:
        typer.echo(message("ppi.note.held", language))
    if report.figures:
        typer.echo(say("figures", **verdict_counts([row.verdict for row in report.figures])))
    for figure in report.figures:
        if show_all or figure.verdict != "match":
            typer.echo(f"  {figure.figure.id}  {figure.figure.text}")
            printed = say("printed_as", printed=figure.figure.printed)
            given = rebuilt_shown(figure, smallest)
            rebuilt = say("rebuilt_as", rebuilt=given) if given else ""
            verdict = say(f"verdict.{figure.verdict}")
            why = cause_text(figure, detail_shown(figure, smallest))
            typer.echo(f"    {verdict}: {printed}{rebuilt}{base_text(figure)}{why}")
    if report.claims:
        typer.echo(say("claims", **verdict_counts([row.verdict for row in report.claims])))
    if report.source and report.claims:
        typer.echo(coding_source_text(report.source, language))
    for claim in report.claims:
        if show_all or claim.verdict != "match":
            typer.echo(f"  {claim.claim.id}  {claim.claim.text}")
            quoted = f'"{claim.claim.quantifier}" [{claim.claim.rule.text}]'
            share = claim_text(claim, language, smallest)
            verdict = say(f"verdict.{claim.verdict}")
            rebuilt = say("rebuilt_as", rebuilt=share) if share else ""
            typer.echo(f"    {verdict}: {quoted}{rebuilt}{base_text(claim)}{cause_text(claim)}")
    rows: list[CheckedFigure | CheckedClaim] = [*report.figures, *report.claims]
    if any(n_shown(row, smallest) == HIDDEN or HIDDEN in estimate_cells(row) for row in rows):
        typer.echo(message("counts.note.hidden", language, mark=HIDDEN, smallest=smallest))


def _draft(numbers: list[MatchedNumber], language: str, show_all: bool, as_json: bool) -> None:
    """What stands in a draft; exits 1 where it differs, or a number has no source."""
    if as_json:
        print_json({"draft": table.records(numbers)})
    else:
        typer.echo(table.summary(numbers, language))
        listed = [number for number in numbers if show_all or number.verdict != Verdict.TIED]
        for number in listed:
            place, text, verdict, ids, expected, sentence = table.rows([number], language)[0]
            typer.echo(f"  {place}: {text}")
            known = f" [{ids}{': ' + expected if expected else ''}]" if ids else ""
            typer.echo(f"    {verdict}{known}")
            typer.echo(f"    {sentence}")
    # Words such as "vaak" are in every report: without a source they are listed, but do no harm.
    sourceless = [
        number
        for number in numbers
        if number.verdict == Verdict.NO_SOURCE and number.kind != "quantifier"
    ]
    if sourceless or any(number.verdict == Verdict.DIFFERS for number in numbers):
        raise typer.Exit(1)
