"""A small study in a real git repository, to be committed and changed."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

CONFIG = """\
id = "s"
title = "S"
[survey]
file = "data/survey.csv"
id = "nr"
[[questions]]
id = "q1"
asked = "soort=a"
[codebook]
id = "b"
"""


BOOK = """\
id: b
version: 1.0.0
language: nl
title: B
released: 2026-01-01
groups: []
codes:
  - id: een
    label: Een
    definition: Wat bij een hoort.
  - id: twee
    label: Twee
    definition: Wat bij twee hoort.
changes: []
"""


def git(folder: Path, *words: str) -> str:
    me = ("-c", "user.name=a", "-c", "user.email=a@b", "-c", "protocol.file.allow=always")
    done = subprocess.run(["git", *me, *words], cwd=folder, capture_output=True, check=True)
    return done.stdout.decode()


def commit(folder: Path) -> None:
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "stand")


def survey(folder: Path, *rows: str) -> None:
    folder.joinpath("data").mkdir(exist_ok=True)
    text = "nr,soort,q1\n" + "".join(f"{row}\n" for row in rows)
    folder.joinpath("data", "survey.csv").write_text(text, encoding="utf-8")


def code(folder: Path, coder: str, codes: dict[int, str]) -> None:
    lines = [
        {
            "answer_id": f"{nr}:q1",
            "coder": coder,
            "codebook": "1.0.0",
            "state": "coded" if found else "no_code",
            "codes": found.split(),
            "quotes": [],
            "uncertain": False,
            "comment": "",
            "shown": None,
            "round": 1,
            "created_at": None,
            "updated_at": None,
            "seconds": None,
            "source": {"kind": "hand"},
        }
        for nr, found in codes.items()
    ]
    file = folder / "annotations" / "q1" / f"{coder}.jsonl"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("".join(json.dumps(one) + "\n" for one in lines), encoding="utf-8")


def made(folder: Path) -> Path:
    """A study in its first state, not committed."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "study.toml").write_text(CONFIG, encoding="utf-8")
    (folder / "codebooks" / "b").mkdir(parents=True)
    (folder / "codebooks" / "b" / "1.0.0.yaml").write_text(BOOK, encoding="utf-8")
    survey(folder, "1,a,ja hoor", "2,a,nee toch", "3,b,zeker")
    code(folder, "anna", {1: "een", 2: ""})
    return folder
