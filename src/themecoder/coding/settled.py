"""How each answer's coding is settled: by a decision, by its coders, or not at all.

What is counted must not change because a rule was accepted. So a rule's decision weighs no more
than the rule: it stands where nothing changed since, and gives way to a stated rule. Only a
person's decision comes before the coders' codings, whatever the source.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields

from themecoder.codebook.model import Codebook
from themecoder.coding.cases import (
    DISPUTED,
    Case,
    cases,
    counts_at,
    decided_by_person,
    quotes_of,
    values_of,
)
from themecoder.coding.model import ADJUDICATED, Coding
from themecoder.coding.rules import contradicts, ruled
from themecoder.coding.source import (
    CODER,
    INTERSECTION,
    MAJORITY,
    SUGGESTIONS,
    UNION,
    CodingSource,
)

BY_PERSON, BY_RULE, STATED, OPEN, OTHERS = "by_person", "by_rule", "stated", "open", "others"
MACHINE = "machine"
"""Ways beside those of ``rules.RULES``. by_person, by_rule: by a decision. stated: by what the
source states. open: coders differ, and nothing decides. others: coded, but by none that the source
counts. machine: by no person, but by ``themecoder autocode``."""


@dataclass(frozen=True, slots=True)
class Settled:
    """How the answers to a question are settled, in answers that are coded.

    ``by_person``, ``by_rule``: by a decision. ``single``: by the only coder. ``unanimous``: coders
    gave the same codes. ``majority``: by more than half of three coders or more. ``stated``: by the
    rule or the coder that the source states. ``machine``: by no person, but by the machine, where
    the source takes that in. These are counted. ``open``: coders differ, and nothing decides;
    ``others``: coded by none that the source counts.
    """

    by_person: int = 0
    by_rule: int = 0
    single: int = 0
    unanimous: int = 0
    majority: int = 0
    stated: int = 0
    open: int = 0
    others: int = 0
    machine: int = 0

    @property
    def answers(self) -> int:
        """All of them, counted or not."""
        return sum(getattr(self, field.name) for field in fields(self))

    @property
    def left_out(self) -> int:
        """The coded answers that are not counted."""
        return self.open + self.others

    def __add__(self, other: Settled) -> Settled:
        names = (field.name for field in fields(self))
        return Settled(*(getattr(self, name) + getattr(other, name) for name in names))


@dataclass(frozen=True, slots=True)
class SettledCoding:
    """``codings``: answer_id -> the coding that is counted; where there is none, one that says why
    (skipped, to be recoded), if there is one. ``ways``: answer_id -> how it was settled, of the
    answers that are coded; empty for suggestions."""

    codings: dict[str, Coding]
    ways: dict[str, str]


def settle(
    source: CodingSource,
    by_coder: Mapping[str, Iterable[Coding]],
    decisions: Iterable[Coding],
    suggested: Iterable[Coding],
    texts: Mapping[str, str] | None,
    book: Codebook,
) -> SettledCoding:
    """One coding per answer, under the version of ``book``.

    First comes what a person decided; ``majority`` and ``coder`` leave decisions out. Then

    - lead: the lead's codes, where the lead coded the answer
    - union, intersection: where coders differ, the codes that any of them or all of them gave; open
      where an exclusive code would go with another
    - a decision by rule on codings that are still the same
    - what the codings come to by rule, see ``rules.ruled``; else the answer is open.

    ``decided`` and ``majority`` have no more than the last steps. ``texts``: answer_id -> the
    answer as typed, for the quotes of codings that are put together; None where quotes are not
    wanted.
    """
    if source.kind == SUGGESTIONS:
        return SettledCoding({coding.answer_id: coding for coding in suggested}, {})
    by_coder = {coder: tuple(rows) for coder, rows in by_coder.items()}
    decisions = tuple(decisions)
    usable = [code.id for code in book.usable]
    exclusive = frozenset(code.id for code in book.usable if code.exclusive)
    found = {c.answer_id: c for c in cases(by_coder, decisions, usable, book.version)}
    standing = {d.answer_id: d for d in decisions if counts_at(d, book.version)}
    if source.kind in (CODER, ADJUDICATED):
        own = decisions if source.kind == ADJUDICATED else by_coder.get(source.coder, ())
    else:
        own = tuple(coding for coder in sorted(by_coder) for coding in by_coder[coder])
    # a coding that counts takes the place of one that only says why there is none
    codings = {c.answer_id: c for c in own if not counts_at(c, book.version)}
    ways: dict[str, str] = {}
    for answer in sorted({*found, *standing}):
        way, coding = _settled(
            source, found.get(answer), standing.get(answer), exclusive, texts, book.version
        )
        ways[answer] = way
        if coding is not None:
            codings[answer] = coding
        elif way == OPEN:
            codings.pop(answer, None)
    return SettledCoding(codings, ways)


def _settled(
    source: CodingSource,
    case: Case | None,
    decision: Coding | None,
    exclusive: Collection[str],
    texts: Mapping[str, str] | None,
    version: str,
) -> tuple[str, Coding | None]:
    """How one answer is settled, and its coding. ``case``: None without a coder's usable coding;
    ``decision``: the one that stands."""
    if decision is not None and _comes_first(source, case, decision):
        return BY_PERSON if decided_by_person(decision) else BY_RULE, decision
    own = _own_coding(source, case)
    if own is not None:
        return STATED, own
    if case is None or source.kind in (ADJUDICATED, CODER):
        return OTHERS, None
    found = _of_coders(source, case, exclusive)
    if found is None:
        return OPEN, None
    way, codes = found
    return way, _put_together(case, codes, way, source, texts, version)


def _comes_first(source: CodingSource, case: Case | None, decision: Coding) -> bool:
    """Whether a decision is counted, and not what the coders gave."""
    if source.kind in (MAJORITY, CODER):
        return False
    if source.kind == ADJUDICATED or case is None or decided_by_person(decision):
        return True
    stated = source.kind in (UNION, INTERSECTION) and case.kind == DISPUTED
    return not (stated or case.reopened or _own_coding(source, case))


def _own_coding(source: CodingSource, case: Case | None) -> Coding | None:
    """The coding of the coder whom the source names."""
    votes = case.votes if case else ()
    return next((vote.coding for vote in votes if vote.coder == source.coder), None)


def _of_coders(
    source: CodingSource, case: Case, exclusive: Collection[str]
) -> tuple[str, tuple[str, ...]] | None:
    """What the coders' codings come to, and how; None where that is open."""
    if source.kind not in (UNION, INTERSECTION) or case.kind != DISPUTED:
        return ruled(case, exclusive)
    codes = _union(case) if source.kind == UNION else case.agreed
    return None if contradicts(codes, exclusive) else (STATED, codes)


def _union(case: Case) -> tuple[str, ...]:
    return tuple(sorted(frozenset[str]().union(*(vote.codes for vote in case.votes))))


def _put_together(
    case: Case,
    codes: tuple[str, ...],
    way: str,
    source: CodingSource,
    texts: Mapping[str, str] | None,
    version: str,
) -> Coding:
    """One coding of several; for the quotes see ``cases.quotes_of``."""
    return Coding(
        answer_id=case.answer_id,
        coder=source.kind,
        codebook=version,
        state="coded" if codes else "no_code",
        codes=codes,
        quotes=() if texts is None else quotes_of(case, codes, texts),
        values=values_of(case, codes),
        source={"kind": way, "coders": [vote.coder for vote in case.votes]},
    )
