"""The codebook as the stages see it: codes with the texts that say what belongs to them."""

from __future__ import annotations

import re
from dataclasses import dataclass

_REST = re.compile(
    r"(overige?|anders|restcategorie|rest|divers|other|miscellaneous)\b", re.IGNORECASE
)


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
    def texts(self) -> tuple[str, ...]:
        """What describes the code in words, piece by piece, for measuring likeness.

        The label, the definition, the include line as a whole and each of its examples: a short
        answer may be nearest to one of them.
        """
        examples = [part.strip() for part in self.include.split(",")]
        pieces = (self.label, self.definition, self.include, *examples)
        return tuple(dict.fromkeys(piece for piece in pieces if piece))


@dataclass(frozen=True, slots=True)
class Codebook:
    """A version of a codebook; ``codes`` in the order of the file."""

    id: str
    version: str
    codes: tuple[Code, ...]

    @property
    def active(self) -> tuple[Code, ...]:
        """The codes that an answer's content can be likened to.

        Not those that are retired. Not an exclusive code (such as 'no content'): it says that
        nothing else applies, and answers like that are set apart before mining. Not a code for the
        rest ('overig', 'other'): what belongs there is what resembles no other code, not its text.
        """
        return tuple(
            code
            for code in self.codes
            if not code.retired and not code.exclusive and not _REST.match(code.label)
        )
