"""What a person says of an export before a study.toml is written: what a column is, what the id."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import cast, get_args

from themecoder.errors import InputError, Problem
from themecoder.output.did_you_mean import did_you_mean
from themecoder.storage.atomic import read_text
from themecoder.survey.export import Export
from themecoder.survey.proposal.profile import Kind, Profile, sorted_values

KINDS: tuple[str, ...] = (
    "open", "single", "option", "item", "number", "short", "date", "technical", "empty"
)  # fmt: skip
"""What a person may say that a column is."""


@dataclass(frozen=True, slots=True)
class Corrections:
    """``kinds``: column -> what it is; ``id``: the column with the ids; ``language``: of the
    answers. Empty where the proposal decides."""

    kinds: Mapping[str, str] = field(default_factory=dict)
    id: str = ""
    language: str = ""

    def applied(self, described: list[Profile]) -> list[Profile]:
        """The profiles with the kinds that a person gave."""
        return [
            _with_kind(profile, cast("Kind", self.kinds[profile.name]))
            if profile.name in self.kinds
            else profile
            for profile in described
        ]


def _with_kind(profile: Profile, kind: Kind) -> Profile:
    values = profile.values
    if kind == "single" and not values:
        values = sorted_values(profile.cells, profile.column)
    return replace(profile, kind=kind, group="", values=values)


def read_corrections(file: Path) -> Corrections:
    """Corrections from a TOML file: ``id``, ``language`` and a table ``[columns]`` of column =
    "kind". Raises InputError with all that is not understood in it."""
    try:
        raw = tomllib.loads(read_text(file, "study"))
    except tomllib.TOMLDecodeError as error:
        raise InputError(Problem("study.not_toml", {"reason": str(error)}, file=file)) from None
    kinds = raw.get("columns", {})
    if not isinstance(kinds, dict):
        kinds = {}
    unknown = sorted(set(raw) - {"id", "language", "columns"})
    problems = [
        Problem("proposal.answer_key", {"name": name, "known": "id, language, columns"}, file=file)
        for name in unknown
    ]
    problems += [
        Problem(
            "proposal.answer_kind", {"found": kind, "known": ", ".join(KINDS)}, file, column=name
        )
        for name, kind in kinds.items()
        if kind not in KINDS
    ]
    if problems:
        raise InputError(problems)
    return Corrections(kinds, str(raw.get("id", "")), str(raw.get("language", "")))


def check_corrections(corrections: Corrections, export: Export, file: Path | str | None) -> None:
    """Raises InputError with every column that the export lacks."""
    names = [column.name for column in export.columns]
    wanted = [*corrections.kinds, *([corrections.id] if corrections.id else [])]
    problems = [
        Problem("proposal.answer_column", {"name": name, "near": did_you_mean(name, names)}, file)
        for name in wanted
        if name not in names
    ]
    if problems:
        raise InputError(problems)


assert set(KINDS) <= set(get_args(Kind))
