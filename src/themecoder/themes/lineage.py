"""Themes of this run matched to those of the run before, so that ids and labels stay.

Themes are matched one to one so that the matched pairs have the most in common in all (the optimal
assignment of Kuhn 1955): the answers they share, or, where the two runs share hardly any answers (a
second wave with other respondents), the place of their centres and their keywords.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy

from themecoder.language.phrases import fold

SAME_ANSWERS = 1 / 3
"""Jaccard from which themes are the same: two of equal size that share half their answers."""
SAME_CENTRE = 0.4
"""Likeness of centres and keywords from which themes of different respondents are the same."""
_PART = 0.5  # share of a theme's answers that makes it a part of another
_IN_COMMON = 0.1  # share of the smaller run's answers that both must have to compare by answers
_CENTRES, _KEYWORDS = 0.7, 0.3


@dataclass(frozen=True, slots=True)
class Known:
    """A theme as lineage sees it: the answers in it, its keywords, its centre (d,) if kept."""

    answers: frozenset[str]
    keywords: tuple[str, ...] = ()
    centre: npt.NDArray[np.floating] | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """What became of a theme: ``kept``, ``new``, ``split_from`` and ``merged_from`` (``others``:
    the themes it came from), ``gone``. ``likeness`` to the theme before, for ``kept``.
    """

    kind: str
    theme: int
    others: tuple[int, ...] = ()
    likeness: float | None = None

    def record(self) -> dict[str, Any]:
        """The event as plain data, without what it does not have."""
        record: dict[str, Any] = {"event": self.kind, "theme": self.theme}
        if self.others:
            record["from"] = list(self.others)
        if self.likeness is not None:
            record["likeness"] = round(self.likeness, 4)
        return record


@dataclass(frozen=True, slots=True)
class Lineage:
    """``ids``: the id of each theme of this run, in the order given. ``next_id`` was never used."""

    ids: tuple[int, ...]
    next_id: int
    events: tuple[Event, ...]


def trace(before: Mapping[int, Known], now: Sequence[Known], *, next_id: int = 1) -> Lineage:
    """Ids for the themes of this run: those of the run before where they are the same theme.

    ``before``: id -> theme of the run before; ``next_id``: the first id never given out. A new
    theme gets a new id; the id of a theme that is gone is not used again. The result does not
    depend on the order of ``now``. Every theme before is in exactly one ``kept`` or ``gone`` event
    or among the others of one ``merged_from``; every theme now in one of ``kept``, ``split_from``
    and ``new``.
    """
    next_id = max([next_id, *(old + 1 for old in before)])
    order = sorted(range(len(now)), key=lambda i: _sort_key(now[i]))
    old_ids = sorted(before)
    olds, news = [before[old] for old in old_ids], [now[i] for i in order]
    shared = _shared_answers(olds, news)
    likeness = (
        _likeness_by_answers(olds, news, shared) if shared else _likeness_by_centres(olds, news)
    )
    pairs = _match(likeness, SAME_ANSWERS if shared else SAME_CENTRE)

    ids: dict[int, int] = {}
    events: list[Event] = []
    for new, place in enumerate(order):
        if new in pairs:
            ids[place] = old_ids[pairs[new]]
            events.append(Event("kept", ids[place], likeness=float(likeness[pairs[new], new])))
            continue
        ids[place] = next_id
        next_id += 1
        whole = _theme_holding(news[new].answers & shared, olds)
        if whole is None:
            events.append(Event("new", ids[place]))
        else:
            events.append(Event("split_from", ids[place], (old_ids[whole],)))
    merged: dict[int, list[int]] = {}
    for old, identity in enumerate(old_ids):
        if old in pairs.values():
            continue
        whole = _theme_holding(olds[old].answers & shared, news)
        if whole is None:
            events.append(Event("gone", identity))
        else:
            merged.setdefault(ids[order[whole]], []).append(identity)
    events += [Event("merged_from", theme, tuple(others)) for theme, others in merged.items()]
    events.sort(key=lambda event: (event.theme, event.kind))
    return Lineage(tuple(ids[i] for i in range(len(now))), next_id, tuple(events))


def became(
    before: Mapping[int, int | None], events: Sequence[Mapping[str, Any]]
) -> dict[int, int | None]:
    """``before`` with what became of the themes that a run no longer has, from its ``events`` as
    plain data: id -> the theme that its answers went into, None where they scattered."""
    found = dict(before)
    for event in events:
        if event["event"] == "gone":
            found[event["theme"]] = None
        elif event["event"] == "merged_from":
            found |= dict.fromkeys(event["from"], event["theme"])
    return found


def _sort_key(theme: Known) -> tuple[Any, ...]:
    """Sorts themes by size, then by what is in them, so that the order of a list has no effect."""
    centre = () if theme.centre is None else tuple(np.round(theme.centre, 6).tolist())
    return -len(theme.answers), sorted(theme.answers), theme.keywords, centre


def _shared_answers(olds: Sequence[Known], news: Sequence[Known]) -> frozenset[str]:
    """The answers that are in themes of both runs; empty where they are too few to go by."""
    before = frozenset[str]().union(*(theme.answers for theme in olds))
    now = frozenset[str]().union(*(theme.answers for theme in news))
    shared = before & now
    return shared if len(shared) >= _IN_COMMON * min(len(before), len(now)) else frozenset()


def _likeness_by_answers(
    olds: Sequence[Known], news: Sequence[Known], shared: frozenset[str]
) -> npt.NDArray[np.float64]:
    """(old, new) Jaccard of the themes' answers, among the answers that both runs have."""
    likeness = np.zeros((len(olds), len(news)))
    for i, old in enumerate(olds):
        a = old.answers & shared
        for j, new in enumerate(news):
            b = new.answers & shared
            if a and b:
                likeness[i, j] = len(a & b) / len(a | b)
    return likeness


def _likeness_by_centres(olds: Sequence[Known], news: Sequence[Known]) -> npt.NDArray[np.float64]:
    """(old, new) likeness of centres (cosine) and keywords (share of the shorter list)."""
    likeness = np.zeros((len(olds), len(news)))
    for i, old in enumerate(olds):
        for j, new in enumerate(news):
            if old.centre is None or new.centre is None or old.centre.shape != new.centre.shape:
                continue
            length = float(np.linalg.norm(old.centre) * np.linalg.norm(new.centre))
            cosine = float(old.centre @ new.centre) / length if length > 0 else 0.0
            a, b = ({fold(word) for word in theme.keywords} for theme in (old, new))
            words = len(a & b) / min(len(a), len(b)) if a and b else 0.0
            likeness[i, j] = _CENTRES * max(cosine, 0.0) + _KEYWORDS * words
    return likeness


def _match(likeness: npt.NDArray[np.float64], least: float) -> dict[int, int]:
    """new -> old of the pairs with the greatest likeness in all, each at least ``least``."""
    if not likeness.size:
        return {}
    # pairs below the threshold are worth nothing, so they never push a good pair aside
    worth = np.where(likeness >= least, likeness, 0.0)
    rows, columns = scipy.optimize.linear_sum_assignment(-worth)
    return {
        int(new): int(old) for old, new in zip(rows, columns, strict=True) if worth[old, new] > 0
    }


def _theme_holding(part: frozenset[str], themes: Sequence[Known]) -> int | None:
    """The theme that holds most of ``part``, where it holds more than half."""
    if not part or not themes:
        return None
    held = [len(part & theme.answers) for theme in themes]
    most = max(range(len(themes)), key=lambda i: (held[i], -i))
    return most if held[most] > _PART * len(part) else None
