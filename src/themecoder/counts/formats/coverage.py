"""What the counts of a question rest on, in words: how answers were settled, and which are not
coded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from themecoder.coding.machine_coding import StatedAccuracy
from themecoder.coding.settled import OPEN, OTHERS
from themecoder.counts.result import Coverage
from themecoder.messages import message
from themecoder.output.numbers import number_text, percent_text, span_text

_LEFT_OUT = (OPEN, OTHERS)


def coverage_notes(basis: Coverage, language: str) -> list[str]:
    """How many answers are settled in which way, how many coded ones are left out, and how many
    with content are not coded. Empty for a closed question, which nobody codes."""
    numbers = {way: n for way, n in asdict(basis.settled).items() if n}
    counted = [way for way in numbers if way not in _LEFT_OUT]
    left_out = [way for way in numbers if way in _LEFT_OUT]

    def parts(ways: Sequence[str]) -> str:
        texts = {way: number_text(numbers[way], 0, language) for way in ways}
        return ", ".join(message(f"counts.settled.{w}", language, n=n) for w, n in texts.items())

    notes = []
    if counted:
        notes.append(message("counts.note.settled", language, counted=parts(counted)))
    if basis.machine:
        notes.append(_machine_note(basis, basis.machine, language))
        if basis.uncoded:
            notes.append(message("autocode.no_sample", language))
    if left_out:
        notes.append(message("counts.note.left_out", language, parts=parts(left_out)))
    if basis.uncoded:
        n, content = (number_text(one, 0, language) for one in (basis.uncoded, basis.content))
        share = percent_text(basis.uncoded, basis.content, 1, language)
        notes.append(message("counts.note.uncoded", language, n=n, content=content, share=share))
    return notes


def _machine_note(basis: Coverage, stated: StatedAccuracy, language: str) -> str:
    counted = basis.settled.answers - basis.settled.left_out
    return message(
        "autocode.accuracy",
        language,
        n=number_text(basis.settled.machine, 0, language),
        coded=number_text(counted, 0, language),
        share=number_text(100 * stated.share, 0, language) + "%",
        span=span_text(100 * stated.low, 100 * stated.high, 0, language) + "%",
        tried=number_text(stated.tried, 0, language),
    )
