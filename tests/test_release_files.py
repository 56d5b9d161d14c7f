"""What stands around a release says the same version, and is read by those it is for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from themecoder.version import __version__

ROOT = Path(__file__).parents[1]


def read(name: str) -> Any:
    return YAML(typ="safe").load((ROOT / name).read_text(encoding="utf-8"))


def test_the_citation_names_this_version_and_licence() -> None:
    citation = read("CITATION.cff")
    assert citation["version"] == __version__
    assert citation["license"] == "MIT"
    assert {"cff-version", "title", "message", "authors"} <= set(citation)


def test_what_is_checked_before_a_commit_is_what_make_lint_checks() -> None:
    hooks = [hook["entry"] for hook in read(".pre-commit-config.yaml")["repos"][0]["hooks"]]
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    recipe = makefile.partition("\nlint:")[2].partition("\n\n")[0]
    checks = [line.strip().removeprefix("$(BIN)/") for line in recipe.splitlines()[1:]]
    assert [hook.removeprefix(".venv/bin/").replace(" --force-exclude", "") for hook in hooks] == (
        checks
    )


def test_a_release_is_tested_and_tried_before_it_is_published() -> None:
    jobs = read(".github/workflows/release.yml")["jobs"]
    assert {"make test", "make sbom"} <= {step.get("run") for step in jobs["build"]["steps"]}
    assert jobs["try"]["needs"] == "build" and jobs["publish"]["needs"] == "try"
    # trusted publishing: an identity for one job, and no secret anywhere
    assert jobs["publish"]["permissions"] == {"id-token": "write"}
    assert "secrets." not in (ROOT / ".github/workflows/release.yml").read_text(encoding="utf-8")
