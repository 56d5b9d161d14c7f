"""Studies small enough to be coded in seconds, and coders as they act on a real server."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from migrated import prepare_server

from themecoder.coding.label_studio.accounts import OWNER, email_of
from themecoder.coding.label_studio.client import Client
from themecoder.coding.label_studio.connect import TOKEN, embedded, serve, stop
from themecoder.coding.label_studio.local_server import EXECUTABLE
from themecoder.coding.label_studio.project import Project, find_project
from themecoder.coding.label_studio.server_tasks import list_tasks
from themecoder.coding.label_studio.sync_state import project_key
from themecoder.study import Study

ROOT = Path(__file__).parents[2]
CODERS = ("coder_a", "coder_b", "coder_c")
CONFIG = """\
id = "klein"
title = "Een kleine studie"
language = "nl"
seed = 7

[survey]
file = "survey.csv"
id = "respondent"

[[questions]]
id = "q1"
text = "Wat vindt u van uw buurt?"

[[questions]]
id = "q2"
text = "Wat kan er beter?"

[codebook]
id = "buurt"

[coding]
coders = ["coder_a", "coder_b", "coder_c"]
blind_share = 0.25
"""
TEXTS = (
    "De buren zijn aardig 🙂 maar de weg is luid.",
    "Veel groen, fijne mensen.",
    "Mijn buurvrouw Marieke de Vries let op de kinderen.",
    "👩🏽‍⚕️ in de straat, cafe\u0301 op de hoek; altijd lawaai.",
    "Geluid van de trein, 's nachts ook.",
    "Het park is dichtbij en de mensen groeten elkaar.",
)
BOOK = """\
id: buurt
version: 1.0.0
language: nl
title: Mijn buurt
released: null
groups:
- id: omgeving
  label: Omgeving
- id: mensen
  label: Mensen
codes:
- id: geluid
  label: Geluid
  group: omgeving
  definition: Last van geluid.
- id: lawaai
  label: Lawaai
  group: omgeving
  definition: Hard geluid.
- id: groen
  label: Groen
  group: omgeving
  definition: Bomen, planten of een park.
- id: buren
  label: Buren
  group: mensen
  definition: Wie er woont.
- id: niets
  label: Geen inhoud
  definition: Zegt niets over de buurt.
  exclusive: true
changes: []
"""


@dataclass
class Server:
    """The server of the tests, and its coders as they would act in a browser."""

    url: str
    token: str
    passwords: Mapping[str, str]
    _sessions: dict[str, httpx.Client] = field(default_factory=dict)

    def as_coder(self, coder: str) -> httpx.Client:
        return self._logged_in(email_of(coder))

    def as_owner(self) -> httpx.Client:
        """The researcher, who may do everything."""
        return self._logged_in(OWNER)

    def _logged_in(self, email: str) -> httpx.Client:
        """Logged in with the form, as a person is; writes carry the page's token."""
        if email not in self._sessions:
            session = httpx.Client(base_url=self.url, follow_redirects=True, timeout=60)
            session.get("/user/login/")
            form = {
                "email": email,
                "password": self.passwords[email],
                "csrfmiddlewaretoken": session.cookies["csrftoken"],
            }
            session.post("/user/login/", data=form, headers={"Referer": self.url})
            session.headers.update(
                {"X-CSRFToken": session.cookies["csrftoken"], "Referer": self.url}
            )
            self._sessions[email] = session
        return self._sessions[email]

    def code(
        self, coder: str, task: int, result: Sequence[Mapping[str, Any]], skip: bool = False
    ) -> int:
        """The coder's annotation of a task; its id."""
        body = {"result": list(result), "was_cancelled": skip, "lead_time": 4.5}
        answer = self.as_coder(coder).post(f"/api/tasks/{task}/annotations/", json=body)
        assert answer.status_code == 201, answer.text[:300]
        return int(answer.json()["id"])


@contextmanager
def running_server(host: Path) -> Iterator[Server]:
    """A server of its own for this process, which is over with the block."""
    found = started(host)
    os.environ[TOKEN] = found.token
    try:
        yield found
    finally:
        stop(Study.open(host))


def started(host: Path) -> Server:
    """The server of the study ``host``, which is made with its migrated database if need be."""
    program = find_label_studio()
    os.environ[EXECUTABLE] = program
    if not (host / "study.toml").is_file():
        make_study(host)
        prepare_server(program, host)
    study = Study.open(host)
    found = serve(study, 8300)
    return Server(found.url, embedded(study).accounts.token, dict(found.accounts))


def find_label_studio() -> str:
    """$THEMECODER_LABEL_STUDIO or that of .venv-server; a failure where there is none."""
    beside = ROOT / ".venv-server" / "bin" / "label-studio"
    program = os.environ.get(EXECUTABLE) or (str(beside) if beside.is_file() else None)
    program = program or shutil.which("label-studio")
    if not program:
        pytest.fail(
            "No Label Studio: these tests run a real one. 'make server' installs it into"
            f" .venv-server; {EXECUTABLE} points at another.",
            pytrace=False,
        )
    return program


def make_study(folder: Path, texts: Sequence[str] = TEXTS, book: str = BOOK) -> Path:
    """A study of two questions with the same texts, its codebook released."""
    folder.mkdir(parents=True)
    (folder / "study.toml").write_text(CONFIG, encoding="utf-8")
    rows = [f'R{n:02d};"{text}";"{text}"' for n, text in enumerate(texts, start=1)]
    (folder / "survey.csv").write_text("\n".join(["respondent;q1;q2", *rows, ""]), "utf-8")
    (folder / "codebooks" / "buurt").mkdir(parents=True)
    (folder / "codebooks" / "buurt" / "draft.yaml").write_text(book, encoding="utf-8")
    study = Study.open(folder)
    study.codebooks.release("2026-01-31")
    suggestions = folder / "suggestions"
    suggestions.mkdir()
    for question in study.questions:
        lines = [f"R{n:02d}:{question},geluid,0.8000" for n in range(1, len(texts) + 1)]
        text = "\n".join(["answer_id,code,score", *lines, ""])
        (suggestions / f"{question}.csv").write_text(text, encoding="utf-8")
    return folder


def project_of(study: Path, client: Client, question: str = "q1") -> Project:
    opened = Study.open(study)
    mark = project_key(opened.paths.project_keys, question)
    assert mark is not None
    found = find_project(client, mark)
    assert found is not None
    return found


def tasks_of(study: Path, client: Client, question: str = "q1") -> dict[tuple[str, str, int], int]:
    """key -> id of every task of a question; fails where a key is there twice."""
    found: dict[tuple[str, str, int], int] = {}
    for task in list_tasks(client, project_of(study, client, question)):
        key = (task.data["answer_id"], task.data["coder"], task.data["round"])
        assert key not in found, key
        found[key] = task.id
    return found


def snapshot(folder: Path) -> dict[str, bytes]:
    return {
        str(file.relative_to(folder)): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file() and ".themecoder" not in file.parts
    }


def opened(study: Path) -> Study:
    return Study.open(study)
