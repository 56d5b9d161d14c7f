"""What stands around a release says the same version, and is read by those it is for."""

from __future__ import annotations

import re
import tomllib
from fnmatch import fnmatch
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


def test_the_paper_cites_what_it_lists_and_has_the_documentations_figures() -> None:
    paper = (ROOT / "paper" / "paper.md").read_text(encoding="utf-8")
    listed = re.findall(r"^@\w+\{(\w+),", (ROOT / "paper" / "paper.bib").read_text("utf-8"), re.M)
    assert sorted(set(re.findall(r"\[@(\w+)\]", paper))) == sorted(listed)
    documents = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    documented = " ".join(one.read_text(encoding="utf-8") for one in documents)
    text = paper.partition("# Summary")[2]
    figures = re.findall(r"(?<![\w.])\.\d{2,3}(?!\d)|\b\d+(?:\.\d+)? %|\b\d{3} (?=details)", text)
    assert len(figures) >= 6
    for figure in figures:
        assert figure.strip() in documented, figure
    for named in re.findall(r"`(benchmarks/\w+\.py)`", paper):
        assert (ROOT / named).is_file(), named


def test_the_container_is_not_root_and_is_made_of_what_is_locked_and_shipped() -> None:
    steps = (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    assert [step.split()[1] for step in steps if step.startswith("USER ")][-1] == "researcher"
    copied = [step.split()[1:-1] for step in steps if step.startswith("COPY ")]
    wanted = {one for names in copied for one in names if not one.startswith(("--", "/", "."))}
    assert wanted == {"requirements/uv.txt", "requirements/lock-core.txt"}
    assert all((ROOT / one).is_file() for one in wanted)
    # the wheel takes these: an image without them can't be built
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    shipped = project["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    for file in shipped:
        assert not any(fnmatch(file, one) for one in ignored) or f"!{file}" in ignored, file


def test_condas_environment_takes_what_is_published() -> None:
    pip = read("environment.yml")["dependencies"][-1]["pip"]
    assert pip == ["themecoder[all]"]
