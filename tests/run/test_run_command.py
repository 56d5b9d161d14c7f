"""``themecoder run`` on one open question of the shipped study: whole, and twice.

Killed and changed, it is run on sixty of those answers: the steps are the same, and take less.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from commands import THEMECODER, Finished, in_own_process, themecoder
from small_study import made, made_small

STEPS = ["themes", "codebook", "agreement", "counts", "quotes", "check", "report", "disclosure"]
pytestmark = [pytest.mark.slow, pytest.mark.long(200)]


QUICK = ("run", "--resamples", "100")


def run(study: Path, *words: str) -> Finished:
    return themecoder(study, *QUICK, *words)


def states(study: Path, *words: str) -> dict[str, str]:
    done = run(study, "--json", *words)
    assert done.returncode == 0, done.stderr
    return {step["step"]: step["state"] for step in json.loads(done.stdout)}


def files(study: Path) -> dict[str, bytes]:
    """All that the study holds but its caches."""
    return {
        file.relative_to(study).as_posix(): file.read_bytes()
        for file in sorted(study.rglob("*"))
        if file.is_file() and ".themecoder" not in file.parts
    }


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory, mined_once: Path) -> Path:
    """The small study, run to its end without a stop."""
    study = made_small(tmp_path_factory.mktemp("klein") / "studie", mined_once)
    assert states(study) == dict.fromkeys(STEPS, "done")
    return study


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, mined_once: Path) -> Path:
    study = made(tmp_path_factory.mktemp("whole") / "studie", mined_once)
    done = in_own_process(study, *QUICK)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert len([line for line in lines if "gemaakt in" in line]) == len(STEPS)
    assert "  229 kloppen, 6 wijken af, 3 zijn niet na te rekenen: " in done.stdout
    assert [Path(line).name for line in lines[-3:]] == [
        "report.html",
        "report.docx",
        "manifest.json",
    ]
    return study


def test_a_second_run_does_nothing_and_says_so(whole: Path) -> None:
    before = files(whole)
    times = {name: (whole / name).stat().st_mtime_ns for name in before}
    done = run(whole)
    assert done.returncode == 0
    assert "Er was niets te doen: alles is actueel." in done.stdout
    assert "gemaakt" not in done.stdout
    assert "229 kloppen" in done.stdout  # what does not hold is told again
    assert files(whole) == before
    assert {name: (whole / name).stat().st_mtime_ns for name in before} == times


MOMENTS: tuple[float | tuple[int, int], ...] = (
    0.4,
    2.5,
    (0, 1),
    (0, 4),
    (1, 1),
    (2, 1),
    (3, 1),
    (4, 1),
    (6, 1),
)
"""When a run is killed: after so many seconds, or when so many steps are done and so many files of
the next were written."""


def test_killed_anywhere_and_run_again_it_finishes_the_same(
    small: Path, mined_once: Path, tmp_path: Path
) -> None:
    study = made_small(tmp_path / "studie", mined_once)
    for moment in MOMENTS:
        process = subprocess.Popen(
            [THEMECODER, *QUICK, "--study", str(study)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        if isinstance(moment, tuple):
            wait_until(process, study, *moment)
        else:
            time.sleep(moment)
        os.killpg(process.pid, signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL, moment
    done = run(study)
    assert done.returncode == 0, done.stderr
    # what was being written when it was killed lies beside the result and is no part of it
    made = {name: data for name, data in files(study).items() if not name.endswith(".part")}
    assert made == files(small)
    assert set(states(study).values()) == {"fresh"}


def wait_until(process: subprocess.Popen[bytes], study: Path, steps: int, written: int) -> None:
    """Wait for the moment in the run, or until the process ends."""
    notes = study / ".themecoder" / "run.json"
    before: dict[Path, int] | None = None
    while process.poll() is None:
        if before is None:
            done = len(json.loads(notes.read_bytes())) if notes.is_file() else 0
            before = times(study) if done >= steps else None
        elif sum(before.get(file) != at for file, at in times(study).items()) >= written:
            return
        time.sleep(0.002)


def times(study: Path) -> dict[Path, int]:
    """When each file of the run was written; a file that comes or goes meanwhile is left out."""
    found = {}
    for folder in ("themes", "reports"):
        for file in (study / folder).rglob("*"):
            with contextlib.suppress(FileNotFoundError):
                found[file] = file.stat().st_mtime_ns
    return found


def test_only_what_a_change_touches_is_made(small: Path, tmp_path: Path) -> None:
    study = tmp_path / "studie"
    shutil.copytree(small, study)
    assert set(states(study).values()) == {"fresh"}

    (study / "reports" / "quotes.md").unlink()
    assert touched(study) == ["quotes"]

    majority = {
        step for step, state in states(study, "--source", "majority").items() if state == "done"
    }
    assert majority == {"counts", "quotes", "check", "report", "disclosure"}
    assert touched(study) == ["counts", "quotes", "check", "report", "disclosure"]

    figures = study / "reports" / "quoted_figures.csv"
    lines = figures.read_text(encoding="utf-8").splitlines(keepends=True)
    figures.write_text("".join(lines[:50]), encoding="utf-8")
    assert touched(study) == ["check", "disclosure"]

    coding = study / "annotations" / "q18" / "coder_a.jsonl"
    lines = coding.read_text(encoding="utf-8").splitlines(keepends=True)
    coding.write_text("".join(lines[1:]), encoding="utf-8")
    assert touched(study) == ["agreement", "counts", "quotes", "check", "report", "disclosure"]
    assert list(states(study, "--again").values()) == ["done"] * len(STEPS)

    lines = coding.read_text(encoding="utf-8").splitlines(keepends=True)
    lines[3] = lines[3][:20] + "\n"
    before = files(study)
    coding.write_text("".join(lines), encoding="utf-8")
    done = run(study)
    assert done.returncode == 2
    assert "coder_a.jsonl" in done.stderr and "4" in done.stderr
    assert "Traceback" not in done.stderr
    changed = {name for name, data in files(study).items() if before.get(name) != data}
    assert changed == {"annotations/q18/coder_a.jsonl"}


def touched(study: Path) -> list[str]:
    found = states(study)
    assert list(found) == STEPS
    return [step for step, state in found.items() if state == "done"]


def test_too_few_draws_are_told_before_anything_is_made(whole: Path) -> None:
    before = files(whole)
    done = run(whole, "--again", "--resamples", "5")
    assert (done.returncode, done.stdout) == (2, "")
    assert "5 trekkingen zijn te weinig" in done.stderr
    assert files(whole) == before


def test_before_there_is_coding_it_does_what_it_can(small: Path, tmp_path: Path) -> None:
    study = tmp_path / "studie"
    shutil.copytree(small, study)
    shutil.rmtree(study / "annotations")
    done = run(study)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("nog niet, er is nog geen codering") == 5
    (study / "annotations").mkdir()
    for folder in ("annotations", "reports", "codebooks"):
        shutil.rmtree(study / folder)
    settings = (study / "study.toml").read_text(encoding="utf-8")
    blocks = re.split(r"(?m)^(?=\[)", settings)
    kept = [one for one in blocks if not one.startswith(("[codebook]", "[counts]"))]
    (study / "study.toml").write_text("".join(kept), encoding="utf-8")
    done = run(study)
    assert done.returncode == 0, done.stderr
    assert "Kandidaat-thema's: gemaakt in" in done.stdout
    assert done.stdout.count("nog niet, de studie heeft nog geen codeboek") == 6
    assert "nog niet, er zijn geen aangehaalde cijfers" in done.stdout


def test_suggestions_give_a_report_that_says_what_it_is(whole: Path, tmp_path: Path) -> None:
    study = tmp_path / "studie"
    shutil.copytree(whole, study)
    for folder in ("annotations", "reports"):
        shutil.rmtree(study / folder)
    found = states(study, "--source", "suggestions")
    assert found == {
        "themes": "done",
        "codebook": "done",
        "agreement": "not_yet",
        "counts": "done",
        "quotes": "done",
        "check": "not_yet",
        "report": "done",
        "disclosure": "done",
    }
    made = {file.name for file in (study / "reports").iterdir()}
    assert {"counts_unconfirmed.csv", "quotes_unconfirmed.docx", "report_unconfirmed.html"} <= made
    assert not made & {"counts.csv", "quotes.docx", "report.html", "report.docx"}
    page = (study / "reports" / "report_unconfirmed.html").read_text(encoding="utf-8")
    assert "NIET BEVESTIGD" in page.upper()
    assert not (study / "suggestions").exists()  # what coders are shown is made when it is sent
    again = states(study, "--source", "suggestions")
    assert set(again.values()) == {"fresh", "not_yet"}
