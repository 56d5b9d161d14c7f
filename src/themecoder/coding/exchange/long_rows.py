"""Several rows about one answer: a row for each code, or an answer that is there twice."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from themecoder.coding.exchange.model import ForeignCoding, ForeignNote, Place

_SURE = 5
"""Answers with several rows from which these are clearly a row a code."""


def joined(
    codings: Sequence[ForeignCoding], faulty: Collection[Place] = (), rows: str = ""
) -> tuple[list[ForeignCoding], list[ForeignNote], list[ForeignNote]]:
    """One coding for each answer of a coder, what was found of the rows, and their faults.

    An answer of which a row is ``faulty``, or there twice, has no coding: a part of what a coder
    found would be another coding.

    ``rows`` says whether a row is all of an ``answer`` or one ``code`` of it. Without, rows about
    the same answer are taken for a code each only where that is plain: there are several such
    answers, a row never has two codes, and no code comes twice; or the file has marked parts and no
    answers: of an answer there may be several.
    """
    groups: dict[tuple[str, str, str], list[ForeignCoding]] = {}
    alone: list[ForeignCoding] = []
    for coding in codings:
        if coding.respondent:
            key = (coding.respondent, coding.question, coding.coder)
            groups.setdefault(key, []).append(coding)
        else:
            alone.append(coding)
    several = [group for group in groups.values() if len(group) > 1]
    sound = [[one] for one in alone if one.place not in faulty] + [
        group for group in groups.values() if not any(one.place in faulty for one in group)
    ]
    if not several:
        return _in_order(sound), [], []
    parts = all(coding.quotes and not coding.text for group in several for coding in group)
    if rows == "code" or (not rows and (parts or _are_rows_of_codes(several, len(groups)))):
        first = several[0][0].place
        note = ForeignNote("rows_of_codes", replace(first, row=None), {"n": len(several)})
        return _in_order(sound), [note], []
    doubles = [
        ForeignNote(
            "double",
            coding.place,
            {"respondent": group[0].respondent, "first": group[0].place.row},
        )
        for group in several
        for coding in group[1:]
    ]
    return _in_order([group for group in sound if len(group) == 1]), [], doubles


def _in_order(groups: Sequence[Sequence[ForeignCoding]]) -> list[ForeignCoding]:
    """One coding of each group, in the order of the file."""
    made = [_together(group) if len(group) > 1 else group[0] for group in groups]
    return sorted(made, key=lambda coding: coding.place.row or 0)


def _are_rows_of_codes(several: Sequence[Sequence[ForeignCoding]], answers: int) -> bool:
    if len(several) < _SURE or len(several) < 0.1 * answers:
        return False
    for group in several:
        codes = [code for coding in group for code in coding.codes]
        one_each = all(len(coding.codes) == 1 for coding in group)
        if not one_each or len(set(codes)) < len(codes) or len({c.text for c in group}) > 1:
            return False
    return True


def _together(group: Sequence[ForeignCoding]) -> ForeignCoding:
    comments = dict.fromkeys(coding.comment for coding in group if coding.comment)
    return replace(
        group[0],
        codes=tuple(dict.fromkeys(code for coding in group for code in coding.codes)),
        quotes=tuple(sorted({quote for coding in group for quote in coding.quotes})),
        skipped=all(coding.skipped for coding in group),
        uncertain=any(coding.uncertain for coding in group),
        comment="\n".join(comments),
    )
