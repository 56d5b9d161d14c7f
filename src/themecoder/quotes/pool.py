"""The quotes in a study's coding that may be shown."""

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
    """All quotes that may be shown by code, (code, answer_id) -> why others may not, and the ids of
    all answers."""

    quotes: Mapping[str, Sequence[QuoteCandidate]]
    unfit: Mapping[tuple[str, str], str]
    answers: frozenset[str]

    def of(self, code: str) -> Sequence[QuoteCandidate]:
        """The quotes of a code, sorted by ``QuoteCandidate.place``."""
        return self.quotes.get(code, ())


def quote_pool(
    study: StudyFolder, book: Codebook, questions: Iterable[str], source: CodingSource
) -> QuotePool:
    """The quotes of ``questions`` in the coding of ``source`` that may be shown."""
    config = study.config.quotes
    questions = list(questions)
    consent = config.consent
    groups = [study.survey.attribute(attribute.id) for attribute in study.config.attributes]
    rules = Rules(
        usable=frozenset(code.id for code in book.usable),
        version=book.version,
        quotable=None if consent is None else frozenset(study.survey.members(consent)),
        favourites=_favourites(study, questions),
        traits={
            who: frozenset(
                f"{attribute.attribute}={attribute.of[who]}"
                for attribute in groups
                if who in attribute.of
            )
            for who in study.survey.respondents
        },
        contentless=study.contentless,
        reach=config.context,
        whole=config.whole,
    )
    rows = [
        coding
        for question in questions
        for coding in codings(study, question, source, book).values()
    ]
    quotes, unfit = candidates(rows, study.masked_texts(), rules)
    by_code: dict[str, list[QuoteCandidate]] = {}
    for quote in quotes:
        by_code.setdefault(quote.code, []).append(quote)
    answers = frozenset(
        answer.answer_id for question in questions for answer in study.answers(question)
    )
    return QuotePool(by_code, unfit, answers)


def _favourites(study: StudyFolder, questions: Iterable[str]) -> frozenset[str]:
    """The answers that any coder marked in the remark as ones to quote."""
    mark = re.compile(rf"(?<!\w){re.escape(study.config.quotes.favourite)}(?!\w)", re.IGNORECASE)
    return frozenset(
        coding.answer_id
        for question in questions
        for rows in coding_by_coder(study, question).values()
        for coding in rows
        if mark.search(coding.comment)
    )
