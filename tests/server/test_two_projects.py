"""A server that makes a project late has it twice in the end: coders get one."""

from __future__ import annotations

from pathlib import Path

import pytest
from real_server import Server, opened, project_of, tasks_of

from themecoder.coding.label_studio.client import Client
from themecoder.coding.label_studio.project import PAGE_SIZE, create_project, description
from themecoder.errors import InputError

pytestmark = pytest.mark.server


@pytest.fixture
def pushed(study: Path, server: Server) -> Path:
    opened(study).plan(double=0.5)
    opened(study).push(["q1"], server.url)
    return study


def make_double(study: Path, client: Client) -> int:
    """A second project with the mark of the study's q1; its id."""
    project = project_of(study, client)
    text = description(project.mark, project.book, project.version)
    before = project_ids(client)
    create_project(
        client, {"title": "te laat", "description": text, "label_config": project.config}
    )
    (double,) = project_ids(client) - before
    return double


def project_ids(client: Client) -> set[int]:
    page = client.projects.list(page_size=PAGE_SIZE, include="id").items or ()
    return {int(project.id or 0) for project in page}


def test_an_empty_double_is_passed_over_and_goes_with_the_next_push(
    pushed: Path, server: Server, client: Client
) -> None:
    project, tasks = project_of(pushed, client), tasks_of(pushed, client)
    assert len(tasks) == 9
    double = make_double(pushed, client)
    assert project_of(pushed, client) == project
    (pulled,) = opened(pushed).pull(["q1"], server.url)
    assert pulled.unread == 0
    assert double in project_ids(client), "reading removes nothing"
    (again,) = opened(pushed).push(["q1"], server.url)
    assert again.sent == 0
    assert double not in project_ids(client)
    assert (project_of(pushed, client), tasks_of(pushed, client)) == (project, tasks)


def test_of_two_with_tasks_a_person_says_which_counts(
    pushed: Path, server: Server, client: Client
) -> None:
    double = make_double(pushed, client)
    client.tasks.create(project=double, data={"text": "Wie weet wat iemand hier al deed."})
    before = project_ids(client)
    for act in (opened(pushed).push, opened(pushed).pull):
        with pytest.raises(InputError) as refused:
            act(["q1"], server.url)
        assert [problem.key for problem in refused.value.problems] == ["server.two_projects"]
    assert project_ids(client) == before
