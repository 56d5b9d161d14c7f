"""Push and pull of a study's questions: one connection, one writer."""

from __future__ import annotations

from collections.abc import Sequence

from themecoder.coding.label_studio.connect import connect
from themecoder.coding.label_studio.pull import Pulled, pull_question
from themecoder.coding.label_studio.push import Pushed, push_question
from themecoder.coding.label_studio.sync_state import pushed_questions
from themecoder.coding.planning import planned_questions
from themecoder.workspace.folder import StudyFolder


def push_questions(
    study: StudyFolder,
    questions: Sequence[str] = (),
    url: str | None = None,
    insecure: bool = False,
    remove_orphans: bool = False,
    first: int | None = None,
) -> list[Pushed]:
    """Send what is planned of ``questions`` (all) to Label Studio: only what is not there yet.
    ``remove_orphans``: take away what the plan does not know and nobody worked on. ``first``: only
    the first so many tasks of each coder."""
    with study.locked(), connect(study, url, insecure) as client:
        wanted = [study.question(q) for q in questions] or planned_questions(study)
        return [push_question(study, client, one, remove_orphans, first) for one in wanted]


def pull_questions(
    study: StudyFolder,
    questions: Sequence[str] = (),
    url: str | None = None,
    accept_deletions: bool = False,
    insecure: bool = False,
    accept_changes: bool = False,
) -> list[Pulled]:
    """Take what coders made in Label Studio into ``annotations/``."""
    with study.locked(), connect(study, url, insecure) as client:
        wanted = [study.question(q) for q in questions] or pushed_questions(study)
        return [
            pull_question(study, client, question, accept_deletions, accept_changes)
            for question in wanted
        ]
