"""What comes next: on the way from an export to a report, and for studies with parts missing or
damaged."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from commands import called, done, themecoder
from shipped import copy_shipped
from themecoder import Study
from themecoder.coding.plan import Planned
from themecoder.coding.plan_file import read_plan, write_plan
from themecoder.messages import message
from themecoder.next_step.way import next_step
from themecoder.settings.paths import StudyPaths

EXPORT = "nr;Wat vindt u van de tuin? Leg uit.\n" + "".join(
    f"{n};De tuin van de buren is {what} omdat er veel bloemen staan {n}\n"
    for n, what in enumerate(["mooi", "lelijk", "groot", "klein"] * 3, start=100)
)
CODES = (("mooi", "Mooi"), ("lelijk", "Lelijk"))


def named(study: Path) -> str:
    return next_step(study).name


def coded(study: Path, coder: str, code: str) -> None:
    """What a coder would have made of all that is planned for her."""
    rows = [row for row in read_plan(study / "annotations/plan.csv") if row.coder == coder]
    lines = [
        json.dumps(
            {"answer_id": row.answer_id, "coder": coder, "codebook": "1.0.0", "state": "coded"}
            | {"codes": [code], "quotes": [], "uncertain": False, "comment": "", "shown": None}
            | {"round": 1, "created_at": None, "updated_at": None, "seconds": None, "source": {}}
        )
        for row in sorted(rows, key=lambda row: row.answer_id)
    ]
    file = study / "annotations" / rows[0].question / f"{coder}.jsonl"
    file.parent.mkdir(exist_ok=True)
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")


def test_the_way_from_an_export_to_a_report(tmp_path: Path) -> None:
    assert next_step(tmp_path).command == ("init", "EXPORT")
    (tmp_path / "tuin.csv").write_text(EXPORT, encoding="utf-8")
    assert next_step(tmp_path).command == ("init", "tuin.csv")
    finished = called("init", str(tmp_path / "tuin.csv"), "--study", str(tmp_path))
    assert finished.returncode == 0, finished.stderr
    told = finished.stderr.splitlines()[-1]
    assert told.startswith("Volgende stap: themecoder mask --check --study ")
    question = Study.open(tmp_path).questions[0]
    (tmp_path / "masking.csv").write_text("answer_id,start,end,kind,decision,check\n")
    assert named(tmp_path) == "mine"
    folder = tmp_path / "themes" / question
    folder.mkdir(parents=True)
    (folder / "themes.json").write_text("{}")  # whoever mined; what is in it is not read here
    assert next_step(tmp_path).command == ("codebook", "adopt", question, "THEME", "--new")
    for code, label in CODES:
        words = ["--label", label, "--definition", f"De tuin is {label}.", "--why", "te zien"]
        done(tmp_path, "codebook", "add", code, *words)
    assert next_step(tmp_path).params == {"n": 2}
    finished = themecoder(tmp_path, "codebook", "release")
    assert "correct --coder" in finished.stderr.splitlines()[-1]
    config = tmp_path / "study.toml"
    config.write_text(config.read_text().replace("coders = []", 'coders = ["anna", "bram"]'))
    assert named(tmp_path) == "serve"
    # with a server of another place, nobody starts one here
    config.write_text(config.read_text() + '\n[label_studio]\nurl = "http://localhost:9999"\n')
    assert named(tmp_path) == "plan"
    done(tmp_path, "plan", "--double", "50%")
    assert named(tmp_path) == "push"
    (tmp_path / "annotations/label_studio.json").write_text(
        json.dumps({question: "6fa459ea-ee8a-3ca4-894e-db77e160355e"})
    )
    assert named(tmp_path) == "pull"
    coded(tmp_path, "anna", "mooi")
    assert 0 < next_step(tmp_path).params["n"] < 18
    coded(tmp_path, "bram", "lelijk")
    assert named(tmp_path) == "agreement"
    (tmp_path / "reports").mkdir(exist_ok=True)
    (tmp_path / "reports/agreement.csv").write_text("")
    assert next_step(tmp_path).command == ("disagreements",)
    assert next_step(tmp_path).params == {"n": 6}
    with config.open("a") as settings:
        settings.write('\n[counts]\nsource = "union"\n')
    assert next_step(tmp_path).command == ("counts",)
    done(tmp_path, "counts")
    (tmp_path / "reports/claims.csv").write_text("")
    assert named(tmp_path) == "check"
    (tmp_path / "reports/claims.csv").unlink()
    assert named(tmp_path) == "report"


@pytest.fixture
def shipped(tmp_path: Path) -> Path:
    return copy_shipped(tmp_path, quoted=True)


@pytest.mark.parametrize(
    ("file", "content", "step"),
    [
        ("study.toml", "id =", "mend"),
        ("study.toml", None, "init"),
        ("annotations/q18/coder_a.jsonl", "{", "mend"),
        ("annotations/label_studio.json", "[]", "mend"),
        ("annotations/plan.csv", "a,b\n1,2\n", "mend"),
        ("codebooks/mind-genai", None, "mend"),
        ("data", None, "mend"),
        ("annotations", None, "mask"),
        ("reports", None, "agreement"),
    ],
)
def test_a_study_with_a_part_that_is_missing_or_damaged(
    shipped: Path, file: str, content: str | None, step: str
) -> None:
    place = shipped / file
    if content is not None:
        place.write_text(content, encoding="utf-8")
    elif place.is_dir():
        shutil.rmtree(place)
    else:
        place.unlink()
    found = next_step(shipped)
    assert found.name == step
    assert bool(found.problems) == (step == "mend")
    data = json.loads(done(shipped, "next", "--json"))
    assert data["step"] == step
    assert data["why"] == message(f"next.why.{step}", "nl", **found.params)


def test_only_commands_that_change_the_study_say_what_comes_next_and_never_beside_json(
    shipped: Path,
) -> None:
    assert "Volgende stap" in themecoder(shipped, "import").stderr
    assert "Volgende stap" not in themecoder(shipped, "import", "--json").stderr
    assert "Volgende stap" not in themecoder(shipped, "codebook", "show").stderr
    refused = themecoder(shipped, "counts", "--source", "niemand")
    assert refused.returncode == 2
    assert "Volgende stap" not in refused.stderr


def test_a_long_plan_is_read_as_often_as_a_short_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was once read for each of its rows: minutes at 50,000 answers."""
    study = copy_shipped(tmp_path / "study")
    plan, reads = StudyPaths(study).plan, []
    monkeypatch.setattr(
        "themecoder.next_step.way.read_plan", lambda file: reads.append(file) or read_plan(file)
    )
    rows = [Planned("q7", f"{n}:q7", "anna", blind=True, place=n) for n in range(1, 41)]
    for many in (2, 40):
        write_plan(plan, rows[:many])
        next_step(study)
    assert len(reads) == 2
