"""Coding by several coders, made up for tests of what is said of it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from themecoder.agreement.table import CodingTable, table
from themecoder.coding.model import Coding

CODES = ("a", "b", "c")
VERSION = "1.0.0"
TEXT = "x" * 40


def coding(answer: int, coder: str, codes: str | None, **more: object) -> Coding:
    """``codes``: "ab" has both, "" none, None was skipped."""
    state = "skipped" if codes is None else "coded" if codes else "no_code"
    made = Coding(f"r{answer:03}:q1", coder, VERSION, state, tuple(codes or ""))
    return replace(made, **more)  # type: ignore[arg-type]


def made(**coders: list[str | None]) -> dict[str, list[Coding]]:
    return {
        name: [coding(n, name, codes) for n, codes in enumerate(rows)]
        for name, rows in coders.items()
    }


def tabled(codings: dict[str, list[Coding]], codes: tuple[str, ...] = CODES) -> CodingTable:
    lengths = {c.answer_id: len(TEXT) for rows in codings.values() for c in rows}
    return table(codings, codes, VERSION, lengths, (*codes, "old"))


def random_coding(seed: int, coders: int, answers: int) -> dict[str, list[Coding]]:
    random = np.random.default_rng(seed)
    truth = random.random((answers, len(CODES))) < (0.5, 0.2, 0.05)
    found: dict[str, list[Coding]] = {}
    for n in range(coders):
        flips = random.random(truth.shape) < 0.1
        for answer in np.flatnonzero(random.random(answers) < 0.8):
            codes = "".join(np.array(CODES)[truth[answer] ^ flips[answer]])
            found.setdefault(f"k{n}", []).append(coding(int(answer), f"k{n}", codes))
    return found
