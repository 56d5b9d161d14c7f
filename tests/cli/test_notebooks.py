"""The notebooks run from top to bottom on the shipped study, and show what they say."""

from __future__ import annotations

from pathlib import Path

import jupytext
import pytest
from nbclient import NotebookClient

from shipped import ROOT, copy_shipped

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.py"))


def test_there_are_three() -> None:
    assert [file.stem[:2] for file in NOTEBOOKS] == ["01", "02", "03"]


@pytest.mark.slow
@pytest.mark.parametrize(
    "file",
    [
        pytest.param(
            file, marks=[pytest.mark.xdist_group(f"notebooks/{file.stem}"), pytest.mark.long(50)]
        )
        for file in NOTEBOOKS
    ],
    ids=lambda file: file.stem,
)
def test_a_notebook_runs(
    file: Path, tmp_path: Path, mined_once: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = copy_shipped(tmp_path / "study", quoted=True, warm=mined_once)
    monkeypatch.setenv("THEMECODER_STUDY", str(study))
    notebook = jupytext.read(file)
    NotebookClient(notebook, timeout=300, kernel_name="python3").execute(cwd=str(tmp_path))
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert cells and all(cell.outputs for cell in cells)
