"""Suggestions treated as if a coder had made them, to be compared with people but not counted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from themecoder.agreement.rows import AgreementRow, agreement_rows
from themecoder.agreement.table import CodingTable, table
from themecoder.coding.model import Coding

MACHINE = "machine"
CERTAIN = 0.5
"""A suggestion counts as given from this score: it is calibrated, so more likely than not."""


def machine_codings(
    suggested: Mapping[str, Sequence[tuple[str, float]]],
    answers: Iterable[str],
    version: str,
    threshold: float = CERTAIN,
) -> list[Coding]:
    """A coding of each of ``answers`` by the machine, with the codes that are suggested with a
    score of ``threshold`` or more."""
    codings = []
    for answer in sorted(answers):
        codes = sorted(code for code, score in suggested.get(answer, ()) if score >= threshold)
        state = "coded" if codes else "no_code"
        codings.append(Coding(answer, MACHINE, version, state, tuple(codes)))
    return codings


def machine_rows(
    people: CodingTable,
    codings: Sequence[Coding],
    question: str,
    level: float = 0.95,
) -> list[AgreementRow]:
    """The machine against each coder, on the answers that were coded blind: who saw the suggestions
    before coding agrees with them for that alone."""
    blind = people.where(lambda coding: coding.shown is None)
    lengths = dict(zip(people.answers, people.lengths, strict=True))
    codings = [coding for coding in codings if coding.answer_id in lengths]
    machine_rows_of: list[AgreementRow] = []
    for n, coder in enumerate(blind.coders):
        own = [coding for (place, _), coding in blind.codings.items() if place == n]
        version = own[0].codebook
        both = table({coder: own, MACHINE: codings}, people.codes, version, lengths)
        first, second = (both.coders.index(name) for name in (coder, MACHINE))
        pair = both.pair(min(first, second), max(first, second))
        rows = agreement_rows(pair, question, level=level, pairs=False)
        name = f"{MACHINE}|{coder}"
        machine_rows_of += [
            replace(row, coder_pair=name)
            for row in rows
            if not row.coefficient.startswith("quote_")
        ]
    return machine_rows_of
