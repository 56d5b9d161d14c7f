"""What an import of coding found, as tables on a terminal and as plain data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import typer

from themecoder.coding.exchange.model import ForeignNote, Place
from themecoder.coding.exchange.study_import import CodingImport
from themecoder.coding.model import Coding
from themecoder.console import print_table, problems_data
from themecoder.messages import message
from themecoder.output.numbers import decimal_text

_SHOWN = 20
"""Rows of a list that the terminal shows; ``--json`` has them all."""


def import_data(planned: CodingImport, language: str) -> dict[str, Any]:
    """The import as plain data, without texts of answers and quotes."""
    plan = planned.plan
    return {
        "file": str(planned.file),
        "kind": planned.foreign.kind,
        "to": plan.to,
        "codings": len(planned.foreign.codings),
        "matched_by": dict(planned.matching.by),
        "added": [_coding_data(one.place, one.coding) for one in plan.added],
        "replaced": [_coding_data(one.place, one.coding) for one in plan.replaced],
        "same": plan.same,
        "conflicts": [
            {**_coding_data(one.place, one.coding), "here": list(one.here.codes)}
            for one in plan.conflicts
        ],
        "not_taken": [{**asdict(one.coding.place), "key": one.key} for one in planned.not_taken],
        "left_out": planned.left_out,
        "codes": [asdict(match) for match in planned.matches],
        "mapping": str(planned.mapping),
        "notes": notes_data(planned.foreign.notes, language),
        "problems": problems_data(planned.problems, language),
    }


def print_import(planned: CodingImport, language: str) -> None:
    """What came in, what each thing in the file was taken for, and what differs from what is
    here."""

    def say(key: str, **params: object) -> None:
        typer.echo(message(f"exchange.said.{key}", language, **params))

    coders = Counter(coding.coder for coding in planned.foreign.codings)
    say("came", file=planned.file, n=len(planned.foreign.codings), coders=len(coders))
    print_notes(planned.foreign.notes, language)
    if planned.matches:
        print_table(
            message("exchange.said.codes_header", language).split("|"),
            [
                (
                    match.name[:60],
                    match.label,
                    match.codings,
                    match.code,
                    message(f"exchange.how.{match.how}", language) if match.how else "",
                    f"{match.proposed} ({decimal_text(match.likeness, 2, language)})"
                    if match.likeness is not None
                    else "",
                )
                for match in planned.matches
            ],
            right=(2,),
        )
    plan = planned.plan
    _print_added(planned, language)
    if plan.replaced:
        say("replaced", n=len(plan.replaced))
    if plan.conflicts:
        say("conflicts", n=len(plan.conflicts))
        print_table(
            message("exchange.said.conflicts_header", language).split("|"),
            [
                (
                    one.coding.answer_id,
                    one.coding.coder,
                    _codes_text(one.here, language),
                    _codes_text(one.coding, language),
                    place_text(one.place, language),
                )
                for one in plan.conflicts[:_SHOWN]
            ],
        )
        if len(plan.conflicts) > _SHOWN:
            say("more", n=len(plan.conflicts) - _SHOWN)
    for key, n in (("partly", plan.partly), ("exclusive", plan.exclusive)):
        if n:
            say(key, n=n)
    if planned.left_out:
        say("left_out", n=planned.left_out)


def print_notes(notes: Sequence[ForeignNote], language: str) -> None:
    """What was found in the file: a table of columns, and a line for each other note."""
    columns = [note for note in notes if note.key == "column"]
    if columns:
        print_table(
            message("exchange.said.columns_header", language).split("|"),
            [
                (
                    note.place.part,
                    note.place.column,
                    role_text(note, language),
                    message(f"exchange.by.{note.params['by']}", language),
                )
                for note in columns
            ],
        )
    for note in notes:
        if note.key != "column":
            typer.echo(f"  {note_text(note, language)}")


def notes_data(notes: Sequence[ForeignNote], language: str) -> list[dict[str, Any]]:
    """What was found in the file as plain data."""
    return [
        {
            "key": note.key,
            **asdict(note.place),
            "text": (role_text if note.key == "column" else note_text)(note, language),
        }
        for note in notes
    ]


def note_text(note: ForeignNote, language: str) -> str:
    """A note in words, with its place."""
    text = message(f"exchange.note.{note.key}", language, **note.params)
    where = place_text(note.place, language)
    return f"{where}: {text}" if where else text


def role_text(note: ForeignNote, language: str) -> str:
    """What a column was taken for: ``codes of anna, q18``."""
    params = note.params
    role = message(f"exchange.role.{params['role']}", language)
    details = [str(params[name]) for name in ("code", "coder", "question") if params[name]]
    return role + (f": {', '.join(details)}" if details else "")


def place_text(place: Place, language: str) -> str:
    """A place as a person reads it: ``[Anna], rij 3, kolom Thema``."""
    parts = [f"[{place.part}]"] if place.part else []
    if place.row is not None:
        parts.append(message("common.row", language, row=place.row))
    if place.column:
        parts.append(message("common.column", language, column=place.column))
    return ", ".join(parts)


def _print_added(planned: CodingImport, language: str) -> None:
    plan = planned.plan
    counts = Counter((one.coding.question, one.coding.coder) for one in plan.added)
    states = Counter(
        (one.coding.question, one.coding.coder, one.coding.state) for one in plan.added
    )
    if counts:
        print_table(
            message("exchange.said.added_header", language).split("|"),
            [
                (*key, n, *(states[*key, state] for state in ("coded", "no_code", "skipped")))
                for key, n in sorted(counts.items())
            ],
            right=(2, 3, 4, 5),
        )
    params = {
        "added": len(plan.added),
        "replaced": len(plan.replaced),
        "same": plan.same,
        "conflicts": len(plan.conflicts),
        "not_taken": len(planned.not_taken),
        "to": plan.to,
    }
    typer.echo(message("exchange.said.summary", language, **params))
    by = planned.matching.by
    if by["text"] or by["alike"] or by["zeros"]:
        typer.echo(message("exchange.said.matched", language, **by))


def _coding_data(place: Place, coding: Coding) -> dict[str, Any]:
    return {
        **asdict(place),
        "answer_id": coding.answer_id,
        "coder": coding.coder,
        "state": coding.state,
        "codes": list(coding.codes),
        "quotes": len(coding.quotes),
    }


def _codes_text(coding: Coding, language: str) -> str:
    return "; ".join(coding.codes) or message(f"exchange.state_name.{coding.state}", language)
