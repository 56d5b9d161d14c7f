"""Decisions by rule and by people: who decided, why, and on which codings it rests."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from themecoder.coding.cases import DISPUTED, OF, SINGLE, UNANIMOUS, Case, basis, quotes_of
from themecoder.coding.model import ADJUDICATED, Coding, Quote

UNANIMOUSLY, MAJORITY, ALONE = "unanimous", "majority", "single"
RULES = (UNANIMOUSLY, MAJORITY, ALONE)
"""unanimous: two coders or more who all gave the same codes. majority: three or more coders; the
codes that more than half of them gave. single: one coder, whose coding is taken over."""
FEWEST_FOR_MAJORITY = 3
RULE, PERSON = "rule", "person"
SEEN, DEFINITION = "seen", "definition"
"""Keys of a decision's source: the digest of the votes that were seen, and a proposed
definition."""


@dataclass(frozen=True, slots=True)
class ProposedDecision:
    """What a person decides about an answer; with ``quotes`` None the coders' quotes of the codes
    are taken.

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
        rule = next((r for r in RULES if r in rules and _applies(case, r)), None)
        codes = _codes_by_rule(case, rule, exclusive) if rule else None
        if rule and codes is not None:
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
    )


def decided_by_person(decision: Coding) -> bool:
    return decision.source.get("kind") != RULE


def same_decision(old: Coding, new: Coding) -> bool:
    """Whether a person's decision is the one that stands, made on the same codings; this is why
    reading a list of decisions twice changes nothing."""
    return (old.state, old.codes, old.quotes, old.decided_by) == (
        new.state,
        new.codes,
        new.quotes,
        new.decided_by,
    ) and all(old.source.get(key) == new.source.get(key) for key in ("why", DEFINITION, SEEN))


def _applies(case: Case, rule: str) -> bool:
    return {
        UNANIMOUSLY: case.kind == UNANIMOUS,
        MAJORITY: case.kind == DISPUTED and len(case.votes) >= FEWEST_FOR_MAJORITY,
        ALONE: case.kind == SINGLE,
    }[rule]


def _codes_by_rule(case: Case, rule: str, exclusive: Collection[str]) -> tuple[str, ...] | None:
    """The codes that the rule decides on; None where it can't decide."""
    if rule != MAJORITY:
        return case.agreed
    half = len(case.votes) / 2
    votes_per_code = Counter(code for vote in case.votes for code in vote.codes)
    codes = tuple(sorted(code for code, n in votes_per_code.items() if n > half))
    if len(codes) > 1 and any(code in exclusive for code in codes):
        return None
    # where no code has a majority, "nothing applies" is decided only if more than half say so
    if not codes and sum(not vote.codes for vote in case.votes) <= half:
        return None
    return codes


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
        round=earlier_rounds + 1,
        source=dict(source),
        decided_by=by,
    )
