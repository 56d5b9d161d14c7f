"""Codes by answers and by respondents as zeros and ones, for the tools of others."""

from __future__ import annotations

from collections.abc import Sequence

from themecoder.coding.coded import CodedQuestion
from themecoder.coding.settled import MACHINE, OPEN, SettledCoding


def by_answer(
    answers: Sequence[str], settled: SettledCoding, codes: Sequence[str], version: str
) -> list[tuple[str, ...]]:
    """Per answer its id, its state and a cell per code: 1, 0, or empty where it is not coded.

    ``answers``: their ids. The state is coded, no_code, skipped, stale (it waits to be coded
    again), open (coders differ, and nothing decides), machine (no person coded it) or not_seen.
    """
    rows = []
    for answer_id in sorted(answers):
        coding = settled.codings.get(answer_id)
        if coding is None:
            state = OPEN if settled.ways.get(answer_id) == OPEN else "not_seen"
        elif coding.stale or coding.codebook != version:
            state = "stale"
        elif settled.ways.get(answer_id) == MACHINE:
            state = MACHINE
        else:
            state = coding.state
        if coding is not None and state in ("coded", "no_code", MACHINE):
            cells = ["1" if code in coding.codes else "0" for code in codes]
        else:
            cells = [""] * len(codes)
        rows.append((answer_id, state, *cells))
    return rows


def by_respondent(
    coded: CodedQuestion, codes: Sequence[str], respondents: Sequence[str]
) -> dict[str, list[float | None]]:
    """code -> per respondent 1, 0, or None where no answer to the question is coded."""
    return {
        code: [
            float(code in coded.codes[respondent]) if respondent in coded.codes else None
            for respondent in respondents
        ]
        for code in codes
    }
