"""Suggestions that another package makes, held to what ours keep.

It is handed masked texts, the codes and what people coded; of no respondent both an answer and the
coding of it, for a coder may not be shown what another said of the same answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from numbers import Real
from typing import Any, Literal

import numpy as np

from themecoder.classifier.model import FloatArray
from themecoder.codebook.model import Code
from themecoder.coding.by_people import all_adjudicated_codings, coding_of_all_questions
from themecoder.coding.model import Coding
from themecoder.coding.suggestions.files import Suggested
from themecoder.coding.suggestions.learning import codings_of_answers
from themecoder.coding.suggestions.likely import likely_codes
from themecoder.errors import InputError
from themecoder.plugins import PREFIX, Plugin, find_plugin
from themecoder.survey.answer_id import AnswerId
from themecoder.workspace.folder import StudyFolder

_PARTS = 5
Wrong = Literal["no_mapping", "unknown_code", "wrong_score"]


def suggester_of(study: StudyFolder) -> Plugin | None:
    """The plugin that study.toml names; None where suggestions are ours."""
    name = study.config.coding.suggester
    return None if name is None else find_plugin("suggesters", name)


def model_of_plugin(plugin: Plugin) -> str:
    """What its suggestions are marked with, wherever they are kept."""
    return f"{PREFIX}{plugin.name} {plugin.package} {plugin.version}"


def plugin_suggestions(study: StudyFolder, plugin: Plugin) -> tuple[dict[str, Suggested], int]:
    """Question -> answer_id -> codes with scores, best first; and from how many coded answers.

    Called once a question and part of the respondents, with what the other parts coded; where
    nothing is coded once a question. Raises InputError where it gives anything else than a score
    from 0 to 1 for codes that it was handed, a mapping a text.
    """
    book, masked = study.required_codebook(), study.masked_texts()
    suggest = plugin.load()
    coded = _coded(study, book.version)
    people = sorted({AnswerId.parse(answer).respondent for answer in masked})
    order = np.random.default_rng(study.config.seed).permutation(len(people)).tolist()
    part_of = {
        who: place % _PARTS if coded else 0 for who, place in zip(people, order, strict=True)
    }
    usable = {code.id for code in book.active}
    found: dict[str, Suggested] = {}
    for question in study.config.questions:
        codes = [one for one in book.active if not one.questions or question.id in one.questions]
        answers = [
            one.answer_id for one in study.answers(question.id) if not study.contentless(one.text)
        ]
        found[question.id] = {}
        for part in sorted(set(part_of.values())):
            own = [one for one in answers if part_of[AnswerId.parse(one).respondent] == part]
            if not own or not codes:
                continue
            examples = [
                {
                    "question": AnswerId.parse(one.answer_id).question,
                    "text": masked[one.answer_id].masked,
                    "codes": sorted(usable.intersection(one.codes)),
                }
                for one in coded
                if part_of[AnswerId.parse(one.answer_id).respondent] != part
                and one.answer_id in masked
            ]
            with plugin.running():
                given = suggest(
                    texts=[masked[one].masked for one in own],
                    question={"id": question.id, "text": question.text},
                    codes=[_as_data(code) for code in codes],
                    coded=examples,
                )
            names = [code.id for code in codes]
            rows = zip(own, _scores(plugin, given, names, len(own)), strict=True)
            found[question.id] |= {
                one: best for one, row in rows if (best := likely_codes(row, names))
            }
    return found, len({one.answer_id for one in coded})


def _coded(study: StudyFolder, version: str) -> list[Coding]:
    """What people coded, as it counts, by answer."""
    by_coder, decisions = coding_of_all_questions(study), all_adjudicated_codings(study)
    votes, _ = codings_of_answers(by_coder, decisions, version)
    return [one for answer in sorted(votes) for one in votes[answer]]


def _as_data(code: Code) -> dict[str, Any]:
    return {
        "id": code.id,
        "label": code.label,
        "definition": code.definition,
        "include": code.include,
        "exclude": code.exclude,
        "examples": [example.text for example in code.examples],
    }


def _scores(plugin: Plugin, given: Any, codes: Sequence[str], wanted: int) -> FloatArray:
    """(wanted, C) scores. What is wrong is told by its place, for a name may be words of an
    answer."""
    with plugin.running():
        rows: list[Any] = list(given)
    if len(rows) != wanted:
        raise plugin.refused("wrong_number", found=len(rows), expected=wanted)
    table, column = np.zeros((wanted, len(codes))), {code: n for n, code in enumerate(codes)}
    wrong: dict[Wrong, list[int]] = {"no_mapping": [], "unknown_code": [], "wrong_score": []}
    for place, row in enumerate(rows):
        if not isinstance(row, Mapping):
            wrong["no_mapping"].append(place + 1)
            continue
        for code, score in row.items():
            if code not in column:
                wrong["unknown_code"].append(place + 1)
            elif (
                isinstance(score, bool) or not isinstance(score, Real) or not 0 <= float(score) <= 1
            ):
                wrong["wrong_score"].append(place + 1)
            else:
                table[place, column[code]] = float(score)
    if any(wrong.values()):
        raise InputError(
            plugin.problem(kind, row=places[0], n=len(set(places)))
            for kind, places in wrong.items()
            if places
        )
    return table
