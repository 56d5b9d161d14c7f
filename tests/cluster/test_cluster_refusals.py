"""What --cluster refuses before anything is sent, and what a worker may say of what goes wrong."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from commands import themecoder
from shipped import ROOT
from taken_away import without_packages
from themecoder.cluster.address import checked_address, leaks
from themecoder.cluster.dask_workers import _value
from themecoder.cluster.on_worker import Outcome, Parcel, run_parcel
from themecoder.errors import InputError, Problem


@pytest.fixture
def study(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "data", tmp_path / "data")
    shutil.copy(ROOT / "study.toml", tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("named", "address"),
    [
        ("local", None),
        (" Local ", None),
        ("tcp://127.0.0.1:8786", "tcp://127.0.0.1:8786"),
        ("tcp://[::1]:8786/", "tcp://[::1]:8786"),
        ("tcp://localhost:8786", "tcp://localhost:8786"),
        ("tls://machine.example.org:8786", "tls://machine.example.org:8786"),
    ],
)
def test_an_address_is_one_of_this_machine_or_encrypted(named: str, address: str | None) -> None:
    assert checked_address(named) == address


@pytest.mark.parametrize(
    ("named", "key"),
    [
        ("tcp://192.0.2.1:8786", "cluster.in_the_clear"),
        ("tcp://0.0.0.0:8786", "cluster.in_the_clear"),
        ("tcp://127.0.0.1.example.org:8786", "cluster.in_the_clear"),
        ("tcp://127.0.0.1@192.0.2.1:8786", "cluster.in_the_clear"),
        ("ws://127.0.0.1:8786", "cluster.address"),
        ("tcp://127.0.0.1", "cluster.address"),
        ("tcp://127.0.0.1:port", "cluster.address"),
        ("tls://machine:8786/path", "cluster.address"),
        ("127.0.0.1:8786", "cluster.address"),
        ("", "cluster.address"),
    ],
)
def test_any_other_is_refused(named: str, key: str) -> None:
    with pytest.raises(InputError) as refused:
        checked_address(named)
    assert [problem.key for problem in refused.value.problems] == [key]


def test_a_worker_in_the_clear_is_one_on_another_machine_without_tls() -> None:
    assert leaks("tcp://192.0.2.1:4000")
    assert not leaks("tcp://127.0.0.1:4000")
    assert not leaks("tls://192.0.2.1:4000")


class _Task:
    """``other``: what it needs is otherwise where it runs; ``error``: what it raises there."""

    def __init__(self, other: bool = False, error: Exception | None = None) -> None:
        self.made_with: Mapping[str, str] = {"revision": "1", "rounding": "a"}
        self._other, self._error = other, error

    def made_with_here(self) -> Mapping[str, str]:
        return {"revision": "2", "rounding": "b"} if self._other else self.made_with

    def __call__(self, batch: Sequence[str]) -> int:
        if self._error is not None:
            raise self._error
        return len(batch)


BATCH = ("mijn geheim", "nog een")


def outcome(task: _Task) -> Outcome:
    parcel = Parcel.of(task, BATCH)
    assert "geheim" not in repr(parcel)
    return run_parcel(parcel)


def test_what_goes_wrong_on_a_worker_is_told_and_holds_no_answer() -> None:
    assert _value(outcome(_Task()), _Task()) == 2
    with pytest.raises(InputError) as refused:
        _value(outcome(_Task(other=True)), _Task())
    (problem,) = refused.value.problems
    assert problem.key == "cluster.other_revision"
    assert (problem.params["here"], problem.params["there"]) == ("1", "2")
    missing = InputError(Problem("encoders.unknown", {"found": "x", "known": "y"}))
    with pytest.raises(InputError) as refused:
        _value(outcome(_Task(error=missing)), _Task())
    keys = [problem.key for problem in refused.value.problems]
    assert keys == ["encoders.unknown", "cluster.refused_there"]
    with pytest.raises(RuntimeError, match="ValueError") as failed:
        _value(outcome(_Task(error=ValueError(BATCH[0]))), _Task())
    assert "geheim" not in str(failed.value)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("mask", "--cluster", "tcp://192.0.2.1:8786"), "tls://192.0.2.1:8786"),
        (("mine", "--cluster", "tls://192.0.2.1:8786"), "[cluster]"),
        (("suggestions", "--cluster", "lokaal"), "--cluster local"),
        (("run", "--cluster", "tcp://192.0.2.1:8786"), "tls://192.0.2.1:8786"),
    ],
    ids=lambda value: value if isinstance(value, str) else value[0],
)
def test_a_command_refuses_it_and_touches_nothing(
    words: tuple[str, ...], said: str, study: Path
) -> None:
    shutil.copytree(ROOT / "codebooks", study / "codebooks")
    done = themecoder(study, *words)
    assert done.returncode == 2, done.stderr
    assert said in done.stderr
    assert not (study / ".themecoder" / "masks.sqlite").exists()


def test_keys_are_in_the_study_readable_and_not_in_git(study: Path) -> None:
    names = {name: f"keys/{name}.pem" for name in ("ca", "cert", "key")}
    (study / "keys").mkdir()
    settings = (study / "study.toml").read_text(encoding="utf-8")
    lines = "".join(f'{key} = "{name}"\n' for key, name in names.items())
    (study / "study.toml").write_text(f"{settings}\n[cluster]\n{lines}", encoding="utf-8")

    def refusal() -> str:
        done = themecoder(study, "mask", "--cluster", "tls://192.0.2.1:8786")
        assert done.returncode == 2, done.stderr
        return done.stderr

    assert all(name in refusal() for name in ("ca.pem", "cert.pem", "key.pem"))
    for name in names.values():
        (study / name).write_text("no certificate", encoding="utf-8")
    assert "PEM" in refusal()
    subprocess.run(["git", "init", "-q"], cwd=study, check=True)
    subprocess.run(["git", "add", "-f", "keys"], cwd=study, check=True)
    assert "git rm --cached" in refusal()
    (study / "study.toml").write_text(f'{settings}\n[cluster]\nkey = "/etc/hostname"\n', "utf-8")
    assert "/etc/hostname" in refusal()


@pytest.mark.slow
def test_without_dask_the_line_to_type_is_told(study: Path) -> None:
    words = ("mask", "--cluster", "local", "--study", str(study))
    done = without_packages(("dask", "distributed"), *words)
    assert done.returncode == 2
    assert '"themecoder[cluster]"' in done.stderr
    assert "Traceback" not in done.stderr
