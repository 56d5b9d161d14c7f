"""How the cells of a question with a column per option say that an option was chosen.

Survey tools do so in many ways: 1 and 0, 1 and nothing, the option's own words and nothing, a
number of its own for each option, "Selected" and "Not selected". It is read from all columns of a
question together. Where they leave it open (1 and 2: which is yes?) nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from themecoder.expressions.cells import NOT_TICKED, TICKED, number
from themecoder.survey.meaning.missing import is_missing


@dataclass(frozen=True, slots=True)
class Ticks:
    """``chosen``: per column the cells (stripped) that say yes. ``not_chosen``: those that say no
    in any column. ``missing``: those that say that there is no answer."""

    chosen: Mapping[str, frozenset[str]]
    not_chosen: frozenset[str]
    missing: frozenset[str]

    @property
    def says_no(self) -> bool:
        """Whether an option that was shown and not chosen has a cell of its own."""
        return bool(self.not_chosen)


@dataclass(frozen=True, slots=True)
class UnclearTicks:
    """Columns whose cells do not tell what was chosen: column -> its cells, without empty ones."""

    cells: Mapping[str, tuple[str, ...]]


def read_ticks(
    cells: Mapping[str, Collection[str]],
    labels: Mapping[str, str] | None = None,
    value_labels: Mapping[str, Mapping[str, str]] | None = None,
) -> Ticks | UnclearTicks:
    """How the columns of one question say yes.

    ``cells``: column -> its distinct cells, stripped, without empty ones. ``labels``: column -> the
    option's words. ``value_labels``: column -> cell -> its label, where the file has them.
    """
    labels, value_labels = labels or {}, value_labels or {}
    words = {
        column: {cell: _word(cell, value_labels.get(column, {})) for cell in found}
        for column, found in cells.items()
    }
    missing = frozenset(c for found in words.values() for c, word in found.items() if is_missing(c))
    words = {
        column: {c: word for c, word in found.items() if c not in missing}
        for column, found in words.items()
    }
    every = {word for found in words.values() for word in found.values()}
    if every <= TICKED | NOT_TICKED and not _are_labels(words, labels):
        return Ticks(
            {
                c: frozenset(k for k, w in found.items() if w in TICKED)
                for c, found in words.items()
            },
            frozenset(k for found in words.values() for k, w in found.items() if w in NOT_TICKED),
            missing,
        )
    own = _own_words(words) or _own_numbers(words)
    if own is None:
        return UnclearTicks({column: tuple(sorted(found)) for column, found in words.items()})
    return Ticks(
        {column: frozenset({own[column]} if column in own else ()) for column in words},
        frozenset(k for column, found in words.items() for k in found if k != own.get(column)),
        missing,
    )


def _word(cell: str, value_labels: Mapping[str, str]) -> str:
    """What a cell says: its label where that is a word for yes or no, else the cell itself."""
    label = value_labels.get(cell, "").strip().casefold()
    return label if label in TICKED | NOT_TICKED else cell.casefold()


def _are_labels(words: Mapping[str, Mapping[str, str]], labels: Mapping[str, str]) -> bool:
    """Whether the cells are the options' own words, though these are words such as "nee"."""
    filled = {column: found for column, found in words.items() if found}
    return bool(filled) and all(
        len(found) == 1 and next(iter(found)).casefold() == labels.get(column, "").casefold()
        for column, found in filled.items()
    )


def _own_words(words: Mapping[str, Mapping[str, str]]) -> dict[str, str] | None:
    """column -> the words of its option, where every column has one such text at most.

    "Nee" beside an option's own words is a no; alone in its column it is an option called so.
    """
    texts = {
        column: [k for k, w in found.items() if w not in NOT_TICKED and number(k) is None]
        for column, found in words.items()
    }
    if any(len(found) > 1 for found in texts.values()) or not any(texts.values()):
        return None
    beside = {
        word
        for column, found in words.items()
        if texts[column]
        for word in found.values()
        if word in NOT_TICKED
    }
    own = {column: found[0] for column, found in texts.items() if found}
    for column, found in words.items():
        rest = [k for k, w in found.items() if k != own.get(column) and w not in beside]
        if not rest:
            continue
        if column in own or len(rest) > 1 or number(rest[0]) is not None:
            return None
        own[column] = rest[0]
    # "Ja" in one column and words in another: a question of its own stands among the options
    mixed = len(set(own.values())) > 1 and any(words[c][cell] in TICKED for c, cell in own.items())
    return None if mixed else own


def _own_numbers(words: Mapping[str, Mapping[str, str]]) -> dict[str, str] | None:
    """column -> the number of its option, where each column holds one and no two the same."""
    if any(len(found) > 1 for found in words.values()):
        return None
    own = {column: next(iter(found)) for column, found in words.items() if found}
    if len(own) < 2 or len(set(own.values())) < len(own):
        return None
    return own if all(number(cell) is not None for cell in own.values()) else None
