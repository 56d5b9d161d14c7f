"""The coding of several coders as an array: which coder gave which answer which code."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from themecoder.agreement.measures.ratings import MISSING
from themecoder.codebook.model import Code
from themecoder.coding.model import Coding
from themecoder.survey.answer_id import AnswerId


@dataclass(frozen=True, slots=True)
class LeftOut:
    """How many codings are left out of the agreement, and why.

    ``skipped``: the coder did not decide. ``stale``: a change of the codebook put the answer on the
    coder's re-code queue. ``other_version``: codings by version that are not at the codebook's own:
    they wait for ``themecoder migrate``. ``unknown``: codes, and values of codes (``code=value``),
    that the codebook does not have; None where their number is not to be shown.
    """

    skipped: int = 0
    stale: int = 0
    other_version: Mapping[str, int] = field(default_factory=dict)
    unknown: Mapping[str, int | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CodingTable:
    """``cells`` (coders, answers, codes): 1 has the code, 0 seen without it, -1 not seen.

    An answer that was seen and has no code is a row of zeros; one that was not seen is missing
    whole. ``lengths`` are the answers' in code points; ``codings`` by (place of the coder, place of
    the answer). ``valued``: those of the codes that have values.
    """

    coders: tuple[str, ...]
    answers: tuple[str, ...]
    codes: tuple[str, ...]
    cells: NDArray[np.int8]
    lengths: tuple[int, ...]
    codings: Mapping[tuple[int, int], Coding]
    left_out: LeftOut = LeftOut()
    valued: tuple[Code, ...] = ()

    @property
    def respondents(self) -> tuple[str, ...]:
        """Who gave each answer."""
        return tuple(AnswerId.parse(answer).respondent for answer in self.answers)

    @property
    def seen(self) -> NDArray[np.bool_]:
        """(coders, answers): which coder saw which answer."""
        seen = np.zeros((len(self.coders), len(self.answers)), dtype=bool)
        for place in self.codings:
            seen[place] = True
        return seen

    @property
    def doubled(self) -> int:
        """How many answers two coders or more have coded."""
        return int((self.seen.sum(axis=0) >= 2).sum())

    def where(self, keep: Callable[[Coding], bool]) -> CodingTable:
        """Only the codings that ``keep`` holds of; coders and answers without any are left out."""
        kept = {place: coding for place, coding in self.codings.items() if keep(coding)}
        return self._only(kept)

    def pair(self, first: int, second: int) -> CodingTable:
        """The codings of two coders, by place, of the answers that both coded."""
        both = self.seen[first] & self.seen[second]
        kept = {
            (coder, answer): coding
            for (coder, answer), coding in self.codings.items()
            if coder in (first, second) and both[answer]
        }
        return self._only(kept)

    def questions(self) -> tuple[str, ...]:
        return tuple(sorted({AnswerId.parse(answer).question for answer in self.answers}))

    def sets(self) -> list[list[frozenset[str] | None]]:
        """A row per coder: the codes of each answer, None where not seen."""
        rows: list[list[frozenset[str] | None]] = [[None] * len(self.answers) for _ in self.coders]
        for (coder, answer), _ in self.codings.items():
            given = np.flatnonzero(self.cells[coder, answer] == 1)
            rows[coder][answer] = frozenset(self.codes[n] for n in given)
        return rows

    def _only(self, kept: Mapping[tuple[int, int], Coding]) -> CodingTable:
        coders = sorted({coder for coder, _ in kept})
        answers = sorted({answer for _, answer in kept})
        at_coder = {place: n for n, place in enumerate(coders)}
        at_answer = {place: n for n, place in enumerate(answers)}
        cells = np.full((len(coders), len(answers), len(self.codes)), MISSING, dtype=np.int8)
        codings = {}
        for (coder, answer), coding in kept.items():
            cells[at_coder[coder], at_answer[answer]] = self.cells[coder, answer]
            codings[at_coder[coder], at_answer[answer]] = coding
        return replace(
            self,
            coders=tuple(self.coders[n] for n in coders),
            answers=tuple(self.answers[n] for n in answers),
            cells=cells,
            lengths=tuple(self.lengths[n] for n in answers),
            codings=codings,
        )


def table(
    codings: Mapping[str, Iterable[Coding]],
    codes: Sequence[str],
    version: str,
    lengths: Mapping[str, int],
    known: Iterable[str] = (),
    valued: Iterable[Code] = (),
) -> CodingTable:
    """The table of the usable codings of each coder.

    ``codings``: coder -> codings. ``codes`` are those that coders may use, all of which count, used
    or not; ``version`` is the codebook's; ``known`` are all its ids, so that retired codes are not
    counted as unknown. ``lengths``: answer_id -> code points. ``valued``: those of the codes that
    have values.
    """
    coders = tuple(sorted(codings))
    everything = set(known) | set(codes)
    skipped = stale = 0
    other: dict[str, int] = {}
    unknown: dict[str, int] = {}
    kept: list[tuple[int, Coding]] = []
    valued = tuple(valued)
    scales = {code.id: {value.id for value in code.values} for code in valued}
    for n, coder in enumerate(coders):
        for coding in codings[coder]:
            if coding.state == "skipped":
                skipped += 1
            elif coding.codebook != version:
                other[coding.codebook] = other.get(coding.codebook, 0) + 1
            elif coding.stale:
                stale += 1
            else:
                kept.append((n, coding))
                for code in set(coding.codes) - everything:
                    unknown[code] = unknown.get(code, 0) + 1
                for code, value in coding.values.items():
                    if code in scales and value not in scales[code]:
                        unknown[f"{code}={value}"] = unknown.get(f"{code}={value}", 0) + 1
    answers = tuple(sorted({coding.answer_id for _, coding in kept}))
    at_answer = {answer: n for n, answer in enumerate(answers)}
    at_code = {code: n for n, code in enumerate(codes)}
    cells = np.full((len(coders), len(answers), len(codes)), MISSING, dtype=np.int8)
    places = {}
    for n, coding in kept:
        place = at_answer[coding.answer_id]
        cells[n, place] = 0
        cells[n, place, [at_code[code] for code in coding.codes if code in at_code]] = 1
        places[n, place] = coding
    left_out = LeftOut(skipped, stale, dict(sorted(other.items())), dict(sorted(unknown.items())))
    long = tuple(lengths[answer] for answer in answers)
    whole = CodingTable(coders, answers, tuple(codes), cells, long, places, left_out, valued)
    return whole.where(lambda coding: True)
