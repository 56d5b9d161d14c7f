"""What docs/architecture.md and CONTRIBUTING.md name is there, and every room is on the map."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "themecoder"
ARCHITECTURE, CONTRIBUTING = ROOT / "docs" / "architecture.md", ROOT / "CONTRIBUTING.md"
DOCUMENTS = [ARCHITECTURE, CONTRIBUTING]

QUOTED = re.compile(r"`([^`\n]+)`")
PLACE = re.compile(r"([\w./-]+/|[\w./-]+\.(?:py|toml|md|jinja|json|txt))(?::([\w.]+))?")
CLASS = re.compile(r"_*[A-Z]\w*[a-z]\w*(?:\.\w+)?")
FUNCTION = re.compile(r"_*[a-z]\w*_[a-z_]+")
CONSTANT = re.compile(r"_*[A-Z]{2,}[A-Z_]*")
STUDY_FILES = {"study.toml", "annotations/", "codebooks/", "themes/"}
"""What a study has, and not the source."""
NOT_OURS = {"HYPOTHESIS_PROFILE", "files/", "formats/", "html/", "label_studio/"}
"""What others define, and the folders that rooms have alike."""


def quoted(document: Path) -> list[str]:
    return QUOTED.findall(document.read_text(encoding="utf-8"))


@cache
def names_in(file: Path) -> frozenset[str]:
    """The functions, classes, methods (``Class.method``), fields and values that a file defines."""
    names: set[str] = set()

    def walk(body: list[ast.stmt], before: str) -> None:
        for node in body:
            if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
                names.add(before + node.name)
                if isinstance(node, ast.ClassDef):
                    walk(node.body, f"{node.name}.")
            elif isinstance(node, ast.Assign):
                names.update(before + t.id for t in node.targets if isinstance(t, ast.Name))
            elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                names.add(before + node.target.id)

    walk(ast.parse(file.read_text(encoding="utf-8")).body, "")
    return frozenset(names)


@cache
def all_names() -> frozenset[str]:
    files = [*SOURCE.rglob("*.py"), *(ROOT / "tests").rglob("*.py")]
    return frozenset().union(*map(names_in, files))


def found(path: str) -> Path | None:
    """Paths are told from the root, or from the source's own folder."""
    there = [folder / path for folder in (SOURCE, ROOT) if (folder / path).exists()]
    return there[0] if there else None


def wrong(token: str) -> str | None:
    """What is not so of a token, or None."""
    if token in STUDY_FILES | NOT_OURS or token.startswith(("annotations/", "reports/")):
        return None
    place = PLACE.fullmatch(token)
    if place:
        path, name = place.groups()
        file = found(path)
        if file is None:
            # the name of a file alone: some folder has it
            return None if "/" not in path and any(SOURCE.rglob(path)) else f"no {path}"
        return None if name is None or name in names_in(file) else f"no {name} in {path}"
    if any(kind.fullmatch(token) for kind in (CLASS, FUNCTION, CONSTANT)):
        return None if token in all_names() else f"nothing is called {token}"
    if token.startswith("themecoder."):
        *path, name = token.split(".")[1:]
        package = SOURCE.joinpath(*path, "__init__.py")
        exported = f'"{name}"' in package.read_text("utf-8") if package.is_file() else False
        return None if exported else f"no {token}"
    return None


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_what_is_named_exists(document: Path) -> None:
    assert [why for token in quoted(document) if (why := wrong(token))] == []


def test_every_room_is_on_the_map_and_nothing_else() -> None:
    text = ARCHITECTURE.read_text(encoding="utf-8").split("## The map")[1]
    rows = text.split("```")[1].splitlines()
    shown = [row.split()[0] for row in rows if row and not row.startswith("─")]
    rooms = [folder.parent.name for folder in SOURCE.glob("*/__init__.py")]
    modules = [file.name for file in SOURCE.glob("*.py") if file.name != "__init__.py"]
    assert sorted(shown) == sorted([*rooms, *modules])


@pytest.mark.parametrize(
    "token",
    [
        "counts/nothing.py",
        "counts/study_counts.py:nothing",
        "workspace/folder.py:StudyFolder.nothing",
        "NothingLikeThis",
        "nothing_like_this",
        "themecoder.agreement.nothing",
        "nothing.py",
    ],
)
def test_what_does_not_exist_is_seen(token: str) -> None:
    assert wrong(token)


def test_names_are_looked_at() -> None:
    """The patterns still match what the documents hold: many places with a name."""
    places = [place for token in quoted(ARCHITECTURE) if (place := PLACE.fullmatch(token))]
    assert len([place for place in places if place[2]]) >= 60
