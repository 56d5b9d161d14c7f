"""One coder's coding of one answer, as ``annotations/<question>/<coder>.jsonl`` keeps it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from themecoder.survey.answer_id import AnswerId

STATES = ("coded", "no_code", "skipped")
ADJUDICATED = "adjudicated"
CARRIED = "carried"
WORKBENCH = "workbench"
"""The kind of source of a coding that was made in the study itself, not on a server."""
FORMAT = 2
"""Of a line of coding. In format 1, which lines don't name, a quote has the answer's own words;
since format 2 it has what the coder saw."""
WITH_VALUES = 3
"""The format of a line with values; what else it has is of format 2."""


@dataclass(frozen=True, slots=True, order=True)
class Quote:
    """A part of the answer that a code rests on: code points ``start`` to ``end`` (exclusive).

    ``text``: its words as the coder saw them, masked; see ``quote_texts``.
    """

    start: int
    end: int
    code: str
    text: str


@dataclass(frozen=True, slots=True, order=True)
class StaleCode:
    """A coding that a person must look at again.

    ``since``: the version that changed what the code means; ``reason``: redefine or split; ``was``:
    the code that was changed; ``code``: the one it has been merged into since, or the same one.
    """

    code: str
    was: str
    since: str
    reason: str


STALE = frozenset(("code", "was", "since", "reason"))


@dataclass(frozen=True, slots=True)
class Coding:
    """One coder's coding of one answer.

    ``codebook``: the version that the codes belong to; ``made_under``: the version that the coder
    worked with, since migration carries a coding to later versions. ``state``: coded, no_code
    (seen, nothing applies) or skipped. ``codes`` may hold retired codes: they stay as the coder
    chose them and are in no count. ``shown``: the codes suggested before coding, None where it was
    coded blind. Times are UTC texts from the source, None where it has none. ``format``: of the
    quotes in the line that it was read from. ``values``: code -> the id of the value that it has
    here, of codes where the coder said one.
    """

    answer_id: str
    coder: str
    codebook: str
    state: str
    codes: tuple[str, ...] = ()
    quotes: tuple[Quote, ...] = ()
    uncertain: bool = False
    comment: str = ""
    shown: tuple[str, ...] | None = None
    round: int = 1
    created_at: str | None = None
    updated_at: str | None = None
    seconds: float | None = None
    source: Mapping[str, Any] = field(default_factory=dict)
    decided_by: str | None = None
    format: int = FORMAT
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def question(self) -> str:
        return AnswerId.parse(self.answer_id).question

    @property
    def respondent(self) -> str:
        return AnswerId.parse(self.answer_id).respondent

    @property
    def made_under(self) -> str:
        carried = self.source.get(CARRIED)
        return str(carried["from"]) if isinstance(carried, Mapping) else self.codebook

    @property
    def stale(self) -> tuple[StaleCode, ...]:
        """The codes of this coding that its coder must look at again, sorted."""
        carried = self.source.get(CARRIED)
        if not isinstance(carried, Mapping):
            return ()
        return tuple(sorted(StaleCode(**mark) for mark in carried.get("stale", ())))

    def carried(
        self,
        to: str,
        codes: tuple[str, ...],
        quotes: tuple[Quote, ...],
        stale: tuple[StaleCode, ...],
        values: Mapping[str, str],
    ) -> Coding:
        """This coding under version ``to``, with marks of the version that it was made under and of
        what is stale."""
        mark: dict[str, Any] = {"from": self.made_under}
        if stale:
            mark["stale"] = [
                {"code": s.code, "was": s.was, "since": s.since, "reason": s.reason}
                for s in sorted(stale)
            ]
        return replace(
            self,
            codebook=to,
            codes=tuple(sorted(set(codes))),
            quotes=tuple(sorted(set(quotes))),
            values=values,
            source={**self.source, CARRIED: mark},
        )
