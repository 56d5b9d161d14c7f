"""What is learned from the study and from the server, looked at again where either changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from themecoder.assist.suggest import Suggesting
from themecoder.codebook.files.origins import NAME as ORIGINS
from themecoder.coding.label_studio.client import Client
from themecoder.coding.label_studio.coding_as_it_stands import (
    AnnotatedTasks,
    coding_as_it_stands,
)
from themecoder.coding.label_studio.project import (
    Fingerprint,
    Project,
    find_project,
    fingerprint,
)
from themecoder.coding.label_studio.sync_state import project_key, pushed_questions
from themecoder.coding.model import Coding
from themecoder.coding.plan_file import read_plan
from themecoder.coding.read import coding_by_coder
from themecoder.coding.suggestions.study_suggestions import learned_codes
from themecoder.errors import InputError, Problem
from themecoder.progress import Progress
from themecoder.workspace.folder import StudyFolder

_Stamp = tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Seen:
    """The coding of a question, and what its project was like when it was read."""

    project: Project
    state: Fingerprint
    tasks: AnnotatedTasks
    codings: Mapping[str, Sequence[Coding]]


class Learning:
    """Learns from all coding of a study: what is here, and what is on the server by now.

    ``found`` is what suggestions rest on; it is replaced whole, so that who reads it meanwhile has
    the old or the new.
    """

    def __init__(self, root: Path, client: Client, progress: Progress | None = None) -> None:
        self._root, self._client = root, client
        self._study = StudyFolder.open(root, progress)
        self._texts_seen = _stamp(_text_files(self._study))
        self._coding_seen = _stamp(_coding_files(self._study))
        self._seen: dict[str, _Seen] = {}
        seen = {question: self._read(question) for question in pushed_questions(self._study)}
        self.found = self._learned(seen)
        self._seen = seen

    @property
    def projects(self) -> list[Project]:
        return [one.project for one in self._seen.values()]

    def look(self) -> bool:
        """Look whether something changed, and learn again if so; whether it did.

        Raises InputError and ServiceError; ``found`` stays as it was then.
        """
        before = self._seen, self._texts_seen, self._coding_seen
        if _stamp(_text_files(self._study)) != self._texts_seen:
            # texts that are known have their vectors in the cache
            self._study = StudyFolder.open(self._root)
            self._texts_seen, self._seen = _stamp(_text_files(self._study)), {}
        coding = _stamp(_coding_files(self._study))
        if coding != self._coding_seen:
            self._coding_seen, self._seen = coding, {}
        seen = {question: self._read(question) for question in pushed_questions(self._study)}
        if (seen, self._texts_seen, self._coding_seen) == before:
            return False
        self.found = self._learned(seen)
        self._seen = seen
        return True

    def _learned(self, seen: Mapping[str, _Seen]) -> Suggesting:
        study = self._study
        by_coder = {
            f"{question} {coder}": codings
            for question in study.questions
            for coder, codings in (
                seen[question].codings if question in seen else coding_by_coder(study, question)
            ).items()
        }
        learned = learned_codes(study, by_coder)
        if learned is None:
            raise InputError(Problem("assist.nothing", file=study.paths.config))
        usable = {}
        for question, one in seen.items():
            # a page that is between two versions of the codebook may lack any code
            book = None if one.project.next else study.codebooks.read(one.project.version)
            usable[question] = frozenset(code.id for code in book.usable) if book else frozenset()
        return Suggesting(
            learned,
            {row.key: row for row in read_plan(study.paths.plan)},
            {answer: text.masked for answer, text in study.masked_texts().items()},
            usable,
        )

    def _read(self, question: str) -> _Seen:
        """A question's coding, anew where its project changed, apart from our own predictions."""
        before = self._seen.get(question)
        if before is not None and self._state(before.project) == before.state:
            return before
        mark = project_key(self._study.paths.project_keys, question)
        project = find_project(self._client, mark) if mark else None
        if project is None:
            raise InputError(Problem("pull.no_project", {"question": question}))
        state = self._state(project)
        same = before is not None and before.project.id == project.id
        tasks = before.tasks if before is not None and same else AnnotatedTasks()
        now = tasks.read(self._client, project, state.tasks)
        codings = coding_as_it_stands(self._study, self._client, project, question, now)
        return _Seen(project, state, tasks, codings)

    def _state(self, project: Project) -> Fingerprint:
        return replace(fingerprint(self._client, project), predictions=0)


def _text_files(study: StudyFolder) -> list[Path]:
    """What answers, masks, codebook and settings are read from."""
    survey, paths = study.config.survey, study.paths
    files = [paths.config, paths.root / survey.file, paths.mask_decisions]
    if survey.questionnaire:
        files.append(paths.root / survey.questionnaire)
    folder = study.codebooks.folder
    return [*files, *sorted(folder.glob("*.yaml")), folder / ORIGINS]


def _coding_files(study: StudyFolder) -> list[Path]:
    """What the plan and the coding that is here are read from."""
    paths = study.paths
    files = [paths.plan, paths.project_keys]
    for question in study.questions:
        files += [*paths.coding_files(question), paths.adjudicated(question)]
    return files


def _stamp(files: Sequence[Path]) -> _Stamp:
    """When files were last written, and how long they are; those that are not there are not in."""
    found = []
    for file in files:
        if file.is_file():
            state = file.stat()
            found.append((str(file), state.st_mtime_ns, state.st_size))
    return tuple(found)
