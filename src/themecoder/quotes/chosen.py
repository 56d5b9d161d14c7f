"""Reading and changing a person's choices of quotes, which quotes.yaml keeps."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from themecoder.codebook.model import Codebook
from themecoder.coding.read import source_for
from themecoder.coding.source import CodingSource
from themecoder.errors import InputError, Problem
from themecoder.messages import message
from themecoder.output.did_you_mean import did_you_mean
from themecoder.quotes.choices import GONE, RETIRED, Choice, Choices, UnresolvedChoice, resolve
from themecoder.quotes.files.choices import CHOOSE, NEVER, parse_choices, read_choices_text
from themecoder.quotes.files.edits import Edits
from themecoder.quotes.pool import QuotePool, quote_pool
from themecoder.storage.atomic import write_text
from themecoder.workspace.folder import StudyFolder

Pairs = Sequence[tuple[str, str]]
"""Pairs (code, answer_id); answer_id@start-end stands for one of an answer's quotes."""
_WITH_PLACE = re.compile(r"(.+)@([0-9]+)-([0-9]+)")


def read_choices(study: StudyFolder, book: Codebook) -> dict[str, Choices]:
    """code -> what a person chose, from quotes.yaml. Raises InputError with everything in it that
    is wrong."""
    file = study.paths.quotes
    codes = [code.id for code in book.codes]
    return parse_choices(read_choices_text(file), file, codes, study.questions)


def revise_choices(
    study: StudyFolder,
    choose: Pairs = (),
    never: Pairs = (),
    forget: Pairs = (),
    source: CodingSource | None = None,
) -> bool:
    """See ``Study.choose_quotes``."""
    with study.locked():
        return _revise(study, choose, never, forget, source)


def _revise(
    study: StudyFolder, choose: Pairs, never: Pairs, forget: Pairs, source: CodingSource | None
) -> bool:
    file = study.paths.quotes
    book = study.required_codebook()
    _check_pairs(study, book, choose, never, forget, source)
    before = read_choices_text(file)
    edits = Edits(
        before or message("quotes.file_header", study.config.interface_language).lstrip(), file
    )
    for code, text in choose:
        choice = choice_of(text)
        edits.remove(code, NEVER, choice.answer_id)
        if not edits.holds(code, CHOOSE, choice):
            edits.remove(code, CHOOSE, choice.answer_id)
            edits.add(code, CHOOSE, choice)
    for code, text in never:
        choice = Choice(choice_of(text).answer_id)
        edits.remove(code, CHOOSE, choice.answer_id)
        edits.add(code, NEVER, choice)
    for code, text in forget:
        for key in (CHOOSE, NEVER):
            edits.remove(code, key, choice_of(text).answer_id)
    # two quotes of one person are as wrong here as they are in a file that was typed
    parse_choices(edits.text, file, [code.id for code in book.codes], study.questions)
    if edits.text == before:
        return False
    write_text(file, edits.text)
    return True


def _check_pairs(
    study: StudyFolder,
    book: Codebook,
    choose: Pairs,
    never: Pairs,
    forget: Pairs,
    source: CodingSource | None,
) -> None:
    """Raises InputError with every choice that is wrong or can't be shown."""
    picks = read_choices(study, book)
    pool = quote_pool(study, book, study.questions, source or source_for(study))
    known = [code.id for code in book.codes]
    problems = []
    for code, _ in (*choose, *never, *forget):
        if code not in known:
            problems.append(
                Problem("quotes.no_code", {"code": code, "known": did_you_mean(code, known)})
            )
    for code, text in choose:
        if code in known:
            problems += _unresolved(study, book, pool, code, choice_of(text))
    for code, text in never:
        choice = choice_of(text)
        if choice.answer_id not in pool.answers:
            problems.append(unresolved_problem(study, UnresolvedChoice(code, choice, GONE)))
    for code, text in forget:
        own = picks.get(code, Choices())
        named = {choice.answer_id for choice in (*own.choose, *own.never)}
        if code in known and choice_of(text).answer_id not in named:
            problems.append(Problem("quotes.not_there", {"answer": text, "code": code}))
    if problems:
        # the choices stand on the command line, so that the problems name no file
        raise InputError([replace(problem, file=None) for problem in problems])


def _unresolved(
    study: StudyFolder, book: Codebook, pool: QuotePool, code: str, choice: Choice
) -> list[Problem]:
    entry = book.find(code)
    if entry is not None and entry.retired:
        return [unresolved_problem(study, UnresolvedChoice(code, choice, RETIRED))]
    _, lost = resolve(code, [choice], pool.of(code), pool.unfit, pool.answers)
    return [unresolved_problem(study, choice_lost) for choice_lost in lost]


def choice_of(text: str) -> Choice:
    """The choice that ``answer_id`` or ``answer_id@start-end`` stands for."""
    match = _WITH_PLACE.fullmatch(text)
    return Choice(match[1], int(match[2]), int(match[3])) if match else Choice(text)


def unresolved_problem(study: StudyFolder, lost: UnresolvedChoice) -> Problem:
    """A choice that can't be shown, with its line in quotes.yaml."""
    params = {"code": lost.code, "answer": lost.choice.answer_id, "places": lost.places}
    return Problem(f"quotes.lost.{lost.reason}", params, study.paths.quotes, lost.choice.row)
