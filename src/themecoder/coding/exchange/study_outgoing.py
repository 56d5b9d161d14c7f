"""A study's coding as it may go to other tools: by coder, or one coding per answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from themecoder.coding.exchange.beside import beside
from themecoder.coding.exchange.outgoing import Outgoing, OutgoingAnswer
from themecoder.coding.model import Coding, Quote
from themecoder.coding.quote_texts import still_there
from themecoder.coding.read import coding_by_coder, only_known, settled_coding
from themecoder.coding.source import CodingSource
from themecoder.masking.model import MaskedText
from themecoder.workspace.folder import StudyFolder


def outgoing(
    study: StudyFolder,
    questions: Sequence[str] = (),
    source: CodingSource | None = None,
    with_columns: Sequence[str] = (),
) -> tuple[Outgoing, int]:
    """The answers to ``questions`` (all) with the coding of ``source``, by coder where that is
    None, and ``with_columns`` beside them. And how many quotes stay behind, for their answers have
    changed since.

    Raises InputError for coding that can't be read or is of answers that the survey does not have.
    """
    book = study.required_codebook()
    columns = beside(study, with_columns)
    wanted = [study.question(question) for question in questions] or list(study.questions)
    masked = study.masked_texts()
    answers: list[OutgoingAnswer] = []
    codings: list[Coding] = []
    stale = 0
    for question in (question for question in study.questions if question in wanted):
        texts = {answer.answer_id: masked[answer.answer_id] for answer in study.answers(question)}
        answers += [
            OutgoingAnswer(answer.answer_id, answer.respondent_id, question, masked_text.masked)
            for answer in study.answers(question)
            for masked_text in [texts[answer.answer_id]]
        ]
        for coding in _codings(study, question, source):
            moved, left = on_masked(coding, texts[coding.answer_id])
            codings.append(moved)
            stale += left
    config = [one for one in study.config.questions if one.id in wanted]
    wordings = {one.id: one.text or one.label or one.id for one in config}
    made = Outgoing(
        study.config.id,
        study.config.title,
        study.config.interface_language,
        book,
        wordings,
        tuple(answers),
        tuple(codings),
        columns,
    )
    return made, stale


def _codings(study: StudyFolder, question: str, source: CodingSource | None) -> list[Coding]:
    if source is not None:
        settled = settled_coding(study, question, source).codings
        return [replace(settled[answer], coder=str(source)) for answer in sorted(settled)]
    by_coder = coding_by_coder(study, question)
    known = {answer.answer_id: answer for answer in study.answers(question)}
    only_known({study.paths.coding(question, who): rows for who, rows in by_coder.items()}, known)
    own = [coding for rows in by_coder.values() for coding in rows]
    return sorted(own, key=lambda coding: (coding.answer_id, coding.coder))


def on_masked(coding: Coding, answer: MaskedText) -> tuple[Coding, int]:
    """The coding with its quotes in the masked text, and how many no longer fit the answer."""
    quotes = []
    for quote in coding.quotes:
        if quote.end <= len(answer.original) and still_there(quote, answer.original):
            start, end = answer.to_masked(quote.start, quote.end)
            quotes.append(Quote(start, end, quote.code, answer.masked[start:end]))
    left = len(coding.quotes) - len(quotes)
    return replace(coding, quotes=tuple(sorted(set(quotes)))), left
