"""The human-coded random part of a question: what of its coding may put a machine's codes right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from themecoder.codebook.model import Codebook
from themecoder.coding.cases import counts_at
from themecoder.coding.coded import CodedQuestion
from themecoder.coding.plan import Planned
from themecoder.coding.random_part import random_part
from themecoder.coding.read import coded, coding_by_coder, settled_coding
from themecoder.coding.settled import OPEN
from themecoder.coding.source import CODER, CodingSource
from themecoder.errors import InputError, Problem
from themecoder.survey.answer_id import AnswerId
from themecoder.workspace.folder import StudyFolder

_LOST = 0.05
"""The share of the random part that may be without a coding, as of skipped answers: these are no
random ones."""


@dataclass(frozen=True, slots=True)
class HumanPart:
    """``part``: the coding of a question, of which those with content are coded only in the random
    part; ``whole``: all of it. ``waves``: respondent -> in which wave the answer came in, of those
    with content. ``lost``: answers of the random part of which there is no coding; ``behind``:
    coded answers that don't belong to it."""

    part: CodedQuestion
    whole: CodedQuestion
    waves: Mapping[str, int]
    lost: int
    behind: int


def human_part(
    study: StudyFolder, question: str, source: CodingSource, book: Codebook, plan: Sequence[Planned]
) -> HumanPart:
    """The random part by the ``plan``, or by everything being coded; ``source`` settles answers.

    Raises InputError with all that keeps the coding from being a random part, and with what to do.
    """
    settled = settled_coding(study, question, source, book)
    whole = coded(study, question, source, book)
    answers = {str(AnswerId(who, question)): who for who in whole.content}
    done = {a for a, coding in settled.codings.items() if counts_at(coding, book.version)}
    skipped = {a for a, coding in settled.codings.items() if coding.state == "skipped"}
    left = answers.keys() - done - skipped
    if not left and len(answers.keys() - done) <= _LOST * len(answers):
        reached, behind = frozenset(answers), 0
        waves: Mapping[str, int] = dict.fromkeys(answers, 0)
    else:
        rows = [row for row in plan if row.question == question]
        found = random_part(rows, answers, _seen(study, question, source, book), study.config.seed)
        reached, waves, behind = found.drawn | found.passed_over, found.waves, found.ahead
        _require_random(question, rows, found.other_order, answers, waves, reached)
    _require_settled(question, source, reached, done, settled.ways)
    drawn = {answers[answer] for answer in reached & done}
    return HumanPart(
        replace(
            whole,
            codes={
                who: own
                for who, own in whole.codes.items()
                if who in drawn or who not in whole.content
            },
        ),
        whole,
        {answers[answer]: wave for answer, wave in waves.items()},
        len(reached - done),
        behind,
    )


def _seen(
    study: StudyFolder, question: str, source: CodingSource, book: Codebook
) -> dict[str, set[str]]:
    """coder -> what they coded or skipped, of the coders whose order of coding matters."""
    return {
        coder: {c.answer_id for c in rows if c.state == "skipped" or counts_at(c, book.version)}
        for coder, rows in coding_by_coder(study, question).items()
        if source.kind != CODER or coder == source.coder
    }


def _require_random(
    question: str,
    rows: Sequence[Planned],
    other_order: Sequence[str],
    answers: Mapping[str, str],
    waves: Mapping[str, int],
    reached: frozenset[str],
) -> None:
    if not rows:
        raise InputError(Problem("ppi.no_plan", {"question": question}))
    if other_order:
        params = {"question": question, "coders": ", ".join(other_order)}
        raise InputError(Problem("ppi.other_order", params))
    if unplanned := len(answers.keys() - waves.keys()):
        raise InputError(Problem("ppi.unplanned", {"question": question, "n": unplanned}))
    if not reached:
        raise InputError(Problem("ppi.nothing", {"question": question}))
    later = set(waves.values()) - {waves[answer] for answer in reached}
    if later:
        n = sum(wave in later for wave in waves.values())
        raise InputError(Problem("ppi.later", {"question": question, "n": n}))


def _require_settled(
    question: str,
    source: CodingSource,
    reached: frozenset[str],
    done: set[str],
    ways: Mapping[str, str],
) -> None:
    """That somebody differed over an answer, or skipped it, is no chance."""
    params = {"question": question, "source": str(source), "of": len(reached)}
    lost = reached - done
    undecided = [answer for answer in lost if ways.get(answer) == OPEN]
    if undecided:
        raise InputError(Problem("ppi.open", params | {"n": len(undecided)}))
    if len(lost) > _LOST * len(reached):
        raise InputError(Problem("ppi.lost", params | {"n": len(lost)}))
