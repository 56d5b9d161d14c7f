"""The manifest of a report: hashes of every file that its numbers rest on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from themecoder.assistant.opinion_files import made_with, opinion_files
from themecoder.codebook.model import Codebook
from themecoder.coding.source import CodingSource
from themecoder.errors import InputError, Problem
from themecoder.messages import message
from themecoder.plugins import plugin_facts
from themecoder.storage.atomic import canonical
from themecoder.storage.git import commit_of
from themecoder.version import __version__
from themecoder.workspace.folder import StudyFolder

FILE = "manifest.json"
_SHOWN = 16  # characters of a hash in the report itself
ManifestLine = tuple[str, dict[str, object], str]


@dataclass(frozen=True, slots=True)
class Manifest:
    """``facts`` is the content of the file without the reports themselves; ``lines`` is what a
    report prints of it: (key below report.fact, parameters of that text, value)."""

    facts: dict[str, Any]
    lines: tuple[ManifestLine, ...]


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
    source: CodingSource,
    resamples: int,
    templates: Mapping[str, bytes],
    language: str,
) -> Manifest:
    """The manifest of a report that is made now. ``templates``: name -> content of the shipped ones
    that are used; the study's own are among its files."""
    settings = study.config
    files = _files(study)
    template_digests = {
        name: hashlib.sha256(data).hexdigest() for name, data in sorted(templates.items())
    }
    models = _language_models(study)
    plugins = plugin_facts("readers", [settings.survey.format])
    plugins += plugin_facts("encoders", settings.mining.encoders)
    plugins += plugin_facts("suggesters", [settings.coding.suggester])
    commit = commit_of(study.paths.root, list(_used_inputs(study).values()), study.notice)
    facts: dict[str, Any] = {
        "study": settings.id,
        "themecoder": __version__,
        "codebook": {"id": book.id, "version": book.version},
        "source": str(source),
        **({"human_source": str(source.people)} if source.ppi else {}),
        "seed": settings.seed,
        "resamples": resamples,
        "base": settings.counts.base,
        "level": settings.counts.level,
        "smallest_cell": settings.report.smallest_cell,
        "commit": {"name": commit.name, "clean": commit.clean} if commit else None,
        "files": files,
        "templates": template_digests,
        # only where it is so: without, a manifest is as it was
        **({"language_models": models} if models else {}),
        **({"plugins": plugins} if plugins else {}),
    }
    whose = message(f"report.source.{source.kind}", language, coder=source.coder)
    if source.ppi:
        whose = message("report.source.ppi", language, people=whose)
    lines: list[ManifestLine] = [
        ("software", {}, f"themecoder {__version__}"),
        ("codebook", {}, f"{book.id} {book.version}"),
        ("source", {}, whose),
        ("seed", {}, str(settings.seed)),
    ]
    for model in models:
        told = f"{model['model']} {_short(str(model['digest']))}"
        lines.append(("language_model", {}, told))
    if commit:
        state = message(f"report.commit.{'clean' if commit.clean else 'changed'}", language)
        lines.append(("commit", {}, f"{commit.name[:_SHOWN]} {state}"))
    # the hash of each is in the file: pages of them are nothing to read
    lines.append(("files", {"n": len(files) + len(template_digests)}, FILE))
    return Manifest(facts, tuple(lines))


def manifest_text(
    study: StudyFolder, facts: Mapping[str, Any], reports: Mapping[str, bytes | str]
) -> str:
    """The manifest with the reports that were made from ``facts``; earlier ones stay in it, with
    what they were made from."""
    made_from = _made_from(facts)
    folder = study.paths.reports
    made = {name: entry for name, entry in _reports(study).items() if (folder / name).is_file()}
    for name, data in reports.items():
        content = data.encode("utf-8") if isinstance(data, str) else data
        made[name] = {"sha256": hashlib.sha256(content).hexdigest(), "made_from": made_from}
    whole = {**facts, "reports": dict(sorted(made.items()))}
    return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"


def edited_reports(study: StudyFolder) -> list[Path]:
    """The reports that somebody changed since they were made."""
    folder = study.paths.reports
    return [
        folder / name
        for name, entry in _reports(study).items()
        if (folder / name).is_file() and _digest(folder / name) != entry["sha256"]
    ]


def changed_since(study: StudyFolder) -> list[Changed]:
    """The files that are not as they were when the reports were made.

    Raises InputError where there is no manifest, or the file is no manifest.
    """
    known = _read(study)
    before = dict(known["files"])
    now = _files(study)
    changes = [Changed(name, "new") for name in now if name not in before]
    changes += [Changed(name, "gone") for name in before if name not in now]
    changes += [
        Changed(name, "changed")
        for name, digest in before.items()
        if now.get(name, digest) != digest
    ]
    reports = known.pop("reports")
    made_from = _made_from(known)
    by_hand = {file.name for file in edited_reports(study)}
    for name, entry in reports.items():
        if not (study.paths.reports / name).is_file():
            changes.append(Changed(name, "gone"))
        elif name in by_hand:
            changes.append(Changed(name, "edited"))
        elif entry["made_from"] != made_from:
            changes.append(Changed(name, "older"))
    if known["themecoder"] != __version__:
        changes.append(Changed(f"themecoder {known['themecoder']}", "version"))
    return sorted(changes, key=lambda change: (change.how, change.name))


def inputs(study: StudyFolder) -> dict[str, Path]:
    """Path below the study -> file, of everything that a report's numbers rest on and is there."""
    root, config = study.paths.root, study.config
    named = [
        study.paths.config,
        root / config.survey.file,
        root / "masking.csv",
        study.paths.quotes,
    ]
    named += [root / name for name in (config.report.template, config.report.template_docx) if name]
    if config.codebook:
        named += sorted(study.paths.codebook(config.codebook.id).glob("*.yaml"))
    for question in study.questions:
        named += study.paths.coding_files(question)
        named += [study.paths.adjudicated(question), study.paths.suggestions(question)]
    named += opinion_files(study.paths, study.questions)
    return {_name(file, root): file for file in named if file.is_file()}


def _language_models(study: StudyFolder) -> list[dict[str, Any]]:
    """Those whose opinions on answers the suggestions may rest on, with their questions."""
    made = made_with(study.paths)
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for question in study.questions:
        if question in made and study.paths.assistant_opinions(question).is_file():
            told = {key: made[question].get(key) for key in ("model", "digest", "of_weights")}
            key = (str(told["model"]), str(told["digest"]))
            found.setdefault(key, {**told, "questions": []})["questions"].append(question)
    return [found[key] for key in sorted(found)]


def _used_inputs(study: StudyFolder) -> dict[str, Path]:
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
    return {name: _digest(file) for name, file in _used_inputs(study).items()}


def _reports(study: StudyFolder) -> dict[str, dict[str, str]]:
    """The reports that the manifest knows; none where it can't be read, since it is made anew."""
    try:
        return dict(_read(study)["reports"])
    except InputError:
        return {}


def _read(study: StudyFolder) -> dict[str, Any]:
    """The manifest. Raises InputError where there is none, or the file is no manifest."""
    file = study.paths.reports / FILE
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
        for entry in document["reports"].values():
            str(entry["sha256"] + entry["made_from"])
        dict(document["files"])
        return {"themecoder": "", **document}
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
        return file.name  # the path of an export elsewhere on the machine is not made public


def _short(digest: str) -> str:
    return f"sha256 {digest[:_SHOWN]}"


def _digest(file: Path) -> str:
    with file.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
