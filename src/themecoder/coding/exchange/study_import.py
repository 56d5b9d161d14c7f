"""Coding of another tool into a study: read, matched, mapped, planned; and written, where asked."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from themecoder.codebook.model import Codebook
from themecoder.codebook.origins import fresh_id
from themecoder.coding.annotations import codings_text, queue_text, read_coding_files
from themecoder.coding.by_people import adjudicated_codings
from themecoder.coding.exchange.code_mapping import LEFT_OUT, CodeMatch, map_codes
from themecoder.coding.exchange.coders import CoderNames, coder_ids
from themecoder.coding.exchange.formats import read_coding
from themecoder.coding.exchange.headings import plain
from themecoder.coding.exchange.import_plan import ImportPlan, Key, Source, Translation, plan_import
from themecoder.coding.exchange.many_values import rare_collection
from themecoder.coding.exchange.mapping_file import MappingRow, mapping_text, read_mapping
from themecoder.coding.exchange.matching import AnswerMatcher, Matching, NotTaken
from themecoder.coding.exchange.model import ForeignCoding, ForeignFile, problem_at
from themecoder.coding.exchange.reading import KnownNames, ReadingOptions
from themecoder.coding.exchange.same_text import bare
from themecoder.coding.exchange.sheet_codings import each_once
from themecoder.coding.history import history_text
from themecoder.coding.migration import queue
from themecoder.coding.model import Coding, Quote
from themecoder.coding.quote_texts import masked_quotes, quote_of
from themecoder.coding.read import coding_by_coder
from themecoder.errors import InputError, Problem
from themecoder.storage.atomic import write_text, write_together
from themecoder.workspace.folder import StudyFolder


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """What a person says of an import. ``codebook``: the version that codings which name none were
    made under, the study's own without; ``mapping``: the file with the mapping of codes, the
    study's for this file without."""

    reading: ReadingOptions = field(default_factory=ReadingOptions)
    coders: CoderNames = field(default_factory=CoderNames)
    codebook: str = ""
    mapping: Path | None = None


@dataclass(frozen=True, slots=True)
class CodingImport:
    """What an import does, or would do.

    ``matches``: what each code in the file is here; ``mapping`` the file that keeps it and
    ``mapping_before`` what it held. ``not_taken`` codings with the reason, in the order of the
    file; ``problems``: these, and of codes and coders that are not known, each as one.
    ``left_out``: codings of coders that are not to be taken over.
    """

    file: Path
    foreign: ForeignFile
    matching: Matching
    matches: tuple[CodeMatch, ...]
    mapping: Path
    mapping_before: tuple[MappingRow, ...]
    plan: ImportPlan
    not_taken: tuple[NotTaken, ...]
    problems: tuple[Problem, ...]
    left_out: int


@rare_collection()
def plan_coding_import(study: StudyFolder, file: Path, options: ImportOptions) -> CodingImport:
    """What the import of ``file`` would do; nothing is written.

    Raises InputError with every problem where the file, the study or the mapping can't be read.
    """
    folder = study.codebooks
    releases = folder.releases()
    if not releases:
        raise InputError(Problem("codebook.nothing_released", file=folder.folder))
    to = study.required_codebook().version
    books = {book.version: book for book in releases}
    version = options.codebook or to
    if version not in books:
        params = {"version": version, "known": ", ".join(books)}
        raise InputError(Problem("codebook.no_version", params, file=folder.folder))
    for question in filter(None, [options.reading.question]):
        study.question(question)
    known = known_names(study, books[version])
    digest = _sha256(file)
    foreign = read_coding(file, options.reading, known)
    mapping = options.mapping or study.paths.code_mapping(
        folder.folder.name, fresh_id(file.stem, ())
    )
    draft = folder.draft()[1].book
    decided = read_mapping(mapping, (*releases, draft))
    counts = Counter(coding.coder for coding in foreign.codings)
    names, problems = coder_ids(
        counts, options.coders, study.config.coding.coders, study.config.coding.accounts
    )
    codings = [_with_question(c, known) for c in foreign.codings if names.get(c.coder) != LEFT_OUT]
    matching = _matcher(study).match(codings)
    matches, codes = _mapped(codings, foreign, books, version, decided)
    problems += _code_problems(matches, books[version], draft, file)
    source = Source(foreign.kind, file.name, digest)
    taken = [match for match in matching.matched if match.coding.coder in names]
    translation = Translation(names, codes, source, version, books)
    plan = plan_import(taken, translation, _here(study), releases, to, study.masked_texts)
    not_taken = tuple(sorted((*matching.not_taken, *plan.not_taken), key=_in_the_file))
    told = [problem_at(one.key, one.params, one.place, file) for one in foreign.faults]
    told += [as_problem(one, file) for one in not_taken if one.key != "unknown_code"]
    return CodingImport(
        file,
        foreign,
        matching,
        matches,
        mapping,
        tuple(decided.values()),
        plan,
        not_taken,
        (*(replace(one, file=one.file or file) for one in problems), *told),
        len(foreign.codings) - len(codings),
    )


def require_taken(planned: CodingImport, partial: bool) -> None:
    """Raise InputError with all that can't be taken over; with ``partial`` only where nothing
    can."""
    if planned.problems and not (partial and (planned.plan.new or planned.plan.same)):
        raise InputError(each_once(planned.problems))


@rare_collection()
def write_coding_import(study: StudyFolder, planned: CodingImport) -> list[Path]:
    """Write what ``planned`` adds, all files or none, and keep the mapping; returns the files.

    The caller holds the study's lock since before it was planned.
    """
    if planned.mapping.is_file() or any(match.how != "id" for match in planned.matches):
        write_mapping(planned)
    new: dict[tuple[str, str], dict[str, Coding]] = {}
    for one in _with_words(study, planned.plan.new):
        new.setdefault((one.question, one.coder), {})[one.answer_id] = one
    if not new:
        return []
    contents: dict[str, str] = {}
    everything: list[Coding] = []
    for question in study.questions:
        here = coding_by_coder(study, question)
        everything += adjudicated_codings(study, question)
        for coder in sorted({*here, *(coder for of, coder in new if of == question)}):
            lines = {c.answer_id: c for c in masked_quotes(study, here.get(coder, ()))}
            added = new.get((question, coder), {})
            old = [lines[answer] for answer in added if answer in lines]
            lines |= added
            everything += lines.values()
            if added:
                contents[f"{question}/{coder}.jsonl"] = codings_text(lines.values())
            if old:
                contents |= _history(study, question, coder, old)
    if any(coding.stale for codings in new.values() for coding in codings.values()):
        contents[study.paths.queue.name] = queue_text(queue(everything, study.codebooks.releases()))
    write_together(study.paths.annotations, contents)
    return [study.paths.annotations / name for name in sorted(contents)]


def _history(
    study: StudyFolder, question: str, coder: str, old: Iterable[Coding]
) -> dict[str, str]:
    """The file of the codings that are replaced, with these."""
    file = study.paths.coding_history(question, coder)
    text = file.read_text(encoding="utf-8") if file.is_file() else ""
    return {file.relative_to(study.paths.annotations).as_posix(): history_text(text, old)}


def write_mapping(planned: CodingImport) -> None:
    """Write the mapping of codes for a person to edit."""
    write_text(planned.mapping, mapping_text(planned.matches, planned.mapping_before))


def known_names(study: StudyFolder, book: Codebook) -> KnownNames:
    """The names of the study that tell what stands in a file."""
    questions: dict[str, str] = {}
    for question in study.config.questions:
        column = study.survey.columns.get(question.column)
        for name in (question.id, question.column, question.text, column.label if column else ""):
            if name:
                questions[plain(name)] = question.id
                questions[name] = question.id
    coding = study.config.coding
    return KnownNames(
        codes=frozenset(name for code in book.usable for name in (code.id, code.label))
        | {code.number for code in book.usable if code.number},
        coders=frozenset((*coding.coders, *coding.accounts.values())),
        questions=questions,
        respondents=frozenset(study.survey.respondents),
        respondent=study.config.survey.id,
        columns=frozenset(study.survey.columns),
        is_answer=lambda text: bare(text) in study.once(_bare_answers),
    )


def _bare_answers(study: StudyFolder) -> frozenset[str]:
    """The answers to all open questions, as they are compared."""
    questions = study.questions
    return frozenset(bare(answer.text) for one in questions for answer in study.answers(one))


def as_problem(one: NotTaken, file: Path) -> Problem:
    """Why a coding was not taken over, with its place in ``file``."""
    return problem_at(one.key, one.params, one.coding.place, file)


def _in_the_file(one: NotTaken) -> tuple[str, int, str]:
    place = one.coding.place
    return place.part, place.row or 0, place.column


def _matcher(study: StudyFolder) -> AnswerMatcher:
    answers = [answer for question in study.questions for answer in study.answers(question)]
    return AnswerMatcher(answers, study.survey.respondents, study.masked_texts)


def _with_question(coding: ForeignCoding, known: KnownNames) -> ForeignCoding:
    """The coding with its question as the study calls it; another name stays, and is told."""
    name = coding.question
    question = known.questions.get(name) or known.questions.get(plain(name)) if name else ""
    return coding if not question or question == name else replace(coding, question=question)


def _mapped(
    codings: Sequence[ForeignCoding],
    foreign: ForeignFile,
    books: Mapping[str, Codebook],
    version: str,
    decided: Mapping[str, MappingRow],
) -> tuple[tuple[CodeMatch, ...], dict[str, dict[str, str]]]:
    """What the codes of the file are, and per version of the codebook name -> code."""
    counts: dict[str, Counter[str]] = {version: Counter()}
    for coding in codings:
        names = {*coding.codes, *(quote.code for quote in coding.quotes)}
        counts.setdefault(coding.codebook or version, Counter()).update(names)
    wished = {row.name: row.code for row in decided.values() if row.code}
    matches: dict[str, CodeMatch] = {}
    codes: dict[str, dict[str, str]] = {}
    for one, its_counts in counts.items():
        if one not in books:
            continue
        ids = {code.id for code in books[one].codes} | {LEFT_OUT}
        found = map_codes(its_counts, foreign.codes, books[one], wished)
        codes[one] = {match.name: match.code for match in found if match.code in ids}
        for match in found:
            earlier = matches.get(match.name, match)
            total = match.codings + (earlier.codings if match.name in matches else 0)
            matches[match.name] = replace(earlier if earlier.code == "" else match, codings=total)
    return tuple(match for _, match in sorted(matches.items())), codes


def _code_problems(
    matches: Iterable[CodeMatch], book: Codebook, draft: Codebook, file: Path
) -> list[Problem]:
    problems = []
    for match in matches:
        params = {
            "name": match.name[:60],
            "n": match.codings,
            "label": match.label or "-",
            "code": match.code,
        }
        if not match.known:
            key = f"code_like.{(match.proposed and 'one') or 'none'}"
            params |= {"proposed": match.proposed, "likeness": match.likeness or 0.0}
            problems.append(Problem(f"exchange.{key}", params, file=file))
        elif match.code != LEFT_OUT and book.find(match.code) is None:
            key = "code_in_draft" if draft.find(match.code) else "code_not_there"
            problems.append(
                Problem(f"exchange.{key}", {**params, "version": book.version}, file=file)
            )
    return problems


def _here(study: StudyFolder) -> dict[Key, Coding]:
    files = {
        file: file for question in study.questions for file in study.paths.coding_files(question)
    }
    return {
        (coding.answer_id, coding.coder): coding
        for codings in read_coding_files(files).values()
        for coding in codings
    }


def _with_words(study: StudyFolder, codings: Iterable[Coding]) -> list[Coding]:
    """New codings with the words of their quotes, masked."""
    return [
        replace(coding, quotes=tuple(_quote_words(study, coding))) if coding.quotes else coding
        for coding in codings
    ]


def _quote_words(study: StudyFolder, coding: Coding) -> Iterable[Quote]:
    answer = study.masked_texts()[coding.answer_id]
    return (quote_of(answer, quote.start, quote.end, quote.code) for quote in coding.quotes)


def _sha256(file: Path) -> str:
    try:
        with file.open("rb") as handle:
            return hashlib.file_digest(handle, "sha256").hexdigest()
    except OSError as error:
        params = {"reason": error.strerror or str(error)}
        raise InputError(Problem("readers.unreadable", params, file=file)) from None
