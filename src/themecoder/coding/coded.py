"""Which respondents have which codes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from themecoder.coding.cases import counts_at
from themecoder.coding.model import Coding
from themecoder.coding.settled import Settled
from themecoder.survey.answer_id import AnswerId

if TYPE_CHECKING:
    import pandas


@dataclass(frozen=True, slots=True)
class CodedQuestion:
    """A question's respondents and their codes.

    - asked: everyone who was asked, the base, in file order
    - content: those of them who gave an answer with content
    - codes: respondent -> codes, for those whose answer is coded (an empty set: nothing applies)
    - settled: how many of the answers are settled in which way
    - partly: of several questions as one, those of whom an answer with content is not coded
    - values: respondent -> code -> the id of the value that it has; of several questions as one
      there are none, for somebody may say one thing here and another there
    - answered: of several questions as one, those with content -> to which of them; respondents who
      answered other questions are not alike
    """

    question: str
    asked: tuple[str, ...]
    content: frozenset[str]
    codes: Mapping[str, frozenset[str]]
    settled: Settled = field(default_factory=Settled)
    partly: frozenset[str] = frozenset()
    answered: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def __repr__(self) -> str:
        return (
            f"CodedQuestion({self.question}: {len(self.asked)} asked,"
            f" {len(self.content)} with content, {len(self.codes)} coded)"
        )

    def to_frame(self) -> pandas.DataFrame:
        """A row per answer with content, a column per code that somebody has: 1 or 0, missing where
        the answer is not coded. Of several questions as one the rows are respondents."""
        import pandas as pd

        codes = sorted(frozenset().union(*self.codes.values()))
        respondents = [who for who in self.asked if who in self.content or who in self.codes]
        rows = [
            [int(code in self.codes[who]) if who in self.codes else None for code in codes]
            for who in respondents
        ]
        ids = respondents if self.answered else [f"{who}:{self.question}" for who in respondents]
        index = pd.Index(ids, name="respondent" if self.answered else "answer_id")
        return pd.DataFrame(rows, index=index, columns=codes, dtype="Int8")

    @property
    def uncoded(self) -> frozenset[str]:
        """Those who gave an answer with content that is not coded: each code may have so many
        more."""
        return (self.content - self.codes.keys()) | self.partly

    def having(self, codes: Collection[str]) -> frozenset[str]:
        """The respondents with at least one of ``codes``."""
        wanted = frozenset(codes)
        return frozenset(who for who, own in self.codes.items() if own & wanted)


def from_codings(
    question: str,
    asked: Sequence[str],
    content: Iterable[str],
    codings: Iterable[Coding],
    usable: Collection[str],
    version: str,
    ways: Mapping[str, str] | None = None,
) -> CodedQuestion:
    """The codes of a question's respondents, from one coding per answer.

    Skipped answers, codings under another version and codings that wait to be recoded count as not
    coded; codes that are not ``usable`` are left out. ``ways``: answer_id -> how it was settled.
    """
    allowed, base = frozenset(usable), frozenset(asked)
    counted = [coding for coding in codings if counts_at(coding, version)]
    codes = {coding.respondent: frozenset(coding.codes) & allowed for coding in counted}
    values = {c.respondent: dict(c.values) for c in counted if c.values and c.respondent in base}
    codes_in_base = {who: own for who, own in codes.items() if who in base}
    in_base = (w for answer, w in (ways or {}).items() if AnswerId.parse(answer).respondent in base)
    settled = Settled(**Counter(in_base))
    return CodedQuestion(
        question,
        tuple(asked),
        frozenset(content) & base,
        codes_in_base,
        settled,
        values=values,
    )


def pool(parts: Sequence[CodedQuestion], name: str, *, of_content: bool = False) -> CodedQuestion:
    """Several questions as one: a respondent counts once, however many of them were answered.

    The base is everyone who was asked one of them, in the order of the questions. A respondent of
    whom an answer with content is not coded is not coded, though a code that another answer has
    stays. ``of_content``: the codes of answers without content are left out, for bases of those
    with content. Otherwise "no content" at one question would count among the content of the
    others.
    """
    asked = tuple(dict.fromkeys(who for part in parts for who in part.asked))
    codes: dict[str, frozenset[str]] = {}
    answered: dict[str, tuple[str, ...]] = {}
    for part in parts:
        for who, own in part.codes.items():
            counts = not of_content or who in part.content
            codes[who] = codes.get(who, frozenset()) | (own if counts else frozenset())
        for who in part.content:
            answered[who] = (*answered.get(who, ()), part.question)
    content = frozenset().union(*(part.content for part in parts))
    uncoded = frozenset().union(*(part.uncoded for part in parts))
    settled = sum((part.settled for part in parts), Settled())
    return CodedQuestion(name, asked, content, codes, settled, uncoded, answered)
