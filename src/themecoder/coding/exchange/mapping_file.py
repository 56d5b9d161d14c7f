"""The mapping of foreign codes to the codebook, as a table that a person edits and the study keeps:
``codebooks/<id>/mappings/<name>.csv``."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from themecoder.codebook.model import Codebook
from themecoder.coding.exchange.code_mapping import LEFT_OUT, NEW, CodeMatch
from themecoder.errors import InputError, Problem
from themecoder.output.did_you_mean import did_you_mean
from themecoder.storage.atomic import csv_text, no_formula
from themecoder.storage.tables import read_table

_COLUMNS = ("name", "label", "codings", "code", "how", "proposed", "likeness")


class MappingRow(NamedTuple):
    """A row of the table; ``codings``, ``how``, ``proposed`` and ``likeness`` are for the eye."""

    name: str
    label: str
    codings: str
    code: str
    how: str
    proposed: str
    likeness: str


def read_mapping(file: Path, books: Iterable[Codebook]) -> dict[str, MappingRow]:
    """name -> row of the mapping in ``file``, which has at least ``name`` and ``code``; empty where
    there is no file.

    Raises InputError for a name that is there twice, and for codes that none of ``books`` has.
    """
    if not file.is_file():
        return {}
    known = {LEFT_OUT, NEW} | {code.id for book in books for code in book.codes}
    found: dict[str, MappingRow] = {}
    first: dict[str, int] = {}
    problems = []
    for number, cells in read_table(file, ("name", "code")):
        row = MappingRow(*(cells.get(column, "").strip() for column in _COLUMNS))
        if row.code and row.code not in known:
            params = {"code": row.code, "near": did_you_mean(row.code, sorted(known))}
            problems.append(Problem("exchange.mapping.unknown_code", params, file, number, "code"))
        if first.setdefault(row.name, number) != number:
            params = {"name": row.name, "first": str(first[row.name])}
            problems.append(Problem("exchange.mapping.twice", params, file, number, "name"))
        found[row.name] = row
    if problems:
        raise InputError(problems)
    return found


def mapping_text(matches: Iterable[CodeMatch], before: Iterable[MappingRow] = ()) -> str:
    """The table of ``matches``; what was in it before and is in this file of coding no more stays.

    A code that was found by itself is in it too, so that a person sees and can change it.
    """
    rows = {row.name: row for row in before}
    for match in matches:
        likeness = "" if match.likeness is None else f"{match.likeness:.2f}"
        old = rows.get(match.name)
        how = old.how if old is not None and old.code == match.code else match.how
        rows[match.name] = MappingRow(
            match.name,
            match.label,
            str(match.codings),
            match.code,
            how,
            match.proposed,
            likeness,
        )
    cells = [
        (no_formula(row.name), no_formula(row.label), *row[2:]) for _, row in sorted(rows.items())
    ]
    return csv_text(_COLUMNS, cells)
