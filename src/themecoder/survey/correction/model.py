"""The corrections of a study.toml, as typed values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

KINDS = ("open", "single", "number", "option", "item", "nothing")
"""What a person may take columns for: an open question, a closed one, a number, together the
options of a question with several answers, together the rows of a matrix, or nothing."""


@dataclass(frozen=True, slots=True)
class Title:
    """What the study is called."""

    text: str


@dataclass(frozen=True, slots=True)
class Coders:
    """Who codes; ``adjudicator``: who decides where they differ, None leaves that as it is."""

    names: tuple[str, ...]
    adjudicator: str | None = None


@dataclass(frozen=True, slots=True)
class IdColumn:
    """The column with the ids of respondents."""

    column: str


@dataclass(frozen=True, slots=True)
class Include:
    """Who is in the target group, an expression; all others are left out."""

    expression: str


@dataclass(frozen=True, slots=True)
class TakeAs:
    """``columns`` are of ``kind``, one of KINDS; options and items together are one question."""

    columns: tuple[str, ...]
    kind: str


@dataclass(frozen=True, slots=True)
class Asked:
    """Who was asked the open or closed question ``id``, an expression: its base."""

    id: str
    expression: str


@dataclass(frozen=True, slots=True)
class Wording:
    """The text of a question, or the label of an attribute."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Options:
    """What the cells (or columns) of a closed question or an attribute are called, in the order in
    which they are shown; what is left out is no option. ``rows``: the rows of a matrix instead."""

    id: str
    labels: Mapping[str, str]
    rows: bool = False


@dataclass(frozen=True, slots=True)
class Attribute:
    """Whether results are broken down by a column."""

    column: str
    used: bool = True


@dataclass(frozen=True, slots=True)
class Bands:
    """The bounds at which the numbers of an attribute are cut into groups, going up; without any
    each number is a group."""

    id: str
    bounds: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Masking:
    """How much is masked, what never is and what always is; None leaves it as it is."""

    level: str | None = None
    allow: tuple[str, ...] | None = None
    forbid: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """The file with the questionnaire, by its path in the study's folder."""

    file: str


Correction = (
    Title
    | Coders
    | IdColumn
    | Include
    | TakeAs
    | Asked
    | Wording
    | Options
    | Attribute
    | Bands
    | Masking
    | Questionnaire
)
