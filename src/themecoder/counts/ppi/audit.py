"""Whether estimates as they lie in ``reports/`` tell counts of people's codes that are hidden."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from themecoder.coding.source import CodingSource
from themecoder.counts.audit import COUNTS, ToldCount, told_counts
from themecoder.counts.breakdowns import breakdowns
from themecoder.counts.count_rows import members_of_cells
from themecoder.counts.disclosure.relations import Key, known_relations
from themecoder.counts.estimates import ANSWERS
from themecoder.counts.layout import ALL_RESPONDENTS, Breakdown
from themecoder.counts.ppi.files import HEADER, STEM, csv_cells
from themecoder.counts.ppi.study_ppi import checked_base, ppi_parts, ppi_tables, study_ppi
from themecoder.counts.result import ALL_QUESTIONS
from themecoder.errors import InputError, Problem
from themecoder.storage.tables import Rows, read_table
from themecoder.workspace.folder import StudyFolder

Members = Mapping[Key, frozenset[str]]


def audit_estimates(
    study: StudyFolder,
    source: CodingSource,
    questions: Sequence[str] = (),
    by: Sequence[str] | None = (),
    base: str | None = None,
) -> list[ToldCount]:
    """The small counts of people's codes that can be worked out of ``reports/counts_ppi.csv``.

    Whoever takes the machine's part out of an estimate that is shown has the count of the random
    part: so each shown row is taken to tell its count, and with it what sums and nets tell. Where
    the random part has all whom ``reports/counts.csv`` counts, what that shows is known as well.
    The other options must be those that the file was made with. Raises InputError where there is
    none, or it is not that of the coding as it is now.
    """
    file = study.paths.reports / f"{STEM}.csv"
    if not file.is_file():
        raise InputError(Problem("counts.audit_none", file=file))
    rows = read_table(file, list(HEADER))
    _require_same(study, source, questions, by, base, file, rows)
    smallest, base = study.config.report.smallest_cell, checked_base(study, base)
    book, own, _ = ppi_parts(study, questions, source.people)
    groups = [one.groups for one in breakdowns(study, by)]
    columns = Breakdown.of(groups, study.survey.respondents)
    tables, pooled = ppi_tables([one.part for one in own], book, base)
    together = [*tables, pooled] if pooled else list(tables)
    who, most = members_of_cells(together, columns, base)
    coded, all_coding = ppi_tables([one.whole for one in own], book, base)
    in_counts, _ = members_of_cells([*coded, all_coding] if all_coding else coded, columns, base)
    shown = {
        (row["question"], row["code"], row["subgroup"]): row["suppressed"] == "false"
        for _, row in rows
        if row["unit"] != ANSWERS
    }
    printed = {key for key, here in shown.items() if here}
    printed |= _shown_in_counts(study, who, in_counts)
    told = {key: str(len(who[key])) if key in printed else "" for key in shown}
    system = known_relations(tables, pooled, columns, most, who, {})
    found = told_counts(system, together, told, [], {}, smallest) if smallest > 1 else []
    found += _of_all_answers(rows, shown, who, smallest)
    return [replace(one, file=file.name) for one in found]


def _require_same(
    study: StudyFolder,
    source: CodingSource,
    questions: Sequence[str],
    by: Sequence[str] | None,
    base: str | None,
    file: Path,
    rows: Rows,
) -> None:
    """Raises InputError unless what is shown are the estimates of the coding as it is."""
    estimates = study_ppi(study, questions, by, base, source.people, hide=False)
    cells = (dict(zip(HEADER, map(str, csv_cells(row)), strict=True)) for row in estimates.rows)
    truth = {_key(row): row for row in cells}
    shown = {_key(row): row for _, row in rows}
    for key, row in truth.items():
        here = shown.get(key)
        differs = here is None or any(
            here[name] not in ("", cell) for name, cell in row.items() if name != "suppressed"
        )
        if differs:
            raise InputError(Problem("counts.audit_stale", {"found": " ".join(key)}, file=file))
    if unknown := sorted(shown.keys() - truth):
        raise InputError(Problem("counts.audit_stale", {"found": " ".join(unknown[0])}, file=file))


def _key(row: Mapping[str, str]) -> tuple[str, str, str, str]:
    return row["question"], row["code"], row["subgroup"], row["unit"]


def _shown_in_counts(study: StudyFolder, who: Members, in_counts: Members) -> set[Key]:
    """The counts of the random part that ``reports/counts.csv`` shows: those of everybody whom it
    counts there."""
    file = study.paths.reports / COUNTS
    if not file.is_file():
        return set()
    rows = read_table(file, ["question", "code", "subgroup", "n"])
    shown = {(row["question"], row["code"], row["subgroup"]): row["n"] for _, row in rows}
    return {
        key
        for key, members in who.items()
        if members == in_counts.get(key) and shown.get(key) == str(len(members))
    }


def _of_all_answers(
    rows: Rows, shown: Mapping[Key, bool], who: Members, smallest: int
) -> list[ToldCount]:
    """The share of all answers tells the one share of a question that is hidden, beside others that
    are shown."""
    questions = {question for question, _, _ in shown if question != ALL_QUESTIONS}
    found = []
    for _, row in rows:
        if row["unit"] != ANSWERS or row["suppressed"] == "true":
            continue
        keys: Collection[Key] = [(q, row["code"], ALL_RESPONDENTS) for q in sorted(questions)]
        hidden = [key for key in keys if key in shown and not shown[key]]
        if len(hidden) == 1 and 0 < len(who[hidden[0]]) < smallest:
            n = len(who[hidden[0]])
            found.append(ToldCount("", *hidden[0], n, n))
    return found
