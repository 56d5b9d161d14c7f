"""``[[closed]]`` and ``[[multiple]]`` of a study.toml: the closed questions."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from themecoder.errors import Problem
from themecoder.settings.tables import EVERYBODY, Condition, Id, Name, OfColumn, Table, Texts
from themecoder.storage.validation import refusal


class MultipleSettings(Table):
    """``[[multiple]]``: a multiple-response question, one column per option.

    ``asked`` is left out: asked of those with a cell in any of its columns where the tool writes
    what was not chosen, else of everybody.
    """

    id: Id
    columns: Annotated[tuple[Name, ...], Field(strict=False, min_length=1)]
    label: str = ""
    asked: Condition | None = None
    ticked: Texts = ()


class ClosedSettings(OfColumn):
    """``[[closed]]``: a closed question, counted as the open ones are.

    single: one of ``values`` in ``column``; matrix: ``items``, a column each with one of
    ``values``; number: a number in ``column``; multiple, in one of three shapes: ``options``, a
    column each; ``separator``: several answers in one cell of ``column``, ``options`` being what
    stands there; ``mentions``: columns with a first answer, a second and so on, each one of
    ``values``.

    ``ticked``: the cells that say that an option was chosen, where they do not tell by themselves.
    ``filled``: the options whose column holds what somebody typed. ``other``: the name of the row
    for texts in a cell that are none of the options. ``missing``: cells that are no answer.
    """

    id: Id
    kind: Literal["single", "multiple", "matrix", "number"]
    column: Name = ""
    text: str = ""
    label: str = ""
    asked: Condition = EVERYBODY
    values: dict[str, str] = Field(default_factory=dict)
    options: dict[Name, str] = Field(default_factory=dict)
    items: dict[Name, str] = Field(default_factory=dict)
    mentions: Annotated[tuple[Name, ...], Field(strict=False)] = ()
    separator: Annotated[str, StringConstraints(min_length=1, max_length=5)] | None = None
    other: str = ""
    ticked: Texts = ()
    filled: Annotated[tuple[Name, ...], Field(strict=False)] = ()
    missing: Texts = ()

    @model_validator(mode="after")
    def _check_parts(self) -> ClosedSettings:
        shape = self.shape
        has = {name for name in _PARTS if getattr(self, name)}
        problems = [
            Problem("study.closed_part", {"id": self.id, "kind": self.kind, "part": part})
            for part in sorted(has - _FITS[shape])
        ]
        needs = _NEEDS.get(shape)
        if needs and needs not in has:
            params = {"id": self.id, "kind": self.kind, "part": needs}
            problems.append(Problem("study.closed_without", params))
        unknown = sorted(set(self.filled) - set(self.options))
        if unknown and "filled" in _FITS[shape]:
            params = {"id": self.id, "names": ", ".join(unknown)}
            problems.append(Problem("study.closed_filled", params))
        if problems:
            raise refusal(*problems)
        return self

    @property
    def shape(self) -> Shape:
        """How its answers stand in the export: the kind, and of multiple which of three."""
        if self.kind != "multiple":
            return self.kind
        return "joined" if self.separator else "mentions" if self.mentions else "options"

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the export that hold its answers."""
        if self.shape in ("options", "matrix"):
            return tuple(self.options or self.items)
        return self.mentions or (self.column,)


Shape = Literal["single", "matrix", "number", "options", "joined", "mentions"]
_PARTS = ("values", "options", "items", "mentions", "separator", "other", "ticked", "filled")
_FITS: dict[str, set[str]] = {
    "single": {"values"},
    "matrix": {"items", "values"},
    "number": set(),
    "options": {"options", "ticked", "filled"},
    "joined": {"options", "separator", "other"},
    "mentions": {"mentions", "values"},
}
_NEEDS = {"matrix": "items", "options": "options", "joined": "options", "mentions": "mentions"}
