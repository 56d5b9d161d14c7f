"""The answers that a person names as examples of the parts of a code."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from themecoder.codebook.changes import Split
from themecoder.codebook.model import Codebook
from themecoder.errors import Problem
from themecoder.output.did_you_mean import did_you_mean

FEWEST = 2
"""Examples of each part: with one held back there is one to go by."""


def named_examples(
    texts: Sequence[str],
    change: Split,
    known: Collection[str],
    having: Collection[str],
    book: Codebook,
    masked: Mapping[str, str],
) -> tuple[dict[str, frozenset[str]], list[Problem]]:
    """answer_id -> the parts of which it is an example, and everything that is wrong.

    ``texts``: as typed, ``part=answer_id``. Sentences among the examples of a part in ``book`` that
    are ``having`` answers' own words name that answer, where it is one only. ``known``: the ids of
    all answers with content; ``having``: those to which somebody gave the code; ``masked``: the
    words of these.
    """
    found: dict[str, set[str]] = {}
    problems = []
    for text in texts:
        part, sign, answer = (piece.strip() for piece in text.partition("="))
        params = {"found": text, "code": change.code, "parts": ", ".join(change.into)}
        if not sign or not answer:
            problems.append(Problem("whatif.example_form", params))
        elif part not in change.into:
            problems.append(Problem("whatif.example_part", params | {"part": part}))
        elif answer not in known:
            near = did_you_mean(answer, sorted(having))
            problems.append(Problem("whatif.example_answer", params | {"near": near}))
        elif answer not in having:
            problems.append(Problem("whatif.example_without", params | {"answer": answer}))
        else:
            found.setdefault(answer, set()).add(part)
    for part in change.into:
        for answer in _quoted(book, part, masked):
            found.setdefault(answer, set()).add(part)
    if problems:
        return {}, problems
    for part in change.into:
        n = sum(part in parts for parts in found.values())
        if n < FEWEST:
            lacking = {"part": part, "n": n, "more": FEWEST - n, "code": change.code}
            problems.append(Problem("whatif.too_few_examples", lacking))
    return {answer: frozenset(parts) for answer, parts in sorted(found.items())}, problems


def _quoted(book: Codebook, part: str, masked: Mapping[str, str]) -> list[str]:
    code = book.find(part)
    answers = []
    for example in code.examples if code else ():
        own = [answer for answer, text in masked.items() if example.text in text]
        if len(own) == 1:
            answers += own
    return answers
