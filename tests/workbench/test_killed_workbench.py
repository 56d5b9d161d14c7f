"""The workbench killed while it answers: what it said it had kept is there, and nothing is half."""

from __future__ import annotations

import json
import random
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from coding_study import make_study
from killed import left_over
from themecoder.coding.annotations import read_codings
from themecoder.coding.plan import Planned
from themecoder.coding.plan_file import write_plan
from themecoder.settings.paths import StudyPaths
from themecoder.workspace.folder import StudyFolder

pytestmark = [pytest.mark.slow, pytest.mark.long(60)]
ANNA = [f"{n}:q1" for n in range(101, 109)]
CODES = ("privacy", "echo", "tijd", "geen_inhoud")
ROUNDS = 6


@contextmanager
def a_process(study: Path) -> Iterator[tuple[subprocess.Popen[str], httpx.Client]]:
    """The command in a process of its own, and a browser's session with it."""
    command = [sys.executable, "-m", "themecoder", "workbench", "--no-browser", "--json"]
    with subprocess.Popen(
        [*command, "--study", str(study)], stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            said = "".join(iter(process.stdout.readline, "}\n")) + "}"
            url = json.loads(said)["url"]
            own = f"http://{urlsplit(url).netloc}"
            with httpx.Client(base_url=own, headers={"Origin": own}, timeout=120) as client:
                client.get(url)
                yield process, client
        finally:
            process.kill()


def rows_of(client: httpx.Client) -> list[dict[str, Any]]:
    found = client.get("/answers/find", params={"coder": "anna"}).json()
    places = ",".join(str(place) for place in found["rows"])
    sent = {"coder": "anna", "made": found["made"], "places": places}
    rows: list[dict[str, Any]] = client.post("/answers/rows", data=sent).json()["rows"]
    return rows


class Sending:
    """Codes and writes definitions, one after the other, until the process is gone."""

    def __init__(self, client: httpx.Client, number: int) -> None:
        self.client, self.number = client, number
        self.coded: dict[str, str] = {}
        self.asked: dict[str, str] = {}
        self.definition = self.asked_definition = ""
        self.answers = 0
        self._thread = threading.Thread(target=self._until_gone)

    def start(self) -> None:
        self._thread.start()

    def join(self) -> None:
        self._thread.join(120)
        assert not self._thread.is_alive()

    def _until_gone(self) -> None:
        try:
            for turn in range(1000):
                self.code(turn)
                self.define(turn)
        except httpx.TransportError:
            pass  # it was killed

    def code(self, turn: int) -> None:
        row = rows_of(self.client)[turn % len(ANNA)]
        code = CODES[(turn + self.number) % len(CODES)]
        said = [{"id": row["id"], "seen": row["seen"], "state": "coded", "codes": [code]}]
        self.asked = {row["id"]: code}
        answer = self.client.post("/answers/code", data={"coder": "anna", "said": json.dumps(said)})
        assert answer.status_code == 200, answer.text
        self.coded[row["id"]] = code
        self.answers += 1

    def define(self, turn: int) -> None:
        page = self.client.get("/codebook", params={"code": "echo"}).text
        seen = re.search(r'name="code_seen" value="([^"]*)"', page)
        assert seen, page[:2000]
        self.asked_definition = f"Ronde {self.number}, keer {turn}."
        form = {"code_seen": seen[1], "code": "echo", "do": "save", "label": "Echokamer"}
        form |= {"definition": self.asked_definition, "why": "proef", "wording": "1"}
        answer = self.client.post("/codebook/edit", data=form)
        assert answer.status_code == 200, answer.text
        self.definition = self.asked_definition
        self.answers += 1


def test_whenever_it_is_killed_the_study_is_whole(tmp_path: Path) -> None:
    study = make_study(tmp_path / "study")
    paths = StudyPaths(study)
    write_plan(paths.plan, [Planned("q1", one, "anna", place=n) for n, one in enumerate(ANNA, 1)])
    chance = random.Random(11)
    before: dict[str, str] = {}
    answered = 0
    for number in range(ROUNDS):
        with a_process(study) as (process, client):
            rows_of(client)  # masks the answers, once
            sending = Sending(client, number)
            sending.start()
            time.sleep(chance.uniform(0.05, 1.5))
            process.send_signal(signal.SIGKILL)
            sending.join()
        answered += sending.answers
        # who opens the study finishes what was begun; then all that was kept is there
        folder = StudyFolder.open(study)
        with folder.locked():
            pass
        file = paths.coding("q1", "anna")
        made = {one.answer_id: one.codes for one in read_codings(file)} if file.is_file() else {}
        kept = before | sending.coded
        for answer, code in kept.items():
            wanted = {(code,), (sending.asked.get(answer, code),)}
            assert made[answer] in wanted, (number, answer)
        assert set(made) <= set(kept) | set(sending.asked)
        found = folder.codebooks.draft()[1].book.find("echo")
        assert found is not None
        if sending.definition:
            assert found.definition in (sending.definition, sending.asked_definition)
        before = {answer: codes[0] for answer, codes in made.items()}
    assert answered > 0
    # the next one who writes takes away what those that were killed had begun
    with a_process(study) as (_, client):
        last = Sending(client, ROUNDS)
        last.code(0)
        last.define(0)
    assert left_over(study) == []
