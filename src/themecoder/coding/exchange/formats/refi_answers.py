"""Where in a text of a REFI-QDA project the answers are.

Mostly a text is one answer. But a person may also have put all answers in one document: a paragraph
each, behind a respondent's number or below it, or with cases on parts of the text, as NVivo does.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

_NAMED = re.compile(r"\s*(?P<who>[^\s:]{1,40})(?::|\t)\s*")
_LONGEST = 20
# of the paragraphs that begin with what may be a respondent's number
_MOST = 0.8


@dataclass(frozen=True, slots=True)
class AnswerPart:
    """``text[start:end]`` is an answer, of ``respondent`` where the text says who. ``row``: the
    line that it begins on, None where it is all of the text."""

    start: int
    end: int
    respondent: str = ""
    row: int | None = None


def answer_parts(
    text: str,
    cases: Iterable[tuple[int, int, str]],
    respondents: frozenset[str],
    is_answer: Callable[[str], bool] | None,
    alone: bool,
) -> tuple[AnswerPart, ...]:
    """The answers in a text, in order, not overlapping.

    ``cases``: parts that belong to somebody. ``is_answer`` knows the answers of a survey, None
    where there is none; then a text with several paragraphs is cut only where it is ``alone`` in
    its project.
    """
    parts = tuple(_of_cases(text, cases))
    if parts:
        return parts
    whole = (AnswerPart(0, len(text)),)
    lines = [line for line in _lines(text) if text[line[0] : line[1]].strip()]
    if len(lines) < 2 or (is_answer is not None and is_answer(text)):
        return whole
    if is_answer is not None:
        return tuple(_known(text, lines, respondents, is_answer)) or whole
    if not alone:
        return whole
    named = [_NAMED.match(text, *line) for line in lines]
    if sum(match is not None for match in named) < _MOST * len(lines):
        return tuple(_part(text, start, end) for start, end in lines)
    return tuple(
        _part(text, match.end() if match else start, end, match["who"] if match else "")
        for (start, end), match in zip(lines, named, strict=True)
    )


def _of_cases(text: str, cases: Iterable[tuple[int, int, str]]) -> Iterator[AnswerPart]:
    position = 0
    for start, end, who in sorted(set(cases)):
        if start >= position and end > start:
            yield _part(text, start, end, who)
            position = end


def _known(
    text: str,
    lines: list[tuple[int, int]],
    respondents: frozenset[str],
    is_answer: Callable[[str], bool],
) -> Iterator[AnswerPart]:
    """The lines that are answers, or several together that are one; who stands before or above."""
    above = ""
    number = 0
    while number < len(lines):
        start = lines[number][0]
        match = _NAMED.match(text, *lines[number])
        starts = [(start, above)]
        if match:
            starts.append((match.end(), match["who"]))
        ends = range(min(number + _LONGEST, len(lines)), number, -1)
        found = next(
            (
                (last, _part(text, begin, lines[last - 1][1], who))
                for begin, who in starts
                for last in ends
                if is_answer(text[begin : lines[last - 1][1]])
            ),
            None,
        )
        if found:
            number, part = found
            yield part
            continue
        words = [word.strip(":.#()[]") for word in text[start : lines[number][1]].split()]
        above = next((word for word in words if word in respondents), above)
        number += 1


def _part(text: str, start: int, end: int, who: str = "") -> AnswerPart:
    """The part without white space around it."""
    words = text[start:end]
    start += len(words) - len(words.lstrip())
    return AnswerPart(start, start + len(words.strip()), who, text.count("\n", 0, start) + 1)


def _lines(text: str) -> Iterator[tuple[int, int]]:
    return (match.span() for match in re.finditer(r"[^\n]*", text) if match.group())
