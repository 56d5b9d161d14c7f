"""Releases that never change, a draft that two people can't overwrite, all or nothing on disk."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from themecoder.codebook import edits
from themecoder.codebook.files.folder import CodebookFolder
from themecoder.codebook.model import Code
from themecoder.errors import CheckFailed, InputError, Problem

BOOK = """\
id: wonen
version: 1.0.0
title: Wonen in de buurt
released: null
codes:
  - id: geluid
    label: Geluid
    definition: Last van geluid.
  - id: groen
    label: Groen   # ook tuinen
    definition: Bomen en planten.
  - id: buren
    label: Buren
    definition: Wie er woont.
changes: []
"""


@pytest.fixture
def folder(tmp_path: Path) -> CodebookFolder:
    made = CodebookFolder(tmp_path / "wonen", tmp_path / "lock")
    made.folder.mkdir()
    made.file("draft").write_text(BOOK, encoding="utf-8")
    return made


@pytest.fixture
def released(folder: CodebookFolder) -> CodebookFolder:
    folder.release("2026-03-01")
    return folder


def contents(folder: CodebookFolder) -> dict[str, str]:
    return {f.name: f.read_text(encoding="utf-8") for f in sorted(folder.folder.iterdir())}


def keys(error: pytest.ExceptionInfo[InputError] | list[Problem]) -> list[str]:
    problems = error if isinstance(error, list) else error.value.problems
    return [problem.key.removeprefix("codebook.") for problem in problems]


def rename(folder: CodebookFolder, code: str, label: str, why: str = "korter") -> None:
    document, draft = folder.draft()
    folder.save(document, edits.rename(draft, code, label, why))


def test_a_release_is_frozen_dated_and_told(released: CodebookFolder) -> None:
    found = contents(released)
    assert sorted(found) == ["1.0.0.yaml", "CHANGELOG.md", "draft.yaml", "releases.json"]
    assert found["1.0.0.yaml"] == BOOK.replace("released: null", "released: 2026-03-01")
    assert found["draft.yaml"] == BOOK.replace("version: 1.0.0", "version: 1.0.1")
    assert "## 1.0.0 (2026-03-01)" in found["CHANGELOG.md"]
    assert "3 codes" in found["CHANGELOG.md"]
    assert list(json.loads(found["releases.json"])) == ["1.0.0"]


def test_the_number_follows_from_the_changes(released: CodebookFolder) -> None:
    for change, version in (
        (lambda d: edits.rename(d, "groen", "Groen en park", "duidelijker"), "1.0.1"),
        (lambda d: edits.add(d, Code("vocht", "Vocht", definition="Nat."), "gemist"), "1.1.0"),
        (
            lambda d: edits.redefine(d, "vocht", "taal", definition="Natte muren.", recode=False),
            "1.1.1",
        ),
        (lambda d: edits.retire(d, "vocht", "te weinig"), "2.0.0"),
        (lambda d: edits.merge(d, ["groen"], "geluid", "proef"), "3.0.0"),
    ):
        document, draft = released.draft()
        released.save(document, change(draft))
        assert released.release("2026-04-01").version == version
    text = contents(released)["CHANGELOG.md"]
    versions = re.findall(r"^## (\S+)", text, re.MULTILINE)
    assert versions == ["3.0.0", "2.0.0", "1.1.1", "1.1.0", "1.0.1", "1.0.0"]
    for why in ("duidelijker", "gemist", "taal", "te weinig", "proef"):
        assert text.count(why) == 1


def test_a_release_that_was_changed_names_the_code(released: CodebookFolder) -> None:
    file = released.file("1.0.0")
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("Bomen en planten.", "Bomen."), encoding="utf-8")
    problems = released.problems("1.0.0")
    assert [(p.key, p.params["id"], p.row) for p in problems] == [
        ("codebook.frozen_code", "groen", 9)
    ]
    for act in (lambda: released.read("1.0.0"), released.draft, lambda: released.release("x")):
        with pytest.raises(InputError) as caught:
            act()
        assert keys(caught) == ["frozen_code"]
    file.write_text(text.replace("  - id: buren", "  - id: buurt"), encoding="utf-8")
    assert {p.params["id"] for p in released.problems("1.0.0")} == {"buren", "buurt"}
    file.write_text(text + "# aangevuld\n", encoding="utf-8")
    assert keys(released.problems("1.0.0")) == ["frozen"]


def test_what_was_released_is_not_released_again(released: CodebookFolder) -> None:
    before = contents(released)
    with pytest.raises(InputError) as caught:
        released.release("2026-05-01")
    assert keys(caught) == ["nothing_new"]
    assert contents(released) == before


def test_a_draft_with_problems_is_not_released(folder: CodebookFolder) -> None:
    text = BOOK.replace("    definition: Wie er woont.\n", "").replace("id: groen", "id: geluid")
    folder.file("draft").write_text(text, encoding="utf-8")
    with pytest.raises(CheckFailed) as caught:
        folder.release("2026-03-01")
    assert keys(caught.value.problems) == ["double_id", "no_definition"]
    assert contents(folder) == {"draft.yaml": text}


def test_nothing_yet(tmp_path: Path) -> None:
    empty = CodebookFolder(tmp_path / "leeg", tmp_path / "lock")
    for act in (lambda: empty.release("2026-01-01"), lambda: empty.read("draft")):
        with pytest.raises(InputError) as caught:
            act()
        assert keys(caught) == ["nothing_yet"]
    assert not empty.folder.exists()


def test_the_second_of_two_people_gets_a_conflict(released: CodebookFolder) -> None:
    first, second = released.draft(), released.draft()
    released.save(first[0], edits.rename(first[1], "groen", "Park", "korter"))
    kept = contents(released)
    with pytest.raises(InputError) as caught:
        released.save(second[0], edits.rename(second[1], "geluid", "Lawaai", "zo heet het"))
    assert keys(caught) == ["conflict"]
    assert caught.value.problems[0].params["codes"] == "groen"
    assert contents(released) == kept
    rename(released, "geluid", "Lawaai")
    assert [code.label for code in released.read("draft").codes] == ["Lawaai", "Park", "Buren"]


def test_what_a_person_types_meanwhile_is_not_overwritten(released: CodebookFolder) -> None:
    document, draft = released.draft()
    file = released.file("draft")
    typed = file.read_text(encoding="utf-8").replace("Wie er woont.", "Wie er naast woont.")
    file.write_text(typed, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        released.save(document, edits.retire(draft, "groen", "weg"))
    assert caught.value.problems[0].params["codes"] == "buren"
    assert file.read_text(encoding="utf-8") == typed


def test_of_many_at_once_each_is_kept_or_told(released: CodebookFolder) -> None:
    """Eight writers, each from what it read: whoever is told of no conflict finds the change."""
    start = threading.Barrier(8)
    kept, refused = [], []

    def work(number: int) -> None:
        code = Code(f"n{number}", f"Nieuw {number}", definition="Iets.")
        document, draft = released.draft()
        start.wait()
        try:
            released.save(document, edits.add(draft, code, f"reden {number}"))
            kept.append(code.id)
        except InputError as error:
            refused.extend(problem.key for problem in error.problems)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ids = [code.id for code in released.read("draft").codes]
    assert ids == ["geluid", "groen", "buren", *kept]
    assert len(kept) == 1
    assert refused == ["codebook.conflict"] * 7


def test_the_same_edit_by_two_people_is_a_conflict_of_meaning(released: CodebookFolder) -> None:
    rename(released, "groen", "Park", "korter")
    with pytest.raises(InputError) as caught:
        rename(released, "groen", "Planten", "anders")
    assert keys(caught) == ["edit.already"]
    assert caught.value.problems[0].params["why"] == "korter"


CUT_SHORT = """
import os, sys
from pathlib import Path
from themecoder.codebook.files.folder import CodebookFolder
folder, most = CodebookFolder(Path(sys.argv[1]), Path(sys.argv[2])), int(sys.argv[3])
replace, count = Path.replace, 0
def counted(self, target):
    global count
    if count == most:
        os.kill(os.getpid(), 9)
    count += 1
    return replace(self, target)
Path.replace = counted
folder.release("2026-06-01")
"""


@pytest.mark.parametrize("most", range(5))
def test_a_release_killed_at_any_point_is_whole_or_not_there(
    released: CodebookFolder, tmp_path: Path, most: int
) -> None:
    rename(released, "groen", "Park")
    before = contents(released)
    words = [sys.executable, "-c", CUT_SHORT, str(released.folder), str(tmp_path / "lock")]
    done = subprocess.run([*words, str(most)], check=False)
    assert done.returncode == -signal.SIGKILL
    after = CodebookFolder(released.folder, tmp_path / "lock")
    try:
        made = after.release("2026-06-01")
        assert made.version == "1.0.1"
        whole = False
    except InputError as error:
        # the killed release had become the new state; what was left to do is done
        assert keys(error.problems) == ["nothing_new"]
        whole = True
    assert after.versions == ["1.0.0", "1.0.1"]
    assert all(after.problems(version) == [] for version in (*after.versions, "draft"))
    assert set(before) < set(contents(after))
    assert contents(after)["CHANGELOG.md"].count("## 1.0.1") == 1
    assert whole == (most >= 1)


def test_a_lock_that_is_held_is_told(
    released: CodebookFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from filelock import FileLock

    monkeypatch.setattr("themecoder.codebook.files.folder._WAIT", 0.1)
    with FileLock(tmp_path / "lock"), pytest.raises(InputError) as caught:
        rename(released, "groen", "Park")
    assert keys(caught) == ["locked"]


@pytest.mark.parametrize("text", ["{", "[]", '{"1.0.0": 3}', '{"1.0.0": {"sha256": "x"}}'])
def test_damaged_hashes_are_an_error_and_no_traceback(released: CodebookFolder, text: str) -> None:
    (released.folder / "releases.json").write_text(text, encoding="utf-8")
    found = released.problems("1.0.0")
    assert found
    assert {problem.key for problem in found} <= {
        "codebook.hashes_damaged",
        "codebook.frozen_code",
        "codebook.frozen",
    }


def test_a_folder_that_can_not_be_written_is_an_error(
    released: CodebookFolder, tmp_path: Path
) -> None:
    if os.geteuid() == 0:
        # root may write anywhere: a file stands where the folder should be
        document, draft = released.draft()
        shutil.rmtree(released.folder)
        released.folder.write_text("", encoding="utf-8")
        with pytest.raises(InputError):
            released.save(document, edits.rename(draft, "groen", "Park", "korter"))
        return
    document, draft = released.draft()
    released.folder.chmod(0o500)
    try:
        with pytest.raises(InputError):
            released.save(document, edits.rename(draft, "groen", "Park", "korter"))
    finally:
        released.folder.chmod(0o700)
