"""A survey export as read, and the respondents, bases and open answers that a study finds in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from themecoder.errors import InputError, Problem
from themecoder.expressions import Expression
from themecoder.expressions.cells import is_empty
from themecoder.settings.closed import ClosedSettings
from themecoder.settings.model import StudyConfig
from themecoder.survey.answer_id import AnswerId
from themecoder.survey.export import Column, Export
from themecoder.survey.groups import Groups, group
from themecoder.survey.meaning.interpret import interpret
from themecoder.survey.validate import validate

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas


@dataclass(frozen=True, slots=True)
class Answer:
    """One respondent's answer to one open question."""

    answer_id: str  # "<respondent_id>:<question>"
    respondent_id: str
    question: str
    text: str  # as imported, NFC; offsets count code points of this


@dataclass(frozen=True, slots=True)
class QuestionOverview:
    """What came in on one open question: asked = answered + empty, contentless among answered."""

    question: str
    asked: int
    answered: int
    empty: int
    contentless: int


@dataclass(frozen=True, slots=True)
class Survey:
    """The respondents in the target group, with what they were asked and answered.

    ``respondents`` are the n ids in file order, ``frame`` their n rows with the ids as index.
    Respondents who were screened out are nowhere in these, so in no base; ``export`` has the rows
    of everybody, for figures on who took part. ``warnings`` are worth a look; problems would have
    kept ``build_survey`` from making it. ``closed`` are the closed questions; ``ticks``: question
    with several answers -> code -> the column that says whether it was chosen. ``typed`` is
    ``frame`` as the file has it, before closed questions were read.
    """

    config: StudyConfig
    columns: Mapping[str, Column]
    respondents: tuple[str, ...]
    frame: pandas.DataFrame
    export: Export
    screened_out: int
    warnings: tuple[Problem, ...] = ()
    closed: tuple[ClosedSettings, ...] = ()
    ticks: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    typed: pandas.DataFrame | None = None

    def holds(self, expression: Expression) -> npt.NDArray[np.bool_]:
        """(n,) bool: the respondents for whom an expression holds; unknown counts as false."""
        return expression.evaluate(self.frame)

    def members(self, expression: Expression) -> tuple[str, ...]:
        """The ids of the respondents for whom an expression holds, in file order."""
        return tuple(
            respondent
            for respondent, holds in zip(self.respondents, self.holds(expression), strict=True)
            if holds
        )

    def asked(self, question: str) -> tuple[str, ...]:
        """The ids of those who were asked an open question: its base."""
        return self.members(self.config.question(question).asked)

    def answers(self, question: str) -> tuple[Answer, ...]:
        """The answers to an open question, sorted by answer_id as text.

        One per respondent who was asked and typed more than white space. An answer of someone who
        was not asked is in no base and not here; ``warnings`` lists it.
        """
        asked = frozenset(self.asked(question))
        cells = self.frame[self.config.question(question).column].tolist()
        typed = [
            Answer(str(AnswerId(respondent, question)), respondent, question, text)
            for respondent, text in zip(self.respondents, cells, strict=True)
            if respondent in asked and not is_empty(text)
        ]
        return tuple(sorted(typed, key=lambda answer: answer.answer_id))

    def overview(self, contentless: Callable[[str], bool]) -> tuple[QuestionOverview, ...]:
        """Per question what came in; ``contentless`` says of an answer whether it says nothing."""
        overviews = []
        for question in self.config.questions:
            asked, answers = len(self.asked(question.id)), self.answers(question.id)
            silent = sum(contentless(answer.text) for answer in answers)
            overviews.append(
                QuestionOverview(question.id, asked, len(answers), asked - len(answers), silent)
            )
        return tuple(overviews)

    def attribute(self, attribute: str) -> Groups:
        """The groups of an attribute of study.toml. Raises KeyError where there is none such."""
        config = {settings.id: settings for settings in self.config.attributes}[attribute]
        return group(config, self.columns.get(config.column), self.frame)


def build_survey(export: Export, config: StudyConfig) -> Survey:
    """The survey that a study.toml makes of an export.

    Raises InputError with every problem: columns that are missing, ids that are empty or double
    (with their rows), expressions that do not fit the data, a target group of nobody.
    """
    read = interpret(export, config)
    typed, export = export.frame, read.export
    findings = validate(export, config, read.closed)
    if findings.problems or read.problems:
        raise InputError([*findings.problems, *read.problems])
    ids = [str(cell).strip() for cell in export.frame[config.survey.id].tolist()]
    included = config.survey.include.evaluate(export.frame)
    frame = export.frame.loc[included]
    respondents = tuple(respondent for respondent, keep in zip(ids, included, strict=True) if keep)
    frame = frame.set_axis(list(respondents), axis="index")
    return Survey(
        config,
        {column.name: column for column in export.columns},
        respondents,
        frame,
        export,
        len(ids) - len(respondents),
        (*findings.warnings, *read.warnings),
        read.closed,
        read.ticks,
        typed.loc[included].set_axis(list(respondents), axis="index"),
    )
