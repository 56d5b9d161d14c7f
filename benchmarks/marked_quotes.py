"""Which part of an answer carries a code: the segment that is marked against people's quotes.

    python benchmarks/marked_quotes.py
    python benchmarks/marked_quotes.py --smallest    that every part runs; no figures

The shipped study's answers of two segments and more, and what the simulated coder_a marked there.
A mark is right where most of the quote of the code lies in the segment. Of answers that are coded
the segment is chosen by what was learned without their respondents' part, as coders are shown it.

chance: a segment at random; longest: always the longest one; codebook: nothing is coded; all: all
of coder_a's coding is learned from.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from themecoder.coding.annotations import read_codings
from themecoder.coding.model import Coding
from themecoder.coding.suggestions.study_suggestions import LearnedCodes, learned_codes
from themecoder.study import Study

ROOT = Path(__file__).parents[1]
Marks = list[tuple[list[int], int, int]]
"""Of each quote: the segments of its answer, the column of its code, the segment it is in."""


def marks(study: Study, learned: LearnedCodes, codings: Sequence[Coding]) -> Marks:
    masked = study.masked_texts()
    of_answer: dict[str, list[int]] = {}
    for place, segment in enumerate(learned.segments):
        of_answer.setdefault(segment.answer_id, []).append(place)
    found: Marks = []
    for coding in codings:
        own = of_answer.get(coding.answer_id, [])
        for quote in coding.quotes if len(own) > 1 else ():
            if quote.code not in learned.codes:
                continue
            start, end = masked[coding.answer_id].to_masked(quote.start, quote.end)
            for place in own:
                segment = learned.segments[place]
                if 2 * (min(end, segment.end) - max(start, segment.start)) > end - start:
                    found.append((own, learned.codes.index(quote.code), place))
    return found


def share(found: Marks, choose: Callable[[list[int], int], int]) -> float:
    return float(np.mean([choose(own, column) == right for own, column, right in found]))


def best(learned: LearnedCodes) -> Callable[[list[int], int], int]:
    return lambda own, column: max(own, key=lambda place: learned.of_segments[place, column])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--smallest", action="store_true")
    smallest = parser.parse_args().smallest
    study = Study.open(ROOT)
    by_coder = {
        f"{question} coder_a": read_codings(study.paths.coding(question, "coder_a"))
        for question in study.questions[: 1 if smallest else None]
    }
    alone, coded = learned_codes(study, {}), learned_codes(study, by_coder)
    assert alone is not None and coded is not None
    found = marks(study, coded, [one for rows in by_coder.values() for one in rows])

    def longest(own: list[int], _: int) -> int:
        return max(own, key=lambda place: len(coded.segments[place].text))

    chance = float(np.mean([1 / len(own) for own, _, _ in found]))
    print("| quotes | chance | longest | codebook | all |")
    print("|--:|--:|--:|--:|--:|")
    shares = (chance, share(found, longest), share(found, best(alone)), share(found, best(coded)))
    print(f"| {len(found)} | " + " | ".join(f"{one:.3f}" for one in shares) + " |")


if __name__ == "__main__":
    main()
