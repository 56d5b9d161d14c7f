"""Which answer of the study each foreign coding is of.

By the respondent's id and the question, else by the text of the answer. What fits several answers
is listed and not guessed; a text that differs from the answer of the respondent who is named is
refused, for a column may have been sorted without the others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from themecoder.coding.exchange.cells import document_name
from themecoder.coding.exchange.model import ForeignCoding, ForeignQuote
from themecoder.coding.exchange.quote_places import QuotePlace, place_quote
from themecoder.coding.exchange.same_text import bare
from themecoder.coding.quote_texts import has_mask
from themecoder.masking.model import MaskedText
from themecoder.survey.answer_id import AnswerId
from themecoder.survey.model import Answer

_LISTED = 5


@dataclass(frozen=True, slots=True)
class Matched:
    """A coding with the answer that it is of; ``quotes`` are on the text of that answer."""

    coding: ForeignCoding
    answer_id: str
    quotes: tuple[ForeignQuote, ...] = ()


@dataclass(frozen=True, slots=True)
class NotTaken:
    """A coding that can't be taken over, and why: the key of a message below ``exchange.`` and its
    parameters."""

    coding: ForeignCoding
    key: str
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Matching:
    """``matched`` and ``not_taken`` in the order of the file. ``by``: how many were matched by id,
    by an id whose zeros at the beginning had gone (``zeros``), by text, and by a text that several
    answers have, all of which are coded the same (``alike``)."""

    matched: tuple[Matched, ...]
    not_taken: tuple[NotTaken, ...]
    by: Mapping[str, int]


class AnswerMatcher:
    """The answers of a study, to be found by id or by text."""

    def __init__(
        self,
        answers: Iterable[Answer],
        respondents: Iterable[str],
        masked: Callable[[], Mapping[str, MaskedText]],
    ) -> None:
        """``answers`` to all open questions; ``masked`` is called only where a file has texts with
        masks in them, for masking takes its time."""
        self._answers = {answer.answer_id: answer for answer in answers}
        self._questions = tuple(dict.fromkeys(a.question for a in self._answers.values()))
        self._respondents = frozenset(respondents)
        self._masked = masked
        self._by_text: dict[tuple[str, str], list[str]] = {}
        self._by_masked: dict[tuple[str, str], list[str]] | None = None
        self._texts_read = False
        shortened: dict[str, list[str]] = {}
        for one in self._respondents:
            shortened.setdefault(one.lstrip("0"), []).append(one)
        self._shortened = {key: ids[0] for key, ids in shortened.items() if len(ids) == 1}

    def match(self, codings: Sequence[ForeignCoding]) -> Matching:
        """The answers of ``codings``, whose questions are ids of the study's, or empty."""
        by = dict.fromkeys(("id", "zeros", "text", "alike"), 0)
        found: dict[int, Matched | NotTaken] = {}
        by_text: dict[tuple[str, str, str], list[int]] = {}
        for place, coding in enumerate(codings):
            if coding.respondent:
                found[place] = self._by_id(coding, by)
            elif coding.text:
                key = (coding.question, bare(coding.text), coding.coder)
                by_text.setdefault(key, []).append(place)
            else:
                found[place] = NotTaken(coding, "no_answer_named")
        for (question, text, _), places in by_text.items():
            rows = [codings[place] for place in places]
            results = self._of_text(question, text, rows, by)
            found.update(zip(places, results, strict=True))
        results = [found[place] for place in range(len(codings))]
        return Matching(
            tuple(one for one in results if isinstance(one, Matched)),
            tuple(one for one in results if isinstance(one, NotTaken)),
            by,
        )

    def _by_id(self, coding: ForeignCoding, by: dict[str, int]) -> Matched | NotTaken:
        respondent, way = coding.respondent, "id"
        if respondent not in self._respondents:
            respondent = document_name(respondent)
        if respondent not in self._respondents:
            respondent = self._shortened.get(respondent.lstrip("0"), "")
            way = "zeros"
            if not respondent:
                return NotTaken(coding, "no_respondent", {"respondent": coding.respondent})
        answer = self._of_respondent(respondent, coding)
        if isinstance(answer, NotTaken):
            return answer
        if coding.text and not self._same(coding.text, answer):
            return NotTaken(coding, "other_text", {"answer": answer.answer_id})
        by[way] += 1
        return self._with_quotes(coding, answer)

    def _of_respondent(self, respondent: str, coding: ForeignCoding) -> Answer | NotTaken:
        questions = (coding.question,) if coding.question else self._questions
        own = [
            answer
            for question in questions
            if (answer := self._answers.get(str(AnswerId(respondent, question)))) is not None
        ]
        if not coding.question and coding.text:
            own = [answer for answer in own if self._same(coding.text, answer)]
        elif not coding.question and len(self._questions) > 1:
            return NotTaken(coding, "no_question", {"known": ", ".join(self._questions)})
        if len(own) == 1:
            return own[0]
        params = {"respondent": respondent, "question": coding.question or "-"}
        if not own:
            key = "no_answer" if coding.question or not coding.text else "text_nowhere"
            return NotTaken(coding, key, params)
        return NotTaken(coding, "text_several", {"answers": _list([a.answer_id for a in own])})

    def _of_text(
        self, question: str, text: str, rows: Sequence[ForeignCoding], by: dict[str, int]
    ) -> list[Matched | NotTaken]:
        """The answers of all rows of a coder with the same text.

        Where as many answers have it as rows, and all rows say the same, it does not matter which
        row is of which answer.
        """
        ids = self._with_text(question, text, rows[0].text)
        if not ids:
            return [NotTaken(row, "text_nowhere") for row in rows]
        same = len({(r.codes, r.quotes, r.skipped, r.uncertain, r.comment) for r in rows}) == 1
        if len(ids) == len(rows) and same:
            by["text" if len(ids) == 1 else "alike"] += len(ids)
            return [
                self._with_quotes(row, self._answers[one])
                for row, one in zip(rows, ids, strict=True)
            ]
        if len(ids) == 1:
            first = rows[0].place.row
            return [NotTaken(row, "text_twice", {"answer": ids[0], "first": first}) for row in rows]
        return [NotTaken(row, "text_several", {"answers": _list(ids)}) for row in rows]

    def _with_text(self, question: str, text: str, typed: str) -> list[str]:
        if not self._texts_read:
            self._texts_read = True
            for answer in self._answers.values():
                key = bare(answer.text)
                for named in (answer.question, ""):
                    self._by_text.setdefault((named, key), []).append(answer.answer_id)
        ids = self._by_text.get((question, text), [])
        if not ids and has_mask(typed):
            ids = self._masked_texts().get((question, text), [])
        return ids

    def _masked_texts(self) -> dict[tuple[str, str], list[str]]:
        if self._by_masked is None:
            self._by_masked = {}
            for answer_id, masked in self._masked().items():
                key = bare(masked.masked)
                for named in (AnswerId.parse(answer_id).question, ""):
                    self._by_masked.setdefault((named, key), []).append(answer_id)
        return self._by_masked

    def _same(self, text: str, answer: Answer) -> bool:
        if text == answer.text or bare(text) == bare(answer.text):
            return True
        if not has_mask(text):
            return False
        return bare(text) == bare(self._masked()[answer.answer_id].masked)

    def _with_quotes(self, coding: ForeignCoding, answer: Answer) -> Matched | NotTaken:
        quotes = []
        for quote in coding.quotes:
            place = place_quote(
                quote, coding.text, answer.text, lambda: self._masked()[answer.answer_id]
            )
            if not isinstance(place, QuotePlace):
                params = {"code": quote.code, "start": quote.start, "end": quote.end}
                return NotTaken(coding, place, {**params, "answer": answer.answer_id})
            quotes.append(ForeignQuote(place.start, place.end, quote.code))
        return Matched(coding, answer.answer_id, tuple(sorted(set(quotes))))


def _list(ids: Sequence[str]) -> str:
    return ", ".join(ids[:_LISTED]) + (" …" if len(ids) > _LISTED else "")
