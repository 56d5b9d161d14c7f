"""What the checks of a codebook are given."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from themecoder.codebook.findings import Path
from themecoder.codebook.model import Code, Codebook, Group


@dataclass(frozen=True, slots=True)
class CodebookVersions:
    """A codebook, the releases before it (oldest first), and the study's questions if known."""

    book: Codebook
    earlier: tuple[Codebook, ...] = ()
    questions: tuple[str, ...] | None = None

    @property
    def base(self) -> Codebook | None:
        return self.earlier[-1] if self.earlier else None

    @property
    def named(self) -> tuple[tuple[str, Sequence[Code | Group]], ...]:
        """The groups and the codes, which have ids and labels, each with its key in the file."""
        return ("groups", self.book.groups), ("codes", self.book.codes)

    @property
    def codes(self) -> Iterator[tuple[Path, Code]]:
        return ((("codes", place), code) for place, code in enumerate(self.book.codes))
