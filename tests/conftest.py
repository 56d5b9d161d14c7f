"""Shared by all layers of tests; its presence puts this folder on the path (sample_pages).

Property tests try the same examples each run, so that a change breaks them and not chance;
``HYPOTHESIS_PROFILE=search`` looks for new ones.

With several workers (``-n``) the tests of a file stay together on one worker, for what the file
makes once for its tests; ``pytest.mark.xdist_group`` parts a file. The groups that take longest
(``pytest.mark.long``) are begun first, so that no worker ends alone with one of them.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

# A library that uses threads takes all cores. The workers share them: each takes its part. This
# stands before the other imports because the libraries look at it when they are loaded.
WORKERS = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
if WORKERS > 1:
    for _name in ("OMP", "OPENBLAS", "MKL", "NUMEXPR", "RAYON", "NUMBA"):
        _part = max(1, (os.cpu_count() or 1) // WORKERS)
        os.environ.setdefault(f"{_name}_NUM_THREADS", str(_part))

import pytest  # noqa: E402
from hypothesis import settings  # noqa: E402
from xdist.scheduler import LoadScopeScheduling  # noqa: E402

from chromium import chromium  # noqa: E402
from shipped import made_once, mine_shipped  # noqa: E402

# other work on the machine is no failure
settings.register_profile("same", derandomize=True, deadline=None)
settings.register_profile("search", deadline=None, max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))

# one browser for all layers: playwright can't be started twice in one process
__all__ = ["chromium"]


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all workers of this run share: what is made once for all of them."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "shared"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def mined_once(run_folder: Path) -> Path:
    """The shipped study with its candidate themes, made once for all workers: to be copied and
    not to be changed. Its caches spare a copy the masking and the embedding."""
    return made_once(run_folder / "mined", mine_shipped)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give every test its group, and put the groups that take longest first."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        return
    seconds: dict[str, int] = {}
    groups: list[str] = []
    for item in items:
        mark = item.get_closest_marker("xdist_group")
        if mark is not None:
            group = str(mark.args[0])
        else:
            # one server and its one database: its tests wait for each other anyway
            group = "server" if item.get_closest_marker("server") else item.path.stem
            item.add_marker(pytest.mark.xdist_group(group))
        groups.append(group)
        long = item.get_closest_marker("long")
        seconds[group] = max(seconds.get(group, 0), int(long.args[0]) if long else 0)
    order = {group: place for place, group in enumerate(dict.fromkeys(groups))}
    together = sorted(
        zip(groups, items, strict=True), key=lambda pair: (-seconds[pair[0]], order[pair[0]])
    )
    items[:] = [item for _, item in together]
    text = json.dumps({item.nodeid: group for group, item in together})
    file = Path(os.environ[GROUPS])
    part = file.with_suffix(f".{os.environ['PYTEST_XDIST_WORKER']}")
    part.write_text(text, encoding="utf-8")
    part.replace(file)  # every worker writes the same


GROUPS = "THEMECODER_TEST_GROUPS"
"""Environment variable: the file in which the workers tell the process that deals out the tests
which group each is of. (--dist=loadgroup of pytest-xdist 3.8 does so by a private attribute of
pytest, which pytest 9.2 no longer has: there it deals out every test apart, without a word.)"""


class _Groups(LoadScopeScheduling):
    """Deals out the tests by group, in the order in which the workers found them."""

    _known: dict[str, str] | None = None

    def _split_scope(self, nodeid: str) -> str:
        if self._known is None:
            self._known = json.loads(Path(os.environ[GROUPS]).read_text(encoding="utf-8"))
        return self._known[nodeid]


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling:
    """By group, whatever ``--dist`` says."""
    return _Groups(config, log)


def pytest_configure(config: pytest.Config) -> None:
    """Name the file before the workers are started: they inherit the variable."""
    if config.getoption("numprocesses", None) and "PYTEST_XDIST_WORKER" not in os.environ:
        folder = tempfile.mkdtemp(prefix="themecoder-tests-")
        config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))
        os.environ[GROUPS] = str(Path(folder) / "groups.json")
