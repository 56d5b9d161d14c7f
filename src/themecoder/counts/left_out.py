"""Coded answers that are not counted: nobody reports on the rest without having said so."""

from __future__ import annotations

from themecoder.counts.result import ALL_QUESTIONS, Counts
from themecoder.errors import InputError, Problem


def require_all_counted(counts: Counts) -> None:
    """Raises InputError that tells, for each question of which the source leaves coded answers out,
    how many and why."""
    problems = []
    for basis in counts.bases:
        settled = basis.settled
        if basis.question != ALL_QUESTIONS and settled.left_out:
            params = {
                "question": basis.question,
                "source": str(counts.source),
                "coded": settled.answers,
                "n": settled.left_out,
                "open": settled.open,
                "others": settled.others,
            }
            problems.append(Problem("counts.left_out", params))
    if problems:
        raise InputError(problems)
