"""Whether a study's files tell counts that are not shown: an attack on them as they lie there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from themecoder.coding.source import CodingSource
from themecoder.counts.count_rows import members_of_cells
from themecoder.counts.disclosure.attack import Told, told
from themecoder.counts.disclosure.hiding import published
from themecoder.counts.disclosure.relations import Key, known_relations, pair_key
from themecoder.counts.disclosure.system import System
from themecoder.counts.layout import ALL_RESPONDENTS, Breakdown, CodeTable
from themecoder.counts.same_cells import same_cells, twin
from themecoder.counts.study_tables import study_tables
from themecoder.errors import InputError, Problem
from themecoder.storage.access import make_folder
from themecoder.storage.atomic import write_csv, write_text
from themecoder.storage.tables import Rows, read_table
from themecoder.survey.answer_id import AnswerId
from themecoder.workspace.folder import StudyFolder
from themecoder.workspace.internal import INTERNAL_NOTICE, internal_notice

COUNTS, PAIRS, QUOTES, CHECK = "counts.csv", "counts_pairs.csv", "quotes.csv", "check.csv"
AUDITED = (COUNTS, PAIRS, QUOTES, CHECK)
"""The files below ``reports/`` that are looked at."""
_HEADER = ("file", "question", "code", "subgroup", "least", "most")


@dataclass(frozen=True, slots=True)
class ToldCount:
    """A count below the smallest that may be shown, of which the files say that it is ``least`` to
    ``most``. ``file``: where it stands as an x, or is printed."""

    file: str
    question: str
    code: str
    subgroup: str
    least: int
    most: int


def audit_disclosure(
    study: StudyFolder,
    questions: Sequence[str] = (),
    source: CodingSource | None = None,
    by: Sequence[str] | None = None,
    base: str | None = None,
) -> list[ToldCount]:
    """The small counts that can be worked out of counts, pairs, quotes and check in ``reports/``.

    Looked at together: sums and nets, exclusive codes, which pairs of codes there are, which
    respondents are quoted with which attributes, printed counts below the smallest cell. The other
    options must be those that the files were made with. Raises InputError where there are no
    counts, or where they are not those of the coding as it is now.
    """
    reports, smallest = study.paths.reports, study.config.report.smallest_cell
    made = study_tables(study, questions, source, by, base)
    # of a machine's unconfirmed codes the files are called so
    unconfirmed = "" if made.source.confirmed else "_unconfirmed"
    if made.source.machine:
        unconfirmed = "_with_machine"
    counts, pairs_file, quotes = (_named(name, unconfirmed) for name in (COUNTS, PAIRS, QUOTES))
    file = reports / counts
    if not file.is_file():
        raise InputError(Problem("counts.audit_none", file=file))
    rows = read_table(file, ["question", "code", "subgroup", "n", "suppressed"])
    pairs = _read(reports / pairs_file, ["question", "code_a", "code_b", "n"])
    attributes = [f"attribute_{name}" for name in study.config.quotes.attributes]
    columns_of_quotes = ["code", "answer_id", "question", *attributes]
    quoted = quoted_people(study, _read(reports / quotes, columns_of_quotes))
    shown = {(row["question"], row["code"], row["subgroup"]): row["n"] for _, row in rows}
    same = same_cells(study)
    for key in list(shown):
        # what is hidden here may stand in another table
        other = twin(key, same)
        shown[key] = shown[key] or (shown.get(other, "") if other else "")
    parts: list[tuple[Sequence[CodeTable], CodeTable | None, Breakdown]] = []
    parts += [(made.tables, made.pooled, made.columns)] if made.tables else []
    parts += [((table,), None, columns) for table, columns in made.closed]
    found = _printed(reports, smallest)
    known: set[Key] = set()
    for tables, pooled, columns in parts:
        whole = [*tables, pooled] if pooled else list(tables)
        who, most = members_of_cells(whole, columns, made.base)
        _require_same(file, shown, {key: len(members) for key, members in who.items()})
        known |= who.keys()
        if smallest > 1:
            enough = [t for t in whole if most[t.coded.question, ALL_RESPONDENTS] >= smallest]
            listed = _listed_pairs(enough, pairs)
            system = known_relations(tables, pooled, columns, most, who, listed)
            found += told_counts(system, whole, shown, pairs, quoted, smallest)
    unknown = sorted(shown.keys() - known)
    if unknown:
        raise InputError(Problem("counts.audit_stale", {"found": " ".join(unknown[0])}, file=file))
    return found


def write_audit(study: StudyFolder, found: Sequence[ToldCount]) -> Path:
    """Write what is told to ``reports/internal/disclosure.csv``, a table without rows where nothing
    is."""
    folder = study.paths.internal
    make_folder(folder)
    notice = internal_notice(study.config.interface_language)
    write_text(folder / INTERNAL_NOTICE, notice)
    cells = [(one.file, one.question, one.code, one.subgroup, one.least, one.most) for one in found]
    write_csv(folder / "disclosure.csv", _HEADER, cells)
    return folder / "disclosure.csv"


def _named(name: str, unconfirmed: str) -> str:
    stem, _, kind = name.partition(".")
    first, _, rest = stem.partition("_")
    return f"{first}{unconfirmed}{'_' + rest if rest else ''}.{kind}"


def _read(file: Path, columns: Sequence[str]) -> Rows:
    return read_table(file, columns) if file.is_file() else []


def _require_same(file: Path, shown: Mapping[Key, str], truth: Mapping[Key, int]) -> None:
    """Raises InputError unless the counts that are shown are those of the coding as it is."""
    for key, n in truth.items():
        if key not in shown or shown[key] not in ("", str(n)):
            raise InputError(Problem("counts.audit_stale", {"found": " ".join(key)}, file=file))


def _listed_pairs(tables: Sequence[CodeTable], pairs: Rows) -> dict[str, list[tuple[str, str]]]:
    """question -> the pairs of codes that the file lists; without a file nothing is known."""
    if not pairs:
        return {}
    return {
        table.coded.question: [
            (row["code_a"], row["code_b"])
            for _, row in pairs
            if row["question"] == table.coded.question
        ]
        for table in tables
        if table.codes_overlap
    }


def told_counts(
    system: System,
    tables: Sequence[CodeTable],
    shown: Mapping[Key, str],
    pairs: Rows,
    quoted: Mapping[Key, int],
    smallest: int,
) -> list[ToldCount]:
    """The small counts of ``tables`` that are told by what is ``shown`` of them and of ``pairs``,
    key -> n or "" where it is not, and by ``quoted``: at least so many have the code."""
    counted, listed, fixed = published(system, tables)
    printed = {key for key, n in shown.items() if n != ""}
    printed |= {
        pair_key(row["question"], (row["code_a"], row["code_b"]), ALL_RESPONDENTS)  # type: ignore[misc]
        for _, row in pairs
        if row["n"] != ""
    }
    hidden = np.array([key not in printed for key in system.keys])
    for n, key in enumerate(system.keys):
        if hidden[n] and key in quoted:
            system.least[n] = max(system.least[n], float(quoted[key]))  # type: ignore[index]
    truth = np.array(system.truth)
    small = (counted | listed) & ~fixed & (truth > 0) & (truth < smallest)
    told_here = [
        Told(system.keys[n], int(truth[n]), int(truth[n])) for n in np.flatnonzero(small & ~hidden)
    ]
    told_here += told(system, hidden, np.flatnonzero(small & hidden))
    found = []
    for one in told_here:
        assert isinstance(one.key, tuple)
        if len(one.key) == 3:
            found.append(ToldCount(COUNTS, *one.key, one.least, one.most))
        else:
            _, question, a, b, column = one.key
            found.append(ToldCount(PAIRS, question, f"{a} + {b}", column, one.least, one.most))
    return found


def quoted_people(study: StudyFolder, rows: Rows) -> dict[Key, int]:
    """(question, code, subgroup) -> how many respondents are quoted as being of it."""
    groups = [study.survey.attribute(attribute.id) for attribute in study.config.attributes]
    who: dict[Key, set[str]] = {}
    for _, row in rows:
        respondent = AnswerId.parse(row["answer_id"]).respondent
        columns = [ALL_RESPONDENTS]
        for group in groups:
            label = row.get(f"attribute_{group.attribute}", "")
            columns += [
                f"{group.attribute}={g}" for g, text in group.labels.items() if text == label
            ]
        for column in columns:
            who.setdefault((row["question"], row["code"], column), set()).add(respondent)
    return {key: len(members) for key, members in who.items()}


def _printed(reports: Path, smallest: int) -> list[ToldCount]:
    """The counts of figures and claims below the smallest cell that the check prints."""
    found = []
    for _, row in _read(reports / CHECK, ["kind", "id", "n"]):
        if row["n"].isdecimal() and 0 < int(row["n"]) < smallest:
            n = int(row["n"])
            found.append(ToldCount(CHECK, row["kind"], row["id"], ALL_RESPONDENTS, n, n))
    return found
