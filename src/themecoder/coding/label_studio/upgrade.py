"""A project to a newer version of its codebook while coders are at it: nothing is lost on the way.

In this order, each step safe to repeat: read all coding, copy what is on the server, mark the
project as under way and give it the new page (retired codes stay in it, out of sight), carry merged
codes in the annotations, migrate the coding here and plan what is coded again, give the project the
new version. A run that was cut short leaves the mark, and the next goes on from it.
"""

from __future__ import annotations

import datetime
import json

from themecoder.codebook.model import Codebook
from themecoder.codebook.versions import number
from themecoder.coding.label_studio.client import Client
from themecoder.coding.label_studio.config import instruction, label_config
from themecoder.coding.label_studio.other_accounts import MergedByUs, changed_by
from themecoder.coding.label_studio.project import (
    Project,
    change_project,
    description,
    find_project,
)
from themecoder.coding.label_studio.pull import pull_question
from themecoder.coding.label_studio.results import merged
from themecoder.coding.label_studio.retry import retry_after_reread
from themecoder.coding.label_studio.server_tasks import (
    annotated_tasks,
    change_annotation,
    result_of,
)
from themecoder.coding.label_studio.sync_state import project_question
from themecoder.coding.migration import merged_into
from themecoder.coding.planning import plan_recoding
from themecoder.coding.study_migration import migrate_study
from themecoder.errors import InputError, Problem
from themecoder.storage import atomic as files
from themecoder.storage.access import make_folder
from themecoder.workspace.folder import StudyFolder


def migrate_project(
    study: StudyFolder, client: Client, project: Project, book: Codebook
) -> Project:
    """Bring ``project`` to the version of ``book``; the project as it is then.

    Raises InputError where the project is at a later version than the study, or with a codebook
    that the study does not have.
    """
    question = project_question(study, project.mark)
    releases = study.codebooks.releases(book.version)
    if project.version not in [one.version for one in releases]:
        later = (number(project.version) or (0,)) > (number(book.version) or (0,))
        key = "push.later" if later else "push.unknown_version"
        params = {"found": project.version, "here": book.version, "title": project.title}
        raise InputError(Problem(key, params))
    if not project.next:
        # what coders did under the old version is read under it
        pull_question(study, client, question)
        _copy(study, client, project)
    onward = merged_into(releases, project.version, book.version)
    under_way = retry_after_reread(client, lambda: _page(client, project, book))
    by_us = MergedByUs(study.paths.label_studio, question)
    retry_after_reread(client, lambda: _carry(client, under_way, onward, by_us))
    migrate_study(study, None, apply=True)
    plan_recoding(study, question)
    # last: as long as the project has its mark, all of this is done once more
    done: Project = retry_after_reread(client, lambda: _finish(client, under_way, book))
    return done


def _copy(study: StudyFolder, client: Client, project: Project) -> None:
    """All that people made on the server, as it is there, below ``backups/``."""
    stamp = datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H-%M-%SZ")
    tasks = list(annotated_tasks(client, project))
    name = f"{stamp}-label-studio-{project.id}-{project.version}.json"
    kept = {"config": project.config, "version": project.version, "tasks": tasks}
    make_folder(study.paths.backups)
    files.write_text(study.paths.backups / name, json.dumps(kept, ensure_ascii=False) + "\n")


def _page(client: Client, project: Project, book: Codebook) -> Project:
    change_project(
        client,
        project,
        description=description(project.mark, project.book, project.version, book.version),
        label_config=label_config(book),
        expert_instruction=instruction(book),
    )
    return find_project(client, project.mark) or project


def _carry(client: Client, project: Project, onward: dict[str, str], by_us: MergedByUs) -> None:
    """Codes that were merged, in every annotation; each is read again before it is changed."""
    if not onward:
        return
    wanted, hers = {}, {}
    for task in annotated_tasks(client, project):
        for annotation in task["annotations"]:
            result = merged(annotation["result"], onward)
            if result is None:
                continue
            wanted[annotation["id"]] = result
            if changed_by(annotation, by_us) is None:
                # of another's change a person is still to be asked
                hers[annotation["id"]] = result
    by_us.add(hers)
    for one in wanted:
        now = result_of(client, one)
        result = merged(now, onward) if now is not None else None
        if result is not None:
            if one in hers:
                by_us.add({one: result})
            change_annotation(client, one, result)


def _finish(client: Client, project: Project, book: Codebook) -> Project:
    change_project(
        client, project, description=description(project.mark, project.book, book.version)
    )
    return find_project(client, project.mark) or project
