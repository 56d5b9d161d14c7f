"""What is installed, what is missing, and the command that gets it. Loads none of it."""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from themecoder.coding.label_studio.local_server import INSTALL, find_program
from themecoder.embeddings.shipped import E5, USE, ShippedEncoder, place_of
from themecoder.extras import install_command, installer
from themecoder.language.spacy_pipeline import PIPELINES
from themecoder.version import installed_version

State = Literal["ok", "optional", "missing"]

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@dataclass(frozen=True, slots=True)
class InstalledPart:
    """One part that themecoder uses. ``what`` is a key under ``doctor`` in the message catalogue.

    ``state``: ok, optional (themecoder works without it) or missing (it does not).
    ``found`` says what is there; ``command`` gets what is not, as ``package`` where it is one.
    """

    what: str
    state: State
    found: str = ""
    command: str = ""
    package: str = ""


def _package(what: str, package: str) -> InstalledPart:
    version = installed_version(package)
    if version is not None:
        return InstalledPart(what, "ok", f"{package} {version}")
    command = " ".join([*installer(), package])
    return InstalledPart(what, "missing", command=command, package=package)


def _extra(what: str, package: str, extra: str) -> InstalledPart:
    """A part that one does without until one asks for what it does."""
    found = _package(what, package)
    return found if found.found else InstalledPart(what, "optional", command=install_command(extra))


def _default_encoder(what: str, encoder: ShippedEncoder) -> InstalledPart:
    place = place_of(encoder)
    if place is not None:
        return InstalledPart(what, "ok", f"{encoder.package} {place.version}")
    return InstalledPart(what, "optional", command="themecoder encoders add WHEEL")


def _dutch_pipeline() -> InstalledPart:
    for name in PIPELINES["nl"]:
        if find_spec(name) is not None:
            return InstalledPart(
                "pipeline",
                "ok",
                f"{name} {installed_version(name.replace('_', '-')) or ''}".strip(),
            )
    command = f"{sys.executable} -m spacy download {PIPELINES['nl'][0]}"
    lookups = installed_version("spacy-lookups-data")
    if lookups is None:
        return InstalledPart("pipeline", "missing", command=command)
    return InstalledPart(
        "pipeline", "optional", f"blank nl + spacy-lookups-data {lookups}", command
    )


def _browser() -> InstalledPart:
    named = os.environ.get("CHROMIUM")
    for name in (named, *BROWSERS):
        path = shutil.which(name) if name else None
        if path:
            return InstalledPart("browser", "ok", path)
    return InstalledPart("browser", "optional", command="sudo apt-get install chromium")


def _server() -> InstalledPart:
    program = find_program()
    if program is not None:
        return InstalledPart("server", "ok", program)
    return InstalledPart("server", "optional", command=INSTALL)


def _sentence_models() -> InstalledPart:
    """Hub models that the user has: the names in the local cache of sentence-transformers."""
    home = Path(os.environ.get("HF_HOME", "~/.cache/huggingface")).expanduser()
    names = sorted(
        folder.name.removeprefix("models--").replace("--", "/")
        for folder in (home / "hub").glob("models--*")
    )
    return InstalledPart("models", "ok" if names else "optional", ", ".join(names))


def _machine() -> InstalledPart:
    cores = os.cpu_count() or 1
    free = shutil.disk_usage(Path.cwd()).free / 2**30
    return InstalledPart(
        "machine", "ok" if free > 1 else "missing", f"{cores} cores, {free:.0f} GiB free"
    )


def examine_machine() -> list[InstalledPart]:
    """Every part, in the order that a person reads them."""
    python = ".".join(str(part) for part in sys.version_info[:3])
    return [
        InstalledPart("python", "ok", python),
        _machine(),
        _default_encoder("encoder_e5", E5),
        _default_encoder("encoder_use", USE),
        _extra("encoder_st", "sentence-transformers", "topics"),
        _sentence_models(),
        _extra("torch", "torch", "topics"),
        _package("spacy", "spacy"),
        _dutch_pipeline(),
        _package("masking", "deduce"),
        _package("leiden", "graspologic-native"),
        _extra("bertopic", "bertopic", "topics"),
        _extra("workbench", "starlette", "workbench"),
        _extra("server_tools", "label-studio-sdk", "server"),
        _server(),
        _browser(),
    ]
