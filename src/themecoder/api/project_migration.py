"""A project to a newer version of its codebook while coders are at it: nothing is lost on the way.

In this order, each step safe to repeat: read all coding, copy what is on the server, mark the
project as under way and give it the new page (retired codes stay in it, out of sight), carry merged
codes in the annotations, migrate the coding here and plan what is coded again, give the project the
new version. A run that was cut short leaves the mark, and the next goes on from it.
"""

from __future__ import annotations

import datetime
import json
from typing import TYPE_CHECKING

from themecoder.annotations.migration import merged_into
from themecoder.errors import InputError, Problem
from themecoder.labelling.results import merged

if TYPE_CHECKING:
    from themecoder.api.study import Study
    from themecoder.codebook import Codebook
    from themecoder.edges.label_studio.client import Client
    from themecoder.edges.label_studio.project import Project
    from themecoder.progress import Progress


def migrate_project(
    study: Study, client: Client, project: Project, book: Codebook, progress: Progress
) -> Project:
    """Bring ``project`` to the version of ``book``; the project as it is then.

    Raises InputError where the project is at a later version than the study, or with a codebook
    that the study does not have.
    """
    from themecoder.api.migrating import migrate_study
    from themecoder.api.planning import plan_recoding
    from themecoder.api.pulling import pull_question
    from themecoder.api.pushing import settled
    from themecoder.codebook.versions import number

    question = project_question(study, project.mark)
    releases = study.codebooks.releases(book.version)
    if project.version not in [one.version for one in releases]:
        later = (number(project.version) or (0,)) > (number(book.version) or (0,))
        key = "push.later" if later else "push.unknown_version"
        params = {"found": project.version, "here": book.version, "title": project.title}
        raise InputError(Problem(key, params))
    if not project.next:
        # what coders did under the old version is read under it
        pull_question(study, client, question, progress=progress)
        _copy(study, client, project)
    onward = merged_into(releases, project.version, book.version)
    under_way = settled(client, lambda: _page(client, project, book))
    settled(client, lambda: _carry(client, under_way, onward))
    migrate_study(study, None, apply=True)
    plan_recoding(study, question)
    # last: as long as the project has its mark, all of this is done once more
    done: Project = settled(client, lambda: _finish(client, under_way, book))
    return done


def project_question(study: Study, mark: str) -> str:
    """The question whose project has the mark."""
    from themecoder.edges.label_studio.state import known_mark

    file = study.paths.marks
    return next(one for one in study.questions if known_mark(file, one) == mark)


def _copy(study: Study, client: Client, project: Project) -> None:
    """All that people made on the server, as it is there, below ``.themecoder/backups/``."""
    from themecoder import files
    from themecoder.edges.label_studio.project import annotated_tasks

    stamp = datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H-%M-%SZ")
    tasks = list(annotated_tasks(client, project))
    name = f"{stamp}-label-studio-{project.id}-{project.version}.json"
    kept = {"config": project.config, "version": project.version, "tasks": tasks}
    files.write_text(study.paths.backups / name, json.dumps(kept, ensure_ascii=False) + "\n")


def _page(client: Client, project: Project, book: Codebook) -> Project:
    from themecoder.edges.label_studio.project import change_project, description, find_project
    from themecoder.labelling.config import instruction, label_config

    change_project(
        client,
        project,
        description=description(project.mark, project.book, project.version, book.version),
        label_config=label_config(book),
        expert_instruction=instruction(book),
    )
    return find_project(client, project.mark) or project


def _carry(client: Client, project: Project, onward: dict[str, str]) -> None:
    """Codes that were merged, in every annotation; each is read again before it is changed."""
    from themecoder.edges.label_studio.project import (
        annotated_tasks,
        annotation_of,
        change_annotation,
    )

    if not onward:
        return
    for task in annotated_tasks(client, project):
        for annotation in task["annotations"]:
            if merged(annotation["result"], onward) is None:
                continue
            now = annotation_of(client, annotation["id"])
            result = merged(now["result"], onward) if now else None
            if result is not None:
                change_annotation(client, annotation["id"], result)


def _finish(client: Client, project: Project, book: Codebook) -> Project:
    from themecoder.edges.label_studio.project import change_project, description, find_project

    change_project(
        client, project, description=description(project.mark, project.book, book.version)
    )
    return find_project(client, project.mark) or project
