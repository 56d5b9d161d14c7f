"""The steps that a person takes with the candidate themes of a question.

A step names themes by their number and answers by their id: no answer text is in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from themecoder.codebook.origins import Origin

ANSWERS, GROUPS, EXAMPLE = "answers", "groups", "example"
"""How the answers of a split were chosen: one by one, by likeness among all, like an example."""


@dataclass(frozen=True, slots=True)
class RenameTheme:
    """Another label for a theme."""

    theme: int
    label: str
    step: Literal["rename"] = "rename"


@dataclass(frozen=True, slots=True)
class MergeThemes:
    """The answers of ``themes`` go into the theme ``into``, which keeps its number and label."""

    themes: tuple[int, ...]
    into: int
    step: Literal["merge"] = "merge"


@dataclass(frozen=True, slots=True)
class SplitPart:
    """A theme that is taken out of another: its number, never given before, and its answers."""

    new: int
    label: str
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SplitTheme:
    """Parts are taken out of a theme, which keeps its number and the rest of its answers."""

    theme: int
    parts: tuple[SplitPart, ...]
    by: Literal["answers", "groups", "example"] = "answers"
    step: Literal["split"] = "split"


@dataclass(frozen=True, slots=True)
class MoveAnswers:
    """Answers go from one theme to another; ``theme`` None: they were in none of the two before,
    ``into`` None: they are only taken out."""

    answers: tuple[str, ...]
    theme: int | None
    into: int | None
    step: Literal["move"] = "move"


@dataclass(frozen=True, slots=True)
class KeepApart:
    """Two themes stay two, however alike they look."""

    themes: tuple[int, int]
    step: Literal["apart"] = "apart"


@dataclass(frozen=True, slots=True)
class DiscardTheme:
    """A theme becomes no code. ``replaced``: earlier decisions that this one takes the place of."""

    theme: int
    why: str = ""
    replaced: tuple[Origin, ...] = ()
    step: Literal["discard"] = "discard"


@dataclass(frozen=True, slots=True)
class AdoptTheme:
    """A theme becomes the code ``code``, or goes into it.

    Where the code was made of it (``new``), ``label``, ``group`` (with ``group_label``: a group
    that was made for it) and ``definition`` are what it was made with, and ``made`` is the hash of
    the code as it was made: by it an undo sees whether a person has worked on the code since.
    """

    theme: int
    code: str
    new: bool = False
    label: str = ""
    group: str = ""
    group_label: str = ""
    definition: str = ""
    why: str = ""
    made: str = ""
    replaced: tuple[Origin, ...] = ()
    step: Literal["adopt"] = "adopt"


@dataclass(frozen=True, slots=True)
class Undo:
    """The last step of the question that counts, counts no more."""

    step: Literal["undo"] = "undo"


@dataclass(frozen=True, slots=True)
class Redo:
    """The step that was undone last counts again."""

    step: Literal["redo"] = "redo"


ThemeStep = (
    RenameTheme | MergeThemes | SplitTheme | MoveAnswers | KeepApart | DiscardTheme | AdoptTheme
)
Entry = ThemeStep | Undo | Redo
