"""The notebooks run from top to bottom on the shipped study, and show what they say."""

from __future__ import annotations

import shutil
from pathlib import Path

import jupytext
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.py"))


def test_there_are_three() -> None:
    assert [file.stem[:2] for file in NOTEBOOKS] == ["01", "02", "03"]


@pytest.mark.slow
@pytest.mark.parametrize("file", NOTEBOOKS, ids=lambda file: file.stem)
def test_a_notebook_runs(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    study = tmp_path / "study"
    study.mkdir()
    for name in ("data", "codebooks", "annotations"):
        shutil.copytree(ROOT / name, study / name)
    shutil.copy(ROOT / "study.toml", study)
    (study / "reports").mkdir()
    for name in ("quoted_figures.csv", "claims.csv"):
        shutil.copy(ROOT / "reports" / name, study / "reports")
    monkeypatch.setenv("THEMECODER_STUDY", str(study))
    notebook = jupytext.read(file)
    NotebookClient(notebook, timeout=300, kernel_name="python3").execute(cwd=str(tmp_path))
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert cells and all(cell.outputs for cell in cells)
