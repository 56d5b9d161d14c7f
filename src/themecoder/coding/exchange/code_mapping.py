"""Which code of the codebook each foreign code is: by a person's word, its id, label or number.

What only resembles a code is proposed and never taken for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from themecoder.codebook.model import Code, Codebook
from themecoder.coding.exchange.headings import plain
from themecoder.coding.exchange.model import ForeignCode

LEFT_OUT = "-"
"""In the place of a code: a person decided that it is not taken over."""
NEW = "new"
"""In the place of a code: a person decided that it becomes a new one."""
_LIKE = 0.6


@dataclass(frozen=True, slots=True)
class CodeMatch:
    """A foreign code and what it is here.

    ``label``: what the file says of it; ``codings`` have it. ``code``: an id of the codebook, empty
    where it is not known, ``LEFT_OUT`` or ``NEW`` where a person said so. ``how``: person, id,
    label or number. ``proposed``: the code that it resembles most, with its ``likeness`` (0-1).
    """

    name: str
    label: str = ""
    codings: int = 0
    code: str = ""
    how: str = ""
    proposed: str = ""
    likeness: float | None = None

    @property
    def known(self) -> bool:
        return self.code not in ("", NEW)


def map_codes(
    counts: Mapping[str, int],
    listed: Iterable[ForeignCode],
    book: Codebook,
    decided: Mapping[str, str],
) -> tuple[CodeMatch, ...]:
    """What each foreign code is, sorted by name.

    ``counts``: name -> codings with it; ``listed``: what the file says of its codes; ``decided``:
    name -> code, as a person left it in the mapping.
    """
    by_name = {code.name: code for code in listed}
    names = _Names(book)
    matches = []
    for name, n in sorted(counts.items()):
        foreign = by_name.get(name, ForeignCode(name))
        label = foreign.label if plain(foreign.label) != plain(name) else ""
        code, how = names.find(name, foreign)
        if decided.get(name, code) != code:
            code, how = decided[name], "person"
        proposed, likeness = ("", None) if code else names.nearest(name, label)
        matches.append(CodeMatch(name, label, n, code, how, proposed, likeness))
    return tuple(matches)


class _Names:
    """The names of the codes of a codebook."""

    def __init__(self, book: Codebook) -> None:
        self._ids = {code.id for code in book.codes}
        self._usable = book.usable
        self._labels = _unique((plain(code.label), code.id) for code in book.usable)
        self._numbers = _unique((code.number, code.id) for code in book.usable)
        self._plain_ids = _unique((plain(code.id), code.id) for code in book.usable)

    def find(self, name: str, foreign: ForeignCode) -> tuple[str, str]:
        """The code and by what it was found; both empty where it is in doubt."""
        found: dict[str, str] = {}
        if name in self._ids:
            found[name] = "id"
        if name in self._numbers and not foreign.label:
            found.setdefault(self._numbers[name], "number")
        by_label = self._labels.get(plain(name)) or self._labels.get(plain(foreign.label))
        by_id = self._plain_ids.get(plain(name)) or self._plain_ids.get(plain(foreign.label))
        if by_label:
            found.setdefault(by_label, "number" if foreign.number == name else "label")
        elif by_id:
            found.setdefault(by_id, "number" if foreign.number == name else "id")
        return next(iter(found.items())) if len(found) == 1 else ("", "")

    def nearest(self, name: str, label: str) -> tuple[str, float | None]:
        """The usable code that a name or its label resembles most, if any."""
        words = [word for word in (plain(name), plain(label)) if word and not word.isdigit()]
        best: tuple[float, Code] | None = None
        for code in self._usable:
            likeness = max(
                (_likeness(word, known) for word in words for known in _texts(code)), default=0.0
            )
            if likeness >= _LIKE and (best is None or likeness > best[0]):
                best = likeness, code
        return (best[1].id, round(best[0], 2)) if best else ("", None)


def _unique(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Names that only one code has."""
    codes: dict[str, set[str]] = {}
    for name, code in pairs:
        codes.setdefault(name, set()).add(code)
    return {name: next(iter(ids)) for name, ids in codes.items() if name and len(ids) == 1}


def _texts(code: Code) -> Sequence[str]:
    return plain(code.label), plain(code.id)


def _likeness(one: str, other: str) -> float:
    """How far two names look alike; words of one that are all in the other count too."""
    ratio = SequenceMatcher(None, one, other).ratio()
    ours, theirs = set(one.split()), set(other.split())
    shared = len(ours & theirs) / min(len(ours), len(theirs))
    return max(ratio, 0.9 * shared if shared == 1 else 0.0)
