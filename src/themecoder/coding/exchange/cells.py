"""What a cell of coding says: several codes, a tick, a state."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from themecoder.expressions.cells import NOT_TICKED, TICKED

SEPARATORS = (";", "|", "\n", ",", "/", "+", "&", " ")
"""What people put between codes, the surest first; a space only between names without one."""
NO_CODE = frozenset(("no_code", "no code", "geen code", "-", "–", "geen codes", "no codes"))
"""What people write where they saw an answer and no code applies."""
DOCUMENTS = ("txt", "docx", "doc", "odt", "rtf", "pdf", "md")
"""How the name of a document ends; without it, it is often the number of a respondent."""
_STATES = {
    "coded": "coded",
    "gecodeerd": "coded",
    "no_code": "no_code",
    "no code": "no_code",
    "geen code": "no_code",
    "skipped": "skipped",
    "overgeslagen": "skipped",
}


def folded(name: str) -> str:
    """A name of a code as cells are compared: in lower case, with single spaces."""
    return " ".join(name.casefold().split())


@dataclass(frozen=True, slots=True)
class Splitter:
    """How the cells of a column are cut into names of codes. ``separator`` is empty where every
    cell is one name; ``known``: the names that are surely whole, ``folded``."""

    separator: str
    known: Collection[str] = frozenset()

    def names(self, cell: str) -> tuple[str, ...]:
        """The names in a cell, each once, in their order."""
        whole = " ".join(cell.split())
        if folded(whole) in self.known or not self.separator:
            return (whole,) if whole else ()
        found: list[str] = []
        for part in self.whole_names(_parts(cell, self.separator)):
            found += self._known_parts(part) or [part]
        return tuple(dict.fromkeys(found))

    def whole_names(self, parts: Sequence[str]) -> Iterator[str]:
        """The parts, with those together that are one known name: a label may hold the sign that
        stands between labels."""
        sign, here = self.separator.strip(), 0
        while here < len(parts):
            ends = range(len(parts), here + 1, -1)
            joined = ((end, f"{sign} ".join(parts[here:end])) for end in ends)
            end, name = next(
                ((end, name) for end, name in joined if folded(name) in self.known),
                (here + 1, parts[here]),
            )
            yield name
            here = end

    def _known_parts(self, part: str) -> list[str]:
        """The names in a part that is none itself but is cut into known ones by another sign."""
        if folded(part) in self.known:
            return []
        for sign in SEPARATORS:
            parts = _parts(part, sign)
            if len(parts) > 1 and all(folded(one) in self.known for one in parts):
                return parts
        return []


def splitter(
    cells: Iterable[str], known: Collection[str], wished: str = ""
) -> Splitter | tuple[str, ...]:
    """How ``cells`` are cut into codes; signs in question where the cells don't tell.

    A sign stands between codes where that gives known names, or else where the parts come back in
    other cells, so that there are fewer names than cells.
    """
    distinct = {cell.strip() for cell in cells if cell.strip()}
    if wished:
        return Splitter(wished, known)
    unknown = {cell for cell in distinct if folded(cell) not in known}
    open_signs: list[str] = []
    best, most = "", 0
    for sign in SEPARATORS:
        cut = [parts for cell in unknown if len(parts := _parts(cell, sign)) > 1]
        if not cut:
            continue
        names = {part for parts in cut for part in parts}
        whole = Splitter(sign, known).whole_names
        hits = sum(all(folded(name) in known for name in whole(parts)) for parts in cut)
        if hits > most:
            best, most = sign, hits
        if sign == " " and not all(part.isdigit() for part in names):
            continue
        if sign not in ("/", "+", "&"):
            open_signs.append(sign)
    if best or not open_signs:
        return Splitter(best, known)
    if len(known) and unknown != distinct:
        # most cells are known: what is left are unknown names, whatever stands in them
        share = len(unknown) / len(distinct)
        if share < 0.5:
            return Splitter(next((s for s in open_signs if s in (";", "|", "\n")), ""), known)
    for sign in open_signs:
        after = {part for cell in distinct for part in _parts(cell, sign)}
        if sign in (";", "|", "\n") or len(after) < len(distinct) or all(map(str.isdigit, after)):
            return Splitter(sign, known)
    return tuple(open_signs)


def _parts(cell: str, sign: str) -> list[str]:
    return [name for part in cell.split(sign) if (name := " ".join(part.split()))]


def document_name(name: str) -> str:
    """The name of a document without its ending; what is none stays as it is."""
    stem, _, ending = name.rpartition(".")
    return stem if ending.lower() in DOCUMENTS else name


def tick(cell: str) -> bool | None:
    """Whether a cell says that the code was given; None where it says neither."""
    word = cell.strip().casefold()
    return True if word in TICKED else False if word in NOT_TICKED else None


def state_of(cell: str) -> str | None:
    """The state that a cell names; None where it names none."""
    return _STATES.get(cell.strip().casefold())
