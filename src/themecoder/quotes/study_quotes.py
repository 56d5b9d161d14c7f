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
from themecoder.workspace.folder import StudyFolder


def study_quotes(
    study: StudyFolder,
    codes: Sequence[str] = (),
    questions: Sequence[str] = (),
    source: CodingSource | None = None,
    per_code: int | None = None,
) -> Quotes:
    """See ``Study.quotes``. Every code is chosen for, whichever are asked: who is quoted for one
    code does not depend on which others were asked for."""
    book = study.required_codebook()
    wanted = _codes(book, codes)
    if per_code is not None and per_code < 1:
        raise InputError(Problem("quotes.per_code", {"found": per_code}))
    picks = read_choices(study, book)
    chosen_questions = [study.question(one) for one in questions] or list(study.questions)
    whose = source or source_for(study)
    stock = quote_pool(study, book, chosen_questions, whose)
    config = study.config
    teller = AttributeDisclosure(
        [study.survey.attribute(name) for name in config.quotes.attributes],
        frozenset(one.id for one in config.attributes if one.bands),
        {question: study.survey.asked(question) for question in chosen_questions},
        config.report.smallest_cell,
    )
    meaning = _vectors(study, stock)
    resolved, lost = _resolved(study, book, picks, stock, chosen_questions)
    # who a person wants quoted in one section is not taken by the rule in another
    quoted = {one.respondent for ones in resolved.values() for one in ones}
    labels = {group.id: group.label for group in book.groups}
    sections = {}
    for code in _in_order(book):
        mine = stock.of(code.id)
        never = picks.get(code.id, Choices()).unwanted
        taken = choose(
            mine,
            meaning[code.id],
            per_code or config.quotes.per_code,
            wanted=resolved.get(code.id, ()),
            never=never,
            quoted=quoted,
        )
        quoted |= {one.respondent for one, _ in taken}
        chosen = {one.place for one, _ in taken}
        allowed = [one for one in mine if one.answer_id not in never]
        sections[code.id] = QuoteSection(
            code.id,
            code.label,
            labels.get(code.group, ""),
            tuple(_shown(one, teller, n, who) for n, (one, who) in enumerate(taken, start=1)),
            tuple(_shown(one, teller) for one in allowed if one.place not in chosen),
            len({one.respondent for one in allowed}),
        )
    return Quotes(
        title=config.title,
        source=str(whose),
        confirmed=whose.confirmed,
        codebook=book.version,
        consent=config.quotes.consent is not None,
        smallest=config.report.smallest_cell,
        sections=tuple(sections[code.id] for code in _in_order(book) if code.id in wanted),
        attributes=tuple((one.attribute, one.label) for one in teller.attributes),
        questions={one: config.question(one).label for one in chosen_questions},
        synthetic=config.synthetic or "",
        left_out=_tally(stock.unfit, wanted),
        lost=tuple(unresolved_problem(study, one) for one in lost),
    )


def write_quotes(
    study: StudyFolder, found: Quotes, formats: Collection[str] = (), everything: bool = False
) -> list[Path]:
    """See ``Study.write_quotes``."""
    check_formats(formats)
    contents = quote_files(found, study.config.language, formats or FORMATS, everything)
    folder = study.paths.reports
    folder.mkdir(parents=True, exist_ok=True)
    write_together(folder, contents)
    return [folder / name for name in contents]


def check_formats(formats: Collection[str]) -> None:
    """Raises InputError for each of ``formats`` that quotes can't be written in."""
    unknown = [one for one in formats if one not in FORMATS]
    if unknown:
        params = {"known": ", ".join(FORMATS)}
        raise InputError([Problem("quotes.format", {"found": one, **params}) for one in unknown])


def _codes(book: Codebook, codes: Sequence[str]) -> Collection[str]:
    """The codes that are asked for; by default all but those that say that nothing applies."""
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


def _in_order(book: Codebook) -> list[Code]:
    return [code for _, codes in book.by_group for code in codes if not code.retired]


def _vectors(study: StudyFolder, stock: QuotePool) -> dict[str, Vectors]:
    """Code -> (n, d) vectors of its quotes, as study.toml says: by meaning or by words."""
    texts = {one.passage.quote for ones in stock.found.values() for one in ones}
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
    found = {
        code: vectors[np.array([place[one.passage.quote] for one in ones], dtype=np.int64)]
        for code, ones in stock.found.items()
    }
    book = study.required_codebook()
    return {code.id: found.get(code.id, empty) for code in book.usable}


def _resolved(
    study: StudyFolder,
    book: Codebook,
    picks: Mapping[str, Choices],
    stock: QuotePool,
    questions: Collection[str],
) -> tuple[dict[str, list[QuoteCandidate]], list[UnresolvedChoice]]:
    """Code -> the quotes that a person wants, and the choices that can't be shown."""
    found: dict[str, list[QuoteCandidate]] = {}
    lost: list[UnresolvedChoice] = []
    for name, mine in picks.items():
        code = book.find(name)
        here = [one for one in mine.choose if one.answer_id.rpartition(":")[2] in questions]
        if code is not None and code.retired:
            lost += [UnresolvedChoice(name, one, RETIRED) for one in here]
            continue
        found[name], missing = resolve(name, here, stock.of(name), stock.unfit, stock.answers)
        lost += missing
    return found, sorted(lost, key=lambda one: one.choice.row or 0)


def _tally(unfit: Mapping[tuple[str, str], str], codes: Collection[str]) -> dict[str, int]:
    """Reason -> answers of which a wanted code can't be shown."""
    answers: dict[str, set[str]] = {}
    for (code, answer), reason in unfit.items():
        if code in codes:
            answers.setdefault(reason, set()).add(answer)
    return {reason: len(found) for reason, found in sorted(answers.items())}


def _shown(
    one: QuoteCandidate, teller: AttributeDisclosure, rank: int | None = None, by: str = ""
) -> SelectedQuote:
    passage = one.passage
    return SelectedQuote(
        code=one.code,
        answer_id=one.answer_id,
        question=one.question,
        start=passage.start,
        end=passage.end,
        before=passage.before,
        quote=passage.quote,
        after=passage.after,
        marked=one.marked,
        rank=rank,
        chosen_by=by,
        told=teller.of(one.respondent, one.question),
    )
