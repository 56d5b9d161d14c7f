"""What pyproject.toml asks for is what is imported, and what the lock files hold."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
NAMES = ("lock", "lock-dev", "lock-core", "lock-server", "lock-model", "uv")
LOCKS = [ROOT / "requirements" / f"{name}.txt" for name in NAMES]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
IN_LABEL_STUDIO = ROOT / "src" / "themecoder" / "coding" / "label_studio" / "in_server"
"""What runs in Label Studio's process and imports what is there."""
NOT_IMPORTED = {
    "spacy-lookups-data",  # spaCy finds its tables by an entry point
    "python-multipart",  # Starlette reads forms with it
}
PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", re.MULTILINE)


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def imported() -> set[str]:
    """The packages that src/ imports from, by the names under which they are installed."""
    names: set[str] = set()
    for file in (ROOT / "src").rglob("*.py"):
        if IN_LABEL_STUDIO in file.parents:
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names.update(alias.name.partition(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names.add(node.module.partition(".")[0])
    installed = metadata.packages_distributions()
    theirs = names - set(sys.stdlib_module_names) - {"themecoder"}
    return {normal(one) for name in theirs for one in installed.get(name, [name])}


def pins(file: Path) -> dict[str, str]:
    found = PIN.findall(file.read_text(encoding="utf-8"))
    return {normal(name): version for name, version in found}


EXTRAS = ("topics", "server", "workbench", "cluster")


def test_all_is_every_extra_but_that_of_developers() -> None:
    (everything,) = PROJECT["optional-dependencies"]["all"]
    assert Requirement(everything).extras == set(EXTRAS)
    assert set(PROJECT["optional-dependencies"]) == {*EXTRAS, "all", "dev"}


def declared_for_all() -> list[str]:
    extras = PROJECT["optional-dependencies"]
    return [*PROJECT["dependencies"], *(one for name in EXTRAS for one in extras[name])]


def test_the_locked_core_is_what_is_locked_of_it_with_all_extras() -> None:
    everything, core = pins(LOCKS[0]), pins(ROOT / "requirements" / "lock-core.txt")
    assert core.items() <= everything.items()
    extras = PROJECT["optional-dependencies"]
    apart = (one for name in ("topics", "server", "cluster") for one in extras[name])
    heavy = {normal(Requirement(one).name) for one in apart}
    assert heavy & set(core) == set()


def test_what_is_imported_is_declared_and_the_other_way_round() -> None:
    declared = {normal(Requirement(one).name) for one in declared_for_all()}
    assert imported() - declared == set()
    assert declared - imported() - NOT_IMPORTED == set()


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_a_lock_has_a_hash_for_everything_and_names_no_place(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    entries = re.split(r"^(?=\S)", text, flags=re.MULTILINE)
    assert all("--hash=sha256:" in entry for entry in entries if entry.strip())
    assert not re.search(r"://|--index|--extra-index|--find-links|^/", text, re.MULTILINE)


def test_the_locked_versions_are_in_the_declared_ranges() -> None:
    base = pins(LOCKS[0]) | pins(ROOT / "requirements" / "torch.txt")
    dev = base | pins(LOCKS[1])
    assert all(dev[name] == version for name, version in base.items())
    asked = [(one, base) for one in declared_for_all()]
    asked += [(one, dev) for one in PROJECT["optional-dependencies"]["dev"]]
    for one, lock in asked:
        wanted = Requirement(one)
        assert lock[normal(wanted.name)] in wanted.specifier, one


def test_the_licences_are_those_of_what_the_lock_installs() -> None:
    rows = re.findall(
        r"^\| (\S+) \| (\d\S*) \| (.+) \|$",
        (ROOT / "LICENSES.md").read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    locked = pins(LOCKS[0]) | pins(ROOT / "requirements" / "torch.txt")
    assert {name: version for name, version, _ in rows} == locked
