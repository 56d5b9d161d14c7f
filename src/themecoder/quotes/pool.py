"""What of a study's coding may be quoted at all."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from themecoder.codebook.model import Codebook
from themecoder.coding.read import coding_by_coder, codings
from themecoder.coding.source import CodingSource
from themecoder.quotes.candidates import Rules, candidates
from themecoder.quotes.model import QuoteCandidate
from themecoder.workspace.folder import StudyFolder


@dataclass(frozen=True)
class QuotePool:
    """All that may be shown of a study's coding, by code, and why the rest may not."""

    found: Mapping[str, Sequence[QuoteCandidate]]
    unfit: Mapping[tuple[str, str], str]
    answers: frozenset[str]

    def of(self, code: str) -> Sequence[QuoteCandidate]:
        """The quotes of a code, in their one order."""
        return self.found.get(code, ())


def quote_pool(
    study: StudyFolder, book: Codebook, questions: Iterable[str], source: CodingSource
) -> QuotePool:
    """The quotes of ``questions`` in the coding of ``source`` that may be shown."""
    config = study.config.quotes
    questions = list(questions)
    consent = config.consent
    groups = [study.survey.attribute(one.id) for one in study.config.attributes]
    rules = Rules(
        usable=frozenset(code.id for code in book.usable),
        version=book.version,
        quotable=None if consent is None else frozenset(study.survey.members(consent)),
        favourites=_favourites(study, questions),
        traits={
            who: frozenset(f"{one.attribute}={one.of[who]}" for one in groups if who in one.of)
            for who in study.survey.respondents
        },
        contentless=study.contentless,
        reach=config.context,
        whole=config.whole,
    )
    rows = [c for question in questions for c in codings(study, question, source, book).values()]
    found, unfit = candidates(rows, study.masked_texts(), rules)
    by_code: dict[str, list[QuoteCandidate]] = {}
    for one in found:
        by_code.setdefault(one.code, []).append(one)
    answers = frozenset(a.answer_id for question in questions for a in study.answers(question))
    return QuotePool(by_code, unfit, answers)


def _favourites(study: StudyFolder, questions: Iterable[str]) -> frozenset[str]:
    """The answers of which any coder said in the remark that they are to be quoted."""
    mark = re.compile(rf"(?<!\w){re.escape(study.config.quotes.favourite)}(?!\w)", re.IGNORECASE)
    return frozenset(
        coding.answer_id
        for question in questions
        for rows in coding_by_coder(study, question).values()
        for coding in rows
        if mark.search(coding.comment)
    )
