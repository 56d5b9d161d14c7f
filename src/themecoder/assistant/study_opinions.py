"""Second opinions on a study's answers: asked for, and as the classifier takes them."""

from __future__ import annotations

import numpy as np

from themecoder.assistant.ask import Assistant, ask_all
from themecoder.assistant.model import Opinions
from themecoder.assistant.opinion_files import read_opinions, write_opinions
from themecoder.assistant.opinions import Asked, read_opinion
from themecoder.classifier.model import FloatArray
from themecoder.masking.model import MaskedText
from themecoder.progress import running
from themecoder.survey.answer_id import AnswerId
from themecoder.themes.known import KnownStudy
from themecoder.workspace.folder import StudyFolder


def asked_of(study: StudyFolder, question: str) -> Asked:
    """What is asked about the answers to a question."""
    settings = study.config.question(question)
    codes = tuple(
        code
        for code in study.required_codebook().active
        if not code.questions or question in code.questions
    )
    wording = settings.text or settings.label
    return Asked(wording, codes, study.config.interface_language)


def question_opinions(study: StudyFolder, question: str, assistant: Assistant) -> Opinions:
    """Ask about every answer with content to a question, and write what came of it.

    The order is drawn by the study's seed: where the budget ends the run, those that were asked
    are a random part. What was asked before is not asked again. Raises ServiceError where the
    server can't go on; what it said until then is written first.
    """
    asked = asked_of(study, question)
    # a question that none of the codes is for has nothing to ask
    masked = _answers(study, question) if asked.codes else {}
    order = np.random.default_rng(study.config.seed).permutation(len(masked))
    ids = list(masked)
    answers = [(ids[place], masked[ids[place]]) for place in order]
    prompts = [(asked.prompt(text), read_opinion(asked, one, text)) for one, text in answers]
    with running(study.progress, "assistant", question):
        came = ask_all(assistant, prompts, study.progress.advance)
    checks = {answers[n][0]: asked.check(*answers[n]) for n in came.values}
    made = Opinions(
        question,
        assistant.model,
        checks,
        tuple(opinion for opinions, _ in came.values.values() for opinion in opinions),
        sum(dropped for _, dropped in came.values.values()),
        tuple(sorted(answers[n][0] for n in came.failed)),
        came.left,
    )
    # where nothing was said, earlier opinions stay, by whatever model they are
    if made.checks or not made.left:
        with study.locked():
            write_opinions(study.paths, made)
    if came.stopped is not None:
        raise came.stopped
    return made


def _answers(study: StudyFolder, question: str) -> dict[str, MaskedText]:
    """The answers with content to a question, sorted by id."""
    texts = study.masked_texts()
    return {
        answer.answer_id: texts[answer.answer_id]
        for answer in study.answers(question)
        if not study.contentless(answer.text)
    }


def opinion_table(study: StudyFolder, known: KnownStudy) -> FloatArray | None:
    """(n, C) 1 where the assistant gave a code to an answer, 0 where it did not, NaN where it was
    not asked; None where it said nothing on any of them.

    An opinion on an answer that changed since, or by another codebook, is left out, and that is
    told.
    """
    table = np.full((len(known.answers), len(known.codes)), np.nan)
    column = {code: place for place, code in enumerate(known.codes)}
    said = {
        question: read_opinions(file)
        for question in study.questions
        if (file := study.paths.assistant_opinions(question)).is_file()
    }
    asked = {question: asked_of(study, question) for question in said}
    masked = study.masked_texts() if said else {}
    outdated = False
    for row, answer in enumerate(known.answers):
        question = AnswerId.parse(answer).question
        check, codes = said.get(question, {}).get(answer, ("", set()))
        if not check:
            continue
        if check != asked[question].check(answer, masked[answer]):
            outdated = True
            continue
        for code in asked[question].codes:
            table[row, column[code.id]] = float(code.id in codes)
    if outdated:
        study.notice("assistant.outdated")
    return table if np.isfinite(table).any() else None
