"""``themecoder diff``: which counts moved between two states in git, and why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from themecoder.codebook.changes import record
from themecoder.codebook.wording import in_words
from themecoder.coding.source import source_of
from themecoder.compare.count_changes import CountChange, ReasonTotal
from themecoder.compare.files import answer_rows, answers_text, counts_text
from themecoder.compare.items import CODE, GROUP
from themecoder.compare.state_differences import HEAD, Side, StateDifferences, state_differences
from themecoder.console import (
    JsonOption,
    Questions,
    StageBars,
    StudyOption,
    errors,
    language_of,
    print_json,
    print_notes,
    print_table,
)
from themecoder.counts.result import ALL_QUESTIONS
from themecoder.messages import lookup, message
from themecoder.output.numbers import number_text, percent_text
from themecoder.storage.atomic import write_text
from themecoder.workspace.folder import StudyFolder

_SHOWN = 20
"""So many counts of each kind are listed on the screen; the files have all of them."""


def diff(
    rev1: Annotated[str, typer.Argument(metavar="[REV1]")] = "HEAD",
    rev2: Annotated[str | None, typer.Argument(metavar="[REV2]")] = None,
    study: StudyOption = Path(),
    question: Questions = None,
    source: Annotated[str | None, typer.Option("--source")] = None,
    answers: Annotated[bool, typer.Option("--answers")] = False,
    csv: Annotated[Path | None, typer.Option("--csv")] = None,
    exit_code: Annotated[bool, typer.Option("--exit-code")] = False,
    as_json: JsonOption = False,
) -> None:
    """Say which counts moved between two states in git, which answers moved them, and why.

    Why: new coding, a decision, a change of the codebook, new data, who is counted, or whose coding
    is counted. Nothing in the folder changes, and nothing is written without --csv.
    """
    with errors(study, as_json):
        opened = StudyFolder.open(study, progress=StageBars(language_of(study)))
        language, decimals = opened.config.interface_language, opened.config.counts.decimals
        if rev2 is None and ".." in rev1:
            rev1, _, rev2 = rev1.partition("..")
        differences = state_differences(
            opened, rev1 or HEAD, rev2, source=source, questions=question or ()
        )
        changes = differences.count_changes
        if csv is not None:
            write_text(csv, answers_text(changes) if answers else counts_text(changes, decimals))
        if as_json:
            print_json(_json_data(differences, answers))
        else:
            _print_differences(differences, language, decimals)
            if answers:
                _print_answers(differences, language)
            if csv is not None:
                n = len(answer_rows(changes) if answers else changes.rows)
                typer.echo(message("diff.written", language, n=n, file=csv))
        if exit_code and changes.anything:
            raise typer.Exit(1)


def _print_differences(differences: StateDifferences, language: str, decimals: int) -> None:
    before, after = differences.before, differences.after
    names = [_side_text(side, language) for side in (before, after)]
    typer.echo(message("diff.title", language, before=names[0], after=names[1]))
    bases = [message(f"diff.base.{side.base}", language) for side in (before, after)]
    counted = {
        "source": _before_and_after(
            _source_text(before.source, language), _source_text(after.source, language), language
        ),
        "codebook": _before_and_after(
            _codebook_text(before, language), _codebook_text(after, language), language
        ),
        "base": _before_and_after(bases[0], bases[1], language),
    }
    typer.echo(message("diff.counted", language, **counted))
    here = message("diff.here", language)
    notes = [
        (key, {**params, "where": params.get("revision") or here})
        for key, params in differences.notes
    ]
    print_notes("diff", notes, language)
    for answers in differences.answers:
        numbers = {key: len(getattr(answers, key)) for key in ("new", "gone", "changed")}
        params = {"question": answers.question, **numbers}
        typer.echo(message("diff.answers", language, **params))
    for base in differences.count_changes.bases:
        params = {"before": base.n[0], "after": base.n[1], "why": _totals_text(base.why, language)}
        question = _question_text(base.question, language)
        typer.echo(message("diff.base_of", language, question=question, **params))
    if differences.changes:
        ends = {"before": before.codebook, "after": after.codebook}
        typer.echo(message("diff.changes", language, **ends))
        for version, change in differences.changes:
            typer.echo(f"  {version}: {in_words(change, differences.book, language)}")
    rows = [row for row in differences.count_changes.rows if row.movers]
    for title, group_rows in (
        ("questions", [row for row in rows if row.kind == CODE and row.question != ALL_QUESTIONS]),
        ("together", [row for row in rows if row.kind == CODE and row.question == ALL_QUESTIONS]),
        ("groups", [row for row in rows if row.kind == GROUP]),
    ):
        if group_rows:
            _print_counts(group_rows, message(f"diff.{title}", language), language, decimals)
    if not rows:
        typer.echo(message("diff.nothing", language))
    if rest := len(differences.count_changes.rows) - len(rows):
        typer.echo(message("diff.base_only", language, n=rest))


def _print_counts(rows: Sequence[CountChange], title: str, language: str, decimals: int) -> None:
    def n_of(row: CountChange, side: int) -> str:
        percent = percent_text(row.n[side], row.base[side], decimals, language)
        params = {"n": row.n[side], "base": row.base[side], "percent": percent}
        return message("diff.n_of", language, **params)

    def change(row: CountChange) -> str:
        by = row.n[1] - row.n[0]
        return ("+" if by > 0 else "") + number_text(by, 0, language)

    print_table(
        message("diff.header", language).split("|"),
        [
            (
                _question_text(row.question, language),
                _code_text(row, language),
                n_of(row, 0),
                n_of(row, 1),
                change(row),
                _totals_text(row.why, language),
            )
            for row in rows[:_SHOWN]
        ],
        title,
        right=(2, 3, 4),
    )
    if len(rows) > _SHOWN:
        typer.echo(message("diff.more", language, n=len(rows) - _SHOWN))


def _print_answers(differences: StateDifferences, language: str) -> None:
    rows = [
        (
            row.answer_id,
            row.code,
            message(f"diff.{row.way}", language),
            _reasons_text(row.reasons, language),
            ", ".join(_coder_text(name, language) for name in row.by),
        )
        for row in answer_rows(differences.count_changes)
    ]
    if rows:
        print_table(message("diff.answers_header", language).split("|"), rows, whole=(0, 1))


def _coder_text(name: str, language: str) -> str:
    """Who coded or decided; rules and the computer have names in the user's language."""
    return lookup(f"diff.rule.{name}", language) or name


def _side_text(side: Side, language: str) -> str:
    if not side.revision:
        return message("diff.here", language)
    params = {"revision": side.revision, "commit": side.commit[:8], "date": side.date}
    return message("diff.commit", language, **params)


def _source_text(source: str, language: str) -> str:
    whose = source_of(source)
    return message(f"diff.source.{whose.kind}", language, coder=whose.coder)


def _codebook_text(side: Side, language: str) -> str:
    return side.codebook or message("diff.no_codebook", language)


def _before_and_after(before: str, after: str, language: str) -> str:
    if before == after:
        return after
    return message("diff.both", language, before=before, after=after)


def _question_text(question: str, language: str) -> str:
    return message("diff.all", language) if question == ALL_QUESTIONS else question


def _code_text(row: CountChange, language: str) -> str:
    if row.was == row.code:
        return row.code
    return message("diff.renamed", language, was=row.was, code=row.code)


def _reasons_text(reasons: Iterable[str], language: str) -> str:
    words = [message(f"diff.reason.{reason}", language) for reason in reasons]
    return message("diff.and", language).join(words)


def _totals_text(totals: Iterable[ReasonTotal], language: str) -> str:
    """How many joined and left for which reasons: ``codering +3 −1; codeboek −4``."""
    parts = []
    for total in totals:
        numbers = [f"+{total.joined}"] * bool(total.joined) + [f"−{total.left}"] * bool(total.left)
        parts.append(" ".join([_reasons_text(total.reasons, language), *numbers]))
    return "; ".join(parts)


def _json_data(differences: StateDifferences, with_answers: bool) -> dict[str, Any]:
    """The differences for machines; ``with_answers`` adds the answers that moved, by code."""
    plain: dict[str, Any] = {
        "before": asdict(differences.before),
        "after": asdict(differences.after),
        "counts": [
            {
                "question": row.question,
                "kind": row.kind,
                "code_before": row.was,
                "code_after": row.code,
                "n": list(row.n),
                "base_n": list(row.base),
                "why": [asdict(total) for total in row.why],
            }
            for row in differences.count_changes.rows
        ],
        "bases": [
            {
                "question": row.question,
                "n": list(row.n),
                "why": [asdict(total) for total in row.why],
            }
            for row in differences.count_changes.bases
        ],
        "answers": [asdict(answers) for answers in differences.answers],
        "codebook": [
            {"version": version, **record(change)} for version, change in differences.changes
        ],
        "notes": [{"key": key, **params} for key, params in differences.notes],
    }
    if with_answers:
        plain["moved"] = [row._asdict() for row in answer_rows(differences.count_changes)]
    return plain
