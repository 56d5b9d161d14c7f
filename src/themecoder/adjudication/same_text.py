"""Answers whose text is the same and whose codes are not: nothing in the answer explains that."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from themecoder.coding.cases import Case
from themecoder.coding.model import Coding


@dataclass(frozen=True, slots=True)
class CodedAnswer:
    """An answer with the codes of each coder, and those of the decision where one stands.

    ``open``: somebody must still decide on it, see ``Case.open``.
    """

    answer_id: str
    codes: Mapping[str, frozenset[str]]
    decision: frozenset[str] | None
    open: bool


@dataclass(frozen=True, slots=True)
class SameText:
    """Two answers or more of one text, sorted by answer_id, that have not all the same codes."""

    answers: tuple[CodedAnswer, ...]

    @property
    def settled(self) -> bool:
        """Whether all are decided alike, so that only the coders' own codings still differ."""
        decisions = {answer.decision for answer in self.answers}
        return (
            len(decisions) == 1
            and None not in decisions
            and not any(answer.open for answer in self.answers)
        )

    @property
    def coders(self) -> list[str]:
        return sorted({coder for answer in self.answers for coder in answer.codes})


def normalised(text: str) -> str:
    """What of a text is compared: without white space around it, with one space for each run of
    white space, and without regard to case; nothing more."""
    return " ".join(text.split()).casefold()


def same_texts(
    cases: Iterable[Case],
    decisions: Iterable[Coding],
    texts: Mapping[str, str],
    codes: Collection[str],
    version: str,
) -> list[SameText]:
    """The texts of several answers to one question that are not coded the same everywhere.

    Every coder's codes of every such answer and those of its decision are compared, so that two
    coders differ here, or one coder with an earlier self, or a decision with a coder or a decision.
    Decisions count as codings do: under ``version``, not waiting to be recoded, and of the
    usable ``codes``. ``texts``: answer_id -> the answer as typed. What is not settled comes first,
    then what the most answers share.
    """
    usable = frozenset(codes)
    decided = {
        decision.answer_id: frozenset(decision.codes) & usable
        for decision in decisions
        if decision.state != "skipped" and decision.codebook == version and not decision.stale
    }
    by_answer = {case.answer_id: case for case in cases}
    by_text: dict[str, list[CodedAnswer]] = {}
    for answer in sorted({*by_answer, *decided} & texts.keys()):
        case = by_answer.get(answer)
        votes = {vote.coder: vote.codes for vote in case.votes} if case else {}
        coded = CodedAnswer(answer, votes, decided.get(answer), case is not None and case.open)
        by_text.setdefault(normalised(texts[answer]), []).append(coded)
    found = [SameText(tuple(same)) for same in by_text.values() if len(same) > 1 and _differ(same)]
    return sorted(found, key=lambda s: (s.settled, -len(s.answers), s.answers[0].answer_id))


def _differ(answers: Iterable[CodedAnswer]) -> bool:
    sets = {codes for answer in answers for codes in answer.codes.values()}
    sets |= {answer.decision for answer in answers if answer.decision is not None}
    return len(sets) > 1
