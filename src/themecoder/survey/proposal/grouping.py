"""Which columns are the options, or the items, of one question."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

import numpy as np

from themecoder.expressions.cells import NOT_TICKED, is_empty
from themecoder.survey.export import Export
from themecoder.survey.meaning.missing import is_missing
from themecoder.survey.meaning.ticks import Ticks, read_ticks
from themecoder.survey.proposal.profile import (
    OTHER_TEXT,
    Kind,
    Profile,
    is_words,
    mean_words,
)

_MOST_ITEM_VALUES = 12
# where a question ends and its option begins in a heading, from the surest on
_BETWEEN = re.compile(r" - | – |: | \| | > |\s*/\s*|\s*\[|\s*\((?=[^()]*\)$)|\. ")
_CODE = re.compile(r"(?P<stem>.+?)(?:[_.:\- ]+\w{1,8}|\s*\[[^\[\]]*\]|(?<=\d)[a-z])", re.I)
_PLAIN_TICKS = frozenset({"0", "1", "true", "false", "0.0", "1.0"})
_MARKS = " -–:|>/[]()."
_STARTS = tuple(" -–:|>/[(.")
_CLOSED: tuple[Kind, ...] = ("single", "constant", "empty", "short", "other", "open", "number")


def grouped(described: list[Profile], export: Export) -> list[Profile]:
    """The profiles with options, items, other-texts and copies named as such.

    Closed columns that stand together and share the first part of their name are one question:
    options where their cells are ticks, items where they share answers.
    """
    result = _of_sets(described, export)
    result = _without_copies(result)
    named = _stems(result)
    for stem, members in groupby(
        (p for p in result if p.kind in _CLOSED and not p.group), key=lambda p: named[p.position]
    ):
        block = list(members)
        if not stem or len(block) < 2 or not _are_neighbours(block, result):
            continue
        for profile in _one_question(stem, block, slashed="/" in stem):
            result[profile.position] = profile
    return _mark_other_texts(result, export)


def _of_sets(described: list[Profile], export: Export) -> list[Profile]:
    """The columns that the file itself puts together."""
    result = list(described)
    places = {profile.name: profile.position for profile in described}
    for declared in export.sets:
        for name in declared.columns:
            if name in places:
                profile = result[places[name]]
                result[profile.position] = replace(profile, kind="option", group=declared.name)
    return result


def _without_copies(described: list[Profile]) -> list[Profile]:
    """The profiles; of options that stand both in one cell and in a column each, the cell is a
    copy (KoboToolbox writes both)."""
    parents = Counter(p.name.rpartition("/")[0] for p in described)
    return [
        replace(profile, kind="copy")
        if profile.kind in ("joined", "single", "short", "open") and parents[profile.name] >= 2
        else profile
        for profile in described
    ]


def _stems(described: Sequence[Profile]) -> dict[int, str]:
    """Position -> the longest beginning that a column's name shares with that of a neighbour."""
    stems = {
        p.position: ([p.column.group] if p.column.group else _beginnings(p.name)) for p in described
    }
    chosen = {}
    first = ""
    for profile in described:
        if profile.kind in _CLOSED and {cell.casefold() for cell in profile.cells} == {
            profile.name.casefold()
        }:
            # an option as its own heading: those that stand together are of one question
            first = first or f"{profile.name} …"
            chosen[profile.position] = first
            continue
        first = ""
        own = stems[profile.position]
        beside = {*stems.get(profile.position - 1, ()), *stems.get(profile.position + 1, ())}
        chosen[profile.position] = next((stem for stem in own if stem in beside), "")
    return chosen


def _beginnings(name: str) -> list[str]:
    """The parts of a column's name that may be its question, the longest first."""
    bare = re.sub(r" \[\d+\]$", "", name)
    if "___" in name:
        return [name.rpartition("___")[0]]
    if "/" in name and " " not in name:
        return [name.rpartition("/")[0]]
    found = [name[: match.start()].strip() for match in _BETWEEN.finditer(name)]
    found = [stem for stem in found if stem]
    if match := _CODE.fullmatch(name):
        found.append(match["stem"])
        if nested := _CODE.fullmatch(match["stem"]):
            found.append(nested["stem"])
    if bare != name:
        found = [stem for stem in found if stem != bare]
    return sorted(dict.fromkeys(found), key=len, reverse=True)


def _are_neighbours(block: Sequence[Profile], described: Sequence[Profile]) -> bool:
    """Whether nothing but texts and columns of the survey tool stands between the columns."""
    between = described[block[0].position : block[-1].position + 1]
    return len(between) - len(block) <= 0.5 * len(block) + 2


def _one_question(stem: str, block: list[Profile], *, slashed: bool) -> list[Profile]:
    """The columns of a question as its options or items; none where they are neither."""
    typed = [p for p in block if _is_other(p)]
    block = [p for p in block if p not in typed]
    closed = [
        p
        for p in block
        if (p.kind in ("single", "constant") and p.cells)
        or (p.kind == "short" and len(p.cells) == 1)
    ]
    if len(closed) < 2 and not (closed and any(p.kind == "empty" for p in block)):
        return []
    empty = [p for p in block if p.kind == "empty"]
    cells = {p.name: {cell for cell in p.cells if not is_missing(cell)} for p in closed}
    if slashed and not all(
        {cell.casefold() for cell in found} <= _PLAIN_TICKS for found in cells.values()
    ):
        return []
    labels = {p.name: option_label(p, stem) for p in closed}
    values = {p.name: p.column.values for p in closed}
    ticks = read_ticks(cells, labels, values)
    if isinstance(ticks, Ticks) and any(cells.values()):
        others = [replace(p, kind="other") for p in typed if p.cells or p.filled.any()]
        return [*(replace(p, kind="option", group=stem) for p in (*closed, *empty)), *others]
    union = set[str]().union(*cells.values())
    if not union:
        return []
    shared = all(
        len(own & set[str]().union(*(c for n, c in cells.items() if n != name))) >= 0.5 * len(own)
        for name, own in cells.items()
    )
    if len(union) <= _MOST_ITEM_VALUES and shared:
        return [replace(p, kind="item", group=stem) for p in closed]
    return []


def _is_other(profile: Profile) -> bool:
    """Whether a column is called like that of the text at 'other', and is no tick."""
    named = OTHER_TEXT.search(profile.name.strip()) or OTHER_TEXT.search(
        profile.column.label.strip()
    )
    return bool(named) and not (profile.cells and is_words(profile.cells))


def option_label(profile: Profile, stem: str) -> str:
    """What an option or item is called: what is left of its wording behind the question."""
    text = profile.column.label or profile.name
    for start in (stem, text.rpartition(" - ")[0]):
        # behind a code there is a number of its own: hulp_1 is called so
        if start and text.startswith(start) and text[len(start) : len(start) + 1] in _STARTS:
            # REDCap's headings with labels: "Which? (choice=This)"
            rest = text[len(start) :].strip(_MARKS).removeprefix("choice=")
            if rest:
                return rest
    return text


def _mark_other_texts(described: list[Profile], export: Export) -> list[Profile]:
    """Short texts that are only there where the option beside them is chosen are its other-text."""
    result = list(described)
    for profile in described:
        if profile.kind not in ("open", "short") or not profile.filled.any():
            continue
        beside = [
            described[i]
            for i in (profile.position - 1, profile.position + 1)
            if 0 <= i < len(described) and described[i].kind in ("option", "single")
        ]
        texts = export.frame[profile.name].tolist()
        words = mean_words(Counter(text for text in texts if not is_empty(text)))
        for neighbour in beside:
            cells = np.array(export.frame[neighbour.name].tolist(), dtype=object)[profile.filled]
            chosen = {"" if is_empty(cell) else cell.strip() for cell in cells}
            ticked = len(chosen) == 1 and not chosen & {"", *NOT_TICKED}
            option = neighbour.kind == "option" or is_words(neighbour.values)
            if ticked and words < (6 if option else 3):
                result[profile.position] = replace(profile, kind="other")
    return result
