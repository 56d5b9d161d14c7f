"""A pull that is killed at each of its file operations: the next one ends the same."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from real_server import Server, opened, snapshot, tasks_of

from killed import killed_everywhere, left_over
from themecoder.coding.label_studio.client import Client
from themecoder.coding.label_studio.results import Result, Span, write_result

pytestmark = [pytest.mark.server, pytest.mark.long(60)]
UNREADABLE = [
    {
        "id": "a",
        "from_name": "sterren",
        "to_name": "text",
        "type": "rating",
        "value": {"rating": 3},
    }
]


def tasks(study: Path, client: Client) -> dict[str, tuple[str, int]]:
    """respondent -> coder and task."""
    found = tasks_of(study, client)
    return {answer.split(":")[0]: (coder, task) for (answer, coder, _), task in found.items()}


def coded(*codes: str) -> list[dict[str, Any]]:
    return write_result(Result(codes, (Span(0, 2, codes[0], "De"),)))


def test_killed_anywhere_the_next_pull_ends_the_same(
    study: Path, server: Server, client: Client, tmp_path: Path
) -> None:
    opened(study).plan(contentless=True)
    opened(study).push(["q1"], server.url)
    of = tasks(study, client)
    changed, deleted = (server.code(*of[answer], coded("buren")) for answer in ("R01", "R02"))
    opened(study).pull(["q1"], server.url)
    server.as_coder(of["R01"][0]).patch(
        f"/api/annotations/{changed}/", json={"result": coded("geluid")}
    )
    server.as_coder(of["R02"][0]).delete(f"/api/annotations/{deleted}/")
    server.code(*of["R03"], coded("groen", "buren"))
    server.code(*of["R04"], UNREADABLE)
    before, whole = tmp_path / "voor", tmp_path / "heel"
    study.rename(before)
    shutil.copytree(before, whole)

    def pull(folder: Path) -> None:
        opened(folder).pull(["q1"], server.url, accept_deletions=True)

    pull(whole)
    want = snapshot(whole)
    was = snapshot(before)
    differ = {Path(name).parent.as_posix() for name in want if want[name] != was.get(name)}
    assert differ == {f"annotations/{one}" for one in ("q1", "history/q1", "history/unread")}

    def fresh() -> None:
        shutil.rmtree(study, ignore_errors=True)
        shutil.copytree(before, study)

    for k in killed_everywhere(fresh, lambda: pull(study)):
        pull(study)
        assert snapshot(study) == want, k
        assert left_over(study) == [], k
