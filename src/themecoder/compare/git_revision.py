"""A study as it was in git: its files at a revision, put into a folder of their own.

Read with the git command, without its filters and without the network; nothing in the working
tree, the index or the repository is touched.
"""

from __future__ import annotations

import os
import posixpath
import re
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from themecoder.errors import InputError, Problem

_LINK, _SUBMODULE = "120000", "160000"
_POINTER = re.compile(
    rb"version https://git-lfs\.github\.com/spec/v1\n(?:.*\n)*?oid sha256:(\w{64})\n"
)
_QUIET = {
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_ALLOW_PROTOCOL": "none",  # a partial clone would fetch what it has not got
    "LC_ALL": "C",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A file in a commit; ``path`` is below the study, with /."""

    mode: str
    oid: str
    path: str


@dataclass(frozen=True, slots=True)
class Revision:
    """A commit of the repository that the study in ``root`` is in.

    ``name`` is what the user called it, ``commit`` its full hash, ``date`` the day it was
    committed. ``entries``: the study's files in it, by path.
    """

    root: Path
    name: str
    commit: str
    date: str
    entries: Mapping[str, Entry]

    def place(self, path: str) -> str:
        """How a message names a file of it: ``HEAD~1:annotations/q7/anna.jsonl``."""
        return f"{self.name}:{path}"

    def has(self, path: str) -> bool:
        """Whether ``path`` is a file in it, of which the content can be read here."""
        found = self.entries.get(posixpath.normpath(path))
        return found is not None and found.mode not in (_LINK, _SUBMODULE)

    def write(self, paths: Iterable[str], folder: Path) -> None:
        """Put these files below ``folder``. Raises InputError for all that can't be read: links,
        submodules, files that git-lfs keeps or a partial clone has not got."""
        wanted = [self.entries[posixpath.normpath(path)] for path in paths]
        problems = [
            Problem("diff.no_file_in_git", {"name": one.path}, file=self.place(one.path))
            for one in wanted
            if one.mode in (_LINK, _SUBMODULE)
        ]
        if problems:
            raise InputError(problems)
        for one, content in zip(wanted, _contents(self.root, wanted), strict=True):
            found = self._real(content)
            if found is None:
                key = "diff.not_here" if content is None else "diff.lfs"
                problems.append(Problem(key, {"revision": self.name}, self.place(one.path)))
                continue
            target = folder / one.path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(found)
        if problems:
            raise InputError(problems)

    def _real(self, content: bytes | None) -> bytes | None:
        """The content; of a git-lfs pointer the file that it points to, None where that is not in
        this clone."""
        pointer = _POINTER.match(content) if content is not None and len(content) < 1024 else None
        if pointer is None:
            return content
        shared = Path(_git(self.root, "rev-parse", "--git-common-dir").decode().strip())
        oid = pointer[1].decode()
        file = self.root / shared / "lfs" / "objects" / oid[:2] / oid[2:4] / oid
        return file.read_bytes() if file.is_file() else None


def revision(root: Path, name: str) -> Revision:
    """The commit that ``name`` means (a hash, branch, tag, HEAD~2) and the study's files in it.

    Raises InputError where git is not installed, ``root`` is in no repository, the commit is not
    there, or the study was not in it.
    """
    _git(root, "rev-parse", "--git-dir")
    try:
        wanted = f"{name.lstrip('-')}^{{commit}}"  # never an option
        commit = _git(root, "rev-parse", "--verify", "--quiet", wanted).decode().strip()
    except InputError:
        shallow = _git(root, "rev-parse", "--is-shallow-repository").strip() == b"true"
        key = "diff.not_in_shallow" if shallow else "diff.no_revision"
        raise InputError(Problem(key, {"revision": name})) from None
    date = _git(root, "log", "-1", "--format=%cs", commit).decode().strip()
    entries = {}
    # in a folder, ls-tree names what is below it, relative to it
    for line in _git(root, "ls-tree", "-r", "-z", commit).split(b"\0"):
        if line:
            head, _, name_there = line.partition(b"\t")
            mode, _, oid = head.decode().split()
            path = os.fsdecode(name_there)
            if ".." not in path.split("/"):  # in no honest tree; it would leave the folder
                entries[path] = Entry(mode, oid, path)
    if "study.toml" not in entries:
        raise InputError(Problem("diff.no_study", {"revision": name, "date": date}))
    return Revision(root, name, commit, date, entries)


def _contents(root: Path, entries: Sequence[Entry]) -> list[bytes | None]:
    """The content of each, None where this clone does not have it."""
    asked = "".join(f"{one.oid}\n" for one in entries).encode()
    text = _git(root, "cat-file", "--batch", given=asked)
    found: list[bytes | None] = []
    at = 0
    for _ in entries:
        end = text.index(b"\n", at)
        parts = text[at:end].split()
        if parts[1] == b"missing":
            found.append(None)
            at = end + 1
            continue
        size = int(parts[2])
        found.append(text[end + 1 : end + 1 + size])
        at = end + 1 + size + 1
    return found


def _git(root: Path, *words: str, given: bytes | None = None) -> bytes:
    """What a git command says. Raises InputError where it fails."""
    try:
        done = subprocess.run(
            ["git", "-C", str(root), *words],
            input=given,
            stdin=subprocess.DEVNULL if given is None else None,
            capture_output=True,
            check=False,
            env={**os.environ, **_QUIET},
        )
    except FileNotFoundError:
        raise InputError(Problem("diff.no_git")) from None
    if done.returncode:
        said = os.fsdecode(done.stderr).strip()
        if "not a git repository" in said:
            raise InputError(Problem("diff.no_repository", file=root.resolve()))
        if "promisor remote" in said:
            raise InputError(Problem("diff.not_here"))
        params = {"reason": said.splitlines()[0] if said else f"git {words[0]}"}
        raise InputError(Problem("diff.git", params))
    return done.stdout
