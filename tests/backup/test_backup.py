"""A whole study goes into one file and comes back, whatever happens on the way."""

from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from commands import snapshot, themecoder
from garden_study import CONFIG
from killed import killed_everywhere
from themecoder.backup.formats.archive import MANIFEST
from themecoder.backup.study_backup import backup_study
from themecoder.backup.study_restore import restore_study
from themecoder.cli import app
from themecoder.errors import InputError
from themecoder.settings.inside import ALLOW_OUTSIDE
from themecoder.workspace.folder import StudyFolder

FILES = {
    "study.toml": CONFIG,
    "enquete.csv": "nr;q1\n1;rozen en onkruid\n",
    "annotations/q1/anna.jsonl": "{}\n",
    "annotations/plan.csv": "question\n",
    "codebooks/tuin/1.0.0.yaml": "id: tuin\n",
    "reports/kort.html": "<p>kort</p>\n",
    "server/accounts.json": "{}\n",
    "server/data/.env": "SECRET_KEY=x\n",
    "backups/2026-01-01-annotations/plan.csv": "older\n",
    ".gitignore": "data/\n",
}
LEFT_OUT = {
    ".themecoder/masks.sqlite": "cache",
    ".git/HEAD": "ref",
    "server/server.json": "{}",
    "annotations/.plan.csv.abcd1234.part": "half",
    "omgeving/pyvenv.cfg": "",
    "omgeving/lib/x.py": "",
}


def make(root: Path, files: dict[str, str]) -> None:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")


@pytest.fixture
def study(tmp_path: Path) -> Path:
    root = tmp_path / "studie"
    make(root, FILES | LEFT_OUT)
    with sqlite3.connect(root / "server" / "data" / "label_studio.sqlite3") as store:
        store.execute("CREATE TABLE made (what TEXT)")
        store.execute("INSERT INTO made VALUES ('een uur werk')")
    store.close()
    return root


def kept(root: Path) -> dict[str, bytes]:
    """What of a study's folder is the study."""
    return {
        path: data
        for path, data in snapshot(root).items()
        if not path.startswith((".themecoder/", ".git/", "omgeving/", "backups/before-restore/"))
        and path != "server/server.json"
        and not path.endswith(".part")
    }


def names(archive: Path) -> set[str]:
    with zipfile.ZipFile(archive) as opened:
        return set(opened.namelist())


def test_all_of_a_study_comes_back_in_a_new_folder(study: Path, tmp_path: Path) -> None:
    file = tmp_path / "studie.zip"
    made = backup_study(StudyFolder.open(study), file)
    assert made.links == ()
    assert names(file) == {*FILES, "server/data/label_studio.sqlite3", MANIFEST}
    assert file.stat().st_mode & 0o777 == 0o600
    new = tmp_path / "nieuw"
    done = restore_study(file, new)
    assert (done.files, done.written, done.aside, done.copy) == (11, 11, 0, None)
    assert kept(new) == kept(study)
    with sqlite3.connect(new / "server" / "data" / "label_studio.sqlite3") as store:
        assert store.execute("SELECT what FROM made").fetchall() == [("een uur werk",)]
    store.close()
    assert not [one for one in new.rglob("*") if one.stat().st_mode & 0o077]


def test_a_database_that_is_being_written_is_copied_as_it_was_before(
    study: Path, tmp_path: Path
) -> None:
    """As it is left when the server is killed, too: with a journal to go back by."""
    database = study / "server" / "data" / "label_studio.sqlite3"
    writes = (
        "import os, sqlite3, sys\nstore = sqlite3.connect(sys.argv[1])\n"
        "store.execute('PRAGMA cache_size=1')\nstore.execute('CREATE TABLE more (x)')\n"
        "store.executemany('INSERT INTO more VALUES (?)', [('x' * 4000,)] * 100)\n"
        "os.kill(os.getpid(), 9)\n"
    )
    subprocess.run([sys.executable, "-c", writes, str(database)], check=False)
    assert database.with_name(f"{database.name}-journal").is_file()
    file, new = tmp_path / "studie.zip", tmp_path / "nieuw"
    backup_study(StudyFolder.open(study), file)
    restore_study(file, new)
    with sqlite3.connect(new / "server" / "data" / database.name) as store:
        assert store.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert store.execute("SELECT count(*) FROM made").fetchone() == (1,)
        assert store.execute("SELECT count(*) FROM more").fetchone() == (0,)
    store.close()


def test_the_same_study_gives_the_same_archive(study: Path, tmp_path: Path) -> None:
    one, two = tmp_path / "een.zip", tmp_path / "twee.zip"
    backup_study(StudyFolder.open(study), one)
    os.utime(study / "enquete.csv", (1, 1))
    backup_study(StudyFolder.open(study), two)
    assert one.read_bytes() == two.read_bytes()


def test_an_archive_is_never_written_over_and_is_in_no_other(study: Path) -> None:
    for _ in range(2):
        assert themecoder(study, "backup").returncode == 0
    first, second = sorted((study / "backups" / "study").iterdir())
    assert names(first) == names(second)
    before = first.read_bytes()
    again = themecoder(study, "backup", str(first))
    assert again.returncode == 2
    assert first.name in again.stderr
    assert first.read_bytes() == before


def test_what_lies_behind_a_link_is_told_and_left_out(
    study: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ALLOW_OUTSIDE, "1")
    (tmp_path / "elders.csv").write_text("nr;q1\n", encoding="utf-8")
    (study / "data").symlink_to(tmp_path)
    (study / "los.csv").symlink_to(tmp_path / "elders.csv")
    made = backup_study(StudyFolder.open(study), tmp_path / "studie.zip")
    assert made.links == ("data", "los.csv")
    assert not {name for name in names(made.file) if "data/" in name and "server" not in name}


def test_what_differs_is_put_aside_and_what_is_alike_not_touched(
    study: Path, tmp_path: Path
) -> None:
    file = tmp_path / "studie.zip"
    backup_study(StudyFolder.open(study), file)
    was = kept(study)
    (study / "annotations" / "q1" / "anna.jsonl").write_text("later\n", encoding="utf-8")
    (study / "annotations" / "plan.csv").unlink()
    make(study, {"annotations/q2/bert.jsonl": "new\n", "backups/later/plan.csv": "newer\n"})
    (study / "reports" / "kort.html").unlink()
    make(study, {"reports/kort.html/index.html": "a folder by now\n"})
    os.utime(study / "enquete.csv", (1, 1))
    told = themecoder(study, "restore", str(file))
    assert told.returncode == 0, told.stderr
    after = kept(study)
    assert after.pop("backups/later/plan.csv") == b"newer\n"
    assert after == was
    assert (study / "enquete.csv").stat().st_mtime == 1
    (copy,) = (study / "backups" / "before-restore").iterdir()
    assert str(copy) in told.stdout
    assert snapshot(copy) == {
        "annotations/q1/anna.jsonl": b"later\n",
        "annotations/q2/bert.jsonl": b"new\n",
        "reports/kort.html/index.html": b"a folder by now\n",
    }
    assert not (study / "annotations" / "q2").exists()
    before = snapshot(study)
    assert "11 " in themecoder(study, "restore", str(file)).stdout
    assert snapshot(study) == before, "a second time changes nothing"


def test_a_restore_writes_through_no_link(study: Path, tmp_path: Path) -> None:
    file, elsewhere = tmp_path / "studie.zip", tmp_path / "elders"
    backup_study(StudyFolder.open(study), file)
    shutil.move(study / "annotations", elsewhere)
    (study / "annotations").symlink_to(elsewhere)
    (elsewhere / "plan.csv").write_text("of others\n", encoding="utf-8")
    restore_study(file, study)
    assert (elsewhere / "plan.csv").read_text(encoding="utf-8") == "of others\n"
    assert not (study / "annotations").is_symlink()
    assert (study / "annotations" / "plan.csv").read_text(encoding="utf-8") == "question\n"


def test_what_an_earlier_version_kept_in_the_cache_is_put_aside_too(
    study: Path, tmp_path: Path
) -> None:
    """The archive may lie in the study: it stays, for it is needed where this is cut short."""
    inside = study / "kopie.zip"
    backup_study(StudyFolder.open(study), inside)
    want = kept(study)
    shutil.rmtree(study / "server")
    make(study, {".themecoder/label_studio/accounts.json": '{"token": "old"}'})
    for number in (1, 2):
        (study / "enquete.csv").write_text(f"nr;q1\n{number};later\n", encoding="utf-8")
        restore_study(inside, study)
        assert kept(study) == want
    copies = [snapshot(copy) for copy in (study / "backups" / "before-restore").iterdir()]
    assert sorted(copies, key=len) == [
        {"enquete.csv": b"nr;q1\n2;later\n"},
        {"enquete.csv": b"nr;q1\n1;later\n", "server/accounts.json": b'{"token": "old"}'},
    ]


def test_only_its_password_opens_an_encrypted_archive(study: Path, tmp_path: Path) -> None:
    file, new = tmp_path / "studie.zip.age", tmp_path / "nieuw"
    words = ["backup", str(file), "--encrypt", "--study", str(study)]
    done = CliRunner().invoke(app, words, input="appelboom\nappelboom\n")
    assert done.exit_code == 0, done.stderr
    assert "appelboom" not in done.output
    data = file.read_bytes()
    assert data.startswith(b"age-encryption.org/v1")
    assert not any(word in data for word in (b"anna", b"enquete", b"rozen"))
    words = ["restore", str(file), "--study", str(new)]
    wrong = CliRunner().invoke(app, words, input="perenboom\n")
    assert (wrong.exit_code, new.exists()) == (2, False)
    slow = re.sub(rb"(-> scrypt \S+) \d+", rb"\1 60", data)  # as of a machine that is far quicker
    file.write_bytes(slow)
    with pytest.raises(InputError) as caught:
        restore_study(file, new, "appelboom")
    assert [problem.key for problem in caught.value.problems] == ["backup.slow"]
    file.write_bytes(data)
    right = CliRunner().invoke(app, words, input="appelboom\n")
    assert right.exit_code == 0, right.stderr
    assert kept(new) == kept(study)


@pytest.mark.slow
def test_an_archive_that_is_too_large_for_the_memory_is_told(tmp_path: Path) -> None:
    """Encrypted archives are made in memory."""
    (tmp_path / "groot").write_bytes(os.urandom(40_000_000))
    script = (
        "import resource, sys\nfrom pathlib import Path\nimport pyrage\n"
        "from themecoder.backup.formats.archive import write_archive\n"
        "from themecoder.errors import InputError\n"
        "pages = int(Path('/proc/self/statm').read_text().split()[0])\n"
        "most = pages * resource.getpagesize() + 20_000_000\n"
        "resource.setrlimit(resource.RLIMIT_AS, (most, most))\n"
        "folder = Path(sys.argv[1])\n"
        "try:\n"
        "    write_archive(folder / 'a.age', 'tuin', {'groot': folder / 'groot'}, 'appelboom')\n"
        "except InputError as error:\n"
        "    print([problem.key for problem in error.problems])\n"
    )
    words = [sys.executable, "-c", script, str(tmp_path)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.stdout == "['backup.memory']\n", done.stderr
    assert [file.name for file in tmp_path.iterdir()] == ["groot"]


def changed(file: Path, to: Path, entries: dict[str, bytes | None]) -> Path:
    """The archive with other, further or fewer entries."""
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(to, "w") as new:
        contents: dict[str, bytes | None] = {name: old.read(name) for name in old.namelist()}
        for name, data in (contents | entries).items():
            if data is not None:
                new.writestr(name, data)
    return to


@pytest.mark.parametrize(
    ("entries", "key"),
    [
        ({"enquete.csv": b"nr;q1\n1;anders\n"}, "backup.changed"),
        ({"enquete.csv": None}, "backup.missing"),
        ({"extra.csv": b"x"}, "backup.not_listed"),
        ({"../extra.csv": b"x"}, "backup.bad_name"),
        ({"/tmp/extra.csv": b"x"}, "backup.bad_name"),
        ({".git/hooks/post-checkout": b"x"}, "backup.bad_name"),
        ({MANIFEST: None}, "backup.no_manifest"),
        ({MANIFEST: b'{"format": 9, "files": {}}'}, "backup.format"),
        ({MANIFEST: b"[]"}, "backup.no_manifest"),
    ],
)
def test_an_archive_that_is_not_as_it_was_written_changes_nothing(
    study: Path, tmp_path: Path, entries: dict[str, bytes | None], key: str
) -> None:
    file = tmp_path / "studie.zip"
    backup_study(StudyFolder.open(study), file)
    (study / "enquete.csv").write_text("nr;q1\n", encoding="utf-8")
    before = snapshot(study)
    with pytest.raises(InputError) as caught:
        restore_study(changed(file, tmp_path / "anders.zip", entries), study)
    assert key in [problem.key for problem in caught.value.problems]
    assert snapshot(study) == before


@pytest.mark.slow
@pytest.mark.long(30)
def test_no_file_that_is_damaged_changes_anything_and_each_is_told(
    study: Path, tmp_path: Path
) -> None:
    file, damaged, new = tmp_path / "studie.zip", tmp_path / "stuk.zip", tmp_path / "nieuw"
    backup_study(StudyFolder.open(study), file)
    data = file.read_bytes()

    @settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.integers(0, len(data) - 1), st.integers(1, 255), st.booleans())
    def damage(place: int, by: int, cut: bool) -> None:
        other = data[:place] if cut else bytes([data[place] ^ by])
        damaged.write_bytes(other if cut else data[:place] + other + data[place + 1 :])
        try:
            restore_study(damaged, new)
        except InputError:
            assert not new.exists()
        else:
            # a byte that says nothing of the contents, such as a moment or a right
            assert kept(new) == kept(study)
            shutil.rmtree(new)

    damage()


def test_a_folder_that_holds_something_else_is_left_alone(study: Path, tmp_path: Path) -> None:
    file, other = tmp_path / "studie.zip", tmp_path / "anders"
    backup_study(StudyFolder.open(study), file)
    make(other, {"brief.docx": "x"})
    found = themecoder(other, "restore", str(file))
    assert found.returncode == 2
    assert snapshot(other) == {"brief.docx": b"x"}


@pytest.mark.slow
@pytest.mark.long(30)
def test_a_backup_killed_anywhere_leaves_nothing_and_the_next_is_the_same(
    study: Path, tmp_path: Path
) -> None:
    whole, file = tmp_path / "heel.zip", tmp_path / "map" / "studie.zip"
    backup_study(StudyFolder.open(study), whole)
    before = kept(study)

    def fresh() -> None:
        shutil.rmtree(file.parent, ignore_errors=True)
        file.parent.mkdir()

    for _ in killed_everywhere(fresh, lambda: backup_study(StudyFolder.open(study), file)):
        if not file.exists():  # else it was killed after its last rename
            backup_study(StudyFolder.open(study), file)
        assert file.read_bytes() == whole.read_bytes()
        assert [one.name for one in file.parent.iterdir()] == [file.name]
        assert kept(study) == before
    assert not (study / ".themecoder" / "backup.database").exists()


@pytest.mark.slow
@pytest.mark.long(30)
def test_a_restore_killed_anywhere_is_finished_by_the_next(study: Path, tmp_path: Path) -> None:
    file, root = tmp_path / "studie.zip", tmp_path / "terug"
    backup_study(StudyFolder.open(study), file)
    want = kept(study)
    later = {
        "annotations/q1/anna.jsonl": "later\n",
        "annotations/q2/bert.jsonl": "new\n",
        "enquete.csv": "nr;q1\n",
        "study.toml": CONFIG.replace("De tuin", "Een andere tuin"),
    }

    def fresh() -> None:
        shutil.rmtree(root, ignore_errors=True)
        make(root, later)

    refused = 0
    for _ in killed_everywhere(fresh, lambda: restore_study(file, root)):
        try:
            StudyFolder.open(root)
        except InputError as error:
            # neither the one study nor the other: no command works on it
            assert [problem.key for problem in error.problems] == ["backup.unfinished"]
            refused += 1
        restore_study(file, root)
        assert kept(root) == want
        (copy,) = (root / "backups" / "before-restore").iterdir()
        assert snapshot(copy) == {path: text.encode() for path, text in later.items()}
        assert {one.name for one in root.glob(".*")} == {".themecoder", ".gitignore"}
    assert refused > len(later)


def test_the_manifest_says_what_is_in_the_archive(study: Path, tmp_path: Path) -> None:
    file = tmp_path / "studie.zip"
    backup_study(StudyFolder.open(study), file)
    with zipfile.ZipFile(file) as archive:
        manifest = json.loads(archive.read(MANIFEST))
    assert (manifest["format"], manifest["study"]) == (1, "tuin")
    assert set(manifest["files"]) == names(file) - {MANIFEST}
