"""The sources of the coding that is counted: one coding per answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from themecoder.coding.cases import Case, quotes_of
from themecoder.coding.model import Coding
from themecoder.errors import InputError, Problem

ADJUDICATED, MAJORITY, CODER, SUGGESTIONS = "adjudicated", "majority", "coder", "suggestions"
FORMS = (ADJUDICATED, MAJORITY, f"{CODER}:<id>", SUGGESTIONS)
COUNTED_FROM = 0.5
"""The lowest score of a suggestion that is counted, where suggestions are counted."""


@dataclass(frozen=True, slots=True)
class CodingSource:
    """Where the codes come from.

    ``kind``: adjudicated (the decisions in annotations/adjudicated/), majority (the codes that more
    than half of an answer's coders gave), coder (those of ``coder``) or suggestions (those of a
    machine, which nobody has confirmed).
    """

    kind: str
    coder: str = ""

    @property
    def confirmed(self) -> bool:
        """Whether people coded, and not a machine."""
        return self.kind != SUGGESTIONS

    def __str__(self) -> str:
        return f"{CODER}:{self.coder}" if self.kind == CODER else self.kind


def source_of(text: str) -> CodingSource:
    """The source that ``text`` names: adjudicated, majority, coder:<id> or suggestions.

    Raises InputError for any other text.
    """
    kind, _, coder = text.partition(":")
    if (kind == CODER) == bool(coder) and kind in (ADJUDICATED, MAJORITY, CODER, SUGGESTIONS):
        return CodingSource(kind, coder)
    raise InputError(Problem("counts.source", {"found": text, "known": ", ".join(FORMS)}))


def by_majority(cases: Iterable[Case], texts: Mapping[str, str], version: str) -> list[Coding]:
    """One coding per answer: the codes that more than half of its coders gave.

    With one coder these are that coder's codes, with two those that both gave. An answer without a
    majority for any code gets no code, like one to which the coders applied none. ``texts``:
    answer_id -> the answer as typed. For the quotes see ``cases.quotes_of``.
    """
    codings = []
    for case in cases:
        times = Counter(code for vote in case.votes for code in vote.codes)
        codes = tuple(sorted(c for c, n in times.items() if 2 * n > len(case.votes)))
        codings.append(
            Coding(
                answer_id=case.answer_id,
                coder=MAJORITY,
                codebook=version,
                state="coded" if codes else "no_code",
                codes=codes,
                quotes=quotes_of(case, codes, texts),
                source={"kind": MAJORITY, "coders": [vote.coder for vote in case.votes]},
            )
        )
    return sorted(codings, key=lambda coding: coding.answer_id)


def as_codings(
    suggested: Mapping[str, Iterable[tuple[str, float]]],
    version: str,
    at_least: float = COUNTED_FROM,
) -> list[Coding]:
    """Suggestions with a score of ``at_least`` as codings, without quotes."""
    codings = []
    for answer_id, scored in sorted(suggested.items()):
        codes = tuple(sorted({code for code, score in scored if score >= at_least}))
        state = "coded" if codes else "no_code"
        codings.append(
            Coding(answer_id, SUGGESTIONS, version, state, codes, source={"kind": SUGGESTIONS})
        )
    return codings
