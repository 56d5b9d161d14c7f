"""What a coder says of an answer at the desk, held against what she was shown and may say."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from themecoder.codebook.model import Codebook
from themecoder.coding.exchange.sheet_rows import SheetRow, coding_mark
from themecoder.coding.model import STATES, WORKBENCH, Coding, Quote
from themecoder.coding.quote_texts import quote_of
from themecoder.errors import Problem
from themecoder.masking.model import MaskedText
from themecoder.storage.atomic import sha256

BEFORE = "before"
"""In the source of a coding: the mark of the line that it took the place of, null without one."""


NOTHING = ""
"""In the place of a state: the answer is not seen any more."""


@dataclass(frozen=True, slots=True)
class Marked:
    """A part of the masked text that a code rests on, ``start`` to ``end`` (exclusive)."""

    start: int
    end: int
    code: str


@dataclass(frozen=True, slots=True)
class Said:
    """What a coder says of an answer; with ``state`` ``NOTHING`` she takes back all that she said
    here. ``seen``: the mark of what she was shown, see ``seen_mark``. ``seconds``: how long she
    took, None where it was not measured."""

    answer_id: str
    seen: str
    state: str
    codes: tuple[str, ...] = ()
    quotes: tuple[Marked, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)
    uncertain: bool = False
    comment: str = ""
    seconds: float | None = None


def seen_mark(row: SheetRow, version: str) -> str:
    """A mark of what a coder is shown of an answer: who codes what has since changed is refused."""
    parts = [row.text, row.note, repr(row.shown), str(row.round), version, row.before or ""]
    return sha256(*parts)[:16]


def wrong_with(said: Said, row: SheetRow | None, book: Codebook) -> Iterator[Problem]:
    """What keeps a coding from being taken; ``row``: the answer as the plan gives it to her."""
    params = {"answer": said.answer_id}
    if row is None:
        yield Problem("desk.not_hers", params)
        return
    if said.seen != seen_mark(row, book.version):
        yield Problem("desk.changed", params)
        return
    usable = {code.id: code for code in book.usable}
    if said.state == NOTHING and not said.codes:
        return
    if said.state not in STATES or (said.state == "coded") != bool(said.codes):
        found = {**params, "state": said.state[:20], "codes": ", ".join(said.codes)[:60] or "-"}
        yield Problem("desk.state", found)
    for code in dict.fromkeys(said.codes):
        if code not in usable:
            found = {"code": code[:60], "version": book.version}
            yield Problem("desk.unknown_code", {**params, **found})
    alone = [code for code in said.codes if code in usable and usable[code].exclusive]
    if alone and len(set(said.codes)) > 1:
        yield Problem("desk.exclusive", {**params, "code": usable[alone[0]].label})
    for one in said.quotes:
        place = {**params, "code": one.code[:60], "start": one.start, "end": one.end}
        if one.code not in said.codes:
            yield Problem("desk.quote_code", place)
        elif not 0 <= one.start < one.end <= len(row.text):
            yield Problem("desk.quote_place", place)
    for code, value in said.values.items():
        known = [one.id for one in usable[code].values] if code in usable else []
        if code not in said.codes or value not in known:
            found = {"code": code[:60], "value": value[:60], "known": ", ".join(known) or "-"}
            yield Problem("desk.value", {**params, **found})


def coding_of(
    said: Said,
    row: SheetRow,
    coder: str,
    version: str,
    answer: MaskedText,
    here: Coding | None,
    now: str,
) -> Coding:
    """The coding that a coder made. ``here``: what she has said of the answer so far."""
    goes_on = here is not None and here.round == row.round
    quotes: list[Quote] = []
    for one in said.quotes:
        start, end = answer.to_original(one.start, one.end)
        quotes.append(quote_of(answer, start, end, one.code))
    return Coding(
        answer_id=said.answer_id,
        coder=coder,
        codebook=version,
        state=said.state,
        codes=tuple(sorted(set(said.codes))),
        quotes=tuple(sorted(set(quotes))),
        values=dict(said.values),
        uncertain=said.uncertain,
        comment=said.comment,
        # who looks at her coding again is shown that, and no suggestion a second time
        shown=here.shown if here is not None and goes_on else row.shown,
        round=row.round,
        created_at=here.created_at if here is not None and goes_on else now,
        updated_at=now,
        seconds=said.seconds,
        source={"kind": WORKBENCH, BEFORE: None if here is None else _line_mark(here)},
    )


def says_the_same(made: Coding, here: Coding | None) -> bool:
    """Whether a coding says what is here already, and nothing is to be written."""
    return here is not None and coding_mark(made) == coding_mark(here)


def made_here(coding: Coding) -> bool:
    """Whether a coding was made at the desk."""
    return coding.source.get("kind") == WORKBENCH and BEFORE in coding.source


def before(here: Coding, earlier: Sequence[Coding]) -> Coding | None:
    """The coding that ``here`` took the place of, of those ``earlier`` ones of its answer, oldest
    first; None where it was the first. Raises LookupError where it was not made at the desk, or
    what it replaced is no longer as it was."""
    if not made_here(here):
        raise LookupError(here.answer_id)
    wanted = here.source[BEFORE]
    if wanted is None:
        return None
    for one in reversed(earlier):
        if one.answer_id == here.answer_id and _line_mark(one) == wanted:
            return one
    raise LookupError(here.answer_id)


def _line_mark(coding: Coding) -> str:
    """A mark of a line of coding with its stamps, so that of two that say the same it is known
    which came first."""
    stamps = [coding.created_at, coding.updated_at, coding.seconds, coding.shown]
    source = json.dumps(coding.source, sort_keys=True)
    return sha256(coding_mark(coding), repr(stamps), source)[:16]
