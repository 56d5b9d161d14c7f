"""Make the notebooks as .ipynb beside their .py: python tools/make_notebooks.py

The .py is what a person edits; without outputs and with ids by place, the same text gives the same
bytes.
"""

from __future__ import annotations

from pathlib import Path

import jupytext
import nbformat

FOLDER = Path(__file__).parents[1] / "notebooks"


def notebook(source: Path) -> str:
    made = jupytext.read(source)
    made.metadata.pop("jupytext", None)
    for place, cell in enumerate(made.cells):
        cell["id"] = f"cell-{place}"
    made.nbformat_minor = 5
    text: str = nbformat.writes(made)
    return text + "\n"


def main() -> None:
    for source in sorted(FOLDER.glob("*.py")):
        source.with_suffix(".ipynb").write_text(notebook(source), encoding="utf-8")


if __name__ == "__main__":
    main()
