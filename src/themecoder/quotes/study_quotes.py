"""A study's quotes: from its coding and a person's choices to what is shown, and its files."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

import numpy as np

from themecoder.codebook.model import Code, Codebook
from themecoder.coding.read import source_for
from themecoder.coding.source import CodingSource
from themecoder.embeddings.cache import embed
from themecoder.embeddings.encoders import open_encoder
from themecoder.embeddings.space import Vectors, combine
from themecoder.errors import InputError, Problem
from themecoder.output.did_you_mean import did_you_mean
from themecoder.progress import running
from themecoder.quotes.choices import RETIRED, Choices, UnresolvedChoice, resolve
from themecoder.quotes.choose import choose
from themecoder.quotes.chosen import read_choices, unresolved_problem
from themecoder.quotes.disclosure import AttributeDisclosure
from themecoder.quotes.formats.files import FORMATS, quote_files
from themecoder.quotes.likeness import word_vectors
from themecoder.quotes.model import QuoteCandidate, Quotes, QuoteSection, SelectedQuote
from themecoder.quotes.pool import QuotePool, quote_pool
from themecoder.storage.atomic import write_together
from themecoder.survey.answer_id import AnswerId
from themecoder.workspace.folder import StudyFolder


def study_quotes(
    study: StudyFolder,
    codes: Sequence[str] = (),
    questions: Sequence[str] = (),
    source: CodingSource | None = None,
    per_code: int | None = None,
) -> Quotes:
    """See ``Study.quotes``. Quotes are chosen for every code, whichever are asked for: who is
    quoted for a code must not depend on the others that were asked for."""
    book = study.required_codebook()
    asked_codes = _asked_codes(book, codes)
    if per_code is not None and per_code < 1:
        raise InputError(Problem("quotes.per_code", {"found": per_code}))
    picks = read_choices(study, book)
    chosen_questions = [study.question(question) for question in questions] or list(study.questions)
    coding = source or source_for(study)
    pool = quote_pool(study, book, chosen_questions, coding)
    config = study.config
    disclosure = AttributeDisclosure(
        [study.survey.attribute(name) for name in config.quotes.attributes],
        frozenset(attribute.id for attribute in config.attributes if attribute.bands),
        {question: study.survey.asked(question) for question in chosen_questions},
        config.report.smallest_cell,
    )
    meaning = _quote_vectors(study, pool)
    resolved, lost = _resolve_choices(study, book, picks, pool, chosen_questions)
    # whom a person wants quoted in one section, the rule does not quote in another
    quoted = {quote.respondent for quotes in resolved.values() for quote in quotes}
    labels = {group.id: group.label for group in book.groups}
    sections = {}
    for code in _codes_in_order(book):
        of_code = pool.of(code.id)
        never = picks.get(code.id, Choices()).unwanted
        taken = choose(
            of_code,
            meaning[code.id],
            per_code or config.quotes.per_code,
            wanted=resolved.get(code.id, ()),
            never=never,
            quoted=quoted,
        )
        quoted |= {quote.respondent for quote, _ in taken}
        chosen = {quote.place for quote, _ in taken}
        allowed = [quote for quote in of_code if quote.answer_id not in never]
        sections[code.id] = QuoteSection(
            code.id,
            code.label,
            labels.get(code.group, ""),
            tuple(
                _selected(quote, disclosure, n, who)
                for n, (quote, who) in enumerate(taken, start=1)
            ),
            tuple(_selected(quote, disclosure) for quote in allowed if quote.place not in chosen),
            len({quote.respondent for quote in allowed}),
        )
    return Quotes(
        title=config.title,
        source=str(coding),
        confirmed=coding.confirmed,
        codebook=book.version,
        consent=config.quotes.consent is not None,
        smallest=config.report.smallest_cell,
        sections=tuple(
            sections[code.id] for code in _codes_in_order(book) if code.id in asked_codes
        ),
        attributes=tuple(
            (attribute.attribute, attribute.label) for attribute in disclosure.attributes
        ),
        questions={question: config.question(question).label for question in chosen_questions},
        synthetic=config.synthetic or "",
        left_out=_answers_by_reason(pool.unfit, asked_codes),
        lost=tuple(unresolved_problem(study, choice) for choice in lost),
    )


def write_quotes(
    study: StudyFolder, quotes: Quotes, formats: Collection[str] = (), everything: bool = False
) -> list[Path]:
    """See ``Study.write_quotes``."""
    check_formats(formats)
    contents = quote_files(quotes, study.config.interface_language, formats or FORMATS, everything)
    folder = study.paths.reports
    folder.mkdir(parents=True, exist_ok=True)
    write_together(folder, contents)
    return [folder / name for name in contents]


def check_formats(formats: Collection[str]) -> None:
    """Raises InputError for each of ``formats`` that quotes can't be written in."""
    unknown = [name for name in formats if name not in FORMATS]
    if unknown:
        params = {"known": ", ".join(FORMATS)}
        raise InputError([Problem("quotes.format", {"found": name, **params}) for name in unknown])


def _asked_codes(book: Codebook, codes: Sequence[str]) -> Collection[str]:
    """The codes that are asked for; by default all but the exclusive ones, which say that nothing
    applies."""
    known = [code.id for code in book.usable]
    unknown = [code for code in codes if code not in known]
    if unknown:
        raise InputError(
            [
                Problem("quotes.no_code", {"code": c, "known": did_you_mean(c, known)})
                for c in unknown
            ]
        )
    return frozenset(codes or (code.id for code in book.usable if not code.exclusive))


def _codes_in_order(book: Codebook) -> list[Code]:
    return [code for _, codes in book.by_group for code in codes if not code.retired]


def _quote_vectors(study: StudyFolder, pool: QuotePool) -> dict[str, Vectors]:
    """code -> (n, d) vectors of its quotes: by meaning or by words, as study.toml says."""
    texts = {quote.passage.quote for quotes in pool.quotes.values() for quote in quotes}
    unique = sorted(texts)
    if study.config.quotes.diversity == "words" or not unique:
        vectors = word_vectors(unique)
    else:
        store = study.paths.vectors_cache
        blocks = []
        for name in study.config.mining.encoders:
            encoder = open_encoder(name)
            with running(study.progress, "embed", encoder.name):
                blocks.append(embed(unique, encoder, store, study.progress.advance, study.notice))
        vectors = combine(blocks)
    place = {text: n for n, text in enumerate(unique)}
    empty = np.zeros((0, vectors.shape[1]), dtype=np.float32)
    by_code = {
        code: vectors[np.array([place[quote.passage.quote] for quote in quotes], dtype=np.int64)]
        for code, quotes in pool.quotes.items()
    }
    book = study.required_codebook()
    return {code.id: by_code.get(code.id, empty) for code in book.usable}


def _resolve_choices(
    study: StudyFolder,
    book: Codebook,
    picks: Mapping[str, Choices],
    pool: QuotePool,
    questions: Collection[str],
) -> tuple[dict[str, list[QuoteCandidate]], list[UnresolvedChoice]]:
    """code -> the quotes that a person wants, and the choices that can't be shown."""
    resolved: dict[str, list[QuoteCandidate]] = {}
    lost: list[UnresolvedChoice] = []
    for name, choices in picks.items():
        code = book.find(name)
        here = [
            choice
            for choice in choices.choose
            if AnswerId.parse(choice.answer_id).question in questions
        ]
        if code is not None and code.retired:
            lost += [UnresolvedChoice(name, choice, RETIRED) for choice in here]
            continue
        resolved[name], missing = resolve(name, here, pool.of(name), pool.unfit, pool.answers)
        lost += missing
    return resolved, sorted(lost, key=lambda unresolved: unresolved.choice.row or 0)


def _answers_by_reason(
    unfit: Mapping[tuple[str, str], str], codes: Collection[str]
) -> dict[str, int]:
    """reason -> the number of answers with one of ``codes`` of which nothing may be shown."""
    answers: dict[str, set[str]] = {}
    for (code, answer), reason in unfit.items():
        if code in codes:
            answers.setdefault(reason, set()).add(answer)
    return {reason: len(ids) for reason, ids in sorted(answers.items())}


def _selected(
    quote: QuoteCandidate, disclosure: AttributeDisclosure, rank: int | None = None, by: str = ""
) -> SelectedQuote:
    passage = quote.passage
    return SelectedQuote(
        code=quote.code,
        answer_id=quote.answer_id,
        question=quote.question,
        start=passage.start,
        end=passage.end,
        before=passage.before,
        quote=passage.quote,
        after=passage.after,
        marked=quote.marked,
        rank=rank,
        chosen_by=by,
        told=disclosure.of(quote.respondent, quote.question),
    )
