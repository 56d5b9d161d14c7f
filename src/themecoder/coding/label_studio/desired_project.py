"""What a question's project should hold, and how its page looks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from themecoder.codebook.model import Codebook
from themecoder.coding.label_studio.client import Client
from themecoder.coding.label_studio.config import instruction, label_config
from themecoder.coding.label_studio.project import (
    Project,
    change_project,
    create_project,
    description,
    find_project,
    remove_empty_doubles,
)
from themecoder.coding.label_studio.tasks import Key, prediction, task_data
from themecoder.coding.plan import Planned
from themecoder.coding.plan_file import read_plan
from themecoder.coding.planning import coded_rounds
from themecoder.coding.suggestions.files import Suggested
from themecoder.coding.suggestions.shown import shown_suggestions
from themecoder.coding.suggestions.study_suggestions import kept_suggestions, model_of
from themecoder.errors import InputError, Problem, ServiceError
from themecoder.workspace.folder import StudyFolder


@dataclass(slots=True)
class DesiredProject:
    """What a question's project should hold, and how its page looks."""

    study: StudyFolder
    question: str
    book: Codebook
    rows: Mapping[Key, Planned]
    done: frozenset[Key]
    data: Mapping[Key, Mapping[str, Any]]
    suggested: Suggested
    title: str
    page: str
    instruction: str
    model: str
    notes: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)

    def shown(self, row: Planned) -> list[tuple[str, float]]:
        """The suggestions that the coder sees; none where the answer is coded blind."""
        usable = {code.id for code in self.book.usable}
        found = shown_suggestions(self.suggested.get(row.answer_id, ()), usable)
        return [] if row.blind else found

    def task(self, key: Key) -> dict[str, Any]:
        found: dict[str, Any] = {"data": self.data[key]}
        if shown := self.shown(self.rows[key]):
            found["predictions"] = [prediction(shown, self.model)]
        return found


def desired_project(study: StudyFolder, question: str) -> DesiredProject:
    file = study.paths.plan
    rows = {row.key: row for row in read_plan(file) if row.question == question}
    if not rows:
        raise InputError(Problem("plan.none", {"question": question}, file=file))
    folder = study.codebooks
    versions = folder.versions
    if not versions:
        raise InputError(Problem("codebook.nothing_released", file=folder.folder))
    texts = study.masked_texts()
    gone = sorted({row.answer_id for row in rows.values()} - set(texts))
    if gone:
        params = {"n": len(gone), "answers": ", ".join(gone[:5])}
        raise InputError(Problem("plan.gone", params, file=file))
    wording = study.config.question(question)
    coded = coded_rounds(study, question)
    done = frozenset(
        key for key, row in rows.items() if coded.get((row.answer_id, row.coder), 0) >= row.round
    )
    blind = all(row.blind for row in rows.values())
    suggested = {} if blind else kept_suggestions(study, question)
    book = folder.read(versions[-1])
    data = {
        key: task_data(row, wording.text or wording.label, texts[row.answer_id].masked)
        for key, row in rows.items()
    }
    return DesiredProject(
        study,
        question,
        book,
        rows,
        done,
        data,
        suggested,
        f"{question} {wording.label}",
        label_config(book),
        instruction(book),
        model_of(study),
    )


def ensure_project(client: Client, mark: str, wanted: DesiredProject) -> Project:
    """The project, made where there is none, its page as it should be."""
    book = wanted.book
    project = find_project(client, mark)
    fields = {
        "label_config": wanted.page,
        "expert_instruction": wanted.instruction,
        "description": description(mark, book.id, book.version),
    }
    if project is None:
        create_project(
            client,
            {
                "title": wanted.title[:50].strip(),
                "show_instruction": True,
                "show_skip_button": True,
                "enable_empty_annotation": True,
                "show_collab_predictions": True,
                "maximum_annotations": 1,
                "skip_queue": "IGNORE_SKIPPED",
                "sampling": "Sequential sampling",
                **fields,
            },
        )
        project = find_project(client, mark)
        if project is None:
            raise ServiceError(Problem("server.refused", {"detail": wanted.question}))
        return project
    remove_empty_doubles(client, project)
    if project.book != book.id:
        params = {"title": project.title, "found": project.book, "expected": book.id}
        raise InputError(Problem("push.other_codebook", params))
    current = project.version == book.version and not project.next
    if current and project.config != fields["label_config"]:
        change_project(client, project, **fields)
        wanted.notes.append(("config", {"title": project.title}))
        return find_project(client, mark) or project
    return project
