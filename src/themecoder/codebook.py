"""The codebook as the stages see it: codes with the texts that say what belongs to them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Code:
    """One code. ``include`` and ``exclude`` are the coder's hints; empty where there are none."""

    id: str
    label: str
    group: str = ""
    definition: str = ""
    include: str = ""
    exclude: str = ""
    exclusive: bool = False
    retired: bool = False

    @property
    def text(self) -> str:
        """What describes the code in words, for measuring likeness: label, definition, include."""
        return " ".join(part for part in (f"{self.label}.", self.definition, self.include) if part)


@dataclass(frozen=True, slots=True)
class Codebook:
    """A version of a codebook; ``codes`` in the order of the file."""

    id: str
    version: str
    codes: tuple[Code, ...]

    @property
    def active(self) -> tuple[Code, ...]:
        """The codes that an answer's content can be likened to: not retired, not exclusive.

        An exclusive code (such as 'no content') says that nothing else applies; answers like that
        are set apart before mining.
        """
        return tuple(code for code in self.codes if not code.retired and not code.exclusive)
