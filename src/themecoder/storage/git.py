"""What git knows of a study: of which commit its files are, and its files at a revision.

A study may come from anyone, and its ``.git/config`` can name commands: monitors, hooks, filters,
pagers, external diffs, ways to the network. None of them is ever run. Git is only asked what is in
its own store, by commands that don't look at the working tree, and in the index at names only, and
so have no filter or monitor to run; whether a file is as it was committed is worked out here. What
a command of git could still run is switched off, and the network too. Nothing is written.
"""

from __future__ import annotations

import hashlib
import os
import posixpath
import re
import subprocess
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from themecoder.errors import InputError, Problem

_LINK, _SUBMODULE = "120000", "160000"
_POINTER = re.compile(
    rb"version https://git-lfs\.github\.com/spec/v1\n(?:.*\n)*?oid sha256:(\w{64})\n"
)
_OTHER_OWNER = re.compile(r"dubious ownership in repository at '(.*?)'")
_ENVIRONMENT = {
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_ALLOW_PROTOCOL": "none",  # a partial clone would fetch what it has not got
    "GIT_NO_LAZY_FETCH": "1",
    "LC_ALL": "C",
}
_KEPT_VARIABLES = re.compile(
    r"GIT_(EXEC_PATH|CONFIG_(?!PARAMETERS)\w+|CEILING_DIRECTORIES|DISCOVERY_ACROSS_FILESYSTEM)"
)
"""Variables of git that say where it and the user's own settings are. The others, which a hook of
git sets, are of another repository, index or command than the study's."""
_SWITCHED_OFF = {
    "core.fsmonitor": "",  # empty is off in every version; older ones take "false" for a command
    "core.untrackedCache": "false",
    "core.hooksPath": os.devnull,
    "core.sshCommand": "false",
    "core.gitProxy": "",
    "core.askPass": "",
    "core.alternateRefsCommand": "false",
    "credential.helper": "",
    "diff.external": "",
    "gpg.program": "false",
    "protocol.allow": "never",
}
"""What stands in a study's own settings does not hold against these."""
_TIMEOUT = 300


@dataclass(frozen=True, slots=True)
class Commit:
    """The last commit that changed one of the files. ``clean``: they are as they were in it."""

    name: str
    clean: bool


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
        entry = self.entries.get(posixpath.normpath(path))
        return entry is not None and entry.mode not in (_LINK, _SUBMODULE)

    def write(self, paths: Iterable[str], folder: Path) -> None:
        """Put these files below ``folder``. Raises InputError for all that can't be read: links,
        submodules, files that git-lfs keeps or a partial clone has not got."""
        entries = [self.entries[posixpath.normpath(path)] for path in paths]
        problems = [
            Problem("diff.no_file_in_git", {"name": entry.path}, file=self.place(entry.path))
            for entry in entries
            if entry.mode in (_LINK, _SUBMODULE)
        ]
        if problems:
            raise InputError(problems)
        contents = _read_objects(self.root, [entry.oid for entry in entries])
        for entry, content in zip(entries, contents, strict=True):
            stored = self._content_or_lfs(content)
            if stored is None:
                key = "diff.not_here" if content is None else "diff.lfs"
                problems.append(Problem(key, {"revision": self.name}, self.place(entry.path)))
                continue
            target = folder / entry.path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(stored)
        if problems:
            raise InputError(problems)

    def _content_or_lfs(self, content: bytes | None) -> bytes | None:
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
    _git(root, "rev-parse", "--git-dir")  # raises where there is no git or no repository
    try:
        commit_of_name = f"{name.lstrip('-')}^{{commit}}"  # never an option
        commit = _git(root, "rev-parse", "--verify", "--quiet", commit_of_name).decode().strip()
    except InputError:
        shallow = _git(root, "rev-parse", "--is-shallow-repository").strip() == b"true"
        key = "diff.not_in_shallow" if shallow else "diff.no_revision"
        raise InputError(Problem(key, {"revision": name})) from None
    date = _git(root, "rev-list", "-1", "--format=%cs", commit).decode().split()[-1]
    entries = {}
    # in a folder, ls-tree names what is below it, relative to it
    for line in _git(root, "ls-tree", "-r", "-z", commit).split(b"\0"):
        if line:
            head, _, raw_path = line.partition(b"\t")
            mode, _, oid = head.decode().split()
            path = os.fsdecode(raw_path)
            if ".." not in path.split("/"):  # no honest tree has such a path out of the folder
                entries[path] = Entry(mode, oid, path)
    if "study.toml" not in entries:
        raise InputError(Problem("diff.no_study", {"revision": name, "date": date}))
    return Revision(root, name, commit, date, entries)


def commit_of(
    root: Path, files: Sequence[Path], notice: Callable[[str], None] | None = None
) -> Commit | None:
    """The commit of ``files`` below ``root``; None where git or a repository is not there.

    Of these files only: a commit of the report that rests on them changes nothing here. A file that
    git ignores is as it should be; one that a filter of the study's own would change on its way
    into git, other than git-lfs or line ends, counts as changed: that filter is not run. ``notice``
    is told the message key where git refuses a folder that is another user's.
    """
    real = [file.resolve() for file in files]
    try:
        # literal: "data[1].csv" is the name of a file, not a pattern
        last = ("--literal-pathspecs", "rev-list", "-1", "HEAD", "--")
        last_commit = _git(root, *last, *map(str, real))
        if not last_commit:
            return None
        name = last_commit.decode().strip()
        return Commit(name, _is_clean(root, real))
    except InputError as error:
        if notice is not None and error.problems[0].key == "diff.other_owner":
            notice("report.commit.other_owner")
        return None


def tracked(root: Path, paths: Sequence[str]) -> list[str]:
    """The files at or below ``paths`` (relative to ``root``) that git has or is about to commit;
    none where git or a repository is not there."""
    try:
        found = _git(root, "--literal-pathspecs", "ls-files", "-z", "--cached", "--", *paths)
    except InputError:
        return []
    return [os.fsdecode(path) for path in found.split(b"\0") if path]


def _is_clean(root: Path, files: Sequence[Path]) -> bool:
    """Whether every file is in HEAD as it is here, or is one that git ignores."""
    top = Path(os.fsdecode(_git(root, "rev-parse", "--show-toplevel").rstrip(b"\n"))).resolve()
    queries = b"".join(
        b"HEAD:" + os.fsencode(file.relative_to(top).as_posix()) + b"\n" for file in files
    )
    lines = _git(root, "cat-file", "--batch-check=%(objectname)", given=queries).splitlines()
    missing, changed = [], []
    for file, line in zip(files, lines, strict=True):
        content, oid = file.read_bytes(), line.decode("utf-8", "replace")
        if oid.endswith(" missing"):
            missing.append(file)
        elif _object_id(content, len(oid)) != oid:
            changed.append((content, oid))
    committed = _read_objects(root, [oid for _, oid in changed])
    return all(
        committed_content is not None and _is_same(content, committed_content)
        for (content, _), committed_content in zip(changed, committed, strict=True)
    ) and _are_ignored(root, missing)


def _object_id(content: bytes, length: int) -> str:
    """The name that git gives to a content."""
    kind = "sha256" if length == 64 else "sha1"
    head = b"blob %d\0" % len(content)
    return hashlib.new(kind, head + content, usedforsecurity=False).hexdigest()


def _is_same(content: bytes, committed: bytes) -> bool:
    """Whether a file differs from what was committed only as git itself makes it differ: in its
    line ends, or by git-lfs."""
    pointer = _POINTER.match(committed)
    if pointer is not None:
        return hashlib.sha256(content).hexdigest() == pointer[1].decode()
    return content.replace(b"\r\n", b"\n") == committed


def _are_ignored(root: Path, files: Collection[Path]) -> bool:
    if not files:
        return True
    queries = b"".join(os.fsencode(file) + b"\0" for file in files)
    ignored = _git(root, "check-ignore", "-z", "--stdin", given=queries, fine=(0, 1))
    return ignored.count(b"\0") == len(files)


def _read_objects(root: Path, oids: Sequence[str]) -> list[bytes | None]:
    """The content of each, None where this clone does not have it."""
    if not oids:
        return []
    queries = "".join(f"{oid}\n" for oid in oids).encode()
    text = _git(root, "cat-file", "--batch", given=queries)
    contents: list[bytes | None] = []
    position = 0
    for _ in oids:
        end = text.index(b"\n", position)
        parts = text[position:end].split()
        if parts[1] == b"missing":
            contents.append(None)
            position = end + 1
            continue
        size = int(parts[2])
        contents.append(text[end + 1 : end + 1 + size])
        position = end + 1 + size + 1
    return contents


def _git(
    root: Path, *words: str, given: bytes | None = None, fine: Collection[int] = (0,)
) -> bytes:
    """What a git command says. Raises InputError where its exit code is not ``fine``."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("GIT_") or _KEPT_VARIABLES.fullmatch(name)
    }
    off = [word for name, value in _SWITCHED_OFF.items() for word in ("-c", f"{name}={value}")]
    try:
        finished = subprocess.run(
            ["git", "-C", str(root), "--no-pager", *off, *words],
            input=given,
            stdin=subprocess.DEVNULL if given is None else None,
            capture_output=True,
            check=False,
            timeout=_TIMEOUT,
            env={**kept, **_ENVIRONMENT},
        )
    except FileNotFoundError:
        raise InputError(Problem("diff.no_git")) from None
    except (OSError, subprocess.TimeoutExpired) as error:
        raise InputError(Problem("diff.git", {"reason": str(error)})) from None
    if finished.returncode in fine:
        return finished.stdout
    complaint = os.fsdecode(finished.stderr).strip()
    if "not a git repository" in complaint:
        raise InputError(Problem("diff.no_repository", file=root.resolve()))
    owner = _OTHER_OWNER.search(complaint)
    if owner is not None:
        raise InputError(Problem("diff.other_owner", {"folder": owner[1]}, file=root.resolve()))
    if "promisor remote" in complaint or "lazy fetching disabled" in complaint:
        raise InputError(Problem("diff.not_here"))
    params = {"reason": complaint.splitlines()[0] if complaint else f"git {words[0]}"}
    raise InputError(Problem("diff.git", params))
