"""Findings to make agreement pages of: small, made by rule, the same each time."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from random import Random

from themecoder.agreement.findings import AgreementFindings, findings
from themecoder.agreement.table import CodingTable, table
from themecoder.codebook.model import Code, Codebook, Group
from themecoder.coding.model import Coding, Quote

CODES = (
    Code("altijd", "Altijd bereikbaar", "op", "Er is altijd iemand.", exclude="Wachten: wachttijd"),
    Code("wachttijd", "Overbrugging van de wachttijd", "op", "Tot er hulp is."),
    Code("privacy", "Privacy", "ri", "Wie leest mee."),
    Code("zelden", "Zelden genoemd", "ri"),
    Code("nooit", "Nooit genoemd"),
)
BOOK = Codebook(
    "b", "1.0.0", CODES, (Group("op", "Opbrengst"), Group("ri", "Risico")), title="Proef"
)
LENGTH = 40


def coding(coder: str, number: int, chance: Random) -> Coding:
    """Mostly what the answer calls for, sometimes another code, sometimes none."""
    answer = f"{number // 2:03d}:{'q7' if number % 2 else 'q15'}"
    codes = {CODES[number % 3].id}
    if chance.random() < 0.15:
        codes = {chance.choice(("altijd", "wachttijd"))}
    if number % 30 == 7:
        codes.add("zelden")
    if chance.random() < 0.05:
        codes = set()
    quotes = tuple(
        Quote(start, start + 10, code, "x" * 10)
        for start, code in ((chance.choice((0, 2)), code) for code in sorted(codes))
    )
    state = "coded" if codes else "no_code"
    return Coding(answer, coder, "1.0.0", state, tuple(sorted(codes)), quotes)


def codings(names: tuple[str, ...], answers: int = 120) -> dict[str, list[Coding]]:
    return {
        name: [coding(name, number, Random(f"{name} {number}")) for number in range(answers)]
        for name in names
    }


def made(found: dict[str, list[Coding]]) -> CodingTable:
    lengths = {coding.answer_id: LENGTH for own in found.values() for coding in own}
    return table(found, [code.id for code in CODES], "1.0.0", lengths)


@lru_cache
def of_coders(*names: str) -> AgreementFindings:
    """One coder skipped an answer; one has coding at an older version."""
    own = codings(names)
    own[names[0]][0] = replace(own[names[0]][0], state="skipped", codes=(), quotes=())
    own[names[-1]][3] = replace(own[names[-1]][3], codebook="0.9.0")
    return findings(made(own), "1.0.0", resamples=200)


@lru_cache
def with_everything() -> AgreementFindings:
    """Rounds, times, suggestions shown and held back, the machine, and planning."""
    own = codings(("anna", "bob", "cem"))
    for name, mine in own.items():
        own[name] = [
            replace(
                one,
                round=1 + n // 60,
                created_at=f"2026-0{1 + n // 30}-{1 + n % 28:02d}T10:00:00Z",
                seconds=10.0 + n % 5,
                shown=None if n % 3 else (CODES[n % 3].id,),
            )
            for n, one in enumerate(mine)
        ]
    blind = {one.answer_id for mine in own.values() for one in mine if one.shown is None}
    suggested = {answer: [("altijd", 0.9)] for answer in sorted(blind)}
    return findings(
        made(own),
        "1.0.0",
        suggested=suggested,
        width=0.1,
        available=100,
        resamples=200,
    )
