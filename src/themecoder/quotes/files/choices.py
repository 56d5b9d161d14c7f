"""``quotes.yaml``: which quotes a person chose, read with every mistake and its line."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from ruamel.yaml.comments import CommentedMap

from themecoder.errors import InputError, Problem
from themecoder.output.did_you_mean import did_you_mean
from themecoder.quotes.choices import Choice, Choices
from themecoder.storage.atomic import read_text
from themecoder.storage.validation import Fault, faults_of, unfit
from themecoder.storage.yaml_text import load_yaml
from themecoder.survey.answer_id import AnswerId

CHOOSE, NEVER, NOTE = "choose", "never", "note"


def read_choices_text(file: Path) -> str:
    """The text of quotes.yaml, empty where there is none. Raises InputError where it is no text."""
    return read_text(file, "quotes") if file.is_file() else ""


def parse_choices(
    text: str, file: Path, codes: Sequence[str], questions: Collection[str]
) -> dict[str, Choices]:
    """Code -> what a person chose, from the text of ``file``.

    ``codes``: all of the codebook, retired ones too; ``questions``: those of the study. Raises
    InputError with everything in it that is wrong.
    """
    reader = _Reader(file, codes, questions)
    choices = reader.read(load_yaml(text, file, "quotes"))
    if reader.problems:
        raise InputError(sorted(reader.problems, key=lambda problem: problem.row or 0))
    return choices


class _Table(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")


class _Place(_Table):
    """An answer, and which part of it where it has several quotes."""

    answer: str
    start: int | None = None
    end: int | None = None

    @field_validator("answer")
    @classmethod
    def _is_of_the_study(cls, answer: str, info: ValidationInfo) -> str:
        respondent, question = AnswerId.parse(answer)
        if not respondent or question not in (info.context or ()):
            raise unfit("respondent:question")
        return answer

    @model_validator(mode="after")
    def _is_a_part(self) -> Self:
        part = (self.start, self.end)
        if part != (None, None) and (None in part or not 0 <= (self.start or 0) < (self.end or 0)):
            raise unfit("start < end")
        return self


def _as_place(entry: Any) -> Any:
    return {"answer": entry} if isinstance(entry, str) else entry


_Places = list[Annotated[_Place, BeforeValidator(_as_place)]]


class _Section(_Table):
    """What a person chose for one code."""

    choose: _Places | None = None
    never: _Places | None = None
    note: str | None = None


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
            self._report("no_table", 1)
            return {}
        choices = {}
        for code, section_data in data.items():
            row = data.lc.key(code)[0] + 1
            if code not in self._codes:
                known = did_you_mean(str(code), self._codes)
                self._report("no_code", row, code=code, known=known)
            elif section_data is not None:
                try:
                    section = _Section.model_validate(section_data, context=self._questions)
                except ValidationError as error:
                    self._report_faults(faults_of(error, _Section), section_data, row, code)
                else:
                    choices[str(code)] = self._choices(section, section_data)
        return choices

    def _report_faults(
        self, faults: Sequence[Fault], section_data: Any, row: int, code: str
    ) -> None:
        """Report each key and each entry of a list once: where a key is unknown its other faults do
        not matter."""
        reported = set()
        # a key that is not a text is spelled otherwise in the path of a fault than in the file
        lines = (
            {str(name): section_data.lc.key(name)[0] for name in section_data}
            if faults[0].path
            else {}
        )
        for fault in sorted(faults, key=lambda fault: fault.kind != "unknown_key"):
            path = fault.path
            if path[:2] in reported:
                continue
            reported.add(path[:2])
            if not path:
                self._report("no_section", row, code=code)
                continue
            key, *rest = path
            line = section_data[key].lc.item(rest[0])[0] if rest else lines.get(str(key), row - 1)
            if fault.kind == "unknown_key":
                known = (_Place if rest else _Section).model_fields
                self._report("no_key", line + 1, found=path[-1], known=", ".join(known))
            elif not rest:
                self._report("no_text" if key == NOTE else "no_list", line + 1, key=key)
            elif "answer" in path or fault.kind == "expected_table":
                shown = fault.found if isinstance(fault.found, str | int | float) else ""
                self._report("no_answer", line + 1, found=shown, known=", ".join(self._questions))
            else:
                self._report("no_place", line + 1, answer=section_data[key][rest[0]]["answer"])

    def _choices(self, section: _Section, section_data: CommentedMap) -> Choices:
        chosen, never = (
            tuple(
                Choice(place.answer, place.start, place.end, section_data[key].lc.item(n)[0] + 1)
                for n, place in enumerate(getattr(section, key) or ())
            )
            for key in (CHOOSE, NEVER)
        )
        people: dict[str, int | None] = {}
        for entry in chosen:
            if entry.respondent in people:
                self._report(
                    "same_person", entry.row, answer=entry.answer_id, row=people[entry.respondent]
                )
            people.setdefault(entry.respondent, entry.row)
        refused = {choice.answer_id: choice.row for choice in never}
        for entry in chosen:
            if entry.answer_id in refused:
                self._report(
                    "both", entry.row, answer=entry.answer_id, row=refused[entry.answer_id]
                )
        return Choices(chosen, never, section.note or "")

    def _report(self, what: str, at: int | None, **params: object) -> None:
        self.problems.append(Problem(f"quotes.{what}", params, file=self._file, row=at))
