"""Decisions: by rule where a rule can, else by a person; who, why, and on which codings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from themecoder.coding.cases import DISPUTED, OF, SINGLE, UNANIMOUS, Case, basis, quotes_of
from themecoder.coding.model import ADJUDICATED, Coding, Quote

UNANIMOUSLY, MAJORITY, ALONE = "unanimous", "majority", "single"
RULES = (UNANIMOUSLY, MAJORITY, ALONE)
"""unanimous: two coders or more, all the same codes. majority: three or more, the codes that more
than half gave. single: one coder, whose coding is taken over."""
FEWEST = 3
RULE, PERSON = "rule", "person"
SEEN, DEFINITION = "seen", "definition"
"""The kinds of source of a decision; one made in Label Studio has that of its coding."""


@dataclass(frozen=True, slots=True)
class ProposedDecision:
    """What a person decides of an answer; ``quotes`` None: those of the coders who gave the code.

    ``seen`` is the digest (``Case.seen``) of the votes that the person saw. ``definition``: (code,
    text) of a definition that would have spared the dispute. ``source`` says where the decision was
    made, ``created_at``, ``updated_at`` and ``seconds`` are the source's.
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
    found: Iterable[Case],
    rules: Collection[str],
    texts: Mapping[str, str],
    exclusive: Collection[str],
    version: str,
) -> list[Coding]:
    """The decisions that ``rules`` make of cases without one, or whose rule decision is re-opened.

    A person's decision is never touched by a rule. ``texts``: answer_id -> the answer as typed.
    ``exclusive``: codes that stand alone; a majority with one of them and another is for people.
    """
    made = []
    for case in found:
        if case.decision is not None and (not case.reopened or decided_by_person(case.decision)):
            continue
        rule = next((r for r in RULES if r in rules and _applies(case, r)), None)
        codes = _codes(case, rule, exclusive) if rule else None
        if rule and codes is not None:
            source = {"kind": RULE, "by": rule, "why": f"rule: {rule}", **basis(case, version)}
            made.append(
                _decision(case, codes, quotes_of(case, codes, texts), version, rule, source)
            )
    return made


def by_person(
    case: Case, proposal: ProposedDecision, texts: Mapping[str, str], version: str
) -> Coding:
    """A person's decision. Where a coder changed a coding after the person looked it stands, and
    the answer is open again at once: it rests on what is no longer there."""
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
    made = _decision(case, codes, quotes, version, proposal.by, source)
    return replace(
        made,
        created_at=proposal.created_at,
        updated_at=proposal.updated_at,
        seconds=proposal.seconds,
    )


def decided_by_person(decision: Coding) -> bool:
    return decision.source.get("kind") != RULE


def same_decision(old: Coding, new: Coding) -> bool:
    """Whether a person's decision is the one that stands, made on the same codings: to read a list
    of decisions twice changes nothing."""
    return (old.state, old.codes, old.quotes, old.decided_by) == (
        new.state,
        new.codes,
        new.quotes,
        new.decided_by,
    ) and all(old.source.get(key) == new.source.get(key) for key in ("why", DEFINITION, SEEN))


def _applies(case: Case, rule: str) -> bool:
    return {
        UNANIMOUSLY: case.kind == UNANIMOUS,
        MAJORITY: case.kind == DISPUTED and len(case.votes) >= FEWEST,
        ALONE: case.kind == SINGLE,
    }[rule]


def _codes(case: Case, rule: str, exclusive: Collection[str]) -> tuple[str, ...] | None:
    """The codes that the rule decides on; None where it can't."""
    if rule != MAJORITY:
        return case.agreed
    half = len(case.votes) / 2
    times = Counter(code for vote in case.votes for code in vote.codes)
    codes = tuple(sorted(code for code, often in times.items() if often > half))
    if len(codes) > 1 and any(code in exclusive for code in codes):
        return None
    # no code has a majority: that is "nothing applies" only where most say so
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
    before = case.decision.round if case.decision else 0
    return Coding(
        answer_id=case.answer_id,
        coder=ADJUDICATED,
        codebook=version,
        state="coded" if codes else "no_code",
        codes=codes,
        quotes=quotes,
        round=before + 1,
        source=dict(source),
        decided_by=by,
    )
