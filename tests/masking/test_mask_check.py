"""``themecoder mask --check`` at a real terminal: keys, what is kept, and a terminal that goes."""

from __future__ import annotations

import csv
import os
import pty
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.long(30)]

THEMECODER = str(Path(sys.executable).with_name("themecoder"))
STUDY = """\
id = "klein"
title = "Een kleine studie"
language = "nl"
[survey]
file = "survey.csv"
id = "r"
[[questions]]
id = "q1"
"""
ANSWERS = [
    "Mijn psych marieke zegt dat het mag.",
    "Bel me op 06-12345678 en vraag naar mijn broer Teunis.",
    "Ik woon in Zutphen, bij het kruispunt.",
    "Het is altijd bereikbaar.",
    "Ik vraag Qwibbel vaak om raad, want qwibbel weet alles.",
]


class Terminal:
    """A program at a terminal of its own: what it shows, and keys typed into it."""

    def __init__(self, study: Path, *more: str) -> None:
        self.master, slave = pty.openpty()
        command = [THEMECODER, "mask", "--check", "--study", str(study), *more]
        self.process = subprocess.Popen(
            command, stdin=slave, stdout=slave, stderr=slave, start_new_session=True
        )
        os.close(slave)
        self.shown = ""

    def until(self, wanted: str, seconds: float = 60) -> str:
        """Read until ``wanted`` is on the screen; returns what was shown since the last time."""
        end = time.monotonic() + seconds
        while wanted not in self.shown:
            assert time.monotonic() < end, self.shown
            if select.select([self.master], [], [], 0.2)[0]:
                try:
                    self.shown += os.read(self.master, 65536).decode("utf-8", "replace")
                except OSError:
                    break
        before, _, self.shown = self.shown.partition(wanted)
        return before

    def type(self, keys: str) -> None:
        os.write(self.master, f"{keys}\n".encode())

    def end(self) -> int:
        code = self.process.wait(timeout=60)
        os.close(self.master)
        return code


@pytest.fixture
def study(tmp_path: Path) -> Path:
    (tmp_path / "study.toml").write_text(STUDY, encoding="utf-8")
    rows = "".join(f'{i};"{text}"\n' for i, text in enumerate(ANSWERS, start=1))
    (tmp_path / "survey.csv").write_text("r;q1\n" + rows, encoding="utf-8")
    return tmp_path


def decisions(study: Path) -> list[tuple[str, str]]:
    file = study / "masking.csv"
    with file.open(encoding="utf-8", newline="") as handle:
        return [(row["answer_id"], row["decision"]) for row in csv.DictReader(handle)]


def masked(study: Path) -> dict[str, str]:
    command = [THEMECODER, "mask", "--study", str(study), "--csv", str(study / "masked.csv")]
    subprocess.run(command, check=True, capture_output=True)
    with (study / "masked.csv").open(encoding="utf-8", newline="") as handle:
        return {row["answer_id"]: row["masked"] for row in csv.DictReader(handle)}


def test_accept_undo_add_and_stop(study: Path) -> None:
    terminal = Terminal(study, "--all")
    # the most doubtful first; a telephone number has a form of its own
    assert "Qwibbel" in terminal.until("stoppen")  # no mask: it may have been missed
    terminal.type("")  # and is not passed by Enter alone
    terminal.until("stoppen")
    terminal.type("m")
    terminal.until(":")
    terminal.type("naam")
    assert "Zutphen" in terminal.until("stoppen")
    terminal.type("e")
    terminal.until(":")
    terminal.type("kruispunt")
    terminal.until(":")
    terminal.type("place")
    terminal.until("stoppen")
    terminal.type("l")
    assert "marieke" in terminal.until("stoppen")
    terminal.type("n")
    assert "Teunis" in terminal.until("stoppen")
    terminal.type("t")  # one step back: the reply before was a slip
    assert "marieke" in terminal.until("stoppen")
    terminal.type("j")
    assert "Teunis" in terminal.until("stoppen")
    terminal.type("j")
    assert "06-12345678" in terminal.until("stoppen")
    terminal.type("n")
    assert "bereikbaar" in terminal.until("stoppen")  # an answer in which nothing is masked
    terminal.type("e")
    terminal.until(":")
    terminal.type("altijd")
    terminal.until(":")
    terminal.type("other")
    assert "bereikbaar" in terminal.until("stoppen")
    terminal.type("")
    assert terminal.end() == 0
    assert decisions(study) == [
        ("1:q1", "accept"),
        ("2:q1", "undo"),
        ("2:q1", "accept"),
        ("3:q1", "add"),
        ("4:q1", "add"),
        ("5:q1", "add"),
        ("5:q1", "add"),
    ]
    texts = masked(study)
    assert texts["1:q1"] == "Mijn psych [NAAM] zegt dat het mag."
    assert texts["2:q1"] == "Bel me op 06-12345678 en vraag naar mijn broer [NAAM]."
    assert "kruispunt" not in texts["3:q1"]
    assert texts["5:q1"] == "Ik vraag [NAAM] vaak om raad, want [NAAM] weet alles."
    # what was decided is not asked again
    again = Terminal(study)
    assert "Zutphen" in again.until("stoppen")
    again.type("s")
    assert again.end() == 0


def test_what_was_decided_survives_a_terminal_that_is_killed(study: Path) -> None:
    terminal = Terminal(study)
    terminal.until("stoppen")
    terminal.type("j")
    terminal.until("stoppen")
    terminal.process.send_signal(signal.SIGKILL)
    assert terminal.end() == -signal.SIGKILL
    assert decisions(study) == [("5:q1", "leave")]
    assert masked(study)["5:q1"] == ANSWERS[4]
