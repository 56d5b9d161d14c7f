"""What people gave the answers that the machine is measured on."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from themecoder.autocoding.bounds import TAIL, share_bounds
from themecoder.coding.cases import counts_at, decided_by_person
from themecoder.coding.model import Coding

Codes = Mapping[str, frozenset[str]]
"""answer_id -> codes; empty where nothing applies."""


@dataclass(frozen=True, slots=True)
class TwoPeople:
    """Of the ``answers`` that two people coded blind, ``same`` have the same codes from both; the
    share of such answers lies between ``low`` and ``high``."""

    same: int
    answers: int
    low: float
    high: float


def codes_of_people(
    by_coder: Mapping[str, Iterable[Coding]],
    decisions: Iterable[Coding],
    usable: Collection[str],
    version: str,
    seed: int,
    *,
    blind: bool,
) -> Codes:
    """The codes that a person gives each answer: those decided by a person, else those of one of
    its coders, drawn by chance: to leave out answers on which coders differ would leave out the
    hard ones.

    ``blind``: only of answers that somebody coded without seeing suggestions. Who has seen the
    machine's codes agrees with them more than he would.
    """
    allowed = frozenset(usable)
    votes = _votes(by_coder, version, blind=blind)
    found = {
        answer: frozenset(_drawn(own, answer, seed)[0].codes) & allowed
        for answer, own in votes.items()
    }
    for decision in decisions:
        wanted = decision.answer_id in found or not blind
        if wanted and decided_by_person(decision) and counts_at(decision, version):
            found[decision.answer_id] = frozenset(decision.codes) & allowed
    return found


def two_people(
    by_coder: Mapping[str, Iterable[Coding]], usable: Collection[str], version: str, seed: int
) -> TwoPeople:
    """How often two people give the same codes, by two that are drawn of each answer's coders."""
    allowed = frozenset(usable)
    pairs = [
        [frozenset(one.codes) & allowed for one in _drawn(own, answer, seed)[:2]]
        for answer, own in _votes(by_coder, version, blind=True).items()
        if len(own) > 1
    ]
    same = sum(first == second for first, second in pairs)
    return TwoPeople(same, len(pairs), *share_bounds(same, len(pairs), TAIL))


def _votes(
    by_coder: Mapping[str, Iterable[Coding]], version: str, *, blind: bool
) -> dict[str, list[Coding]]:
    votes: dict[str, list[Coding]] = {}
    for coder in sorted(by_coder):
        for coding in by_coder[coder]:
            if counts_at(coding, version) and (coding.shown is None or not blind):
                votes.setdefault(coding.answer_id, []).append(coding)
    return votes


def _drawn(codings: list[Coding], answer: str, seed: int) -> list[Coding]:
    def chance(coding: Coding) -> bytes:
        text = "\x1f".join((str(seed), "person", answer, coding.coder))
        return hashlib.sha256(text.encode()).digest()

    return sorted(codings, key=chance)
