"""Reading a study.toml: whole, or with every problem at once."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from themecoder.errors import InputError, Problem
from themecoder.output.did_you_mean import closest, did_you_mean
from themecoder.settings.inside import outside
from themecoder.settings.lines import TomlPath, key_lines, line_of
from themecoder.settings.model import StudyConfig
from themecoder.settings.paths import StudyPaths
from themecoder.storage.atomic import read_text
from themecoder.storage.validation import Fault, faults_of


def load_study(path: Path, also: Sequence[Path] = ()) -> StudyConfig:
    """The study in folder ``path`` (or in the study.toml that ``path`` names).

    The files that it names are in its folder, or in one of the folders ``also``. Raises InputError
    with every problem found: file, line, key, what was expected.
    """
    file = path / StudyPaths(path).config.name if path.is_dir() else path
    if not file.exists():
        raise InputError(Problem("study.not_found", file=file))
    return parse_study(read_text(file, "study"), file, also)


def parse_study(text: str, file: Path, also: Sequence[Path] = ()) -> StudyConfig:
    """The study that the text of ``file`` describes; paths in it are below the file's folder, or
    one of the folders ``also``."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(_not_toml(str(error), file)) from None
    except RecursionError:
        raise InputError(_not_toml("nested too deeply", file)) from None
    lines = key_lines(text)
    problems: list[Problem] = []
    config = None
    try:
        config = StudyConfig.model_validate(raw)
    except ValidationError as error:
        for fault in faults_of(error, StudyConfig):
            problems.extend(_at_its_line([_problem_of(fault)], fault.path, file, lines))
    for path, problem in _problems_between_keys(raw, (file.parent, *also)):
        problems.extend(_at_its_line([problem], path, file, lines))
    if problems or config is None:
        raise InputError(sorted(problems, key=lambda problem: problem.row or 0))
    return config


def _not_toml(reason: str, file: Path) -> Problem:
    place = re.search(r"\(at line (\d+), column (\d+)\)", reason)
    return Problem(
        "study.not_toml",
        {"reason": reason[: place.start()].strip() if place else reason},
        file=file,
        row=int(place.group(1)) if place else None,
        column=int(place.group(2)) if place else None,
    )


def _at_its_line(
    problems: list[Problem], path: TomlPath, file: Path, lines: Mapping[TomlPath, int]
) -> Iterator[Problem]:
    for problem in problems:
        params = {"setting": setting_text(path), **problem.params}
        row = line_of(tuple(path), dict(lines))
        yield replace(problem, params=params, file=file, row=row)


def setting_text(path: TomlPath) -> str:
    """A key as a person finds it: ``questions[2].asked`` is that of the second question."""
    text = ""
    for part in path:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}"
    return text.removeprefix(".")


def _problem_of(fault: Fault) -> Problem:
    """A fault as a problem with a key of study.toml."""
    if fault.problem is not None:
        return fault.problem
    kind = fault.kind
    if kind == "bad_pattern":
        kind = "bad_url" if fault.path[-1] == "url" else "bad_id"
    return Problem(f"study.{kind}", dict(fault.params))


def _problems_between_keys(
    raw: Mapping[str, Any], roots: Sequence[Path]
) -> Iterator[tuple[TomlPath, Problem]]:
    """Problems between keys, and with files, looked for in whatever could be read."""
    for array, keys in (
        ("questions", ("id", "column")),
        ("attributes", ("id",)),
        ("multiple", ("id",)),
    ):
        tables = raw.get(array)
        if isinstance(tables, list):
            for key in keys:
                yield from _double_values(array, key, tables)
    quotes, attributes = raw.get("quotes"), raw.get("attributes")
    if isinstance(quotes, dict) and isinstance(quotes.get("attributes"), list):
        tables = attributes if isinstance(attributes, list) else []
        ids = [table.get("id") for table in tables if isinstance(table, dict)]
        for name in quotes["attributes"]:
            if isinstance(name, str) and name not in ids:
                params = {"found": name, "known": did_you_mean(name, list(filter(None, ids)))}
                yield ("quotes", "attributes"), Problem("study.no_attribute", params)
    survey = raw.get("survey")
    for key in ("file", "questionnaire"):
        name = survey.get(key) if isinstance(survey, dict) else None
        if not isinstance(name, str) or not name.strip():
            continue
        there = [root / name for root in roots if (root / name).is_file()]
        if not there:
            yield ("survey", key), _no_file(name, roots[-1])
        elif (target := outside(there[0], roots)) is not None:
            yield ("survey", key), _is_outside(name, target)
    for table, key in (
        *(("report", key) for key in ("template", "template_docx")),
        *(("cluster", key) for key in ("ca", "cert", "key")),
    ):
        settings = raw.get(table)
        name = settings.get(key) if isinstance(settings, dict) else None
        if isinstance(name, str) and (target := outside(roots[0] / name, roots)) is not None:
            yield (table, key), _is_outside(name, target)


def _is_outside(name: str, target: Path) -> Problem:
    return Problem("study.outside", {"name": name, "target": str(target)})


def _double_values(array: str, key: str, tables: list[Any]) -> Iterator[tuple[TomlPath, Problem]]:
    # ids are part of file names, and some systems hold q7 and Q7 for the same file
    first: dict[str, int] = {}
    for index, table in enumerate(tables):
        value = table.get(key) if isinstance(table, dict) else None
        if not isinstance(value, str):
            continue
        name = value if key == "column" else value.casefold()
        if name in first:
            params = {"value": value, "first": f"{array}[{first[name] + 1}]"}
            yield (array, index, key), Problem("study.double", params)
        first.setdefault(name, index)


def _no_file(name: str, root: Path) -> Problem:
    folder = (root / name).parent
    try:
        names = sorted(entry.name for entry in folder.iterdir() if entry.is_file())
    except OSError:
        return Problem("study.no_folder", {"name": name, "folder": str(Path(name).parent)})
    likely = closest(Path(name).name, names) or names[:8]
    return Problem("study.no_file", {"name": name, "near": ", ".join(likely) or "-"})
