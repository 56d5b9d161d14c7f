"""One writer at a time; who is second is told who is first."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from themecoder.errors import InputError
from themecoder.messages import render
from themecoder.settings.paths import StudyPaths
from themecoder.workspace.lock import study_lock

HOLDS = """
import sys, time
from pathlib import Path
from themecoder.settings.paths import StudyPaths
from themecoder.workspace.lock import study_lock
sys.argv = ["/opt/bin/themecoder", "mine", "--study", "geheim"]
with study_lock(StudyPaths(Path({root!r}))):
    print("holds", flush=True)
    time.sleep(600)
"""


def test_the_second_is_told_who_is_first_and_goes_on_when_that_one_is_killed(
    tmp_path: Path,
) -> None:
    paths = StudyPaths(tmp_path)
    command = [sys.executable, "-c", HOLDS.format(root=str(tmp_path))]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as first:
        assert first.stdout is not None and first.stdout.readline() == b"holds\n"
        with pytest.raises(InputError) as caught, study_lock(paths):
            pass
        text = render(caught.value.problems[0], "en")
        assert f"themecoder mine, process {first.pid}, since 20" in text
        assert "geheim" not in text
        first.kill()
    with study_lock(paths):
        assert paths.lock_holder.is_file()
    assert not paths.lock_holder.exists()
