"""No request to a server has what identifies: all that a study sends, as it goes over the wire."""

from __future__ import annotations

from pathlib import Path

import pytest
from fault_proxy import FaultProxy
from real_server import Server, opened, tasks_of

import marked_study
from commands import done
from marked_study import CODERS, DETAILS, QUESTIONS, details_in, details_in_file, outside
from themecoder.coding.label_studio.accounts import OWNER
from themecoder.coding.label_studio.client import Client
from themecoder.coding.label_studio.project import find_project
from themecoder.coding.label_studio.results import Result, Span, write_result
from themecoder.coding.label_studio.server_tasks import list_tasks
from themecoder.coding.label_studio.sync_state import project_key

pytestmark = [pytest.mark.server, pytest.mark.long(80)]


def code(study: Path, server: Server, client: Client) -> None:
    """Each coder marks all that she sees, in part of her tasks, and not what others say of it."""
    for question in QUESTIONS:
        tasks = sorted(tasks_of(study, client, question).items())
        texts = opened(study).masked_texts()
        for (answer, coder, _), task in tasks[:30]:
            text = texts[answer].masked
            given = "mens" if coder == CODERS[0] else "gegevens"
            result = Result((given, "verhaal"), (Span(0, len(text), given, text),))
            server.code(coder, task, write_result(result))


def decide(study: Path, server: Server, client: Client) -> None:
    """The owner decides a few of what is open."""
    file = opened(study).paths.project_keys
    version = opened(study).codebooks.versions[-1]
    project = find_project(client, project_key(file, f"q1/adjudicated/{version}") or "")
    assert project is not None
    for task in list_tasks(client, project)[:5]:
        text = task.data["text"]
        result = Result(("gegevens",), (Span(0, len(text), "gegevens", text),), remark="zo is het")
        server.code(OWNER.partition("@")[0], task.id, write_result(result))


def test_no_request_of_a_study_has_a_detail(
    server: Server, client: Client, proxy: FaultProxy, tmp_path: Path
) -> None:
    study = tmp_path / "gemerkt"
    marked_study.make_marked(study)
    opened(study).plan(double=0.6)
    opened(study).push(url=proxy.url)
    code(study, server, client)
    opened(study).pull(url=proxy.url)
    # as an earlier version kept it, the words of quotes are the answers' own
    marked_study.as_format_1(study)
    assert opened(study).push_disagreements(url=proxy.url)[0].sent > 5
    decide(study, server, client)
    assert opened(study).pull_decisions(url=proxy.url)[0].made == 5
    why = ("--why", "te veel gelijk")
    done(study, "codebook", "merge", "mens", "--into", "gegevens", *why)
    done(study, "codebook", "redefine", "verhaal", "--definition", "Alles kwijt kunnen", *why)
    done(study, "codebook", "release")
    opened(study).push(url=proxy.url)
    opened(study).pull(url=proxy.url)
    opened(study).push_disagreements(url=proxy.url)
    assert opened(study).status(proxy.url).not_here == 0

    changed = [path for method, path in proxy.seen if method == "PATCH"]
    assert any("/api/annotations/" in path for path in changed), "merged codes were carried"
    with_votes = [one for one in proxy.sent if b'"votes"' in one]
    assert with_votes and all(b"[NAAM]" in one for one in with_votes)
    for one in proxy.sent:
        assert details_in(one, DETAILS) == set()
    # nor has what came back, but where git does not look
    files = outside(study)
    assert any("history" in file.parts for file in files)
    assert [file for file in files if details_in_file(file, DETAILS)] == []
