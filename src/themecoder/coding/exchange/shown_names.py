"""What codes and their values are called in a workbook for people: by their labels, and back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from themecoder.codebook.model import Codebook

BETWEEN = "; "
"""What stands between the names of several codes."""
_SIGNS = frozenset(';:"\n\r\t')
"""What would be taken for something else in a cell of codes or of quotes."""


class NamesOfCodes:
    """``shown``: code -> what it is called."""

    def __init__(self, shown: Mapping[str, str]) -> None:
        self.shown = shown
        self._codes = {code.casefold(): code for code in shown}
        self._codes |= {name.casefold(): code for code, name in shown.items()}

    def of(self, code: str) -> str:
        return self.shown.get(code, code)

    def code(self, name: str) -> str:
        """The code that somebody means; what is none stays as it stands."""
        whole = " ".join(name.split())
        return self._codes.get(whole.casefold(), whole)

    def split(self, cell: str) -> tuple[str, ...]:
        """The codes that a cell names, each once."""
        parts = cell.replace("\n", ";").split(";")
        return tuple(dict.fromkeys(self.code(part) for part in parts if part.strip()))


def shown_names(book: Codebook) -> NamesOfCodes:
    """The label of each code; its id where the label would not be told from another one, or holds a
    sign that stands between codes."""
    labels = {code.id: " ".join(code.label.split()) for code in book.codes}
    often = Counter(label.casefold() for label in labels.values())
    ids = {code.casefold(): code for code in labels}

    def is_plain(code: str, label: str) -> bool:
        own = ids.get(label.casefold(), code) == code
        return bool(label) and own and often[label.casefold()] == 1 and not _SIGNS & set(label)

    return NamesOfCodes(
        {code: label if is_plain(code, label) else code for code, label in labels.items()}
    )


class NamesOfValues:
    """What the values of codes are called; ``facts``: code, value, what it is called."""

    def __init__(self, facts: Iterable[tuple[str, str, str]]) -> None:
        self.facts = tuple(facts)
        self._shown = {(code, value): shown for code, value, shown in self.facts}
        self._values = {(code, value.casefold()): value for code, value, _ in self.facts}
        self._values |= {(code, shown.casefold()): value for code, value, shown in self.facts}

    def of(self, code: str, value: str) -> str:
        return self._shown.get((code, value), value)

    def value(self, code: str, name: str) -> str:
        """The value that somebody means; what is none stays as it stands."""
        whole = " ".join(name.split())
        return self._values.get((code, whole.casefold()), whole)

    @property
    def lists(self) -> dict[str, list[str]]:
        """code -> what its values are called, in their order."""
        found: dict[str, list[str]] = {}
        for code, _, shown in self.facts:
            found.setdefault(code, []).append(shown)
        return found


def names_of_values(book: Codebook) -> NamesOfValues:
    """The label of each value; its id where the label would not be told from another one's."""
    facts = []
    for code in book.codes:
        labels = {value.id: " ".join(value.label.split()) for value in code.values}
        often = Counter(label.casefold() for label in labels.values())
        ids = {value.casefold(): value for value in labels}
        for value, label in labels.items():
            plain = ids.get(label.casefold(), value) == value and often[label.casefold()] == 1
            facts.append((code.id, value, label if label and plain else value))
    return NamesOfValues(facts)
