"""What a report was made from: hashes of every file that its numbers rest on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from themecoder.codebook.model import Codebook
from themecoder.errors import InputError, Problem
from themecoder.messages import message
from themecoder.storage.atomic import canonical
from themecoder.storage.git import commit_of
from themecoder.version import __version__
from themecoder.workspace.folder import StudyFolder

FILE = "manifest.json"
_SHOWN = 16  # characters of a hash in the report itself
Told = tuple[str, dict[str, object], str]


@dataclass(frozen=True, slots=True)
class Manifest:
    """``facts``: the file, without the reports themselves. ``told``: what the report says of it:
    (key below report.fact, what to fill in, value)."""

    facts: dict[str, Any]
    told: tuple[Told, ...]


@dataclass(frozen=True, slots=True)
class Changed:
    """A file that is not as it was when the report was made.

    ``how``: changed, new or gone; of a report: edited (by hand), gone or older (made from something
    else); version: it was made with the themecoder that ``name`` says.
    """

    name: str
    how: str


def manifest(
    study: StudyFolder,
    book: Codebook,
    source: str,
    resamples: int,
    templates: Mapping[str, bytes],
    language: str,
) -> Manifest:
    """The manifest of a report that is made now. ``templates``: name -> content of the shipped ones
    that are used; the study's own are among its files."""
    settings = study.config
    files = _files(study)
    of = {name: hashlib.sha256(data).hexdigest() for name, data in sorted(templates.items())}
    commit = commit_of(study.paths.root, list(_rested_on(study).values()), study.notice)
    facts: dict[str, Any] = {
        "study": settings.id,
        "themecoder": __version__,
        "codebook": {"id": book.id, "version": book.version},
        "source": source,
        "seed": settings.seed,
        "resamples": resamples,
        "base": settings.counts.base,
        "level": settings.counts.level,
        "smallest_cell": settings.report.smallest_cell,
        "commit": {"name": commit.name, "clean": commit.clean} if commit else None,
        "files": files,
        "templates": of,
    }
    told: list[Told] = [
        ("software", {}, f"themecoder {__version__}"),
        ("codebook", {}, f"{book.id} {book.version}"),
        ("source", {}, message(f"report.source.{source.partition(':')[0]}", language,
                               coder=source.partition(":")[2])),
        ("seed", {}, str(settings.seed)),
    ]  # fmt: skip
    if commit:
        state = message(f"report.commit.{'clean' if commit.clean else 'changed'}", language)
        told.append(("commit", {}, f"{commit.name[:_SHOWN]} {state}"))
    told += [("file", {"file": name}, _short(digest)) for name, digest in files.items()]
    told += [("template", {"file": name}, _short(digest)) for name, digest in of.items()]
    return Manifest(facts, tuple(told))


def manifest_text(
    study: StudyFolder, facts: Mapping[str, Any], reports: Mapping[str, bytes | str]
) -> str:
    """The manifest with the reports that were made from ``facts``; earlier ones stay in it, with
    what they were made from."""
    made_from = _made_from(facts)
    folder = study.paths.reports
    there = {name: of for name, of in _reports(study).items() if (folder / name).is_file()}
    for name, data in reports.items():
        content = data.encode("utf-8") if isinstance(data, str) else data
        there[name] = {"sha256": hashlib.sha256(content).hexdigest(), "made_from": made_from}
    whole = {**facts, "reports": dict(sorted(there.items()))}
    return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"


def edited(study: StudyFolder) -> list[Path]:
    """The reports that somebody changed since they were made."""
    folder = study.paths.reports
    return [
        folder / name
        for name, of in _reports(study).items()
        if (folder / name).is_file() and _digest(folder / name) != of["sha256"]
    ]


def changed_since(study: StudyFolder) -> list[Changed]:
    """What is not as it was when the reports were made. Raises InputError where there is no
    manifest, or it is none."""
    known = _read(study)
    then = dict(known["files"])
    now = _files(study)
    found = [Changed(name, "new") for name in now if name not in then]
    found += [Changed(name, "gone") for name in then if name not in now]
    found += [
        Changed(name, "changed") for name, digest in then.items() if now.get(name, digest) != digest
    ]
    reports = known.pop("reports")
    made_from = _made_from(known)
    by_hand = {file.name for file in edited(study)}
    for name, of in reports.items():
        if not (study.paths.reports / name).is_file():
            found.append(Changed(name, "gone"))
        elif name in by_hand:
            found.append(Changed(name, "edited"))
        elif of["made_from"] != made_from:
            found.append(Changed(name, "older"))
    if known["themecoder"] != __version__:
        found.append(Changed(f"themecoder {known['themecoder']}", "version"))
    return sorted(found, key=lambda one: (one.how, one.name))


def inputs(study: StudyFolder) -> dict[str, Path]:
    """Path below the study -> file, of everything that a report's numbers rest on and is there."""
    root, config = study.paths.root, study.config
    named = [
        study.paths.config,
        root / config.survey.file,
        root / "masking.csv",
        study.paths.quotes,
    ]
    named += [root / one for one in (config.report.template, config.report.template_docx) if one]
    if config.codebook:
        named += sorted(study.paths.codebook(config.codebook.id).glob("*.yaml"))
    for question in study.questions:
        named += study.paths.coding_files(question)
        named += [study.paths.adjudicated(question), study.paths.suggestions(question)]
    return {_name(file, root): file for file in named if file.is_file()}


def _rested_on(study: StudyFolder) -> dict[str, Path]:
    """``inputs`` without the versions of the codebook that are not used."""
    settings = study.config.codebook
    if settings is None:
        return inputs(study)
    folder = study.codebooks
    used = folder.file(settings.version or folder.newest or "")
    return {
        name: file
        for name, file in inputs(study).items()
        if file.parent != used.parent or file == used
    }


def _files(study: StudyFolder) -> dict[str, str]:
    return {name: _digest(file) for name, file in _rested_on(study).items()}


def _reports(study: StudyFolder) -> dict[str, dict[str, str]]:
    """The reports that the manifest knows; none where it can't be read: then it is made anew."""
    try:
        return dict(_read(study)["reports"])
    except InputError:
        return {}


def _read(study: StudyFolder) -> dict[str, Any]:
    """Raises InputError where there is no manifest, or it is none."""
    file = study.paths.reports / FILE
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
        for of in found["reports"].values():
            str(of["sha256"] + of["made_from"])
        dict(found["files"])
        return {"themecoder": "", **found}
    except FileNotFoundError:
        raise InputError(Problem("report.no_manifest", file=file)) from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise InputError(Problem("report.bad_manifest", file=file)) from None


def _made_from(facts: Mapping[str, Any]) -> str:
    return hashlib.sha256(canonical(facts).encode("utf-8")).hexdigest()


def _name(file: Path, root: Path) -> str:
    try:
        return file.relative_to(root).as_posix()
    except ValueError:
        return file.name  # an export elsewhere on the machine: its path is nobody's business


def _short(digest: str) -> str:
    return f"sha256 {digest[:_SHOWN]}"


def _digest(file: Path) -> str:
    with file.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
