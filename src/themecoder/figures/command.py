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
from themecoder.counts.formats.view import coding_source_text
from themecoder.figures.drafts import table
from themecoder.figures.drafts.model import MatchedNumber, Verdict
from themecoder.figures.quoted.claims import CheckedClaim
from themecoder.figures.quoted.figures import CheckedFigure
from themecoder.figures.study_check import (
    CheckedReport,
    check_draft_of,
    check_study,
    claim_text,
    write_check,
)
from themecoder.messages import message
from themecoder.workspace.folder import StudyFolder


def check(
    draft: Annotated[
        Path | None,
        typer.Argument(help="A draft (docx, md or txt) whose numbers to tie to the figures."),
    ] = None,
    study: StudyOption = Path(),
    figures: Annotated[
        Path | None,
        typer.Option(
            "--figures", help="Quoted figures.", show_default="reports/quoted_figures.csv"
        ),
    ] = None,
    claims: Annotated[
        Path | None, typer.Option("--claims", help="Claims.", show_default="reports/claims.csv")
    ] = None,
    source: SourceOption = None,
    show_all: Annotated[
        bool, typer.Option("--all", help="Also show what holds, not only what does not.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Rebuild every figure and claim of a report; exits 1 where one does not hold.

    With a DRAFT: find its numbers and words of quantity, tie them to the quoted figures, and list
    those that differ or have no source.
    """
    with errors(study, as_json):
        opened = StudyFolder.open(study, progress=StageBars(language_of(study)))
        chosen = source_for(opened, source) if source else None
        found = check_study(opened, figures, claims, chosen)
        if draft is not None:
            _draft(check_draft_of(opened, draft, found), opened.config.language, show_all, as_json)
            return
        file = write_check(opened, found)
        if as_json:
            print_json(_plain(found))
        else:
            _print(found, opened.config.language, show_all)
            typer.echo(file)
        if found.problems:
            show_problems(found.problems, opened.config.language, as_json)
        if not found.holds:
            raise typer.Exit(1)
        if found.problems:
            raise typer.Exit(2)


def _plain(found: CheckedReport) -> dict[str, object]:
    return {
        "figures": [
            {
                "id": one.figure.id,
                "printed": one.figure.printed,
                "rebuilt": one.rebuilt,
                "n": one.n,
                "base_n": one.base_n,
                "verdict": one.verdict,
                "cause": one.cause,
                "detail": one.detail,
            }
            for one in found.figures
        ],
        "claims": [
            {
                "id": one.claim.id,
                "quantifier": one.claim.quantifier,
                "rule": one.claim.rule.text,
                "n": one.n,
                "base_n": one.base_n,
                "rank": one.rank,
                "verdict": one.verdict,
                "cause": one.cause,
            }
            for one in found.claims
        ],
        "source": str(found.source) if found.source else None,
    }


def _print(found: CheckedReport, language: str, show_all: bool) -> None:
    def say(key: str, **params: object) -> str:
        return message(f"checking.{key}", language, **params)

    def tally(rows: list[str]) -> dict[str, int]:
        return {verdict: rows.count(verdict) for verdict in ("match", "differs", "undefined")}

    def told(one: CheckedFigure | CheckedClaim, detail: str = "") -> str:
        if not one.cause:
            return ""
        kind = say(f"cause.{one.cause.replace(' ', '_')}")
        return f". {kind} ({detail})" if detail else f". {kind}"

    def of(one: CheckedFigure | CheckedClaim) -> str:
        return "" if one.n is None else f" ({say('of', n=one.n, base=one.base_n)})"

    if found.figures:
        typer.echo(say("figures", **tally([one.verdict for one in found.figures])))
    for figure in found.figures:
        if show_all or figure.verdict != "match":
            typer.echo(f"  {figure.figure.id}  {figure.figure.text}")
            printed = say("printed_as", printed=figure.figure.printed)
            rebuilt = say("rebuilt_as", rebuilt=figure.rebuilt) if figure.rebuilt else ""
            verdict = say(f"verdict.{figure.verdict}")
            why = told(figure, figure.detail)
            typer.echo(f"    {verdict}: {printed}{rebuilt}{of(figure)}{why}")
    if found.claims:
        typer.echo(say("claims", **tally([one.verdict for one in found.claims])))
        if found.source:
            typer.echo(coding_source_text(found.source, language))
    for claim in found.claims:
        if show_all or claim.verdict != "match":
            typer.echo(f"  {claim.claim.id}  {claim.claim.text}")
            said = f'"{claim.claim.quantifier}" [{claim.claim.rule.text}]'
            share = claim_text(claim, language)
            verdict = say(f"verdict.{claim.verdict}")
            rebuilt = say("rebuilt_as", rebuilt=share) if share else ""
            typer.echo(f"    {verdict}: {said}{rebuilt}{of(claim)}{told(claim)}")


def _draft(found: list[MatchedNumber], language: str, show_all: bool, as_json: bool) -> None:
    """What stands in a draft; exits 1 where it differs, or a number has no source."""
    if as_json:
        print_json({"draft": table.records(found)})
    else:
        typer.echo(table.summary(found, language))
        told = [one for one in found if show_all or one.verdict != Verdict.TIED]
        for one in told:
            place, text, verdict, ids, expected, sentence = table.rows([one], language)[0]
            typer.echo(f"  {place}: {text}")
            known = f" [{ids}{': ' + expected if expected else ''}]" if ids else ""
            typer.echo(f"    {verdict}{known}")
            typer.echo(f"    {sentence}")
    # "vaak" and "soms" are in every report: words without a source are listed, and are no failure
    sourceless = [o for o in found if o.verdict == Verdict.NO_SOURCE and o.kind != "quantifier"]
    if sourceless or any(one.verdict == Verdict.DIFFERS for one in found):
        raise typer.Exit(1)
