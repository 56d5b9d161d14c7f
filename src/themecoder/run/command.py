"""``themecoder run``: from the export to the report in one command."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer

from themecoder.coding.read import source_for
from themecoder.coding.suggestions.stale_notice import print_stale_suggestions
from themecoder.console import (
    AcceptPartialOption,
    ClusterOption,
    JsonOption,
    SourceOption,
    StageBars,
    StudyOption,
    errors,
    language_of,
    print_json,
)
from themecoder.messages import message
from themecoder.output.numbers import number_text
from themecoder.run.steps import TOLD, Step, run_study
from themecoder.workspace.cluster import computing_on
from themecoder.workspace.folder import StudyFolder

_VERDICTS = ("match", "differs", "undefined")


def run(
    study: StudyOption = Path(),
    source: SourceOption = None,
    accept_partial: AcceptPartialOption = False,
    resamples: Annotated[int, typer.Option("--resamples")] = 1000,
    again: Annotated[bool, typer.Option("--again")] = False,
    cluster: ClusterOption = None,
    as_json: JsonOption = False,
) -> None:
    """Everything from the export to the report: only what is not up to date is made.

    Themes, agreement, counts, quotes, the check of quoted figures, the report, and an attack on all
    of it for small counts that can be worked out: then the exit code is 1. It can be broken off
    at any point: the next run goes on from there.
    """
    with errors(study, as_json):
        folder = StudyFolder.open(study, progress=StageBars(language_of(study)))
        language = folder.config.interface_language
        chosen = source_for(folder, source, ppi=True) if source else None
        steps, started = [], time.perf_counter()
        with computing_on(folder, cluster):
            for step in run_study(folder, chosen, resamples, again, accept_partial):
                took, started = time.perf_counter() - started, time.perf_counter()
                steps.append(step)
                if not as_json:
                    _print_step(step, took, language)
        if as_json:
            print_json(
                [
                    {
                        "step": s.name,
                        "state": s.state,
                        "files": [str(file) for file in s.files],
                        "verdicts": dict(sorted(s.verdicts.items())),
                    }
                    for s in steps
                ]
            )
        else:
            if all(step.state != "done" for step in steps):
                typer.echo(message("run.nothing", language))
            for file in next(step.files for step in steps if step.name == "report"):
                typer.echo(file)
        print_stale_suggestions(folder)
        if any(step.verdicts.get(TOLD) for step in steps):
            raise typer.Exit(1)


def _print_step(step: Step, took: float, language: str) -> None:
    name = message(f"run.step.{step.name}", language)
    why = message(f"run.why.{step.why}", language) if step.why else ""
    seconds = number_text(took, 1, language)
    typer.echo(message(f"run.{step.state}", language, step=name, seconds=seconds, why=why))
    if TOLD in step.verdicts:
        typer.echo(f"  {message('counts.audit.told', language, n=step.verdicts[TOLD])}")
    elif step.verdicts:
        verdict_counts = {verdict: step.verdicts.get(verdict, 0) for verdict in _VERDICTS}
        typer.echo(message("run.verdicts", language, **verdict_counts, file=step.files[0]))
