"""``quotes.yaml``: which quotes a person chose, read with every mistake and its line."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.constructor import DuplicateKeyError
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from themecoder.errors import InputError, Problem
from themecoder.output.did_you_mean import near
from themecoder.quotes.choices import Choice, Choices

CHOOSE, NEVER, NOTE = "choose", "never", "note"
_KEYS = (CHOOSE, NEVER, NOTE)
_PLACE = ("answer", "start", "end")
_DOUBLE = re.compile(r'found duplicate key "(.*?)"')


def read_text(file: Path) -> str:
    """The text of quotes.yaml, empty where there is none. Raises InputError where it is no text."""
    if not file.is_file():
        return ""
    try:
        return file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = error.object[: error.start].count(b"\n") + 1
        raise InputError(Problem("quotes.not_utf8", file=file, row=row)) from None
    except OSError as error:
        raise InputError(
            Problem("quotes.unreadable", {"reason": error.strerror or ""}, file=file)
        ) from None


def parse_choices(
    text: str, file: Path, codes: Sequence[str], questions: Collection[str]
) -> dict[str, Choices]:
    """Code -> what a person chose, from the text of ``file``.

    ``codes``: all of the codebook, retired ones too; ``questions``: those of the study. Raises
    InputError with everything in it that can't be meant.
    """
    reader = _Reader(file, codes, questions)
    found = reader.read(loaded(text, file))
    if reader.problems:
        raise InputError(sorted(reader.problems, key=lambda problem: problem.row or 0))
    return found


def loaded(text: str, file: Path) -> Any:
    """The data of a YAML text with the lines of everything. Raises InputError where it is none."""
    try:
        return YAML().load(text)
    except DuplicateKeyError as error:
        name = _DOUBLE.search(error.problem or "")
        params = {"name": name[1] if name else "?"}
        row = error.problem_mark.line + 1
        raise InputError(Problem("quotes.double_key", params, file=file, row=row)) from None
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        params = {"reason": error.problem or error.context or ""}
        row = mark.line + 1 if mark else None
        raise InputError(Problem("quotes.not_yaml", params, file=file, row=row)) from None
    except (YAMLError, ValueError, RecursionError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise InputError(Problem("quotes.not_yaml", {"reason": reason}, file=file)) from None


class _Reader:
    def __init__(self, file: Path, codes: Sequence[str], questions: Collection[str]) -> None:
        self._file = file
        self._codes = codes
        self._questions = questions
        self.problems: list[Problem] = []

    def read(self, data: Any) -> dict[str, Choices]:
        if data is None:
            return {}
        if not isinstance(data, CommentedMap):
            self._wrong("no_table", 1)
            return {}
        found = {}
        for code, its in data.items():
            row = data.lc.key(code)[0] + 1
            if code not in self._codes:
                known = near(str(code), self._codes)
                self._wrong("no_code", row, code=code, known=known)
            elif its is not None and not isinstance(its, CommentedMap):
                self._wrong("no_section", row, code=code)
            elif its is not None:
                found[str(code)] = self._section(its)
        return found

    def _section(self, its: CommentedMap) -> Choices:
        for key in its:
            if key not in _KEYS:
                row = its.lc.key(key)[0] + 1
                self._wrong("no_key", row, found=key, known=", ".join(_KEYS))
        note = its.get(NOTE)
        if note is not None and not isinstance(note, str):
            self._wrong("no_text", its.lc.key(NOTE)[0] + 1, key=NOTE)
        chosen = self._list(its, CHOOSE)
        never = self._list(its, NEVER)
        people: dict[str, int | None] = {}
        for one in chosen:
            if one.respondent in people:
                self._wrong(
                    "same_person", one.row, answer=one.answer_id, row=people[one.respondent]
                )
            people.setdefault(one.respondent, one.row)
        refused = {one.answer_id: one.row for one in never}
        for one in chosen:
            if one.answer_id in refused:
                self._wrong("both", one.row, answer=one.answer_id, row=refused[one.answer_id])
        return Choices(chosen, never, note if isinstance(note, str) else "")

    def _list(self, its: CommentedMap, key: str) -> tuple[Choice, ...]:
        entries = its.get(key)
        if entries is None:
            return ()
        if not isinstance(entries, CommentedSeq):
            self._wrong("no_list", its.lc.key(key)[0] + 1, key=key)
            return ()
        read = (
            self._entry(entry, entries.lc.item(n)[0] + 1, key) for n, entry in enumerate(entries)
        )
        return tuple(one for one in read if one is not None)

    def _entry(self, entry: Any, row: int, key: str) -> Choice | None:
        place: Mapping[str, Any] = {"answer": entry}
        if isinstance(entry, CommentedMap):
            place = entry
        answer, start, end = (place.get(name) for name in _PLACE)
        unknown = [str(name) for name in place if name not in _PLACE]
        if unknown:
            self._wrong("no_key", row, found=unknown[0], known=", ".join(_PLACE))
            return None
        question = answer.rpartition(":")[2] if isinstance(answer, str) else ""
        if not isinstance(answer, str) or ":" not in answer or question not in self._questions:
            found = "" if isinstance(answer, CommentedMap | CommentedSeq) else answer
            self._wrong("no_answer", row, found=found, known=", ".join(self._questions))
            return None
        if key == CHOOSE and len(place) > 1 and not _is_span(start, end):
            self._wrong("no_place", row, answer=answer)
            return None
        return Choice(answer, start, end, row)

    def _wrong(self, what: str, at: int | None, **params: object) -> None:
        self.problems.append(Problem(f"quotes.{what}", params, file=self._file, row=at))


def _is_span(start: Any, end: Any) -> bool:
    numbers = all(isinstance(n, int) and not isinstance(n, bool) for n in (start, end))
    return numbers and 0 <= start < end
