"""``themecoder plan`` and ``claims``: who codes what, what is next and what it settles."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from themecoder.coding.planning import loads_per_coder
from themecoder.console import (
    JsonOption,
    StageBars,
    StudyOption,
    errors,
    language_of,
    print_json,
    print_table,
)
from themecoder.counts.formats.view import HIDDEN
from themecoder.errors import InputError, Problem
from themecoder.figures.shown import is_small
from themecoder.messages import message
from themecoder.priorities.claims import Standing
from themecoder.priorities.study_claims import ClaimsSoFar, study_claims
from themecoder.priorities.study_order import NEXT, plan_next
from themecoder.workspace.folder import StudyFolder


def _share(text: str | None) -> float | None:
    """The share that ``30%`` or ``0.3`` stands for. Raises InputError for anything else."""
    if text is None:
        return None
    plain = text.strip().replace(",", ".")
    try:
        share = float(plain.removesuffix("%")) / (100 if plain.endswith("%") else 1)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise InputError(Problem("plan.share", {"found": text}))
    return share


def plan(
    study: StudyOption = Path(),
    double: Annotated[str | None, typer.Option("--double")] = None,
    blind: Annotated[str | None, typer.Option("--blind")] = None,
    contentless: Annotated[bool, typer.Option("--contentless")] = False,
    by: Annotated[str | None, typer.Option("--by")] = None,
    n: Annotated[int, typer.Option("--next")] = NEXT,
    recheck: Annotated[int, typer.Option("--recheck")] = 0,
    as_json: JsonOption = False,
) -> None:
    """Plan who codes which answers, and keep it in annotations/plan.csv.

    Balanced over coders and questions, every pair of coders overlapping. What was planned before
    stays, and answers that came in later are added; --double and --blind change what is not coded
    yet, and --by puts some of it next, in turns with chance.
    """
    with errors(study, as_json):
        opened = StudyFolder.open(study, progress=StageBars(language_of(study)))
        language = opened.config.interface_language
        made = plan_next(opened, _share(double), _share(blind), contentless, by, n, recheck)
        loads = loads_per_coder(made.plan.rows)
        if as_json:
            print_json([asdict(load) for load in loads])
            return
        print_table(
            message("cli.plan.header", language).split("|"),
            [(load.question, load.coder, load.answers, load.double, load.blind) for load in loads],
            right=(2, 3, 4),
        )
        share = f"{100 * made.plan.double:.0f}%"
        key = "kept_double" if made.plan.kept else "double"
        typer.echo(message(f"plan.said.{key}", language, share=share))
        for (coder, question), tasks in made.chosen.items():
            params = {"coder": coder, "question": question, "n": tasks, "by": by}
            typer.echo(message("plan.said.next", language, **params))
        if by is not None and not made.chosen:
            typer.echo(message("plan.said.by_chance", language))
        if recheck:
            typer.echo(message("plan.said.recheck", language, n=made.rechecks))
        if made.claims is not None:
            _print_claims(opened, made.claims, language)
        typer.echo(message("cli.plan.kept", language, file=opened.paths.plan))


def claims(study: StudyOption = Path(), as_json: JsonOption = False) -> None:
    """Say which of the report's claims on codes are settled, and what settles the others.

    By what people coded and what the machine says of the rest: a claim is settled where its verdict
    is the same whatever the answers say that are not coded.
    """
    with errors(study, as_json):
        opened = StudyFolder.open(study, progress=StageBars(language_of(study)))
        found = study_claims(opened)
        if as_json:
            print_json(
                {
                    "level": found.level,
                    "questions": list(found.questions),
                    "claims": [_data(opened, one) for one in found.standings],
                }
            )
            return
        _print_claims(opened, found, opened.config.interface_language)


def _print_claims(study: StudyFolder, found: ClaimsSoFar, language: str) -> None:
    rows = []
    for one in found.standings:
        shown = _shown(study, one)
        span = HIDDEN if shown is None else f"{shown[0]} - {shown[1]}"
        verdict = message(
            f"checking.verdict.{one.verdict}" if one.verdict else "claims.open", language
        )
        rows.append(
            (
                one.claim.id,
                f"{one.part}: {one.claim.quantifier}" if one.part else one.claim.quantifier,
                span,
                one.base,
                verdict,
                "" if one.settled else one.needed,
            )
        )
    print_table(message("claims.header", language).split("|"), rows, right=(2, 3, 5))
    open_ones = [one for one in found.standings if not one.settled]
    settled = len(found.standings) - len(open_ones)
    level = f"{100 * found.level:g}%"
    params = {"n": settled, "of": len(found.standings), "level": level}
    typer.echo(message("claims.settled", language, **params))
    if open_ones:
        first = min(open_ones, key=lambda one: one.needed)
        params = {"n": first.needed, "claim": first.claim.id}
        typer.echo(message("claims.nearest", language, **params))
        where = ", ".join(found.questions)
        typer.echo(message("claims.where", language, questions=where))


def _data(study: StudyFolder, one: Standing) -> dict[str, Any]:
    shown = _shown(study, one)
    return {
        "id": one.claim.id,
        "quantifier": one.claim.quantifier,
        "part": one.part,
        "low": shown[0] if shown else None,
        "high": shown[1] if shown else None,
        "base_n": one.base,
        "not_coded": one.open,
        "verdict": one.verdict,
        "needed": None if one.settled else one.needed,
    }


def _shown(study: StudyFolder, one: Standing) -> tuple[int, int] | None:
    """The interval; None where an end of it, or what it leaves of the base, is of so few that it
    may not be shown."""
    smallest = study.config.report.smallest_cell
    ends = (one.low, one.high)
    return None if any(is_small(end, one.base, smallest) for end in ends) else ends
