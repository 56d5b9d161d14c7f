"""Corrections of a study's study.toml, and what its columns are taken for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from themecoder.errors import InputError, Problem
from themecoder.settings.load import parse_study
from themecoder.settings.model import StudyConfig
from themecoder.storage.atomic import read_text, sha256, write_text
from themecoder.survey.correction.apply import corrected
from themecoder.survey.correction.columns import ColumnTaken, columns_taken
from themecoder.survey.correction.model import Correction, Questionnaire
from themecoder.survey.groups import band_names
from themecoder.survey.init_study import copy_for, copy_whole
from themecoder.survey.model import Answer, build_survey
from themecoder.workspace.folder import StudyFolder


def study_columns(study: StudyFolder) -> tuple[ColumnTaken, ...]:
    """What each column was taken for, with examples; those that may tell who somebody is masked."""
    found = columns_taken(study.export, study.config)
    texts = sorted({cell for one in found if one.private for cell, _ in one.examples})
    masked = study.mask_by_rules(
        [Answer(str(place), "", "", text) for place, text in enumerate(texts)],
        study.config.language,
    )
    shown = {text: masked[str(place)].masked for place, text in enumerate(texts)}
    return tuple(
        replace(one, examples=tuple((shown[cell], n) for cell, n in one.examples))
        if one.private
        else one
        for one in found
    )


@dataclass(frozen=True, slots=True)
class QuestionTaken:
    """A question as study.toml has it: its text, who was asked, and what its cells (``options``) or
    rows (``items``) are called, in their order."""

    id: str
    kind: str
    text: str
    asked: str
    options: Mapping[str, str]
    items: Mapping[str, str]


def study_questions(study: StudyFolder) -> tuple[tuple[QuestionTaken, ...], Sequence[Problem]]:
    """Every open and closed question, and what is wrong between study.toml and the export."""
    questions = [
        QuestionTaken(one.id, "open", one.text, str(one.asked), {}, {})
        for one in study.config.questions
    ]
    questions += [
        QuestionTaken(
            one.id, one.kind, one.text, str(one.asked), dict(one.options or one.values), one.items
        )
        for one in study.config.closed
    ]
    return tuple(questions), _problems(study, study.config)


def settings_version(study: StudyFolder) -> str:
    """What changes with study.toml: a correction made from an older one is refused."""
    return sha256(read_text(study.paths.config, "study"))


def correct_study(
    study: StudyFolder, corrections: Sequence[Correction], seen: str | None = None
) -> StudyFolder:
    """Carry corrections out in study.toml, all or none, and give the study as it is then.

    ``seen``: the version that they were made from, see ``settings_version``. Raises InputError with
    every problem that the corrections bring in; problems that were there before stay for later ones
    to correct. Questions that somebody coded are not taken away.
    """
    with study.locked():
        file = study.paths.config
        before = read_text(file, "study")
        if seen is not None and seen != sha256(before):
            raise InputError(Problem("correct.changed", file=file))
        after = corrected(before, corrections, study.export, study.config.interface_language)
        config = parse_study(after, file)
        _check_coded(study, config)
        known = {str(one) for one in _problems(study, study.config)}
        new = [one for one in _problems(study, config) if str(one) not in known]
        if new:
            raise InputError(new)
        write_text(file, after)
    return type(study)(study.paths.root, config, study.progress)


def add_questionnaire(study: StudyFolder, file: Path, seen: str | None = None) -> StudyFolder:
    """Copy a questionnaire into the study's ``data/`` and name it in study.toml.

    Raises InputError where another file of that name is there, or where it does not go with the
    export; nothing is left of it then.
    """
    root = study.paths.root
    copy = copy_for(file, root)
    new = not copy.is_file()
    if new:
        copy_whole(file, copy)
    try:
        name = copy.relative_to(root).as_posix()
        return correct_study(study, [Questionnaire(name)], seen)
    except BaseException:
        if new:
            copy.unlink()
        raise


@dataclass(frozen=True, slots=True)
class Cut:
    """An attribute whose numbers are cut into groups: at ``bounds``, none where each number is a
    group by itself; ``groups``: what these are called."""

    id: str
    label: str
    bounds: tuple[float, ...]
    groups: tuple[str, ...]


def cut_attributes(study: StudyFolder) -> tuple[Cut, ...]:
    """The attributes of numbers, which can be cut at other bounds."""
    config = study.config
    numbers = {column for one in config.closed if one.kind == "number" for column in one.columns}
    return tuple(
        Cut(
            one.id,
            one.label or one.id,
            one.bands,
            tuple(band_names(one.bands)) if one.bands else (),
        )
        for one in config.attributes
        if one.bands or (one.column in numbers and not (one.values or one.groups))
    )


def _problems(study: StudyFolder, config: StudyConfig) -> Sequence[Problem]:
    try:
        build_survey(study.export, config)
    except InputError as error:
        return error.problems
    return ()


def _check_coded(study: StudyFolder, config: StudyConfig) -> None:
    columns = {question.id: question.column for question in config.questions}
    problems = [
        Problem("correct.coded", {"question": question.id}, file=study.paths.config)
        for question in study.config.questions
        if columns.get(question.id) != question.column and study.paths.coding_files(question.id)
    ]
    if problems:
        raise InputError(problems)
