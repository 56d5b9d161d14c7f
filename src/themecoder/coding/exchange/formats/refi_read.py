"""Coding in a REFI-QDA project (.qdpx) of QualCoder, MAXQDA, ATLAS.ti, NVivo and others.

docs/refi.md says what is taken over from which of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from themecoder.coding.exchange.cells import document_name
from themecoder.coding.exchange.formats.refi_answers import AnswerPart, answer_parts
from themecoder.coding.exchange.formats.refi_archive import open_qdpx
from themecoder.coding.exchange.formats.refi_codes import CodeNames
from themecoder.coding.exchange.formats.refi_counting import (
    BOM,
    Counting,
    countings,
    named_otherwise,
)
from themecoder.coding.exchange.formats.refi_marks import AnswerMarks, CoderMarks, read_marks
from themecoder.coding.exchange.formats.refi_project import NOWHERE, read_project
from themecoder.coding.exchange.formats.refi_records import QdaProject, QdaSource
from themecoder.coding.exchange.formats.refi_times import earliest, latest
from themecoder.coding.exchange.formats.refi_work import Located, Work, WorkReader
from themecoder.coding.exchange.headings import plain
from themecoder.coding.exchange.model import (
    ForeignCoding,
    ForeignFile,
    ForeignNote,
    ForeignQuote,
    Place,
)
from themecoder.coding.exchange.reading import KnownNames, ReadingOptions
from themecoder.survey.answer_id import AnswerId

KIND = "refi"
ORIGIN = "themecoder"
# these name a selection after its words, always
_NAMED_BY_WORDS = ("QUALCODER", ORIGIN.upper())


def read_qdpx(file: Path, options: ReadingOptions, known: KnownNames) -> ForeignFile:
    """All coding in a project, with notes on how its texts were read and what was left out.

    Codes that are not in the project's codebook and positions that are not in their text are its
    faults. Raises InputError with every problem of the project as a whole: an archive that leads
    elsewhere or is damaged, texts that are missing.
    """
    project = read_project(open_qdpx(file), file)
    return _Reader(project, options, known).file()


class _Reader:
    def __init__(self, project: QdaProject, options: ReadingOptions, known: KnownNames) -> None:
        self._project = project
        self._options, self._known = options, known
        self._names = CodeNames(project)
        self._faults = list(project.faults)
        self._notes: list[ForeignNote] = []
        self._work = WorkReader(project, self._names)
        self._words = any(name in project.origin.upper() for name in _NAMED_BY_WORDS)
        self._respondents = frozenset(one.lstrip("0") for one in known.respondents)
        self._case_names = {case.guid: case.name for case in project.cases if case.name}
        self._cases_of: dict[str, set[str]] = {}
        for case in project.cases:
            for guid in (*case.sources, *case.selections) if case.name else ():
                self._cases_of.setdefault(guid, set()).add(case.name)

    def file(self) -> ForeignFile:
        texts = [source for source in self._project.sources if source.text is not None]
        readable = {
            source.guid: (source.text, [one.span for one in source.selections])
            for source in texts
            if source.text is not None
        }
        counted = countings(readable, self._project.origin)
        codings: list[ForeignCoding] = []
        for source in texts:
            codings += self._source(source, counted[source.guid], alone=len(texts) == 1)
        for guid, (row, n) in self._work.unknown_codes.items():
            self._fault("unknown_code", {"guid": guid, "n": n}, row)
        self._tell(texts, counted)
        return ForeignFile(
            KIND,
            tuple(codings),
            self._names.foreign(),
            tuple(self._notes),
            tuple(self._faults),
            self._project.memo,
        )

    def _source(
        self, source: QdaSource, counting: Counting, alone: bool
    ) -> Iterator[ForeignCoding]:
        if source.text is None:
            return
        text = source.text.text
        memo, marks = read_marks(source.memo)
        located = list(self._located(source, counting))
        sound = [one for one in located if one.sound]
        owner, regions = self._cases(source, sound, len(text))
        if marks.answer:
            parts: Sequence[AnswerPart] = (AnswerPart(0, len(text)),)
        else:
            known = self._known.respondents
            parts = answer_parts(text, regions, known, self._known.is_answer, alone)
        if len(parts) > 1:
            self._note("parts", source.name, {"n": len(parts)})
        work = self._work.on_text(source, parts, located, counting, memo)
        for who in marks.coders:
            work.setdefault((0, who), Work())
        for (index, who), done in sorted(work.items()):
            coding = self._coding(source, parts[index], owner, who, done, marks)
            if coding is not None:
                yield coding

    def _located(self, source: QdaSource, counting: Counting) -> Iterator[Located]:
        """The selections with their places. That one is not in the text, or holds other words than
        those that it is named after, is a fault."""
        if source.text is None:
            return
        text = source.text.text
        for one in source.selections:
            start = source.text.place(one.span.start, counting)
            end = source.text.place(one.span.end, counting)
            params = {"source": source.name, "start": one.span.start, "end": one.span.end}
            if one.span == NOWHERE:
                yield Located(one, -1, -1, sound=False)
            elif start is None or end is None or end < start:
                self._fault("outside", {**params, "length": len(text)}, one.row)
                yield Located(one, -1, -1, sound=False)
            elif named_otherwise(text, text[start:end], one.span.name, self._words):
                self._fault("other_words", params, one.row)
                yield Located(one, start, end, sound=False)
            else:
                yield Located(one, start, end)

    def _cases(
        self, source: QdaSource, located: Sequence[Located], length: int
    ) -> tuple[str, list[tuple[int, int, str]]]:
        """Whose a text is, empty where the cases do not say, and whose parts of it are.

        NVivo writes a case as a code as well, with its guid, and codes with it what is the case's.
        """
        cases = self._case_names
        owners = set(self._cases_of.get(source.guid, ()))
        owners |= {cases[coding.code] for coding in source.codings if coding.code in cases}
        regions = []
        for one in located:
            names = {cases[c.code] for c in one.selection.codings if c.code in cases}
            for name in sorted(names | self._cases_of.get(one.selection.guid, set())):
                if (one.start, one.end) == (0, length):
                    owners.add(name)
                else:
                    regions.append((one.start, one.end, name))
        if len(owners) > 1:
            self._note("several_cases", source.name, {"n": len(owners)})
        return (min(owners) if len(owners) == 1 else ""), regions

    def _coding(
        self,
        source: QdaSource,
        part: AnswerPart,
        owner: str,
        who: str,
        done: Work,
        marks: AnswerMarks,
    ) -> ForeignCoding | None:
        """What a coder did on an answer; None where that is a comment only, nothing any more, or
        where a part of it can't be read."""
        assert source.text is not None
        if not done.sound:
            self._work.counts["unsound"] += 1
            return None
        mark = marks.coders.get(who, CoderMarks())
        if not done.codes and not mark.state:
            self._work.counts["comment_only"] += bool(done.comments)
            return None
        words = source.text.text[part.start : part.end]
        if not marks.answer:
            words = words.strip(BOM)
        respondent, question = self._answer(source, part, owner, marks)
        quotes = (
            ForeignQuote(start, end, code, words[start:end])
            for start, end, code in done.quotes
            if not (code in mark.whole and (start, end) == (0, len(words)))
        )
        ids = {"source": source.guid}
        if part.row is not None:
            ids["line"] = str(part.row)
        comments = [mark.comment] if mark.comment else []
        return ForeignCoding(
            Place(source.name, part.row),
            coder=who,
            respondent=respondent,
            question=question,
            text=words,
            codes=tuple(sorted(done.codes)),
            quotes=tuple(sorted(quotes)),
            skipped=mark.state == "skipped" and not done.codes,
            uncertain=mark.uncertain,
            comment="\n".join([*comments, *done.comments]),
            codebook=mark.codebook or marks.codebook,
            shown=mark.shown,
            created_at=earliest(done.created) or mark.created_at,
            updated_at=latest(done.changed) or mark.updated_at,
            seconds=mark.seconds,
            ids=ids,
        )

    def _answer(
        self, source: QdaSource, part: AnswerPart, owner: str, marks: AnswerMarks
    ) -> tuple[str, str]:
        """The respondent and the question of an answer, each empty where nothing names it."""
        if marks.answer:
            return AnswerId.parse(marks.answer)
        questions = self._known.questions
        values = (questions.get(plain(value), "") for value in source.values)
        question = next((value for value in values if value), self._options.question)
        name = source.name.strip()
        names = [part.respondent, owner, *dict.fromkeys((document_name(name), name))]
        for named in names:
            if self._is_respondent(named):
                return named, question
            who, _, last = named.replace(" ", ":").rpartition(":")
            if who and last in questions.values():
                return named[: len(who)], last
        return ("" if self._respondents else next(filter(None, names), "")), question

    def _is_respondent(self, name: str) -> bool:
        """Whether the study has a respondent of this name, zeros before it set aside."""
        return bool(name) and name.lstrip("0") in self._respondents

    def _tell(self, texts: Sequence[QdaSource], counted: Mapping[str, Counting]) -> None:
        """The notes on the project as a whole."""
        project = self._project
        unlike = Counter(
            counted[source.guid]
            for source in texts
            if source.selections and source.text and source.text.is_told(counted[source.guid])
        )
        for counting, n in sorted(unlike.items()):
            key = f"counting_{'units' if counting.units else 'points'}_{counting.break_length}"
            self._note(key, "", {"n": n, "tool": project.origin or "?"})
        for kind, n in sorted(project.others.items()):
            self._note("no_text", "", {"kind": kind.removesuffix("Source"), "n": n})
        self._work.counts["places_on_pages"] = sum(source.others for source in project.sources)
        self._work.counts["text_missing"] = len(project.sources) - len(texts)
        self._work.counts["unplaced_memo"] += self._names.unplaced(self._work.placed_notes)
        for key, n in sorted(self._work.counts.items()):
            if n:
                self._note(key, "", {"n": n})
        if project.memo:
            self._note("project_memo", "", {"n": len(project.memo)})
        if project.variables:
            self._note("variables", "", {"names": ", ".join(project.variables)})

    def _note(self, key: str, part: str, params: Mapping[str, object]) -> None:
        self._notes.append(ForeignNote(f"refi.{key}", Place(part), params))

    def _fault(self, key: str, params: Mapping[str, object], row: int) -> None:
        self._faults.append(ForeignNote(f"refi.{key}", Place(row=row), params))
