"""The notebooks run from top to bottom on the shipped study, and show what they say."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import jupytext
import pytest
from nbclient import NotebookClient

from shipped import ROOT, copy_shipped
from themecoder.cli.demo import copy_shipped_study

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.py"))


def test_there_are_three() -> None:
    assert [file.stem[:2] for file in NOTEBOOKS] == ["01", "02", "03"]


def test_each_is_there_for_jupyter_too_as_its_script_makes_it() -> None:
    spec = importlib.util.spec_from_file_location("made", ROOT / "tools" / "make_notebooks.py")
    assert spec and spec.loader
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    for file in NOTEBOOKS:
        assert file.with_suffix(".ipynb").read_text(encoding="utf-8") == script.notebook(file)


def test_the_demo_brings_them(tmp_path: Path) -> None:
    copy_shipped_study(tmp_path / "demo", "nl")
    brought = sorted((tmp_path / "demo" / "notebooks").iterdir())
    assert [file.stem for file in brought] == [file.stem for file in NOTEBOOKS]
    assert {file.suffix for file in brought} == {".ipynb"}


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
