"""Adjudication of a study: the open answers, and decisions by rule and by people."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from themecoder.adjudication.decision_list import list_text, read_list
from themecoder.adjudication.decisions import (
    ProposedDecision,
    by_person,
    by_rules,
    same_decision,
)
from themecoder.adjudication.html.page import ShownCase, render_disagreements
from themecoder.adjudication.same_text import CodedAnswer, SameText, same_texts
from themecoder.adjudication.shown_codes import ShownCode
from themecoder.codebook import edits
from themecoder.codebook.draft import Draft
from themecoder.codebook.edit import edit_codebook
from themecoder.codebook.model import Codebook
from themecoder.coding.annotations import write_codings
from themecoder.coding.by_people import adjudicated_codings
from themecoder.coding.cases import Case, cases, decided_by_person
from themecoder.coding.history import add_to_history
from themecoder.coding.model import ADJUDICATED, Coding
from themecoder.coding.quote_texts import masked_quotes
from themecoder.coding.read import coding_by_coder
from themecoder.coding.rules import RULES
from themecoder.errors import InputError, Problem
from themecoder.masking.model import MaskedText
from themecoder.storage.atomic import write_text
from themecoder.survey.answer_id import AnswerId
from themecoder.workspace.folder import StudyFolder

Note = tuple[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class AdjudicationStatus:
    """How far the adjudication of a question is, in answers.

    Of the ``answers`` with usable coding, ``single`` have one coder; of the others the coders agree
    on ``unanimous`` and differ on ``disputed``. ``by_rule`` and ``by_person`` are decided;
    ``reopened`` are decided and must be looked at again; ``open`` wait for somebody to decide.
    ``same_text`` counts texts, not answers: those that stand in several answers and are not coded
    the same everywhere.
    """

    question: str
    answers: int
    single: int
    unanimous: int
    disputed: int
    by_rule: int
    by_person: int
    reopened: int
    open: int
    same_text: int


@dataclass(frozen=True, slots=True)
class AdjudicationResult:
    """How many decisions are new (``made``) and how many were there already (``same``); how many
    definitions went into the draft; ``notes``: (key below adjudication., parameters)."""

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
    """The cases of a question, and what is needed to decide on them.

    ``texts``: answer_id -> the answer as typed; ``decisions``: answer_id -> the one that stands.
    """

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

    @property
    def same_texts(self) -> list[SameText]:
        decisions = self.decisions.values()
        return same_texts(self.cases, decisions, self.texts, self.codes, self.book.version)

    def find(self, answer_id: str) -> Case | None:
        return next((case for case in self.cases if case.answer_id == answer_id), None)

    def masked(self, answer: Case | CodedAnswer) -> MaskedText:
        return self.study.masked_texts()[answer.answer_id]

    def order(self, case: Case) -> list[str]:
        """The coders of a case in an order that is drawn per answer, so that it does not reveal who
        they are."""
        return self._drawn([vote.coder for vote in case.votes], case.answer_id)

    def letters(self, same: SameText) -> dict[str, str]:
        """coder -> A, B, C ..., drawn anew for each text; in all answers of a text a coder has the
        same letter."""
        names = self._drawn(same.coders, same.answers[0].answer_id)
        return {name: chr(ord("A") + n) for n, name in enumerate(names)}

    def _drawn(self, coders: list[str], answer_id: str) -> list[str]:
        random.Random(f"{self.study.config.seed} {answer_id}").shuffle(coders)
        return coders


def load_adjudication(study: StudyFolder, question: str) -> Adjudication:
    """The cases of a question. Raises InputError without a codebook or where coding is damaged."""
    book = study.required_codebook()
    decisions = adjudicated_codings(study, study.config.question(question).id)
    codings = coding_by_coder(study, question)
    found_cases = cases(codings, decisions, [code.id for code in book.usable], book.version)
    texts = {answer.answer_id: answer.text for answer in study.answers(question)}
    unknown = sorted({case.answer_id for case in found_cases} - set(texts))
    if unknown:
        raise InputError(
            [
                Problem("agreement.unknown_answer", {"answer": a}, study.paths.annotations)
                for a in unknown
            ]
        )
    return Adjudication(
        study,
        question,
        book,
        found_cases,
        texts,
        {decision.answer_id: decision for decision in decisions},
    )


def adjudication_status(adjudication: Adjudication) -> AdjudicationStatus:
    kinds = [case.kind for case in adjudication.cases]
    decided = [case.decision for case in adjudication.cases if case.decision is not None]
    people = sum(decided_by_person(decision) for decision in decided)
    return AdjudicationStatus(
        adjudication.question,
        len(adjudication.cases),
        kinds.count("single"),
        kinds.count("unanimous"),
        kinds.count("disputed"),
        len(decided) - people,
        people,
        sum(bool(case.reopened) for case in adjudication.cases),
        len(adjudication.open),
        len(adjudication.same_texts),
    )


def accept(
    study: StudyFolder, rules: Collection[str], questions: Sequence[str] = ()
) -> AdjudicationResult:
    """Decide by rule (unanimous, majority, single) into ``annotations/adjudicated/``.

    A rule never touches a person's decision; a second time nothing changes. Raises InputError for
    an unknown rule.
    """
    unknown = sorted(set(rules) - set(RULES))
    if unknown:
        params = {"found": ", ".join(unknown), "known": ", ".join(RULES)}
        raise InputError(Problem("adjudication.rule", params))
    result = AdjudicationResult()
    with study.locked():
        for question in questions or study.questions:
            adjudication = load_adjudication(study, question)
            decisions = by_rules(
                adjudication.cases,
                rules,
                adjudication.texts,
                adjudication.exclusive,
                adjudication.book.version,
            )
            result += _keep_decisions(adjudication, decisions)
    return result


def decide(adjudication: Adjudication, proposals: Iterable[ProposedDecision]) -> AdjudicationResult:
    """Take over people's decisions, and put the definitions that they propose into the draft."""
    decisions = []
    for proposal in proposals:
        case = adjudication.find(proposal.answer_id)
        assert case is not None  # its reader looked it up
        decisions.append(by_person(case, proposal, adjudication.texts, adjudication.book.version))
    return _keep_decisions(adjudication, decisions)


def write_decision_list(adjudications: Sequence[Adjudication], file: Path) -> None:
    """Write the open cases as CSV, for a person to fill in."""
    open_cases = [case for adjudication in adjudications for case in adjudication.open]
    shown = {
        case.answer_id: adjudication.order(case)
        for adjudication in adjudications
        for case in adjudication.open
    }
    texts = {
        case.answer_id: adjudication.masked(case).masked
        for adjudication in adjudications
        for case in adjudication.open
    }
    write_text(file, list_text(open_cases, texts, shown))


def disagreements(study: StudyFolder, questions: Sequence[str] = ()) -> list[Adjudication]:
    """Per question the coders' codings of each answer, what is decided and what is open."""
    return [load_adjudication(study, question) for question in questions or study.questions]


def write_disagreements_page(adjudications: Sequence[Adjudication], file: Path) -> None:
    """Write the open cases as a page, masked and without the coders' names."""
    questions = []
    for adjudication in adjudications:
        wording = adjudication.study.config.question(adjudication.question)
        shown = [
            ShownCase(case, adjudication.masked(case).masked, codes_by_coder(adjudication, case))
            for case in adjudication.open
        ]
        questions.append((adjudication.question, wording.text or wording.label, shown))
    synthetic = adjudications[0].study.config.synthetic or ""
    write_text(file, render_disagreements(questions, adjudications[0].book, synthetic))


def codes_by_coder(adjudication: Adjudication, case: Case) -> list[dict[str, ShownCode]]:
    """Per coder, in the order of ``Adjudication.order``: code -> its value, and the masked words
    that were marked for it."""
    text = adjudication.masked(case)
    places = {code: n for n, code in enumerate(adjudication.codes)}
    votes = {vote.coder: vote for vote in case.votes}
    columns = []
    for coder in adjudication.order(case):
        codes = sorted(votes[coder].codes, key=places.__getitem__)
        words_by_code: dict[str, list[str]] = {code: [] for code in codes}
        for quote in votes[coder].coding.quotes:
            if quote.code in words_by_code:
                start, end = text.to_masked(quote.start, quote.end)
                words_by_code[quote.code].append(text.masked[start:end])
        said = votes[coder].coding.values
        columns.append({c: ShownCode(w, said.get(c, "")) for c, w in words_by_code.items()})
    return columns


def read_decisions(study: StudyFolder, file: Path, by: str | None = None) -> AdjudicationResult:
    """Take over a list that ``by`` filled in, by default study.toml's adjudicator; all of it or
    nothing."""
    name = (by or study.config.coding.adjudicator or "").strip()
    if not name:
        raise InputError(Problem("adjudication.no_name"))
    with study.locked():
        adjudications = [load_adjudication(study, question) for question in study.questions]
        known = {case.answer_id for adjudication in adjudications for case in adjudication.cases}
        codes, exclusive = adjudications[0].codes, adjudications[0].exclusive
        values = {
            code.id: [value.id for value in code.values]
            for adjudication in adjudications
            for code in adjudication.book.usable
        }
        proposals = read_list(file, known, codes, exclusive, name, values)
        result = AdjudicationResult()
        for adjudication in adjudications:
            own = [
                p
                for p in proposals
                if AnswerId.parse(p.answer_id).question == adjudication.question
            ]
            result += decide(adjudication, own)
        return result


def _keep_decisions(adjudication: Adjudication, decisions: Sequence[Coding]) -> AdjudicationResult:
    """Write the new decisions into the file, after the ones that they replace went to the
    history."""
    study = adjudication.study
    here = {one.answer_id: one for one in masked_quotes(study, adjudication.decisions.values())}
    new = [
        decision
        for decision in masked_quotes(study, decisions)
        if decision.answer_id not in here or not same_decision(here[decision.answer_id], decision)
    ]
    # first, so that a run that is interrupted here is repeated whole: nothing is done twice
    taken, notes = _propose_definitions(study, new)
    old = [here[decision.answer_id] for decision in new if decision.answer_id in here]
    add_to_history(history_file(adjudication), old)
    lines = {**here, **{decision.answer_id: decision for decision in new}}
    if lines:
        write_codings(study.paths.adjudicated(adjudication.question), lines.values())
    adjudication.decisions.update(lines)
    return AdjudicationResult(len(new), len(decisions) - len(new), taken, tuple(notes))


def history_file(adjudication: Adjudication) -> Path:
    """The file that keeps decisions which were replaced."""
    return adjudication.study.paths.coding_history(ADJUDICATED, adjudication.question)


def _propose_definitions(study: StudyFolder, decisions: Iterable[Coding]) -> tuple[int, list[Note]]:
    """Put proposed definitions into the codebook's draft, as typed changes. A proposal that clashes
    with somebody else's change there stays with its decision and is reported in the notes."""
    n, notes = 0, list[Note]()
    for decision in decisions:
        proposed = decision.source.get("definition")
        if not proposed:
            continue
        code, text = proposed
        why = f"{decision.answer_id}: {decision.source.get('why', '')}".strip(": ")

        def change(draft: Draft, code: str = code, text: str = text, why: str = why) -> Any:
            return edits.redefine(draft, code, why, definition=text)

        try:
            edit_codebook(study.codebooks, change)
            n += 1
        except InputError as error:
            reason = "; ".join(problem.key for problem in error.problems)
            params = {"code": code, "answer": decision.answer_id, "reason": reason}
            notes.append(("definition_clash", params))
    return n, notes
