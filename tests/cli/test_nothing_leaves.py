"""What identifies people stays in ``data/`` and ``.themecoder/``; a study keeps to its owner."""

from __future__ import annotations

import base64
import gzip
import io
import shutil
import sqlite3
import subprocess
import zipfile
from pathlib import Path

import pytest

import marked_study
from commands import done
from marked_study import DETAILS, QUESTIONS, details_in, details_in_file, outside
from shipped import copy_shipped, made_once
from themecoder.study import Study

pytestmark = [pytest.mark.slow, pytest.mark.long(300)]
SUFFIXES = {
    ".csv",
    ".xlsx",
    ".docx",
    ".tex",
    ".sav",
    ".html",
    ".json",
    ".jsonl",
    ".md",
    ".qdc",
    ".qdpx",
    ".xml",
}


@pytest.fixture(scope="module")
def worked_out(run_folder: Path) -> Path:
    def make(folder: Path) -> None:
        marked_study.make_marked(folder)
        marked_study.work_out(folder)
        marked_study.hand_over(folder)

    return made_once(run_folder / "marked", make)


def test_the_search_finds_what_is_packed(tmp_path: Path) -> None:
    name = "Fatima Yildiz"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as document:
        document.writestr("word/document.xml", "<w:t>Fatima </w:t><w:t>Yildiz</w:t>")
    file = tmp_path / "kast.sqlite"
    with sqlite3.connect(file) as store:
        store.execute("CREATE TABLE t (a)")
        store.execute("INSERT INTO t VALUES (?)", (f"bij {name}",))
    inside = base64.b64encode(gzip.compress(f"{name} helpt mij elke dag en elke week".encode()))
    for data in (packed.getvalue(), file.read_bytes(), b"data:" + inside, b"Fatima&#32;Yildiz"):
        assert details_in(data, [name]) == {name}
    assert details_in(b"Fatima belt", [name]) == set()


def test_no_detail_leaves_the_marked_study(worked_out: Path) -> None:
    study = Study.open(worked_out)
    raw = (worked_out / "data" / "survey.csv").read_bytes()
    assert details_in(raw, DETAILS) == set(DETAILS)
    for text in study.masked_texts().values():
        assert details_in(text.masked.encode(), DETAILS) == set(), "masking knows them all"
    files = outside(worked_out)
    assert {file.suffix for file in files} >= SUFFIXES
    quotes = b"".join(
        file.read_bytes() for file in files if file.parent.parent.name == "annotations"
    )
    assert quotes.count(b"[NAAM]") > 50, "coders marked details"
    assert quotes.count(b"elders.xlsx") > 10, "coding came from elsewhere"
    leaked = {
        str(file.relative_to(worked_out)): sorted(found)
        for file in files
        if (found := details_in_file(file, DETAILS))
    }
    assert leaked == {}
    sent = marked_study.sent_to_the_server(worked_out)
    assert "[NAAM]" in sent
    assert details_in(sent.encode(), DETAILS) == set()


def test_every_file_is_its_owners(worked_out: Path) -> None:
    modes = {
        str(path.relative_to(worked_out)): oct(path.stat().st_mode & 0o777)
        for path in worked_out.rglob("*")
    }
    wanted = {name: oct(0o700 if (worked_out / name).is_dir() else 0o600) for name in modes}
    assert modes == wanted
    assert worked_out.stat().st_mode & 0o007 == 0


def test_git_gets_no_answer_and_no_secret(worked_out: Path, tmp_path: Path) -> None:
    study = tmp_path / "studie"
    shutil.copytree(worked_out, study)
    secret = "een-geheim-van-de-server"
    for file in ("accounts.json", "owner.json", "server.log", "data/.env"):
        (study / "server" / file).parent.mkdir(parents=True, exist_ok=True)
        (study / "server" / file).write_text(secret, encoding="utf-8")
    (study / "backups" / "server").mkdir()
    (study / "backups" / "server" / "2026-01-01-start.sqlite3").write_text(secret, "utf-8")
    opened = Study.open(study)
    texts = [answer.text for question in QUESTIONS for answer in opened.answers(question)]
    assert all(details_in(text.encode(), DETAILS) for text in texts), "none may be staged as it is"
    git = ["git", "-C", str(study)]
    subprocess.run([*git, "init", "-q"], check=True)
    subprocess.run([*git, "add", "-A"], check=True)
    staged = subprocess.run([*git, "ls-files"], check=True, capture_output=True, text=True).stdout
    names = staged.splitlines()
    assert "study.toml" in names and any(name.startswith("annotations/q1/") for name in names)
    forbidden = ("data/", ".themecoder/", "server/", "backups/", "reports/internal/")
    assert [name for name in names if name.startswith(forbidden)] == []
    for name in names:
        assert details_in_file(study / name, DETAILS) == set(), name
        data = (study / name).read_bytes()
        assert secret.encode() not in data, name
        assert not [text for text in texts if text.encode() in data], name


@pytest.mark.timeout(1200)
def test_no_detail_leaves_the_shipped_study(tmp_path: Path, mined_once: Path) -> None:
    study = copy_shipped(tmp_path / "studie", quoted=True, warm=mined_once)
    done(study, "run", "--accept-partial", "--resamples", "100")
    done(study, "disagreements", "--accept", "unanimous", "--accept", "majority")
    done(study, "counts", *(f"--format={one}" for one in ("xlsx", "docx", "sav", "matrix")))
    done(study, "quotes", "--all")
    done(study, "suggestions")
    done(study, "suggestions", "--report")
    done(study, "claims")
    done(study, "plan", "--double", "20%")
    done(study, "coding", "sheet", "--with", "all")
    for ending in ("xlsx", "csv", "json", "qdpx", "sav"):
        done(study, "coding", "export", f"coding.{ending}", "--with", "all")
    done(study, "coding", "import", str(study / "reports/internal/coding.qdpx"), "--apply")
    merged = ("wachttijd_overbrugging", "--into", "altijd_beschikbaar")
    done(study, "codebook", "whatif", "merge", *merged)
    texts = Study.open(study).masked_texts().values()
    details = {mask.text for text in texts for mask in text.masks}
    assert len(details) > 40
    leaked = {
        str(file.relative_to(study)): sorted(found)
        for file in outside(study)
        if (found := details_in_file(file, details))
    }
    assert leaked == {}
