"""Write LICENSES.md: each package that the lock installs at run time, its version and licence.

    python tools/licenses.py [--check]

The licences are those that the installed packages state in their metadata, so it runs in the
environment that was made from requirements/lock.txt, with the oldest Python that the lock holds
for: that one installs every package of the lock. With --check nothing is written; exit code 1 where
the file is not as it would be written.
"""

from __future__ import annotations

import argparse
import re
import sys
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).parents[1]
FILE = ROOT / "LICENSES.md"
LOCKS = (ROOT / "requirements" / "lock.txt", ROOT / "requirements" / "torch.txt")
_PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", re.MULTILINE)
_NAME_LENGTH = 60
"""The old field for a licence may hold its whole text: then its first line tells which it is."""

HEAD = """# Licences of what themecoder runs on

Every package that `requirements/lock.txt` and `requirements/torch.txt` install at run time, with
the licence that its own metadata states. Made by `python tools/licenses.py`; not to be edited.

| package | version | licence |
|---|---|---|
"""


def locked() -> dict[str, str]:
    """Normal name -> version of every package that is installed at run time."""
    found = [pair for file in LOCKS for pair in _PINNED.findall(file.read_text(encoding="utf-8"))]
    return {re.sub(r"[-_.]+", "-", name).lower(): version for name, version in sorted(found)}


def licence(package: str, version: str) -> str:
    """What the metadata says. Ends the program where the package is not the locked one, or says
    nothing: a licence that nobody knows must not be shipped unseen."""
    try:
        found = metadata.distribution(package)
    except metadata.PackageNotFoundError:
        sys.exit(f"{package} is not installed: run this in an environment made from the lock")
    if found.version.partition("+")[0] != version:
        sys.exit(f"{package} {found.version} is installed, {version} is locked: make it anew")
    about = found.metadata
    if about["License-Expression"]:
        return str(about["License-Expression"])
    kinds = [
        value.rpartition(" :: ")[2]
        for value in about.get_all("Classifier") or []
        if value.startswith("License :: ") and value != "License :: OSI Approved"
    ]
    lines = (about["License"] or "").strip().splitlines()
    stated = lines[0].strip() if lines and len(lines[0]) <= _NAME_LENGTH else ""
    told = "; ".join(kinds) or ("" if stated.upper() == "UNKNOWN" else stated)
    return told or _licence_file(found) or sys.exit(f"{package} states no licence in its metadata")


def _licence_file(found: metadata.Distribution) -> str:
    """The first line of the licence text that a package ships, where it states it no other way."""
    for file in found.files or []:
        if re.match(r"licen[cs]e|copying", file.name, re.IGNORECASE):
            text = Path(str(found.locate_file(file))).read_text(encoding="utf-8", errors="replace")
            return next((line.strip(" #*=") for line in text.splitlines() if line.strip()), "")
    return ""


def rendered() -> str:
    rows = (
        f"| {name} | {version} | {licence(name, version).replace('|', '/')} |"
        for name, version in locked().items()
    )
    return HEAD + "\n".join(rows) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="write nothing; 1 where it differs")
    text = rendered()
    if not parser.parse_args().check:
        FILE.write_text(text, encoding="utf-8")
    elif not FILE.is_file() or FILE.read_text(encoding="utf-8") != text:
        sys.exit("LICENSES.md is not that of the lock: python tools/licenses.py writes it")


if __name__ == "__main__":
    main()
