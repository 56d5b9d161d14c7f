"""Label Studio into an environment of its own: it holds back versions of packages that we use."""

from __future__ import annotations

import platform
import shutil
import subprocess
import sys
import venv
from pathlib import Path

from themecoder.errors import Problem, ServiceError

_NAMES = "label-studio>=1.23,<1.24"
"""As ``requirements/server.in``."""


def environments() -> list[Path]:
    """Where the environment may be: beside this Python's own, as ``make server`` has it, else
    within it."""
    return [Path(sys.prefix).with_name(".venv-server"), Path(sys.prefix) / "label-studio"]


def programs(environment: Path) -> Path:
    """The folder of an environment's programs."""
    return environment / ("Scripts" if sys.platform == "win32" else "bin")


def python_of(program: str) -> Path:
    """The Python of the environment that an installed program belongs to."""
    name = "python.exe" if sys.platform == "win32" else "python"
    return Path(program).resolve().with_name(name)


def install_label_studio() -> Path:
    """The program, installed: what the lock file names where it holds, else what fits the range.

    Raises ServiceError where it can't be got.
    """
    target = environments()[0 if _is_development() else 1]
    python = python_of(str(programs(target) / "label-studio"))
    try:
        if not python.exists():
            venv.create(target, with_pip=True)
        pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        done = subprocess.run([*pip, *_asked()], capture_output=True, text=True, check=False)
    except (OSError, subprocess.CalledProcessError) as error:
        raise ServiceError(Problem("server.not_installable", {"reason": str(error)})) from error
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or [""])[-1]
        raise ServiceError(Problem("server.not_installable", {"reason": reason}))
    program = shutil.which("label-studio", path=str(programs(target)))
    if program is None:
        raise ServiceError(Problem("server.not_installable", {"reason": str(target)}))
    return Path(program)


def _asked() -> list[str]:
    """What pip is asked for: every file with its hash where there is a lock file for this system,
    which is in the repository and for Linux on x86-64."""
    lock = _repository() / "requirements" / "lock-server.txt"
    locked = (
        lock.is_file()
        and sys.platform == "linux"
        and platform.machine() == "x86_64"
        and sys.version_info < (3, 14)
    )
    return ["--require-hashes", "--no-deps", "-r", str(lock)] if locked else [_NAMES]


def _is_development() -> bool:
    return (_repository() / "pyproject.toml").is_file()


def _repository() -> Path:
    """The repository that this file is of, where it is run from one."""
    return Path(__file__).parents[4]
