"""What pages need is prepared before they are shown: again after the answers changed, and of one
question while the others are still to come."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest

from bench_client import Client
from benches import a_workbench
from themecoder.workbench.prepare import masked_questions, masks_of
from themecoder.workspace.folder import StudyFolder
from themecoder.workspace.masks import answers_to_check

CONFIG = """\
id = "balie"
title = "De balie"
language = "nl"

[survey]
file = "exports/enquete.csv"
id = "nr"

[[questions]]
id = "q1"

[[questions]]
id = "q2"
"""
ROWS = ["nr,q1,q2", "1,ik zag Qwibbel daar,en Qwibbel hielp", "2,alles goed,prima zo"]


@pytest.fixture
def client(study: Path) -> Iterator[Client]:
    with a_workbench(study) as bench:
        yield Client(bench)


@pytest.fixture
def study(tmp_path: Path) -> Path:
    (tmp_path / "study.toml").write_text(CONFIG, encoding="utf-8")
    write(tmp_path, ROWS)
    return tmp_path


def write(study: Path, rows: list[str]) -> None:
    (study / "exports").mkdir(exist_ok=True)
    (study / "exports" / "enquete.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")


def test_masks_are_prepared_again_after_new_answers_came_and_for_nothing_else(
    client: Client, study: Path
) -> None:
    client.page("/disagreements")  # which needs the masks of all questions
    assert client.page("/masks").count("data-answer=") == 2  # of which something is to be doubted
    first = client.site.jobs.last
    client.post("/masks/accept", answer="1:q1", shown="1:q1")
    (study / "codebooks").mkdir()
    (study / "codebooks" / "notes.txt").write_text("a change elsewhere", encoding="utf-8")
    assert client.page("/masks").count("data-answer=") == 1
    assert client.site.jobs.last is first
    write(study, [*ROWS, "3,nu was Xylotron er,niets"])
    assert "Xylotron" in client.page("/masks")
    assert client.site.jobs.last is not first


def test_one_question_is_looked_at_while_the_others_are_still_masked(
    client: Client, study: Path
) -> None:
    site, second = client.site, Event()
    client.page("/start")
    # something else holds the jobs, so that the second question waits
    site.jobs.start("columns", lambda _: str(second.wait(60)), "/")
    answers_to_check(site.study(), ["q1"])
    site.prepare(masks_of("q1"))()
    assert masked_questions(site) == ["q1"]
    shown = client.page("/masks")
    assert 'data-answer="1:q1"' in shown and "1:q2" not in shown and "/masks/checked" not in shown
    client.post("/masks/words", words="Qwibbel", kind="name", shown="1:q1")
    texts = StudyFolder.open(study).masked_texts()
    assert "[NAAM]" in texts["1:q1"].masked and "Qwibbel" in texts["1:q2"].masked
    second.set()
    assert 'data-answer="1:q2"' in client.page("/masks?q=q2")
    client.post("/masks/words", words="Qwibbel", kind="name", shown="1:q2", question="q2")
    assert "[NAAM]" in StudyFolder.open(study).masked_texts()["1:q2"].masked
    assert "/masks/checked" in client.page("/masks")
