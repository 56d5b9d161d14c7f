"""What changes of a study's draft would do to its counts and agreement; nothing is changed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from themecoder.codebook.changes import Change, Merge, Redefine, Split
from themecoder.codebook.draft import Draft
from themecoder.codebook.model import Codebook
from themecoder.coding.read import source_for
from themecoder.coding.source import CodingSource
from themecoder.errors import InputError, Problem
from themecoder.themes.code_texts import code_texts
from themecoder.whatif.carried import (
    StudyCoding,
    carried,
    counted,
    exact_part,
    having_code,
    study_coding,
)
from themecoder.whatif.examples import named_examples
from themecoder.whatif.merging import merging
from themecoder.whatif.model import Note, Outcome, Tried, WhatIf
from themecoder.whatif.redefining import redefining
from themecoder.whatif.splitting import Named, splitting
from themecoder.whatif.trial import Trial
from themecoder.workspace.folder import StudyFolder

FEWEST_CODED = 6
"""The answers with a code below which nothing can be learned of how it was used."""


def tried_changes(draft: Draft) -> list[Tried]:
    """The changes of a draft that move codings."""
    gone = {code.id for code in draft.book.codes if code.retired}
    return [
        change
        for change in draft.book.changes
        if isinstance(change, Merge | Split)
        or (isinstance(change, Redefine) and change.recode and change.code not in gone)
    ]


def what_if(
    study: StudyFolder,
    draft: Draft,
    changes: Sequence[Change],
    examples: Sequence[str] = (),
    source: str | None = None,
) -> WhatIf:
    """The outcomes of ``changes`` of ``draft``, each by itself, of the coding of ``source``.

    ``examples``: of the parts of a split, each ``part=answer_id``. Raises InputError with all that
    keeps an outcome from being told: no release or no coding of it, a change that moves nothing,
    and examples that are none or too few.
    """
    base = _base(study, draft)
    counts = source_for(study, source)
    if not counts.confirmed:
        raise InputError(Problem("whatif.people_only", {"source": str(counts)}))
    wanted = [change for change in tried_changes(draft) if change in changes]
    if not wanted:
        raise InputError(Problem("whatif.nothing_to_try", file=study.codebooks.file("draft")))
    coding = study_coding(study, study.questions)
    behind = coding.behind(base.version)
    trial, after = _trial(study, draft, base, counts, coding)
    named: dict[Split, Named] = {}
    problems = []
    if examples and not any(isinstance(change, Split) for change in wanted):
        problems.append(Problem("whatif.examples_without_split"))
    for change in wanted:
        match change:
            case Split():
                named[change], own = _examples(trial, after, change, examples)
                problems += own
            case Redefine():
                problems += _untold(trial, change)
    if problems:
        raise InputError(problems)
    outcomes = []
    for change in wanted:
        match change:
            case Merge():
                found = merging(trial, change)
            case Split():
                found = splitting(trial, change, named[change])
            case Redefine():
                found = redefining(trial, change)
        outcomes.append(_noted(found, trial, behind))
    return WhatIf(base.version, str(counts), tuple(outcomes))


def answers_to_divide(study: StudyFolder, draft: Draft, change: Split, n: int) -> list[str]:
    """Up to ``n`` of the answers with content that have the code of a split, drawn by chance, so
    that examples which are taken from them as they come stand for all."""
    base = _base(study, draft)
    book, steps = exact_part(draft)
    coding = carried(study_coding(study, study.questions), base.version, book.version, steps)
    having = having_code(coding, change.code, book.version)
    says = {
        one.answer_id
        for question in study.questions
        for one in study.answers(question)
        if not study.contentless(one.text)
    }
    found = sorted(having & says)
    random = np.random.default_rng([study.config.seed, *map(ord, change.code)])
    return [found[place] for place in random.permutation(len(found))[:n].tolist()]


def _base(study: StudyFolder, draft: Draft) -> Codebook:
    if draft.base is None:
        raise InputError(Problem("codebook.nothing_released", file=study.codebooks.folder))
    pinned = study.config.codebook.version if study.config.codebook else None
    if pinned not in (None, draft.base.version):
        params = {"version": pinned, "newest": draft.base.version}
        raise InputError(Problem("whatif.other_version", params, file=study.paths.config))
    return draft.base


def _trial(
    study: StudyFolder,
    draft: Draft,
    base: Codebook,
    source: CodingSource,
    coding: StudyCoding,
) -> tuple[Trial, StudyCoding]:
    """What outcomes are worked out from, and the ``coding`` under the draft."""
    before = counted(study, coding, source, base)
    if not any(question.codes for question in before.questions.values()):
        params = {"source": str(source), "version": base.version}
        raise InputError(Problem("whatif.no_coding", params, file=study.paths.annotations))
    book, steps = exact_part(draft)
    after = carried(coding, base.version, book.version, steps)
    return Trial(study, base, before, book, counted(study, after, source, book)), after


def _examples(
    trial: Trial, after: StudyCoding, change: Split, texts: Sequence[str]
) -> tuple[Named, list[Problem]]:
    having = having_code(after, change.code, trial.book.version) & trial.rows.keys()
    masked = trial.study.masked_texts()
    return named_examples(
        texts,
        change,
        trial.rows,
        having,
        trial.book,
        {answer: masked[answer].masked for answer in sorted(having)},
    )


def _untold(trial: Trial, change: Redefine) -> list[Problem]:
    """Why nothing can be told of a redefinition, if so."""
    before, after = (
        [piece for piece in code_texts(book) if piece.code == change.code]
        for book in (trial.base, trial.book)
    )
    if before == after or not before or not after:
        return [Problem("whatif.same_texts", {"code": change.code})]
    n = int(trial.coding([change.code]).given.sum())
    if n < FEWEST_CODED:
        params = {"code": change.code, "n": n, "least": FEWEST_CODED}
        return [Problem("whatif.too_few_coded", params)]
    return []


def _noted(found: Outcome, trial: Trial, behind: int) -> Outcome:
    notes = list(found.notes)
    if not trial.after.cells.doubled:
        notes.append(Note("one_coder"))
    if behind:
        notes.append(Note("behind", {"n": behind, "version": trial.base.version}))
    return Outcome(
        found.change,
        found.exact,
        found.counts,
        found.agreement if trial.after.cells.doubled else (),
        tuple(notes),
        found.moving,
        found.answers,
    )
