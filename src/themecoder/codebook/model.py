"""The codebook as rules see it: codes with the texts that say what belongs to them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from themecoder.codebook.changes import Change
from themecoder.codebook.tree import CodeTree, code_tree

SCALES = ("nominal", "ordinal")
_REST = re.compile(
    r"(overige?|anders|restcategorie|rest|divers|other|miscellaneous)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence that shows what a code is for; ``borderline``: one that only just belongs."""

    text: str
    borderline: bool = False


@dataclass(frozen=True, slots=True)
class Value:
    """A stance that an answer with a code can take, or a step of its scale; by ``id`` in coding."""

    id: str
    label: str


@dataclass(frozen=True, slots=True)
class Group:
    """Codes that stand together; itself no code."""

    id: str
    label: str


@dataclass(frozen=True, slots=True)
class Code:
    """One code. Texts are empty where there are none.

    ``parent``: the code that it stands below; its group is then that of the top of its tree.
    ``include`` and ``exclude`` are the coder's hints; ``questions`` where the code is expected (a
    coder may use any code on any question); ``exclusive``: where it applies nothing else does;
    ``color`` is #rrggbb; ``hotkey`` one key of the keyboard; ``number``: what stands for the code
    in code lists and coding made elsewhere. ``memo``: what the researchers note for themselves;
    coders are not shown it while they code. ``values``: of which a coder may say one where the code
    applies, in the order of the scale; ``scale``: nominal or ordinal, empty without values.
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
    parent: str = ""
    number: str = ""
    memo: str = ""
    values: tuple[Value, ...] = ()
    scale: str = ""

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
    version before. A retired code stays in ``codes``: its id is never given to another. ``memo``:
    of the project as a whole.
    """

    id: str
    version: str
    codes: tuple[Code, ...]
    groups: tuple[Group, ...] = ()
    title: str = ""
    language: str = "nl"
    released: str = ""
    changes: tuple[Change, ...] = ()
    memo: str = ""

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
    def tree(self) -> CodeTree:
        """Which codes stand below which."""
        return code_tree((code.id, code.parent) for code in self.codes)

    @property
    def in_order(self) -> tuple[Code, ...]:
        """The codes in the order of the tree: where none stands below another, that of the file."""
        place = {code: n for n, code in enumerate(self.tree.order)}
        return tuple(sorted(self.codes, key=lambda code: place.get(code.id, 0)))

    @property
    def by_group(self) -> Iterator[tuple[Group | None, tuple[Code, ...]]]:
        """The groups in their order, each with its codes in the order of the tree; codes without a
        group last."""
        known = {group.id for group in self.groups}
        codes = self.in_order
        for group in self.groups:
            yield group, tuple(code for code in codes if code.group == group.id)
        rest = tuple(code for code in codes if code.group not in known)
        if rest:
            yield None, rest
