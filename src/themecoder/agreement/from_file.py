"""Agreement of the coders in a file of coding, without a study: codes are labels as they stand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from themecoder.agreement.findings import RESAMPLES, AgreementFindings, findings
from themecoder.agreement.formats.files import agreement_files
from themecoder.agreement.html.page import render_agreement
from themecoder.agreement.small_counts import without_small_counts
from themecoder.agreement.study_agreement import check_options
from themecoder.agreement.table import CodingTable, table
from themecoder.codebook.model import Code, Codebook
from themecoder.codebook.origins import fresh_id
from themecoder.coding.exchange.cells import folded
from themecoder.coding.exchange.formats import read_coding
from themecoder.coding.exchange.model import (
    ForeignCoding,
    ForeignFile,
    ForeignNote,
    problem_at,
)
from themecoder.coding.exchange.reading import ReadingOptions
from themecoder.coding.exchange.same_text import bare
from themecoder.coding.exchange.sheet_codings import each_once
from themecoder.coding.model import Coding
from themecoder.errors import InputError, Problem
from themecoder.settings.model import ReportSettings
from themecoder.storage.atomic import write_together
from themecoder.survey.answer_id import AnswerId
from themecoder.version import __version__

_VERSION = "-"
_QUESTION = "open"
"""Of answers whose question nothing names."""


@dataclass(frozen=True, slots=True)
class AgreementInFile:
    """The agreement of the coders in ``file``. ``book``: the codes that they used; ``notes``: what
    the columns were taken for."""

    file: Path
    findings: AgreementFindings
    book: Codebook
    notes: tuple[ForeignNote, ...]


def agreement_in_file(
    file: Path,
    options: ReadingOptions,
    questions: Sequence[str] = (),
    coders: Sequence[str] = (),
    *,
    width: float | None = None,
    coefficient: str,
    resamples: int = RESAMPLES,
) -> AgreementInFile:
    """How far the coders in ``file`` agree.

    Raises InputError where the file can't be read, and where there are not two coders in it.
    """
    check_options(width, coefficient, resamples)
    foreign = read_coding(file, options)
    if foreign.faults:
        told = (problem_at(one.key, one.params, one.place, file) for one in foreign.faults)
        raise InputError(each_once(list(told)))
    people, book = _table(foreign, questions, coders, file)
    found = findings(
        people,
        _VERSION,
        width=width,
        available=len(people.answers),
        coefficient=coefficient,
        resamples=resamples,
    )
    hidden = without_small_counts(found, ReportSettings().smallest_cell)
    return AgreementInFile(file, hidden, book, foreign.notes)


def write_agreement_in_file(found: AgreementInFile, folder: Path, language: str) -> list[Path]:
    """Write the files that ``themecoder agreement`` writes for a study into ``folder``."""
    page = render_agreement(
        found.findings,
        found.book,
        title=found.file.name,
        language=language,
        synthetic="",
        software=f"themecoder {__version__}",
    )
    contents = {"agreement.html": page, **agreement_files(found.findings, language)}
    write_together(folder, contents)
    return [folder / name for name in contents]


def _table(
    foreign: ForeignFile, questions: Sequence[str], coders: Sequence[str], file: Path
) -> tuple[CodingTable, Codebook]:
    kept = [
        coding
        for coding in foreign.codings
        if (not questions or coding.question in questions)
        and (not coders or coding.coder in coders)
    ]
    names = sorted({coding.coder for coding in kept})
    absent = [coder for coder in coders if coder not in names]
    if absent or len(names) < 2:
        there = ", ".join(sorted({coding.coder or "-" for coding in foreign.codings})) or "-"
        params = {"known": there, "wanted": ", ".join(coders) or "-"}
        raise InputError(Problem("agreement.few_coders", params, file=file))
    ids = _code_ids(foreign, kept)
    codings: dict[str, dict[str, Coding]] = {name: {} for name in names}
    lengths: dict[str, int] = {}
    problems = []
    for coding, answer in zip(kept, _answers(kept), strict=True):
        if answer in codings[coding.coder]:
            params = {"answer": answer, "coder": coding.coder}
            problems.append(Problem("agreement.coded_twice", params, file, coding.place.row))
        lengths[answer] = max(len(coding.text), lengths.get(answer, 1))
        own = tuple(sorted({ids[folded(name)][0] for name in coding.codes}))
        state = "skipped" if coding.skipped else "coded" if own else "no_code"
        codings[coding.coder][answer] = Coding(answer, coding.coder, _VERSION, state, own)
    if problems:
        raise InputError(problems)
    codes = tuple(Code(code, label) for code, label in sorted(set(ids.values())))
    made = table(
        {coder: own.values() for coder, own in codings.items()},
        [code.id for code in codes],
        _VERSION,
        lengths,
    )
    return made, Codebook(fresh_id(file.stem, ()), _VERSION, codes, title=file.stem)


def _code_ids(foreign: ForeignFile, kept: Iterable[ForeignCoding]) -> dict[str, tuple[str, str]]:
    """Name of a code in the file, ``folded`` -> its id here and its label; the id is the label, as
    there is nothing else to call it by."""
    labels = {folded(code.name): code.label for code in foreign.codes if code.label}
    spellings: dict[str, Counter[str]] = {}
    for coding in kept:
        for name in coding.codes:
            label = labels.get(folded(name), name)
            spellings.setdefault(folded(name), Counter())[" ".join(label.split())] += 1
    shown = {key: min(found, key=lambda n: (-found[n], n)) for key, found in spellings.items()}
    # a number and its own label, used side by side, are one code
    whole = {folded(label): label for _, label in sorted(shown.items())}
    return {key: (whole[folded(label)],) * 2 for key, label in shown.items()}


def _answers(kept: Sequence[ForeignCoding]) -> list[str]:
    """The id of the answer that each coding is of: by the respondent, else by the row that several
    coders share, else by the text, where equal ones of a coder are counted."""
    per_row = Counter((coding.place.part, coding.place.row) for coding in kept)
    by_row = any(n > 1 for n in per_row.values())
    seen: Counter[tuple[str, str, str]] = Counter()
    answers = []
    for coding in kept:
        who = coding.respondent
        if not who and by_row:
            who = f"{coding.place.part}{coding.place.row}"
        elif not who:
            key = (coding.coder, coding.question, bare(coding.text))
            seen[key] += 1
            who = f"{bare(coding.text)}#{seen[key]}"
        answers.append(str(AnswerId(who, coding.question.replace(":", "_") or _QUESTION)))
    return answers
