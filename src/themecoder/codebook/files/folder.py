"""The folder of a codebook: released versions, which never change, and the next one's draft."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from themecoder.codebook.checks import check
from themecoder.codebook.draft import Draft
from themecoder.codebook.files.document import CodebookDocument, read_document
from themecoder.codebook.files.typed_text import new_text
from themecoder.codebook.findings import CodebookFinding
from themecoder.codebook.model import Code, Codebook
from themecoder.codebook.versions import next_version, ordered
from themecoder.codebook.wording import changelog
from themecoder.errors import CheckFailed, InputError, Problem
from themecoder.messages import message
from themecoder.output.did_you_mean import did_you_mean
from themecoder.storage import atomic as files
from themecoder.storage.access import make_folder

DRAFT = "draft"
_HASHES = "releases.json"
_CHANGELOG = "CHANGELOG.md"
_WAIT = 10.0  # seconds that an edit waits for another to end


class CodebookFolder:
    """``codebooks/<id>/`` of a study. ``lock`` is the file that keeps two writers apart."""

    def __init__(self, folder: Path, lock: Path, *, title: str = "", language: str = "nl") -> None:
        """Finishes a release that was cut short; raises InputError where that can't be done.

        ``title`` and ``language`` are those of a draft that starts from nothing.
        """
        self.folder = folder
        self._title, self._language = title, language
        self._lock = lock
        if files.has_pending_write(folder):
            with self._locked():
                pass

    @property
    def versions(self) -> list[str]:
        """The released versions, oldest first."""
        return ordered([file.stem for file in self.folder.glob("*.yaml")])

    @property
    def newest(self) -> str | None:
        """The newest release, else the draft; None where there is neither."""
        if self.versions:
            return self.versions[-1]
        return DRAFT if self.file(DRAFT).is_file() else None

    def need_any(self) -> None:
        """Raises InputError where there is neither a release nor a draft."""
        if self.newest is None:
            raise InputError(Problem("codebook.nothing_yet", file=self.folder))

    def file(self, version: str) -> Path:
        return self.folder / f"{version}.yaml"

    def document(self, version: str) -> CodebookDocument:
        """The file of a version or of the draft.

        Raises InputError where there is none, where it can't be read, and where a released version
        is not as it was released.
        """
        self.need_any()
        file = self.file(version)
        if not file.is_file():
            known = [*self.versions, *([DRAFT] if self.file(DRAFT).is_file() else [])]
            params = {"version": version, "known": did_you_mean(version, known)}
            raise InputError(Problem("codebook.no_version", params, file=self.folder))
        document = read_document(file)
        if version != DRAFT:
            _check_frozen(document, self._hashes().get(version))
        return document

    def read(self, version: str) -> Codebook:
        """A version as a ``Codebook``. Raises InputError with all that can't be read in it."""
        document = self.document(version)
        if document.findings:
            raise InputError(document.problems(document.findings))
        return document.codebook

    def releases(self, until: str | None = None) -> tuple[Codebook, ...]:
        """All releases, oldest first; up to and with ``until``."""
        versions = self.versions
        if until is not None:
            versions = versions[: versions.index(until) + 1] if until in versions else []
        return tuple(self.read(version) for version in versions)

    def problems(self, version: str, questions: Sequence[str] | None = None) -> list[Problem]:
        """Everything that is wrong in a version or the draft, with lines."""
        try:
            document = self.document(version)
        except InputError as error:
            return error.problems
        earlier = self.releases(version)[:-1] if version in self.versions else self.releases()
        findings = check(document.codebook, earlier, questions)
        if version in self.versions and document.codebook.version not in ("", version):
            params = {"found": document.codebook.version, "expected": version}
            findings.append(CodebookFinding(("version",), "other_version", params))
        return document.problems(_each_once(document.findings, findings))

    def problems_with(
        self, document: CodebookDocument, draft: Draft, questions: Sequence[str] | None = None
    ) -> list[Problem]:
        """Everything that would be wrong in the draft if ``draft``, made from ``document``, were
        saved."""
        saved = CodebookDocument(document.changed(draft.book), document.file)
        findings = check(saved.codebook, self.releases(), questions)
        return saved.problems(_each_once(saved.findings, findings))

    def draft(self) -> tuple[CodebookDocument, Draft]:
        """The draft as it is on disk, or as it would start: from the newest release, or empty.

        Raises InputError where what is in the file can't be read.
        """
        base = self.read(self.versions[-1]) if self.versions else None
        file = self.file(DRAFT)
        if file.is_file():
            document = self.document(DRAFT)
            if document.findings:
                raise InputError(document.problems(document.findings))
            return document, Draft(base, document.codebook)
        if base is not None:
            document = CodebookDocument(self._next_draft(self.document(base.version)), file)
        else:
            empty = Codebook(
                self.folder.name, "1.0.0", (), title=self._title, language=self._language
            )
            document = CodebookDocument(new_text(empty), file)
        return document, Draft(base, document.codebook)

    def save(
        self, document: CodebookDocument, draft: Draft, also: Mapping[str, str] | None = None
    ) -> None:
        """Write ``draft``, made from ``document``, to draft.yaml; with it the files in ``also``.

        Raises InputError where somebody else changed draft.yaml since ``document`` was read: it is
        then left as it is, and the problem names the codes that differ.
        """
        with self._locked():
            self._check_unchanged(document)
            files.write_together(
                self.folder, {f"{DRAFT}.yaml": document.changed(draft.book), **(also or {})}
            )

    def write_beside(self, contents: Mapping[str, str]) -> None:
        """Write files that stand beside the versions, and neither a version nor the draft."""
        with self._locked():
            files.write_together(self.folder, contents)

    def release(self, date: str, questions: Sequence[str] | None = None) -> Codebook:
        """Make the draft the next version: checked, numbered, frozen, told in CHANGELOG.md.

        All files change together or none does. Raises CheckFailed with every problem in the draft,
        InputError where there is nothing, or nothing new, to release.
        """
        self.need_any()
        with self._locked():
            document, draft = self.draft()
            problems = [] if self._says_what_is_released(draft) else self.problems(DRAFT, questions)
            if problems:
                raise CheckFailed(problems)
            version = next_version(draft.base, draft.book)
            if draft.base is not None and self._says_what_is_released(draft):
                params = {"version": draft.base.version}
                raise InputError(Problem("codebook.nothing_new", params, file=self.file(DRAFT)))
            book = replace(draft.book, version=version, released=date)
            text = document.changed(book)
            released = CodebookDocument(text, self.file(version))
            hashes = {**self._hashes(), version: _hash(released)}
            files.write_together(
                self.folder,
                {
                    f"{version}.yaml": text,
                    _HASHES: json.dumps(hashes, indent=2, ensure_ascii=False) + "\n",
                    _CHANGELOG: self._changelog(book, draft.base),
                    f"{DRAFT}.yaml": self._next_draft(released),
                },
            )
        return book

    def _says_what_is_released(self, draft: Draft) -> bool:
        """Whether the draft says what the newest release says."""
        if draft.base is None:
            return False
        parts = ("codes", "groups", "title", "memo")
        return all(getattr(draft.base, part) == getattr(draft.book, part) for part in parts)

    def _next_draft(self, document: CodebookDocument) -> str:
        book = replace(document.codebook, released="", changes=())
        version = next_version(document.codebook, book)
        return document.changed(replace(book, version=version))

    def _changelog(self, book: Codebook, base: Codebook | None) -> str:
        file = self.folder / _CHANGELOG
        text = file.read_text(encoding="utf-8") if file.is_file() else ""
        head, _, rest = text.partition("\n## ")
        head = head.strip() or "# " + message(
            "codebook.changelog.title", book.language, title=book.title
        )
        section = f"## {book.version} ({book.released})\n\n{changelog(book, base)}\n"
        return f"{head}\n\n{section}" + (f"\n## {rest}" if rest else "")

    def _check_unchanged(self, document: CodebookDocument) -> None:
        file = self.file(DRAFT)
        if not file.is_file():
            return
        now = read_document(file)
        if now.text == document.text:
            return
        before = {code.id: code for code in document.codebook.codes}
        after = {code.id: code for code in now.codebook.codes}
        differ = [code for code in {**before, **after} if before.get(code) != after.get(code)]
        params = {"codes": ", ".join(differ) or "-"}
        raise InputError(Problem("codebook.conflict", params, file=file))

    def _hashes(self) -> dict[str, Any]:
        file = self.folder / _HASHES
        if not file.is_file():
            return {}
        try:
            hashes = json.loads(file.read_text(encoding="utf-8"))
            return {str(version): dict(value) for version, value in hashes.items()}
        except (ValueError, AttributeError, TypeError) as error:
            raise InputError(
                Problem("codebook.hashes_damaged", {"reason": str(error)}, file=file)
            ) from error

    @contextmanager
    def _locked(self) -> Iterator[None]:
        try:
            make_folder(self._lock.parent)
            with FileLock(self._lock, timeout=_WAIT, mode=0o600):
                files.finish_pending_write(self.folder)
                yield
        except Timeout:
            raise InputError(Problem("codebook.locked", file=self.folder)) from None


def _hash(document: CodebookDocument) -> dict[str, Any]:
    """The hashes of a release: of the whole text, and per code to name the codes that changed."""
    return {
        "sha256": files.sha256(document.text),
        "codes": {code.id: code_hash(code) for code in document.codebook.codes},
    }


def code_hash(code: Code) -> str:
    """The hash of all that a code says."""
    # what is empty is left out, so that a key that codebooks get later changes no hash
    filled = {key: value for key, value in asdict(code).items() if value}
    return files.sha256(files.canonical(filled))


def _check_frozen(document: CodebookDocument, recorded: dict[str, Any] | None) -> None:
    """Raises InputError where a release that has its hash recorded is not as it was released."""
    if recorded is None or recorded.get("sha256") == files.sha256(document.text):
        return
    before: dict[str, str] = recorded.get("codes", {})
    after = {code.id: code_hash(code) for code in document.codebook.codes}
    places = {code.id: place for place, code in enumerate(document.codebook.codes)}
    differ = [code for code in {**before, **after} if before.get(code) != after.get(code)]
    findings = [
        CodebookFinding(
            ("codes", places[code]) if code in places else (), "frozen_code", {"id": code}
        )
        for code in differ
    ]
    raise InputError(document.problems(findings or [CodebookFinding((), "frozen")]))


def _each_once(
    unreadable: Sequence[CodebookFinding], others: Sequence[CodebookFinding]
) -> list[CodebookFinding]:
    """All findings, without those in ``others`` on what could not be read."""
    unread = {f.path for f in unreadable if f.key != "missing_key"}
    unread |= {(*f.path, f.params["name"]) for f in unreadable if f.key == "missing_key"}
    if () in unread:
        return list(unreadable)
    return [*unreadable, *(finding for finding in others if finding.path not in unread)]
