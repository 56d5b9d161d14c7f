"""Adjudication of a study: what is open, decisions by rule and by people, what comes of them."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from themecoder.adjudication.decision_list import list_text, read_list
from themecoder.adjudication.decisions import (
    RULES,
    ProposedDecision,
    by_person,
    by_rules,
    decided_by_person,
    same_decision,
)
from themecoder.adjudication.html.page import ShownCase, render_disagreements
from themecoder.codebook import edits
from themecoder.codebook.edit import edit_codebook
from themecoder.codebook.model import Codebook
from themecoder.coding.annotations import write_codings
from themecoder.coding.cases import Case, cases
from themecoder.coding.history import add_to_history
from themecoder.coding.model import ADJUDICATED, Coding
from themecoder.coding.read import adjudicated_codings as decisions_of
from themecoder.coding.read import coding_by_coder
from themecoder.errors import InputError, Problem
from themecoder.masking.model import MaskedText
from themecoder.storage.atomic import write_text
from themecoder.workspace.folder import StudyFolder

Note = tuple[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class AdjudicationStatus:
    """How far a question is. Of ``answers`` with usable coding ``single`` have one coder; of those
    with more ``unanimous`` are alike and ``disputed`` not. ``by_rule`` and ``by_person`` are
    decided, ``reopened`` too but to be looked at again; ``open`` must be decided by somebody."""

    question: str
    answers: int
    single: int
    unanimous: int
    disputed: int
    by_rule: int
    by_person: int
    reopened: int
    open: int


@dataclass(frozen=True, slots=True)
class AdjudicationResult:
    """What a round of decisions did: ``made`` new ones, ``same`` as before. ``notes``: (key below
    adjudication., what to fill in)."""

    made: int = 0
    same: int = 0
    definitions: int = 0
    notes: tuple[Note, ...] = ()

    def __add__(self, other: AdjudicationResult) -> AdjudicationResult:
        return AdjudicationResult(
            self.made + other.made,
            self.same + other.same,
            self.definitions + other.definitions,
            self.notes + other.notes,
        )


@dataclass(slots=True)
class Adjudication:
    """What deciding on a question needs."""

    study: StudyFolder
    question: str
    book: Codebook
    cases: list[Case]
    texts: Mapping[str, str]
    decisions: dict[str, Coding] = field(default_factory=dict)

    @property
    def codes(self) -> list[str]:
        return [code.id for code in self.book.usable]

    @property
    def exclusive(self) -> set[str]:
        return {code.id for code in self.book.usable if code.exclusive}

    @property
    def open(self) -> list[Case]:
        return [case for case in self.cases if case.open]

    def find(self, answer_id: str) -> Case | None:
        return next((case for case in self.cases if case.answer_id == answer_id), None)

    def masked(self, case: Case) -> MaskedText:
        return self.study.masked_texts()[case.answer_id]

    def order(self, case: Case) -> list[str]:
        """The coders of a case in an order that says nothing of who they are: drawn per answer."""
        names = [vote.coder for vote in case.votes]
        random.Random(f"{self.study.config.seed} {case.answer_id}").shuffle(names)
        return names


def load_adjudication(study: StudyFolder, question: str) -> Adjudication:
    """The cases of a question. Raises InputError without a codebook or where coding is damaged."""
    book = study.required_codebook()
    decisions = decisions_of(study, study.config.question(question).id)
    codings = coding_by_coder(study, question)
    found = cases(codings, decisions, [code.id for code in book.usable], book.version)
    texts = {answer.answer_id: answer.text for answer in study.answers(question)}
    gone = sorted({case.answer_id for case in found} - set(texts))
    if gone:
        raise InputError(
            [
                Problem("agreement.unknown_answer", {"answer": a}, study.paths.annotations)
                for a in gone
            ]
        )
    return Adjudication(
        study, question, book, found, texts, {one.answer_id: one for one in decisions}
    )


def adjudication_status(on: Adjudication) -> AdjudicationStatus:
    kinds = [case.kind for case in on.cases]
    decided = [case.decision for case in on.cases if case.decision is not None]
    people = sum(decided_by_person(decision) for decision in decided)
    return AdjudicationStatus(
        on.question,
        len(on.cases),
        kinds.count("single"),
        kinds.count("unanimous"),
        kinds.count("disputed"),
        len(decided) - people,
        people,
        sum(bool(case.reopened) for case in on.cases),
        len(on.open),
    )


def accept(
    study: StudyFolder, rules: Collection[str], questions: Sequence[str] = ()
) -> AdjudicationResult:
    """Decide by rule (unanimous, majority, single) into ``annotations/adjudicated/``.

    A person's decision is never touched by a rule; a second time changes nothing. Raises
    InputError for a rule that is none.
    """
    unknown = sorted(set(rules) - set(RULES))
    if unknown:
        params = {"found": ", ".join(unknown), "known": ", ".join(RULES)}
        raise InputError(Problem("adjudication.rule", params))
    done = AdjudicationResult()
    with study.locked():
        for question in questions or study.questions:
            on = load_adjudication(study, question)
            made = by_rules(on.cases, rules, on.texts, on.exclusive, on.book.version)
            done += _keep(on, made)
    return done


def decide(on: Adjudication, proposals: Iterable[ProposedDecision]) -> AdjudicationResult:
    """Take over people's decisions, and what they propose for definitions into the draft."""
    made = []
    for proposal in proposals:
        case = on.find(proposal.answer_id)
        assert case is not None  # its reader looked it up
        made.append(by_person(case, proposal, on.texts, on.book.version))
    return _keep(on, made)


def write_decision_list(on: Sequence[Adjudication], file: Path) -> None:
    """Write what is open as CSV, for a person to fill in."""
    found = [case for one in on for case in one.open]
    shown = {case.answer_id: one.order(case) for one in on for case in one.open}
    texts = {case.answer_id: one.masked(case).masked for one in on for case in one.open}
    write_text(file, list_text(found, texts, shown))


def disagreements(study: StudyFolder, questions: Sequence[str] = ()) -> list[Adjudication]:
    """Per question what the coders say of each answer, what is decided and what is open."""
    return [load_adjudication(study, question) for question in questions or study.questions]


def write_disagreements_page(found: Sequence[Adjudication], file: Path) -> None:
    """Write what is open of ``found`` as a page, masked and without the coders' names."""
    write_text(file, open_page(found))


def open_page(found: Sequence[Adjudication]) -> str:
    """What is open, as a page."""
    questions = []
    for on in found:
        wording = on.study.config.question(on.question)
        shown = [
            ShownCase(case, on.masked(case).masked, codes_by_coder(on, case)) for case in on.open
        ]
        questions.append((on.question, wording.text or wording.label, shown))
    return render_disagreements(questions, found[0].book, found[0].study.config.synthetic or "")


def codes_by_coder(on: Adjudication, case: Case) -> list[dict[str, list[str]]]:
    """Per coder, in the case's order, the codes with the masked words that were marked."""
    text = on.masked(case)
    places = {code: n for n, code in enumerate(on.codes)}
    votes = {vote.coder: vote for vote in case.votes}
    found = []
    for coder in on.order(case):
        mine: dict[str, list[str]] = {c: [] for c in sorted(votes[coder].codes, key=places.get)}  # type: ignore[arg-type]
        for quote in votes[coder].coding.quotes:
            if quote.code in mine:
                start, end = text.to_masked(quote.start, quote.end)
                mine[quote.code].append(text.masked[start:end])
        found.append(mine)
    return found


def read_decisions(study: StudyFolder, file: Path, by: str | None = None) -> AdjudicationResult:
    """Take over a list that ``by``, or study.toml's adjudicator, filled in; whole or not at all."""
    name = (by or study.config.coding.adjudicator or "").strip()
    if not name:
        raise InputError(Problem("adjudication.no_name"))
    with study.locked():
        return _read_decisions(study, file, name)


def _read_decisions(study: StudyFolder, file: Path, by: str) -> AdjudicationResult:
    benches = [load_adjudication(study, question) for question in study.questions]
    known = {case.answer_id for one in benches for case in one.cases}
    proposals = read_list(file, known, benches[0].codes, benches[0].exclusive, by)
    done = AdjudicationResult()
    for one in benches:
        mine = [p for p in proposals if p.answer_id.rpartition(":")[2] == one.question]
        done += decide(one, mine)
    return done


def _keep(on: Adjudication, made: Sequence[Coding]) -> AdjudicationResult:
    """New decisions into the file, those they replace into the history first."""
    new = [
        one
        for one in made
        if one.answer_id not in on.decisions or not same_decision(on.decisions[one.answer_id], one)
    ]
    # before the decisions: cut short, the next run finds both to do, and does them once
    taken, notes = _definitions(on.study, new)
    paths = on.study.paths
    old = [on.decisions[one.answer_id] for one in new if one.answer_id in on.decisions]
    add_to_history(history_file(on), old)
    lines = {**on.decisions, **{one.answer_id: one for one in new}}
    if lines:
        write_codings(paths.adjudicated(on.question), lines.values())
    on.decisions.update(lines)
    return AdjudicationResult(len(new), len(made) - len(new), taken, tuple(notes))


def history_file(on: Adjudication) -> Path:
    """Where decisions go that others took the place of."""
    return on.study.paths.coding_history(ADJUDICATED, on.question)


def _definitions(study: StudyFolder, made: Iterable[Coding]) -> tuple[int, list[Note]]:
    """Proposed definitions into the codebook's draft, as typed changes. One that clashes with what
    somebody else changed there stays with its decision and is told."""
    taken, notes = 0, list[Note]()
    for decision in made:
        proposed = decision.source.get("definition")
        if not proposed:
            continue
        code, text = proposed
        why = f"{decision.answer_id}: {decision.source.get('why', '')}".strip(": ")

        def change(draft: edits.Draft, code: str = code, text: str = text, why: str = why) -> Any:
            return edits.redefine(draft, code, why, definition=text)

        try:
            edit_codebook(study.codebooks, change)
            taken += 1
        except InputError as error:
            reason = "; ".join(problem.key for problem in error.problems)
            params = {"code": code, "answer": decision.answer_id, "reason": reason}
            notes.append(("definition_clash", params))
    return taken, notes
