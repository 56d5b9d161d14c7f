"""The coders' codings of each answer, the decision on it, and whether it is open."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from themecoder.coding.model import Coding, Quote

SINGLE, UNANIMOUS, DISPUTED = "single", "unanimous", "disputed"
RULE, PERSON = "rule", "person"
"""Kinds of a decision's source."""
OF, AT, CONTENT, UNDER = "of", "at", "content", "codebook"
"""Keys of a decision's source: which codings it rests on, and under which version it was made."""


@dataclass(frozen=True, slots=True)
class Vote:
    """One coder's coding of an answer; ``codes`` are those of its codes that are still usable."""

    coder: str
    coding: Coding
    codes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Case:
    """An answer that somebody coded. ``votes`` are sorted by coder.

    ``kind``: single (one coder), unanimous or disputed. ``decision``: the one that stands, if any.
    ``reopened``: why the decision must be looked at again: the coders whose coding is new or
    changed, and ``codebook`` where a change of the codebook requires it. ``weight``: how much
    deciding on it tells about other answers, see ``cases``.
    """

    answer_id: str
    votes: tuple[Vote, ...]
    kind: str
    disputed: tuple[str, ...]
    decision: Coding | None
    reopened: tuple[str, ...]
    weight: float

    @property
    def open(self) -> bool:
        """Whether somebody must decide: without a decision and disputed, or re-opened."""
        return bool(self.reopened) or (self.decision is None and self.kind == DISPUTED)

    @property
    def agreed(self) -> tuple[str, ...]:
        """The codes that all coders gave."""
        return tuple(sorted(frozenset.intersection(*(vote.codes for vote in self.votes))))

    @property
    def seen(self) -> str:
        """A digest of all votes; it changes when a coder changes a coding."""
        return _digest([[vote.coder, fingerprint(vote.coding)] for vote in self.votes])


def decided_by_person(decision: Coding) -> bool:
    return decision.source.get("kind") != RULE


def fingerprint(coding: Coding) -> str:
    """A digest of the content of a coding: its state, its codes, the places of its quotes and the
    values of its codes."""
    quotes = [[quote.start, quote.end, quote.code] for quote in coding.quotes]
    values = [sorted(coding.values.items())] if coding.values else []
    return _digest([coding.state, list(coding.codes), quotes, *values])


def basis(case: Case, version: str) -> dict[str, Any]:
    """What the source of a decision keeps about the votes that it rests on."""
    votes = {
        vote.coder: {CONTENT: fingerprint(vote.coding), AT: vote.coding.updated_at}
        for vote in case.votes
    }
    return {OF: votes, UNDER: version}


def counts_at(coding: Coding, version: str) -> bool:
    """Whether a coding counts under ``version`` of the codebook: it was not skipped, is of that
    version and does not wait to be recoded."""
    return coding.state != "skipped" and coding.codebook == version and not coding.stale


def cases(
    codings: Mapping[str, Iterable[Coding]],
    decisions: Iterable[Coding],
    codes: Iterable[str],
    version: str,
) -> list[Case]:
    """The answers with usable coding, those that tell most first.

    ``codings``: by coder; ``codes``: those that may be used at ``version``. Skipped answers,
    codings under another version and codings that wait to be recoded are no votes. The weight of an
    answer is the sum of n * n / u over its disputed codes, where the code is disputed on n of the u
    answers on which anyone used it: deciding on the codes that divide coders most often, and in the
    largest share of their uses, tells most about other answers. Of equal weights the answers with
    more coders come first, then by answer_id.
    """
    usable = frozenset(codes)
    votes: dict[str, list[Vote]] = {}
    for coder in sorted(codings):
        for coding in codings[coder]:
            if counts_at(coding, version):
                vote = Vote(coder, coding, frozenset(coding.codes) & usable)
                votes.setdefault(coding.answer_id, []).append(vote)
    standing_decisions = {decision.answer_id: decision for decision in decisions}
    disputed = {answer: _disputed_codes(own_votes) for answer, own_votes in votes.items()}
    times_disputed = Counter(code for own_codes in disputed.values() for code in own_codes)
    times_used = Counter(
        code
        for own_votes in votes.values()
        if len(own_votes) > 1
        for code in frozenset[str]().union(*(vote.codes for vote in own_votes))
    )
    weights = {
        answer: sum(times_disputed[code] ** 2 / times_used[code] for code in own_codes)
        for answer, own_codes in disputed.items()
    }
    result = [
        Case(
            answer,
            tuple(own_votes),
            SINGLE if len(own_votes) == 1 else DISPUTED if disputed[answer] else UNANIMOUS,
            disputed[answer],
            standing_decisions.get(answer),
            _reopened(own_votes, standing_decisions.get(answer)),
            weights[answer],
        )
        for answer, own_votes in votes.items()
    ]
    return sorted(result, key=lambda case: (-case.weight, -len(case.votes), case.answer_id))


def quotes_of(case: Case, codes: Sequence[str], texts: Mapping[str, str]) -> tuple[Quote, ...]:
    """The coders' quotes of ``codes`` merged: the characters that at least half of those who marked
    the code marked. Of one coder these are the quotes as they are, of two all that either marked,
    of three what two marked."""
    if len(case.votes) == 1:
        return tuple(sorted(q for q in case.votes[0].coding.quotes if q.code in codes))
    text = texts[case.answer_id]
    quotes = []
    for code in codes:
        by_coder = [
            {n for q in vote.coding.quotes if q.code == code for n in range(q.start, q.end)}
            for vote in case.votes
        ]
        marked = [places for places in by_coder if places]
        times = Counter(n for places in marked for n in places)
        kept = sorted(n for n, n_coders in times.items() if 2 * n_coders >= len(marked))
        for start, end in _runs(kept or sorted(times)):
            piece = text[start:end]
            trimmed = len(piece) - len(piece.lstrip()), len(piece.rstrip())
            if trimmed[1] > trimmed[0]:
                bounds = start + trimmed[0], start + trimmed[1]
                quotes.append(Quote(*bounds, code, text[slice(*bounds)]))
    return tuple(sorted(quotes))


def values_of(case: Case, codes: Sequence[str]) -> dict[str, str]:
    """The values of ``codes`` on which the coders who said one agree; others stay open, for that
    an answer has the code does not depend on them."""
    said = {
        code: {v.coding.values[code] for v in case.votes if code in v.coding.values}
        for code in codes
    }
    return {code: values.pop() for code, values in said.items() if len(values) == 1}


def _disputed_codes(votes: Iterable[Vote]) -> tuple[str, ...]:
    sets = [vote.codes for vote in votes]
    everything, agreed = frozenset.union(*sets), frozenset.intersection(*sets)
    return tuple(sorted(everything - agreed))


def _reopened(votes: Iterable[Vote], decision: Coding | None) -> tuple[str, ...]:
    if decision is None:
        return ()
    known = decision.source.get(OF)
    known = known if isinstance(known, Mapping) else {}
    under = decision.source.get(UNDER)
    coders = [
        vote.coder for vote in votes if not _is_unchanged(vote.coding, known.get(vote.coder), under)
    ]
    coders += sorted(set(known) - {vote.coder for vote in votes})
    return (*coders, *(["codebook"] if decision.stale else []))


def _is_unchanged(coding: Coding, known: Any, under: Any) -> bool:
    """Whether a coding is still the one that was decided on.

    A migration since may have renamed its codes; then the time of the coder's last change decides.
    """
    if not isinstance(known, Mapping):
        return False
    if known.get(CONTENT) == fingerprint(coding):
        return True
    return under != coding.codebook and known.get(AT) == coding.updated_at


def _digest(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:16]


def _runs(places: Sequence[int]) -> list[tuple[int, int]]:
    """Runs of consecutive places, as start and end (exclusive)."""
    runs: list[tuple[int, int]] = []
    for n in places:
        if runs and runs[-1][1] == n:
            runs[-1] = (runs[-1][0], n + 1)
        else:
            runs.append((n, n + 1))
    return runs
