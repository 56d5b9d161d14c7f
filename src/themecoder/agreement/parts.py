"""Agreement in parts: per round, codebook version, blind or with suggestions, and over time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from themecoder.agreement.rows import AgreementRow, agreement_rows
from themecoder.agreement.table import CodingTable

PERIODS = 4
FEWEST = 20
"""The answers coded twice that a period needs; fewer can't show a trend."""


@dataclass(frozen=True, slots=True)
class Part:
    """``kind``: round, version, suggestions or period; ``name``: 1, 1.0.0, blind or shown, 1 to 4.

    ``since`` and ``until`` are the first and last moment of coding in a period, else empty.
    """

    kind: str
    name: str
    table: CodingTable
    since: str = ""
    until: str = ""


def parts(table: CodingTable) -> list[Part]:
    """The parts of each kind of which there are two or more."""
    result = []
    codings = table.codings.values()
    rounds = sorted({coding.round for coding in codings})
    versions = sorted({coding.made_under for coding in codings}, key=_version)
    if len(rounds) > 1:
        for number in rounds:
            result.append(Part("round", str(number), table.where(lambda c, n=number: c.round == n)))  # type: ignore[misc]
    if len(versions) > 1:
        for version in versions:
            result.append(
                Part("version", version, table.where(lambda c, v=version: c.made_under == v))  # type: ignore[misc]
            )
    if len({coding.shown is None for coding in codings}) > 1:
        result.append(Part("suggestions", "blind", table.where(lambda c: c.shown is None)))
        result.append(Part("suggestions", "shown", table.where(lambda c: c.shown is not None)))
    return result + _periods(table)


def part_rows(parts: list[Part], question: str, level: float) -> list[tuple[Part, AgreementRow]]:
    """The rows of all coders together, per part."""
    return [
        (part, row)
        for part in parts
        for row in agreement_rows(part.table, question, level=level, pairs=False)
    ]


def _periods(table: CodingTable) -> list[Part]:
    """The answers coded twice, in the order in which their coding was completed, in equal parts."""
    times: dict[int, list[str]] = {}
    for (_, answer), coding in table.codings.items():
        if coding.created_at:
            times.setdefault(answer, []).append(coding.created_at)
    done = {answer: max(moments) for answer, moments in times.items() if len(moments) >= 2}
    order = sorted(done, key=lambda answer: (done[answer], answer))
    if len(order) < PERIODS * FEWEST:
        return []
    periods = []
    for n, block in enumerate(np.array_split(np.array(order), PERIODS), start=1):
        answers = {table.answers[answer] for answer in block}
        inside = table.where(lambda c, these=answers: c.answer_id in these)  # type: ignore[misc]
        periods.append(Part("period", str(n), inside, done[int(block[0])], done[int(block[-1])]))
    return periods


def _version(version: str) -> tuple[int, ...]:
    return tuple(int(part) if part.isdigit() else 0 for part in version.split("."))
