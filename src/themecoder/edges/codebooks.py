"""Read a study's codebook from ``codebooks/<id>/``: the newest release, else the draft."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from themecoder.codebook import Code, Codebook
from themecoder.errors import InputError, Problem


def newest(folder: Path) -> Path | None:
    """The newest released version in ``folder``; the draft where nothing is released."""
    releases = [
        (tuple(int(part) for part in file.stem.split(".")), file)
        for file in folder.glob("*.yaml")
        if all(part.isdecimal() for part in file.stem.split("."))
    ]
    if releases:
        return max(releases)[1]
    draft = folder / "draft.yaml"
    return draft if draft.is_file() else None


def read_codebook(file: Path) -> Codebook:
    """The codebook in ``file``.

    Raises InputError where the file is no YAML or lacks what mining needs, every problem at once.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    try:
        data: Any = YAML(typ="safe").load(file.read_text(encoding="utf-8"))
    except MarkedYAMLError as error:
        row = error.problem_mark.line + 1 if error.problem_mark else None
        raise InputError(
            Problem("codebook.not_yaml", {"reason": error.problem or ""}, file=file, row=row)
        ) from error
    except (YAMLError, UnicodeDecodeError) as error:
        raise InputError(Problem("codebook.not_yaml", {"reason": str(error)}, file=file)) from error

    entries = data.get("codes") if isinstance(data, dict) else None
    if not isinstance(entries, list):
        raise InputError(Problem("codebook.no_codes", file=file))
    problems = [
        Problem("codebook.code_incomplete", {"number": number}, file=file)
        for number, entry in enumerate(entries, start=1)
        if not (isinstance(entry, dict) and entry.get("id") and entry.get("label"))
    ]
    if problems:
        raise InputError(problems)
    return Codebook(
        id=str(data.get("id", file.parent.name)),
        version=str(data.get("version", file.stem)),
        codes=tuple(
            Code(
                id=str(entry["id"]),
                label=str(entry["label"]),
                **{
                    name: str(entry.get(name) or "")
                    for name in ("group", "definition", "include", "exclude")
                },
                exclusive=bool(entry.get("exclusive")),
                retired=bool(entry.get("retired")),
            )
            for entry in entries
        ),
    )
