"""Disagreements as a list that a person fills in: written as CSV, read back with every mistake."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

from themecoder.adjudication.decisions import ProposedDecision
from themecoder.coding.cases import Case
from themecoder.errors import InputError, Problem
from themecoder.storage import atomic as files
from themecoder.storage.tables import read_table

DECISION, WHY, ABOUT, DEFINITION = "decision", "why", "definition_of", "definition"
SEEN = "seen"
NOTHING = "-"
_FILLED = ("answer_id", DECISION, WHY, SEEN)


def list_text(
    found: Sequence[Case], texts: Mapping[str, str], shown: Mapping[str, Sequence[str]]
) -> str:
    """The list as CSV: per case the masked text and each coder's codes, without names.

    ``shown``: answer_id -> the coders in the order in which they stand there (A, B, C ...).
    """
    widest = max((len(case.votes) for case in found), default=0)
    letters = [chr(ord("A") + n) for n in range(widest)]
    rows = []
    for case in found:
        votes = {vote.coder: vote for vote in case.votes}
        said = [";".join(sorted(votes[c].codes)) or NOTHING for c in shown[case.answer_id]]
        said += [""] * (widest - len(said))
        standing = ""
        if case.decision is not None:
            standing = ";".join(case.decision.codes) or NOTHING
        rows.append(
            (
                case.answer_id,
                files.no_formula(texts[case.answer_id]),
                *said,
                standing,
                "",
                "",
                "",
                "",
                case.seen,
            )
        )
    header = ("answer_id", "text", *letters, "standing", DECISION, WHY, ABOUT, DEFINITION, SEEN)
    return files.csv_text(header, rows)


def read_list(
    file: Path,
    known: Collection[str],
    codes: Collection[str],
    exclusive: Collection[str],
    by: str,
) -> list[ProposedDecision]:
    """The rows with a decision. Raises InputError with every row that can't be one."""
    found: dict[str, ProposedDecision] = {}
    problems: list[Problem] = []
    for number, row in read_table(file, _FILLED, _FILLED):
        wrong = list(_problems(row, known, found, codes, exclusive))
        for key, column, params in wrong:
            problems.append(Problem(f"adjudication.{key}", params, file, number, column))
        if wrong or not row[DECISION].strip():
            continue
        answer, about = row["answer_id"].strip(), row.get(ABOUT, "").strip()
        definition = (about, row.get(DEFINITION, "").strip()) if about else None
        chosen = tuple(_chosen(row))
        why, seen = row[WHY].strip(), row[SEEN].strip()
        found[answer] = ProposedDecision(answer, chosen, why, by, seen, definition=definition)
    if problems:
        raise InputError(problems)
    return list(found.values())


def _problems(
    row: Mapping[str, str],
    known: Collection[str],
    found: Collection[str],
    codes: Collection[str],
    exclusive: Collection[str],
) -> Iterator[tuple[str, str, dict[str, object]]]:
    """What is wrong with a row: key below adjudication., column, what to fill in."""
    cells = {name: row.get(name, "").strip() for name in (WHY, ABOUT, DEFINITION)}
    if not row[DECISION].strip():
        if any(cells.values()):
            yield "no_decision", DECISION, {}
        return
    answer, chosen = row["answer_id"].strip(), _chosen(row)
    if answer not in known:
        yield "no_answer", "answer_id", {"answer": answer}
    elif answer in found:
        yield "twice", "answer_id", {"answer": answer}
    for code in chosen:
        if code not in codes:
            yield "no_code", DECISION, {"code": code, "known": ", ".join(sorted(codes))}
    alone = [code for code in chosen if code in exclusive]
    if alone and len(set(chosen)) > 1:
        yield "exclusive", DECISION, {"code": alone[0]}
    if not cells[WHY]:
        yield "no_why", WHY, {}
    if bool(cells[ABOUT]) != bool(cells[DEFINITION]):
        yield "half_definition", DEFINITION if cells[ABOUT] else ABOUT, {}
    elif cells[ABOUT] and cells[ABOUT] not in codes:
        yield "no_code", ABOUT, {"code": cells[ABOUT], "known": ", ".join(sorted(codes))}


def _chosen(row: Mapping[str, str]) -> list[str]:
    decision = row[DECISION].strip()
    if decision == NOTHING:
        return []
    return [code.strip() for code in decision.split(";") if code.strip()]
