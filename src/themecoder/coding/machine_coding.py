"""Coding by machine, in ``annotations/machine.json``: beside the coders' files and none of them, so
that nothing that reads coders can take it for a person's.

It is one file, which is written and removed whole: there is all of it or none.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from themecoder.coding.model import Coding
from themecoder.coding.settled import MACHINE, SettledCoding
from themecoder.errors import InputError, Problem
from themecoder.storage import atomic as files
from themecoder.storage.validation import faults_of
from themecoder.survey.answer_id import AnswerId

FORMAT = 1


@dataclass(frozen=True, slots=True)
class MachineCoding:
    """The ``codes`` that the machine gave an answer. ``likely``: how likely a person gives the same
    ones; ``threshold``: how likely it had to be."""

    answer_id: str
    codes: tuple[str, ...]
    likely: float
    threshold: float
    model: str

    def coding(self, version: str) -> Coding:
        """As the coding that is counted."""
        source = {"kind": MACHINE, "model": self.model, "likely": self.likely}
        return Coding(self.answer_id, MACHINE, version, "coded", self.codes, source=source)


@dataclass(frozen=True, slots=True)
class StatedAccuracy:
    """In what share of its answers the machine gave exactly the codes that a person gives.

    ``right`` of ``tried`` answers of the random part, each measured by what was chosen without it;
    ``low`` and ``high``: the share among the ``answers`` that the machine coded lies between them,
    with 95 % certainty. ``question``: its id, or ``all``.
    """

    question: str
    share: float
    low: float
    high: float
    right: int
    tried: int
    answers: int


@dataclass(frozen=True, slots=True)
class StatedCode:
    """A code at a question, in the answers of the random part that the machine would code.

    ``machine`` of them have it by machine, ``person`` by a person, ``both`` by both; ``people``:
    answers of the whole random part that have it by a person. ``answers``: those to which the
    machine gave it. Shares and their 95 % bounds follow from these; see ``autocoding``.
    """

    question: str
    code: str
    machine: int
    person: int
    both: int
    people: int
    answers: int
    precision: tuple[float, float] | None
    recall: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class MachineCoded:
    """All that the machine coded, under version ``codebook``. ``at``: the accuracy that was asked
    for; ``random_part``: what says that it is random, ``plan`` or a person's words."""

    codebook: str
    at: float
    seed: int
    random_part: str
    accuracy: tuple[StatedAccuracy, ...]
    codes: tuple[StatedCode, ...]
    codings: tuple[MachineCoding, ...]
    format: int = FORMAT

    def stated(self, question: str) -> StatedAccuracy | None:
        return next((one for one in self.accuracy if one.question == question), None)


class _File(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")

    format: int = Field(ge=FORMAT, le=FORMAT)
    codebook: str
    at: float = Field(gt=0, lt=1)
    seed: int
    random_part: str
    accuracy: tuple[StatedAccuracy, ...]
    codes: tuple[StatedCode, ...]
    codings: tuple[MachineCoding, ...]


_FILE = TypeAdapter(_File)


def machine_text(coded: MachineCoded) -> str:
    """The text of the file: JSON, in which each coding and each stated number is a line."""
    parts = asdict(replace(coded, codings=tuple(sorted(coded.codings, key=lambda c: c.answer_id))))
    order = list(_File.model_fields)
    lines = [f"  {json.dumps(name)}: {_value(parts[name])}" for name in order]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def write_machine(file: Path, coded: MachineCoded) -> None:
    """Replace the machine's coding in one step; the same coding changes no byte."""
    files.write_text(file, machine_text(coded))


def read_machine(file: Path) -> MachineCoded | None:
    """The machine's coding; None where there is none. Raises InputError with every value that can't
    be read."""
    if not file.is_file():
        return None
    text = files.read_text(file, "annotations")
    try:
        found = _FILE.validate_json(text)
    except ValidationError as error:
        problems = []
        for fault in faults_of(error, _File):
            place = ".".join(map(str, fault.path)) or "-"
            problems.append(Problem("autocode.unreadable", {"place": place}, file=file))
        raise InputError(problems) from None
    twice = _first_repeated([one.answer_id for one in found.codings])
    if twice:
        raise InputError(Problem("autocode.unreadable", {"place": twice}, file=file))
    return MachineCoded(**{name: getattr(found, name) for name in _File.model_fields})


def usable_machine(file: Path, version: str) -> MachineCoded:
    """The machine's coding under ``version`` of the codebook.

    Raises InputError where there is none: what a code means may have changed since, so that it is
    made anew and never carried over.
    """
    found = read_machine(file)
    if found is None:
        raise InputError(Problem("autocode.none", file=file))
    if found.codebook != version:
        params = {"found": found.codebook, "version": version}
        raise InputError(Problem("autocode.version", params, file=file))
    return found


def with_machine(
    settled: SettledCoding, coded: MachineCoded, question: str, seen: Collection[str]
) -> SettledCoding:
    """``settled`` with the machine's codes of the answers that no person has ``seen``: whatever a
    person made of an answer, also that it was skipped or waits to be recoded, comes first."""
    own = {
        one.answer_id: one.coding(coded.codebook)
        for one in coded.codings
        if AnswerId.parse(one.answer_id).question == question and one.answer_id not in seen
    }
    return SettledCoding(
        {**settled.codings, **own}, {**settled.ways, **dict.fromkeys(own, MACHINE)}
    )


def _value(value: Any) -> str:
    if not isinstance(value, tuple | list) or not value:
        return json.dumps(value, ensure_ascii=False)
    lines = ",\n".join(f"    {json.dumps(one, ensure_ascii=False)}" for one in value)
    return f"[\n{lines}\n  ]"


def _first_repeated(names: list[str]) -> str:
    known: set[str] = set()
    for name in names:
        if name in known:
            return name
        known.add(name)
    return ""
