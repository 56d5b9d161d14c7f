"""Disagreements as a CSV list that a person fills in; read back, every mistake is reported."""

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
_REQUIRED = ("answer_id", DECISION, WHY, SEEN)
_TO_FILL_IN = ("",) * len((DECISION, WHY, ABOUT, DEFINITION))


def list_text(
    cases: Sequence[Case], texts: Mapping[str, str], shown: Mapping[str, Sequence[str]]
) -> str:
    """The list as CSV: per case the masked text and each coder's codes, without names.

    ``shown``: answer_id -> the coders in the order of their columns (A, B, C ...).
    """
    widest = max((len(case.votes) for case in cases), default=0)
    letters = [chr(ord("A") + n) for n in range(widest)]
    rows = []
    for case in cases:
        votes = {vote.coder: vote for vote in case.votes}
        said = [(votes[c].codes, votes[c].coding.values) for c in shown[case.answer_id]]
        codes = [_codes_cell(own, values) for own, values in said]
        codes += [""] * (widest - len(codes))
        decided = ""
        if case.decision is not None:
            decided = _codes_cell(case.decision.codes, case.decision.values)
        text = files.no_formula(texts[case.answer_id])
        rows.append((case.answer_id, text, *codes, decided, *_TO_FILL_IN, case.seen))
    header = ("answer_id", "text", *letters, "standing", DECISION, WHY, ABOUT, DEFINITION, SEEN)
    return files.csv_text(header, rows)


def read_list(
    file: Path,
    known: Collection[str],
    codes: Collection[str],
    exclusive: Collection[str],
    by: str,
    values: Mapping[str, Collection[str]],
) -> list[ProposedDecision]:
    """The decisions in the rows that have one; ``values``: the ids of those of each code that has
    some. Raises InputError with everything that is wrong."""
    proposals: dict[str, ProposedDecision] = {}
    problems: list[Problem] = []
    for number, row in read_table(file, _REQUIRED, _REQUIRED):
        faults = [*faults_of(row, known, proposals, codes, exclusive), *_value_faults(row, values)]
        for key, column, params in faults:
            problems.append(Problem(f"adjudication.{key}", params, file, number, column))
        if faults or not row[DECISION].strip():
            continue
        answer, about = row["answer_id"].strip(), row.get(ABOUT, "").strip()
        definition = (about, row.get(DEFINITION, "").strip()) if about else None
        chosen = tuple(_chosen_codes(row))
        why, seen = row[WHY].strip(), row[SEEN].strip()
        said = {code: value for code, value in _chosen(row) if value}
        proposals[answer] = ProposedDecision(
            answer, chosen, why, by, seen, definition=definition, values=said
        )
    if problems:
        raise InputError(problems)
    return list(proposals.values())


def faults_of(
    row: Mapping[str, str],
    known: Collection[str],
    taken: Collection[str],
    codes: Collection[str],
    exclusive: Collection[str],
) -> Iterator[tuple[str, str, dict[str, object]]]:
    """What is wrong with a row: the key of the message below adjudication., the column, and the
    parameters of the message."""
    cells = {name: row.get(name, "").strip() for name in (WHY, ABOUT, DEFINITION)}
    if not row[DECISION].strip():
        if any(cells.values()):
            yield "no_decision", DECISION, {}
        return
    answer, chosen = row["answer_id"].strip(), _chosen_codes(row)
    if answer not in known:
        yield "no_answer", "answer_id", {"answer": answer}
    elif answer in taken:
        yield "twice", "answer_id", {"answer": answer}
    for code in chosen:
        if code not in codes:
            yield "no_code", DECISION, {"code": code, "known": ", ".join(sorted(codes))}
    exclusives = [code for code in chosen if code in exclusive]
    if exclusives and len(set(chosen)) > 1:
        yield "exclusive", DECISION, {"code": exclusives[0]}
    if not cells[WHY]:
        yield "no_why", WHY, {}
    if bool(cells[ABOUT]) != bool(cells[DEFINITION]):
        yield "half_definition", DEFINITION if cells[ABOUT] else ABOUT, {}
    elif cells[ABOUT] and cells[ABOUT] not in codes:
        yield "no_code", ABOUT, {"code": cells[ABOUT], "known": ", ".join(sorted(codes))}


def _value_faults(
    row: Mapping[str, str], values: Mapping[str, Collection[str]]
) -> Iterator[tuple[str, str, dict[str, object]]]:
    chosen = _chosen(row)
    for code, value in chosen:
        known = values.get(code, ())
        if value and value not in known:
            there = ", ".join(known) or NOTHING
            yield "no_value", DECISION, {"code": code, "value": value, "known": there}
    for code in {code: None for code, _ in chosen}:
        said = sorted({value for one, value in chosen if one == code})
        if len(said) > 1:
            yield "two_values", DECISION, {"code": code, "values": ", ".join(said)}


def _codes_cell(codes: Collection[str], values: Mapping[str, str]) -> str:
    """The codes, each with its value (``privacy=for``) where one is said."""
    cells = [f"{c}={values[c]}" if c in values else c for c in sorted(codes)]
    return ";".join(cells) or NOTHING


def _chosen_codes(row: Mapping[str, str]) -> list[str]:
    return [code for code, _ in _chosen(row)]


def _chosen(row: Mapping[str, str]) -> list[tuple[str, str]]:
    """The codes of the decision, each with its value, empty where none is said."""
    decision = row[DECISION].strip()
    if decision == NOTHING:
        return []
    parts = (part.partition("=") for part in decision.split(";") if part.strip())
    return [(code.strip(), value.strip()) for code, _, value in parts]
