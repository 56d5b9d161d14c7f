"""The codebook as rules see it: codes with the texts that say what belongs to them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from themecoder.codebook.changes import Change

_REST = re.compile(
    r"(overige?|anders|restcategorie|rest|divers|other|miscellaneous)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence that shows what a code is for; ``borderline``: one that only just belongs."""

    text: str
    borderline: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Codes that stand together; itself no code."""

    id: str
    label: str


@dataclass(frozen=True, slots=True)
class Code:
    """One code. Texts are empty where there are none.

    ``include`` and ``exclude`` are the coder's hints; ``questions`` where the code is expected (a
    coder may use any code on any question); ``exclusive``: where it applies nothing else does;
    ``color`` is #rrggbb; ``hotkey`` one key of the keyboard.
    """

    id: str
    label: str
    group: str = ""
    definition: str = ""
    include: str = ""
    exclude: str = ""
    exclusive: bool = False
    retired: bool = False
    examples: tuple[Example, ...] = ()
    questions: tuple[str, ...] = ()
    color: str = ""
    hotkey: str = ""

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
    """A version of a codebook; ``codes`` in the order of the file.

    ``released`` is the date (YYYY-MM-DD), empty for a draft; ``changes`` the typed edits since the
    version before. A retired code stays in ``codes``: its id is never given to another.
    """

    id: str
    version: str
    codes: tuple[Code, ...]
    groups: tuple[Group, ...] = ()
    title: str = ""
    language: str = "nl"
    released: str = ""
    changes: tuple[Change, ...] = ()

    @property
    def active(self) -> tuple[Code, ...]:
        """The codes that an answer's content can be likened to.

        Not those that are retired. Not an exclusive code (such as 'no content'): it says that
        nothing else applies, and answers like that are set apart before mining. Not a code for the
        rest ('overig', 'other'): what belongs there is what resembles no other code, not its text.
        """
        return tuple(
            code for code in self.usable if not code.exclusive and not _REST.match(code.label)
        )

    @property
    def usable(self) -> tuple[Code, ...]:
        """The codes that coders may use: all but the retired."""
        return tuple(code for code in self.codes if not code.retired)

    def find(self, code: str) -> Code | None:
        """The code with this id, retired or not."""
        return next((known for known in self.codes if known.id == code), None)

    @property
    def by_group(self) -> Iterator[tuple[Group | None, tuple[Code, ...]]]:
        """The groups in their order, each with its codes; codes without a group last."""
        known = {group.id for group in self.groups}
        for group in self.groups:
            yield group, tuple(code for code in self.codes if code.group == group.id)
        rest = tuple(code for code in self.codes if code.group not in known)
        if rest:
            yield None, rest
