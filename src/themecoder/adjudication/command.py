"""``themecoder disagreements``: where coders differ, and the decisions that settle this."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, astuple
from pathlib import Path
from typing import Annotated, Any

import typer

from themecoder.adjudication.label_studio.project import pull_judgements, push_disagreements
from themecoder.adjudication.study_adjudication import (
    Adjudication,
    adjudication_status,
    read_decisions,
    write_decision_list,
    write_disagreements_page,
)
from themecoder.adjudication.study_adjudication import accept as accept_by_rule
from themecoder.adjudication.study_adjudication import disagreements as find_disagreements
from themecoder.console import (
    Insecure,
    JsonOption,
    Questions,
    StageBars,
    StudyOption,
    Url,
    errors,
    language_of,
    print_json,
    print_notes,
    print_table,
)
from themecoder.messages import message
from themecoder.workspace.folder import StudyFolder

_SHOWN = 10
"""So many open answers are listed on the screen; the list and the page have all of them."""


def disagreements(
    study: StudyOption = Path(),
    question: Questions = None,
    accept: Annotated[list[str] | None, typer.Option("--accept")] = None,
    csv: Annotated[Path | None, typer.Option("--csv")] = None,
    read: Annotated[Path | None, typer.Option("--read")] = None,
    by: Annotated[str | None, typer.Option("--by")] = None,
    html: Annotated[Path | None, typer.Option("--html")] = None,
    push: Annotated[bool, typer.Option("--push")] = False,
    pull: Annotated[bool, typer.Option("--pull")] = False,
    same_text: Annotated[bool, typer.Option("--same-text")] = False,
    url: Url = None,
    insecure: Insecure = False,
    as_json: JsonOption = False,
) -> None:
    """List where coders differ, most telling first, and keep what is decided.

    Decisions come by rule or from a person and go to annotations/adjudicated/. A coder's later
    change opens just that answer again; a person's decision is never replaced by a rule.
    """
    with errors(study, as_json):
        opened = StudyFolder.open(study, progress=StageBars(language_of(study)))
        language = opened.config.interface_language
        questions = [opened.config.question(name).id for name in question or ()]
        steps: dict[str, Any] = {}
        if pull:
            steps["pulled"] = pull_judgements(opened, questions, url, insecure)
        if read is not None:
            steps["read"] = [read_decisions(opened, read, by)]
        if accept:
            steps["accepted"] = [accept_by_rule(opened, accept, questions)]
        if push:
            steps["pushed"] = push_disagreements(opened, questions, url, insecure)
        adjudications = find_disagreements(opened, questions)
        if csv is not None:
            write_decision_list(adjudications, csv)
        if html is not None:
            write_disagreements_page(adjudications, html)
        if as_json:
            done = {name: [asdict(result) for result in results] for name, results in steps.items()}
            rows = [asdict(adjudication_status(adjudication)) for adjudication in adjudications]
            listed = {"same_text": _same_texts(adjudications)} if same_text else {}
            print_json({"questions": rows, "open": _open_cases(adjudications), **listed, **done})
            return
        keys = {"pulled": "pulled", "read": "made", "accepted": "made", "pushed": "pushed"}
        for name, key in keys.items():
            for result in steps.get(name, ()):
                nothing = name == "pushed" and not result.planned
                what = "nothing_open" if nothing else key
                typer.echo(message(f"adjudication.{what}", language, **asdict(result)))
                print_notes("adjudication", getattr(result, "notes", ()), language)
        _print_status(adjudications, language)
        (_print_same_texts if same_text else _print_open)(adjudications, language)
        if csv is not None:
            n = sum(len(result.open) for result in adjudications)
            typer.echo(message("adjudication.list", language, n=n, file=csv))
        if html is not None:
            typer.echo(html)


def _open_cases(adjudications: Sequence[Adjudication]) -> list[dict[str, Any]]:
    """The open answers for machines, without the names of the coders."""
    return [
        {
            "answer_id": case.answer_id,
            "kind": case.kind,
            "coders": len(case.votes),
            "disputed": case.disputed,
            "reopened": case.reopened,
            "weight": round(case.weight, 6),
        }
        for adjudication in adjudications
        for case in adjudication.open
    ]


def _same_texts(adjudications: Sequence[Adjudication]) -> list[dict[str, Any]]:
    """The answers of one text that are coded differently; coders are letters, as on the page."""
    found = []
    for adjudication in adjudications:
        for same in adjudication.same_texts:
            letters = adjudication.letters(same)
            answers = [
                {
                    "answer_id": answer.answer_id,
                    "text": adjudication.masked(answer).masked,
                    "codes": {
                        letter: sorted(answer.codes[coder])
                        for coder, letter in letters.items()
                        if coder in answer.codes
                    },
                    "decision": None if answer.decision is None else sorted(answer.decision),
                }
                for answer in same.answers
            ]
            question = adjudication.question
            found.append({"question": question, "settled": same.settled, "answers": answers})
    return found


def _print_same_texts(adjudications: Sequence[Adjudication], language: str) -> None:
    rows = []
    for same in _same_texts(adjudications):
        for n, answer in enumerate(same["answers"]):
            codes = [f"{who}: {', '.join(own) or '-'}" for who, own in answer["codes"].items()]
            decided = answer["decision"]
            decision = None if decided is None else ", ".join(decided) or "-"
            text = None if n else answer["text"]
            rows.append((text, answer["answer_id"], "; ".join(codes), decision))
    if rows:
        header = message("adjudication.same_text_header", language).split("|")
        print_table(header, rows, whole=(1,))
    else:
        typer.echo(message("adjudication.no_same_text", language))


def _print_status(adjudications: Sequence[Adjudication], language: str) -> None:
    rows = [adjudication_status(adjudication) for adjudication in adjudications]
    print_table(
        message("adjudication.header", language).split("|"),
        [astuple(row) for row in rows],
        right=tuple(range(1, 10)),
    )
    if n := sum(row.same_text for row in rows):
        typer.echo(message("adjudication.same_text", language, n=n))


def _print_open(adjudications: Sequence[Adjudication], language: str) -> None:
    cases = sorted(
        (case for adjudication in adjudications for case in adjudication.open),
        key=lambda c: (-c.weight, c.answer_id),
    )
    if not cases:
        return
    print_table(
        message("adjudication.open_header", language).split("|"),
        [
            (case.answer_id, len(case.votes), ", ".join(case.disputed), ", ".join(case.reopened))
            for case in cases[:_SHOWN]
        ],
        right=(1,),
    )
    if len(cases) > _SHOWN:
        typer.echo(message("adjudication.more", language, n=len(cases) - _SHOWN))
