"""A study's quotes: from its coding and a person's choices to what is shown, and its files."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence, Set
from pathlib import Path

import numpy as np

from themecoder.codebook.model import Code, Codebook
from themecoder.coding.read import source_for
from themecoder.coding.source import CodingSource
from themecoder.counts.count_rows import count_rows
from themecoder.counts.disclosure.relations import Key
from themecoder.counts.kept_hiding import kept_hiding
from themecoder.counts.layout import ALL_RESPONDENTS
from themecoder.counts.study_tables import study_tables
from themecoder.embeddings.space import Vectors, combine
from themecoder.errors import InputError, Problem
from themecoder.output.did_you_mean import did_you_mean
from themecoder.quotes.choices import RETIRED, Choices, UnresolvedChoice, resolve
from themecoder.quotes.choose import choose
from themecoder.quotes.chosen import read_choices, unresolved_problem
from themecoder.quotes.disclosure import AttributeDisclosure
from themecoder.quotes.formats.files import FORMATS, quote_files
from themecoder.quotes.likeness import word_vectors
from themecoder.quotes.model import QuoteCandidate, Quotes, QuoteSection, SelectedQuote
from themecoder.quotes.pool import QuotePool, quote_pool
from themecoder.storage.access import make_folder
from themecoder.storage.atomic import write_together
from themecoder.survey.answer_id import AnswerId
from themecoder.workspace.encoders import embed_texts
from themecoder.workspace.folder import StudyFolder
from themecoder.workspace.internal import INTERNAL_NOTICE, internal_notice


def study_quotes(
    study: StudyFolder,
    codes: Sequence[str] = (),
    questions: Sequence[str] = (),
    source: CodingSource | None = None,
    per_code: int | None = None,
    unseen: frozenset[Key] | None = None,
) -> Quotes:
    """See ``Study.quotes``. Quotes are chosen for every code, whichever are asked for: who is
    quoted for a code must not depend on the others that were asked for. ``unseen``: the counts that
    are not shown, where they are known already."""
    book = study.required_codebook()
    asked_codes = _asked_codes(book, codes)
    if per_code is not None and per_code < 1:
        raise InputError(Problem("quotes.per_code", {"found": per_code}))
    picks = read_choices(study, book)
    chosen_questions = [study.question(question) for question in questions] or list(study.questions)
    coding = source or source_for(study)
    pool = quote_pool(study, book, chosen_questions, coding)
    config = study.config
    if unseen is None:
        unseen = unseen_counts(study, coding)
    disclosure = AttributeDisclosure(
        [study.survey.attribute(name) for name in config.quotes.attributes],
        frozenset(attribute.id for attribute in config.attributes if attribute.bands),
        {question: study.survey.asked(question) for question in chosen_questions},
        config.report.smallest_cell,
        unseen,
    )
    meaning = _quote_vectors(study, pool)
    resolved, lost = _resolve_choices(study, book, picks, pool, chosen_questions)
    # whom a person wants quoted in one section, the rule does not quote in another
    quoted = {quote.respondent for quotes in resolved.values() for quote in quotes}
    labels = {group.id: group.label for group in book.groups}
    sections = {}
    for code in _codes_in_order(book):
        never = picks.get(code.id, Choices()).unwanted
        rare = {q for q in chosen_questions if (q, code.id, ALL_RESPONDENTS) in unseen}
        wanted = resolved.get(code.id, ())
        of_code, vectors = _one_of_each(
            pool.of(code.id), meaning[code.id], rare, wanted, never, quoted
        )
        taken = choose(
            of_code,
            vectors,
            per_code or config.quotes.per_code,
            wanted=wanted,
            never=never,
            quoted=quoted,
        )
        quoted |= {quote.respondent for quote, _ in taken}
        chosen = {quote.place for quote, _ in taken}
        allowed = [quote for quote in pool.of(code.id) if quote.answer_id not in never]
        sections[code.id] = QuoteSection(
            code.id,
            code.label,
            labels.get(code.group, ""),
            tuple(
                _selected(quote, disclosure, n, who)
                for n, (quote, who) in enumerate(taken, start=1)
            ),
            tuple(_selected(quote, disclosure) for quote in allowed if quote.place not in chosen),
            None if rare else len({quote.respondent for quote in allowed}),
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
    language = study.config.interface_language
    contents = quote_files(quotes, language, formats or FORMATS, everything)
    folder, notice = study.paths.reports, {}
    if everything:
        # how many quotes a code has tells how many respondents have it
        folder, notice = study.paths.internal, {INTERNAL_NOTICE: internal_notice(language)}
    make_folder(folder)
    write_together(folder, contents | notice)
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


def unseen_counts(study: StudyFolder, coding: CodingSource) -> frozenset[Key]:
    """The counts of codes that are not shown. As many quotes as respondents would tell them."""
    made = study_tables(study, source=coding)
    smallest = study.config.report.smallest_cell
    _, hidden = count_rows(
        made.tables,
        made.columns,
        base=made.base,
        smallest=smallest,
        pooled=made.pooled,
        keep=kept_hiding(study),
    )
    return frozenset(hidden.counts)


def _one_of_each(
    quotes: Sequence[QuoteCandidate],
    vectors: Vectors,
    rare: Set[str],
    wanted: Sequence[QuoteCandidate],
    never: Collection[str],
    quoted: Set[str],
) -> tuple[Sequence[QuoteCandidate], Vectors]:
    """The quotes without those of the ``rare`` questions, whose count of the code is not shown,
    but one of each, and those that a person wants; of those ``quoted`` elsewhere last."""
    kept = {quote.place for quote in wanted}
    people = set(quoted) | {quote.respondent for quote in wanted}
    for question in sorted(rare - {quote.question for quote in wanted}):
        own = [n for n, quote in enumerate(quotes) if quote.question == question]
        first = choose([quotes[n] for n in own], vectors[own], 1, never=never, quoted=people)
        kept |= {quote.place for quote, _ in first}
        people |= {quote.respondent for quote, _ in first}
    left = [
        n for n, quote in enumerate(quotes) if quote.question not in rare or quote.place in kept
    ]
    return [quotes[n] for n in left], vectors[left]


def _quote_vectors(study: StudyFolder, pool: QuotePool) -> dict[str, Vectors]:
    """code -> (n, d) vectors of its quotes: by meaning or by words, as study.toml says."""
    texts = {quote.passage.quote for quotes in pool.quotes.values() for quote in quotes}
    unique = sorted(texts)
    if study.config.quotes.diversity == "words" or not unique:
        vectors = word_vectors(unique)
    else:
        vectors = combine(embed_texts(study, unique)[1])
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
        told=disclosure.of(quote.respondent, quote.question, quote.code),
    )
