"""All answers with their masks: what was masked for nothing, and what was missed."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from themecoder.errors import InputError, Problem
from themecoder.masking.model import KINDS, Mask, MaskedText
from themecoder.masking.steps import MaskStep, accept_masks, mask_span, mask_words, undo_mask
from themecoder.survey.answer_id import AnswerId
from themecoder.workbench.area import Area
from themecoder.workbench.forms import posted, text_of
from themecoder.workbench.prepare import masked_questions, masking
from themecoder.workbench.site import Site
from themecoder.workspace.folder import StudyFolder
from themecoder.workspace.masks import (
    AnswerToCheck,
    answers_to_check,
    masks_are_checked,
    missed_words,
    steps_to_take_back,
    take_back_mask_step,
    take_mask_step,
)

_ON_A_PAGE = 50
_SHOWN = ("open", "masked", "all")
_LINE_END = re.compile("\r\n?")
"""A browser makes one character of it: a piece ends behind it, so that no offset is wrong."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of an answer: ``kind`` is empty where it is not masked; ``state``: mask, decided or
    missed."""

    start: int
    text: str
    kind: str = ""
    state: str = ""

    @property
    def end(self) -> int:
        return self.start + len(self.text)


def pieces(answer: AnswerToCheck) -> Iterator[Piece]:
    """An answer in pieces, masked and not, in their order."""
    text, position = answer.text.original, 0
    marked: list[tuple[Mask, str]] = [
        (mask, "decided" if (mask.start, mask.end) in answer.decided else "mask")
        for mask in answer.text.masks
    ]
    marked += [(word, "missed") for word in answer.missed]
    for mask, state in sorted(marked, key=lambda one: one[0].start):
        yield from _plain(text, position, mask.start)
        yield Piece(mask.start, mask.text, mask.kind, state)
        position = mask.end
    yield from _plain(text, position, len(text))


def _plain(text: str, start: int, end: int) -> Iterator[Piece]:
    for found in _LINE_END.finditer(text, start, end):
        yield Piece(start, text[start : found.end()])
        start = found.end()
    if start < end:
        yield Piece(start, text[start:end])


def _masks(request: Request) -> Response:
    site = Site.of(request)
    study = site.study()
    asked = request.query_params.get("q", "")
    question = study.question(asked) if asked else ""
    if waits := masking(request, question or (study.questions or ("",))[0]):
        return waits
    study = site.study()
    shown = request.query_params.get("show", "open")
    words = request.query_params.get("words", "").strip()
    every = _to_look_at(site, study, question)
    matching = [one for one in every if _is_shown(one, shown, words)]
    last = max(math.ceil(len(matching) / _ON_A_PAGE), 1)
    number = request.query_params.get("page", "1")
    page = min(max(int(number) if number.isdecimal() else 1, 1), last)
    on_page = matching[(page - 1) * _ON_A_PAGE : page * _ON_A_PAGE]
    return site.page(
        request,
        "masks.html.jinja",
        "workbench_masks",
        questions=study.config.questions,
        question=question,
        kinds=KINDS,
        n=len(matching),
        number=page,
        last=last,
        show=shown,
        shows=_SHOWN,
        words=words,
        said="",
        **_answers_shown(site, study, every, on_page),
    )


def _to_look_at(site: Site, study: StudyFolder, question: str) -> Sequence[AnswerToCheck]:
    """The answers to a question, or to all that are masked so far, with most to doubt first."""
    ready = masked_questions(site)
    if not question and ready is None:
        return study.once(answers_to_check)
    return answers_to_check(study, [question] if question else ready)


def _answers_shown(
    site: Site,
    study: StudyFolder,
    every: Sequence[AnswerToCheck],
    on_page: Sequence[AnswerToCheck],
) -> dict[str, Any]:
    ready = masked_questions(site)
    return {
        "answers": on_page,
        "pieces": pieces,
        "n_open": sum(one.open for one in every),
        "n_all": len(every),
        "back": steps_to_take_back(study),
        "waiting": [] if ready is None else [one for one in study.questions if one not in ready],
    }


def _is_shown(answer: AnswerToCheck, shown: str, words: str) -> bool:
    if words and words.casefold() not in answer.text.original.casefold():
        return False
    return {"open": answer.open, "masked": bool(answer.text.masks)}.get(shown, True)


def _step(
    make: Callable[[StudyFolder, Mapping[str, MaskedText], FormData], MaskStep],
) -> Callable[[Request, FormData], Response]:
    """A handler that takes a step and shows the answers of the page as they are then. While some
    questions are still being masked, a step is about the others; the page says so."""

    def handler(request: Request, form: FormData) -> Response:
        site = Site.of(request)
        ready = masked_questions(site)
        now, step = take_mask_step(
            site.study(), lambda study: make(study, study.masked_texts(ready), form)
        )
        return _answers_again(request, form, now, step)

    return handler


def _answers_again(
    request: Request, form: FormData, study: StudyFolder, step: MaskStep | None
) -> Response:
    """The same answers in the same order: nothing jumps below the hand of who works on it."""
    site = Site.of(request)
    question = text_of(form, "question")
    by_id = {one.answer_id: one for one in _to_look_at(site, study, question)}
    on_page = [by_id[one] for one in text_of(form, "shown").split("\n") if one in by_id]
    return site.page(
        request,
        "masks_answers.html.jinja",
        "workbench_masks",
        question=question,
        said=_places(step),
        **_answers_shown(site, study, list(by_id.values()), on_page),
    )


def _places(step: MaskStep | None) -> Sequence[str]:
    if step is None:
        return ()
    return [one.answer_id for one in (step.put or step.drop)]


def _mask(study: StudyFolder, texts: Mapping[str, MaskedText], form: FormData) -> MaskStep:
    place = _place(form)
    answer = texts.get(place[0])
    said, found = text_of(form, "text"), answer.original[place[1] : place[2]] if answer else ""
    # a browser writes the end of a line in its own way
    if _LINE_END.sub("\n", found) != _LINE_END.sub("\n", said):
        raise InputError(Problem("masking.changed", {"answer": place[0]}))
    trimmed = len(found) - len(found.lstrip()), len(found.rstrip())
    place = (place[0], place[1] + trimmed[0], place[1] + trimmed[1])
    return mask_span(texts, study.mask_decisions(), place, *_choices(form))


def _undo(study: StudyFolder, texts: Mapping[str, MaskedText], form: FormData) -> MaskStep:
    return undo_mask(texts, study.mask_decisions(), _place(form), _choices(form)[1])


def _words(study: StudyFolder, texts: Mapping[str, MaskedText], form: FormData) -> MaskStep:
    words = text_of(form, "words").strip()
    if not words:
        raise InputError(Problem("masking.nothing_selected", {"answer": "-"}))
    return mask_words(texts, study.mask_decisions(), words, _choices(form)[0])


def _accept(study: StudyFolder, texts: Mapping[str, MaskedText], form: FormData) -> MaskStep:
    answers = text_of(form, "answer").split("\n")
    asked = sorted({AnswerId.parse(one).question for one in answers if one in texts})
    missed = missed_words(study, asked)
    return accept_masks(texts, study.mask_decisions(), answers, missed)


def _place(form: FormData) -> tuple[str, int, int]:
    start, end = text_of(form, "start"), text_of(form, "end")
    if not (start.isdecimal() and end.isdecimal()):
        raise InputError(Problem("masking.nothing_selected", {"answer": text_of(form, "answer")}))
    return text_of(form, "answer"), int(start), int(end)


def _choices(form: FormData) -> tuple[str, bool]:
    return text_of(form, "kind") or "name", bool(text_of(form, "everywhere"))


def _take_back(request: Request, form: FormData) -> Response:
    now, step = take_back_mask_step(Site.of(request).study())
    return _answers_again(request, form, now, step.reverse if step else None)


def _checked(request: Request, form: FormData) -> Response:
    site = Site.of(request)
    if masked_questions(site) is not None:
        return site.go(request, "/masks")  # of some questions nobody has seen the masks yet
    masks_are_checked(site.study())
    return site.go(request, "/")


AREA = Area(
    "masks",
    "/masks",
    [
        Route("/masks", _masks),
        Route("/masks/mask", posted(_step(_mask)), methods=["POST"]),
        Route("/masks/undo", posted(_step(_undo)), methods=["POST"]),
        Route("/masks/words", posted(_step(_words)), methods=["POST"]),
        Route("/masks/accept", posted(_step(_accept)), methods=["POST"]),
        Route("/masks/back", posted(_take_back), methods=["POST"]),
        Route("/masks/checked", posted(_checked), methods=["POST"]),
    ],
    steps=frozenset({"mask"}),
)
