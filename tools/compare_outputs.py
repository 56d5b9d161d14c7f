"""Compare what two checkouts make of the shipped study, byte for byte.

    python tools/compare_outputs.py OLD NEW --outputs DIR [--python PYTHON]

Every command of ``STEPS`` runs as a real process in a copy of each state's own study, one after the
other, with the ``src`` folder of that state. After each command its output, its exit code and every
file that it wrote or changed are kept in ``DIR/<state>/<step>/``, so that a file which a later
command writes over is compared as well. The outputs of OLD are used again on the next call (making
them takes minutes) unless its commit or this list of steps changed; ``--fresh`` makes them anew.

Exit code 0: nothing differs. 1: something does; each difference is named with its first place.
"""

from __future__ import annotations

import argparse
import datetime
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_STUDY_PARTS = (
    "annotations",
    "codebooks",
    "data",
    "reports",
    "suggestions",
    "study.toml",
    "masking.csv",
    "quotes.yaml",
    "templates",
)
_NOT_COMPARED = {".git", ".themecoder", "backups"}
_RECORD = "result.json"
_DATED = {".yaml", ".json", ".md"}
"""Files in which a release of the codebook puts the day on which it was made."""

_FOLDER = re.compile(rb"/[^\s\"']*/outputs-\w{8}/study")
_SECONDS = re.compile(rb"(made in|gemaakt in) \d+[.,]\d s")
_TIMES = re.compile(rb"^(Time|Tijd): .*\d s.*$", re.MULTILINE)
_MOMENT = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_DATED_ARCHIVE = "files/codebook.xlsx"
"""An Excel codebook holds the moment at which it was made: its parts are compared, without it."""

_RUN_SCRIPT = """
import importlib, sys
sys.argv[0] = "themecoder"
module, _, function = {entry!r}.partition(":")
getattr(importlib.import_module(module), function)()
"""
_SUGGEST_SCRIPT = """
import importlib
from themecoder import Study
study = Study.open(".")
for question in study.questions:
    importlib.import_module({module!r}).suggest_codes(study, question)
"""


@dataclass(frozen=True)
class Step:
    """One command, or with ``script`` a piece of Python, in the copy of the study."""

    name: str
    words: tuple[str, ...] = ()
    script: str = ""


def _command(name: str, line: str) -> Step:
    return Step(name, tuple(line.split()))


STEPS = (
    _command("import", "import"),
    _command("import-json", "import --json"),
    _command("mask", "mask --csv masked.csv"),
    _command("mask-list", "mask --list"),
    _command("mine-unguided-one", "mine --question q19 --unguided"),
    _command("mine-few", "mine --question q15 --themes few --json"),
    _command("mine-all", "mine"),
    _command("mine-json", "mine --question q18 --json"),
    Step("suggestions", script="suggest"),
    _command("codebook-check", "codebook check"),
    _command("codebook-show", "codebook show"),
    _command("codebook-show-draft", "codebook show draft --json"),
    _command("codebook-page", "codebook show --html"),
    _command("codebook-diff", "codebook diff 1.0.0 draft"),
    _command("codebook-log", "codebook log privacy"),
    _command("codebook-qdc", "codebook export codebook.qdc"),
    _command("codebook-xlsx", "codebook export codebook.xlsx --for maxqda"),
    _command("codebook-csv", "codebook export codebook.csv --for atlas"),
    _command("plan", "plan --double 30% --blind 20%"),
    _command("plan-again", "plan --double 30% --contentless --json"),
    _command("status", "status"),
    _command("agreement", "agreement"),
    _command("agreement-json", "agreement --question q18 --coder coder_a --coder coder_b --json"),
    _command("agreement-plan", "agreement --question q18 --plan 0.2"),
    _command("agreement-machine", "agreement --machine --resamples 200"),
    _command("counts-majority", "counts --source majority"),
    _command("disagreements", "disagreements --html reports/disagreements.html --csv open.csv"),
    _command("disagreements-json", "disagreements --question q7 --json"),
    _command("disagreements-accept", "disagreements --accept unanimous --accept majority"),
    _command("counts", "counts"),
    _command("counts-json", "counts --json"),
    _command(
        "counts-formats",
        "counts --format csv --format xlsx --format docx --format tex --format matrix --format sav",
    ),
    _command("counts-coder", "counts --source coder:coder_b --base content --question q7 --json"),
    _command("counts-suggestions", "counts --source suggestions --question q18"),
    _command("counts-by", "counts --question q3 --by zorg --by q22 --json"),
    _command("quotes", "quotes"),
    _command("quotes-all", "quotes --all --format xlsx --format csv --json"),
    _command("quotes-choose", "quotes --choose voorkeur_mens 17508172:q18"),
    _command("check", "check"),
    _command("check-all", "check --all --source coder:coder_a"),
    _command("check-json", "check --json"),
    _command("report", "report"),
    _command("report-english", "report --language en"),
    _command("check-draft", "check reports/report.docx"),
    _command("report-verify", "report --verify"),
    _command("run", "run"),
    _command("run-again", "run"),
    _command("run-source", "run --source majority --resamples 200 --json"),
    _command("diff", "diff"),
    _command("diff-answers", "diff HEAD --answers --source majority --csv moved.csv"),
    _command("diff-json", "diff HEAD --json"),
    _command("codebook-adopt", "codebook adopt q18 1 --as privacy --why same"),
    _command("codebook-discard", "codebook discard q18 2 --why broad"),
    _command("codebook-merge", "codebook merge te_menselijk --into onpersoonlijk --why same"),
    _command("codebook-rename", "codebook rename privacy Privacyzorgen --why shorter"),
    _command(
        "codebook-redefine",
        "codebook redefine echo_in_plaats_van_spiegel --exclude onpersoonlijk --wording --why same",
    ),
    _command("codebook-release", "codebook release"),
    _command("migrate", "migrate --explain"),
    _command("migrate-apply", "migrate --apply"),
    _command("diff-migrated", "diff"),
    _command("counts-migrated", "counts"),
    _command("init", "init data/survey.csv --study fresh"),
    _command("bad-question", "counts --question q99"),
    _command("bad-expression", "counts --by young:q23<"),
    _command("bad-source", "quotes --source coder:nobody"),
    _command("help", "--help"),
    Step("english", script="english"),
    _command("import-english", "import"),
    _command("codebook-page-english", "codebook show --html"),
    _command("run-english", "run"),
    _command("disagreements-english", "disagreements --html reports/disagreements.html"),
    _command("diff-english", "diff"),
    _command("bad-question-english", "counts --question q99"),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("old", type=Path, help="a checkout in the state before")
    parser.add_argument("new", type=Path, help="a checkout in the state after")
    parser.add_argument("--outputs", type=Path, required=True, help="folder to keep outputs in")
    parser.add_argument("--python", type=Path, default=Path(sys.executable))
    parser.add_argument("--fresh", action="store_true", help="make the outputs of OLD anew, too")
    parser.add_argument("--new-name", default="new", help="folder of NEW's outputs")
    given = parser.parse_args()
    python = given.python.absolute()  # not resolved: the link is what makes it an environment
    old = made(given.old.resolve(), given.outputs / "old", python, keep=not given.fresh)
    new = made(given.new.resolve(), given.outputs / given.new_name, python, keep=False)
    differences = list(compared(old, new))
    for difference in differences:
        print(difference)
    files = sum(file.is_file() for file in new.rglob("*"))
    print(f"{len(STEPS)} steps, {files} files compared, {len(differences)} differ")
    sys.exit(bool(differences))


def made(checkout: Path, kept: Path, python: Path, keep: bool) -> Path:
    """The folder with a state's outputs; made where it isn't there or is of another state."""
    record = kept / _RECORD
    state = {"commit": _commit(checkout), "steps": hashlib.sha256(repr(STEPS).encode()).hexdigest()}
    if keep and record.is_file() and json.loads(record.read_text()) == state:
        print(f"{kept}: used again", file=sys.stderr)
        return kept
    shutil.rmtree(kept, ignore_errors=True)
    kept.mkdir(parents=True)
    with tempfile.TemporaryDirectory(prefix="outputs-") as scratch:  # names of one length
        study = Path(scratch).resolve() / "study"
        copied_study(checkout, study)
        known = _snapshot(study)
        for number, step in enumerate(STEPS, 1):
            began = time.monotonic()
            code = run(step, checkout, study, kept / step.name, python)
            now = _snapshot(study)
            keep_changed(study, known, now, kept / step.name / "files")
            known = now
            took = time.monotonic() - began
            print(f"{number}/{len(STEPS)} {step.name}: exit {code}, {took:.1f} s", file=sys.stderr)
    if _commit(checkout) == state["commit"]:
        record.write_text(json.dumps(state))
    return kept


def copied_study(checkout: Path, study: Path) -> None:
    """A copy of the shipped study in a git repository whose only commit is always the same one."""
    study.mkdir()
    tracked = _git(checkout, "ls-files", "--", *_STUDY_PARTS).splitlines()
    for name in tracked:
        (study / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(checkout / name, study / name)
    (study / ".gitignore").write_text(".themecoder/\nbackups/\n")
    _git(study, "init", "--quiet", "--initial-branch", "main")
    _git(study, "add", "--all")
    _git(study, "commit", "--quiet", "--message", "The study as shipped")


def run(step: Step, checkout: Path, study: Path, kept: Path, python: Path) -> int:
    """Run a step, keep what it says without the paths of this machine, return its exit code."""
    kept.mkdir()
    if step.script == "english":
        config = study / "study.toml"
        text = config.read_text(encoding="utf-8")
        config.write_text(text.replace('language = "nl"', 'language = "en"', 1), encoding="utf-8")
        (study / "reports" / "claims.csv").unlink()  # its words are Dutch
        return 0
    if step.script == "suggest":
        script = _SUGGEST_SCRIPT.format(module=_module_with(checkout, "def suggest_codes("))
    else:
        project = tomllib.loads((checkout / "pyproject.toml").read_text(encoding="utf-8"))
        script = _RUN_SCRIPT.format(entry=project["project"]["scripts"]["themecoder"])
    ended = subprocess.run(
        [python, "-c", script, *step.words],
        cwd=study,
        env={**os.environ, "PYTHONPATH": str(checkout / "src"), "COLUMNS": "100"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    for name, said in (("stdout", ended.stdout), ("stderr", ended.stderr)):
        text = said.decode("utf-8").replace(str(study), "<study>")
        (kept / name).write_text(text.replace(str(checkout), "<checkout>"), encoding="utf-8")
    (kept / "exit_code").write_text(str(ended.returncode))
    return ended.returncode


def keep_changed(study: Path, before: dict[str, str], now: dict[str, str], kept: Path) -> None:
    """Copy what a step wrote or changed, and list what it took away."""
    today = datetime.date.today().isoformat().encode()
    for name, digest in now.items():
        if before.get(name) == digest:
            continue
        (kept / name).parent.mkdir(parents=True, exist_ok=True)
        content = (study / name).read_bytes()
        if name.startswith("codebooks/") and Path(name).suffix in _DATED:
            content = content.replace(today, b"<today>")
        (kept / name).write_bytes(content)
    if gone := sorted(before.keys() - now.keys()):
        kept.mkdir(exist_ok=True)
        (kept.parent / "taken_away").write_text("\n".join(gone))


def compared(old: Path, new: Path) -> Iterator[str]:
    """What differs, a line each, in the order of the steps."""
    for step in STEPS:
        here, there = old / step.name, new / step.name
        names = {
            file.relative_to(folder).as_posix()
            for folder in (here, there)
            for file in folder.rglob("*")
            if file.is_file()
        }
        for name in sorted(names):
            if not (there / name).is_file():
                yield f"{step.name}: {name}: only OLD makes it"
            elif not (here / name).is_file():
                yield f"{step.name}: {name}: only NEW makes it"
            else:
                before, after = (
                    _without_chance(name, (folder / name).read_bytes()) for folder in (here, there)
                )
                if before != after:
                    yield f"{step.name}: {name}: {first_difference(before, after)}"


def _without_chance(name: str, content: bytes) -> bytes:
    """Without what differs between two runs of one state: the folder in which it ran (``init``
    names the export by its path) and how long a step took (``run`` says so)."""
    content = _FOLDER.sub(b"<study>", content)
    if name in ("stdout", "stderr"):
        return _TIMES.sub(rb"\1: <times>", _SECONDS.sub(rb"\1 <time>", content))
    if name == _DATED_ARCHIVE:
        archive = zipfile.ZipFile(io.BytesIO(content))
        parts = {part: archive.read(part) for part in archive.namelist()}
        parts = {part: _MOMENT.sub(b"<moment>", data) for part, data in parts.items()}
        return repr(parts).encode()
    return content


def first_difference(before: bytes, after: bytes) -> str:
    """The first place where two files differ; of an archive, the first part in which they do."""
    if before[:4] == after[:4] == b"PK\x03\x04":
        old, new = (zipfile.ZipFile(io.BytesIO(content)) for content in (before, after))
        if old.namelist() != new.namelist():
            return f"parts {sorted(set(old.namelist()) ^ set(new.namelist())) or 'in other order'}"
        for part in old.namelist():
            if old.read(part) != new.read(part):
                return f"{part}, {first_difference(old.read(part), new.read(part))}"
        return "the same parts, packed in another way"
    place = next(
        (number for number, (a, b) in enumerate(zip(before, after, strict=False)) if a != b),
        min(len(before), len(after)),
    )
    line = before.count(b"\n", 0, place) + 1
    shown = [
        content[max(0, place - 40) : place + 60].decode("utf-8", "replace")
        for content in (before, after)
    ]
    return f"line {line}, byte {place}:\n    OLD {shown[0]!r}\n    NEW {shown[1]!r}"


def _snapshot(study: Path) -> dict[str, str]:
    """Path below the study -> digest, of every file that is compared."""
    return {
        file.relative_to(study).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(study.rglob("*"))
        if file.is_file() and not _NOT_COMPARED.intersection(file.relative_to(study).parts)
    }


def _module_with(checkout: Path, text: str) -> str:
    """The name of the one module that has this text: modules move between the states."""
    source = checkout / "src"
    found = [
        file.relative_to(source).with_suffix("")
        for file in sorted(source.rglob("*.py"))
        if re.search(rf"^{re.escape(text)}", file.read_text(encoding="utf-8"), re.MULTILINE)
    ]
    if len(found) != 1:
        sys.exit(f"{source}: {len(found)} modules have {text!r}; one is expected")
    return ".".join(found[0].parts).removesuffix(".__init__")


def _commit(checkout: Path) -> str:
    """The commit of a checkout, with a mark and a digest where its files are not those of it."""
    changes = _git(checkout, "diff", "HEAD", "--", "src", *_STUDY_PARTS)
    head = _git(checkout, "rev-parse", "HEAD").strip()
    return f"{head}+{hashlib.sha256(changes.encode()).hexdigest()}" if changes else head


def _git(folder: Path, *words: str) -> str:
    """git with one author and one moment, so that the same files make the same commit."""
    told = {"NAME": "A", "EMAIL": "a@example.org", "DATE": "2025-01-01T00:00:00Z"}
    who = {f"GIT_{role}_{key}": told[key] for role in ("AUTHOR", "COMMITTER") for key in told}
    return subprocess.run(
        ["git", "-C", str(folder), *words],
        env={**os.environ, **who},
        check=True,
        capture_output=True,
        text=True,
    ).stdout


if __name__ == "__main__":
    main()
