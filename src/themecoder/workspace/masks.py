"""A study's masks as a person looks at them: decided one by one, step by step on all answers, or
written out to be read."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from themecoder.masking.decisions import Decision, apply_decisions
from themecoder.masking.doubt import MISSED, doubt
from themecoder.masking.missed import possibly_missed
from themecoder.masking.model import Mask, MaskedText
from themecoder.masking.review import (
    MaskInContext,
    Reply,
    WholeAnswer,
    look_through,
    review,
)
from themecoder.masking.steps import MaskStep
from themecoder.masking.store import write_mask_decisions
from themecoder.storage.atomic import no_formula, write_csv, write_text
from themecoder.workspace.folder import StudyFolder

_STEPS_KEPT = 200


@dataclass(frozen=True, slots=True)
class AnswerToCheck:
    """An answer with its masks. ``decided``: the places of masks that a person decided on;
    ``missed``: words that may have been missed; ``doubt``: how much there is to look at, from 0."""

    answer_id: str
    text: MaskedText
    decided: frozenset[tuple[int, int]]
    missed: tuple[Mask, ...]
    doubt: int

    @property
    def open(self) -> bool:
        """Whether something in it waits for a person."""
        return self.doubt > 0


def review_masks(
    study: StudyFolder,
    ask: Callable[[MaskInContext], Reply],
    look: Callable[[WholeAnswer], Reply] | None = None,
) -> int:
    """Put every undecided mask, and every word that may have been missed, before a person and keep
    the decisions; returns how many. ``look`` is shown each answer in which is neither, after them.

    Each reply is kept at once, so that nothing is lost when the review is broken off. A review that
    came to its end leaves the file of decisions also where there was nothing to decide.
    """
    stopped = False

    def noted(reply: Reply) -> Reply:
        nonlocal stopped
        stopped = reply.choice == "stop"
        return reply

    decisions = {(d.answer_id, d.start, d.end): d for d in study.mask_decisions()}
    before = len(decisions)

    def keep(made: Iterable[Decision]) -> None:
        for decision in made:
            decisions[decision.answer_id, decision.start, decision.end] = decision
            write_mask_decisions(study.paths.mask_decisions, decisions.values())

    answers = answers_to_check(study)
    missed = {one.answer_id: one.missed for one in answers}
    masked = study.masked_texts()
    known = list(decisions.values())
    keep(review(masked, known, lambda item: noted(ask(item)), missed=missed))
    if look is not None and not stopped:
        plain = {one.answer_id: one.text for one in answers if not (one.text.masks or one.missed)}
        keep(look_through(plain, lambda answer: noted(look(answer))))
    if not stopped:
        write_mask_decisions(study.paths.mask_decisions, decisions.values())
    study.forget_masks()
    return len(decisions) - before


def possibly_missed_in(study: StudyFolder, question: str) -> dict[str, tuple[Mask, ...]]:
    """answer_id -> words that the rules left and that may tell who somebody is."""
    return possibly_missed(study.found_masks([question]))


def missed_words(
    study: StudyFolder, questions: Iterable[str] | None = None
) -> dict[str, tuple[Mask, ...]]:
    """The words that may have been missed in the answers to ``questions``, else in all."""
    asked = study.questions if questions is None else questions
    return {
        answer_id: words
        for question in asked
        for answer_id, words in study.once_of_answers(possibly_missed_in, question).items()
    }


def answers_to_check(
    study: StudyFolder, questions: Iterable[str] | None = None
) -> list[AnswerToCheck]:
    """All answers (to ``questions``), those with most to doubt first; by their text where there is
    as much."""
    by_answer: dict[str, list[Decision]] = {}
    for one in study.mask_decisions():
        by_answer.setdefault(one.answer_id, []).append(one)
    asked = study.questions if questions is None else list(questions)
    found = [
        _decided(one, by_answer[one.answer_id]) if one.answer_id in by_answer else one
        for question in asked
        for one in study.once_of_answers(_undecided, question)
    ]
    return sorted(found, key=lambda one: (-one.doubt, one.text.original, one.answer_id))


def _undecided(study: StudyFolder, question: str) -> list[AnswerToCheck]:
    """The answers to a question as they are before anything was decided on them, sorted."""
    missed = study.once_of_answers(possibly_missed_in, question)
    found = [
        _to_check(answer_id, text, frozenset(), missed.get(answer_id, ()))
        for answer_id, text in study.found_masks([question]).items()
    ]
    return sorted(found, key=lambda one: (-one.doubt, one.text.original, one.answer_id))


def _decided(answer: AnswerToCheck, decisions: Sequence[Decision]) -> AnswerToCheck:
    text, _ = apply_decisions(answer.answer_id, answer.text, decisions)
    places = frozenset((one.start, one.end) for one in decisions)
    return _to_check(answer.answer_id, text, places, answer.missed)


def _to_check(
    answer_id: str,
    text: MaskedText,
    decided: frozenset[tuple[int, int]],
    missed: Sequence[Mask],
) -> AnswerToCheck:
    seen = [*decided, *((mask.start, mask.end) for mask in text.masks)]
    left = tuple(
        word
        for word in missed
        if not any(start < word.end and word.start < end for start, end in seen)
    )
    open_masks = [doubt(m) + 1 for m in text.masks if (m.start, m.end) not in decided]
    most = max([*open_masks, *([MISSED + 1] if left else [])], default=0)
    return AnswerToCheck(answer_id, text, decided, left, most)


def take_mask_step(
    study: StudyFolder,
    step: Callable[[StudyFolder], MaskStep],
) -> tuple[StudyFolder, MaskStep]:
    """Carry out what ``step`` makes of the study as it is now; the study after it, and the step.

    It is kept, so that ``take_back_mask_step`` finds it.
    """
    with study.locked():
        now = study.with_new_decisions()  # another may have decided since this one was opened
        made = step(now)
        _write(now, made.applied(now.mask_decisions()))
        kept = [*_kept_steps(now), made] if made.put or made.drop else _kept_steps(now)
        _keep_steps(now, kept)
    return now.with_new_decisions(), made


def take_back_mask_step(study: StudyFolder) -> tuple[StudyFolder, MaskStep | None]:
    """Take the last step back; None where there is none. Raises InputError where it was decided
    otherwise meanwhile: nothing is changed then."""
    with study.locked():
        kept = _kept_steps(study)
        if not kept:
            return study, None
        last = kept[-1]
        _write(study, last.reverse.applied(study.mask_decisions()))
        _keep_steps(study, kept[:-1])
    return study.with_new_decisions(), last


def masks_are_checked(study: StudyFolder) -> None:
    """Keep that a person has looked at all answers, also where there was nothing to decide."""
    with study.locked():
        _write(study, study.mask_decisions())


def steps_to_take_back(study: StudyFolder) -> int:
    return len(_kept_steps(study))


def _write(study: StudyFolder, decisions: Sequence[Decision]) -> None:
    write_mask_decisions(study.paths.mask_decisions, decisions)


def _kept_steps(study: StudyFolder) -> list[MaskStep]:
    """The steps that can be taken back; none where they can't be read."""
    try:
        entries = json.loads(study.paths.mask_steps.read_text(encoding="utf-8"))
        return [
            MaskStep(*(tuple(Decision(**one) for one in entry[side]) for side in ("put", "drop")))
            for entry in entries
        ]
    except (OSError, ValueError, TypeError, KeyError):
        return []


def _keep_steps(study: StudyFolder, steps: Sequence[MaskStep]) -> None:
    entries = [asdict(step) for step in steps[-_STEPS_KEPT:]]
    write_text(study.paths.mask_steps, json.dumps(entries) + "\n")


def write_masked(study: StudyFolder, file: Path) -> None:
    """Write ``answer_id, masked`` for every answer, as CSV that no spreadsheet runs."""
    texts = study.masked_texts()
    rows = ((answer_id, no_formula(texts[answer_id].masked)) for answer_id in sorted(texts))
    write_csv(file, ("answer_id", "masked"), rows)
