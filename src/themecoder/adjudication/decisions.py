"""Decisions by rule and by people: who decided, why, and on which codings it rests."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from themecoder.coding.cases import (
    OF,
    PERSON,
    RULE,
    Case,
    basis,
    decided_by_person,
    quotes_of,
    values_of,
)
from themecoder.coding.model import ADJUDICATED, Coding, Quote
from themecoder.coding.rules import ruled

SEEN, DEFINITION = "seen", "definition"
"""Keys of a decision's source: the digest of the votes that were seen, and a proposed
definition."""


@dataclass(frozen=True, slots=True)
class ProposedDecision:
    """What a person decides about an answer; with ``quotes`` None the coders' quotes of the codes
    are taken. ``values``: of the codes where the person says one; of others those on which the
    coders agree.

    ``seen`` is the digest (``Case.seen``) of the votes that the person saw. ``definition``: (code,
    text) of a definition that would have prevented the dispute. ``source`` says where the decision
    was made; ``created_at``, ``updated_at`` and ``seconds`` come from there.
    """

    answer_id: str
    codes: tuple[str, ...]
    why: str
    by: str
    seen: str
    quotes: tuple[Quote, ...] | None = None
    definition: tuple[str, str] | None = None
    source: Mapping[str, Any] = field(default_factory=lambda: {"kind": PERSON})
    created_at: str | None = None
    updated_at: str | None = None
    seconds: float | None = None
    values: Mapping[str, str] = field(default_factory=dict)


def by_rules(
    cases: Iterable[Case],
    rules: Collection[str],
    texts: Mapping[str, str],
    exclusive: Collection[str],
    version: str,
) -> list[Coding]:
    """The decisions that ``rules`` make on cases without one, or whose decision by rule is
    re-opened.

    A rule never touches a person's decision. ``texts``: answer_id -> the answer as typed.
    ``exclusive``: codes that can't go with others; a majority for one of them and for another code
    is left to people.
    """
    decisions = []
    for case in cases:
        if case.decision is not None and (not case.reopened or decided_by_person(case.decision)):
            continue
        found = ruled(case, exclusive)
        if found is None or found[0] not in rules:
            continue
        rule, codes = found
        source = {"kind": RULE, "by": rule, "why": f"rule: {rule}", **basis(case, version)}
        decisions.append(
            _decision(case, codes, quotes_of(case, codes, texts), version, rule, source)
        )
    return decisions


def by_person(
    case: Case, proposal: ProposedDecision, texts: Mapping[str, str], version: str
) -> Coding:
    """A person's decision.

    Where a coder changed a coding after the person looked, the decision stands, and the answer is
    open again at once, since the decision rests on codings that are no longer there.
    """
    codes = tuple(sorted(set(proposal.codes)))
    quotes = proposal.quotes if proposal.quotes is not None else quotes_of(case, codes, texts)
    rests_on = basis(case, version)
    if proposal.seen != case.seen:
        rests_on[OF] = {}
    source = {
        **proposal.source,
        "by": proposal.by,
        "why": proposal.why,
        SEEN: proposal.seen,
        **rests_on,
    }
    if proposal.definition:
        source[DEFINITION] = list(proposal.definition)
    decision = _decision(case, codes, quotes, version, proposal.by, source)
    return replace(
        decision,
        created_at=proposal.created_at,
        updated_at=proposal.updated_at,
        seconds=proposal.seconds,
        values={**decision.values, **proposal.values},
    )


def same_decision(old: Coding, new: Coding) -> bool:
    """Whether a person's decision is the one that stands, made on the same codings; this is why
    reading a list of decisions twice changes nothing."""
    return (old.state, old.codes, old.quotes, old.values, old.decided_by) == (
        new.state,
        new.codes,
        new.quotes,
        new.values,
        new.decided_by,
    ) and all(old.source.get(key) == new.source.get(key) for key in ("why", DEFINITION, SEEN))


def _decision(
    case: Case,
    codes: tuple[str, ...],
    quotes: tuple[Quote, ...],
    version: str,
    by: str,
    source: Mapping[str, object],
) -> Coding:
    earlier_rounds = case.decision.round if case.decision else 0
    return Coding(
        answer_id=case.answer_id,
        coder=ADJUDICATED,
        codebook=version,
        state="coded" if codes else "no_code",
        codes=codes,
        quotes=quotes,
        values=values_of(case, codes),
        round=earlier_rounds + 1,
        source=dict(source),
        decided_by=by,
    )
