"""The codebook of the shipped study through the command line: changed, released, migrated."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path

import pytest

from commands import done, in_own_process, snapshot, themecoder
from shipped import copy_shipped

pytestmark = [pytest.mark.slow, pytest.mark.long(30)]
CHANGES = (
    ("merge", "te_menselijk", "--into", "onpersoonlijk", "--why", "niet uit elkaar te houden"),
    (
        "add",
        "privacy_opslag",
        "--label",
        "Opslag van gegevens",
        "--group",
        "risico",
        "--definition",
        "Opslag en gebruik van wat iemand schrijft.",
        "--why",
        "deel van privacy",
    ),
    (
        "add",
        "privacy_meelezen",
        "--label",
        "Meelezen",
        "--group",
        "risico",
        "--definition",
        "Bedrijven of bekenden lezen mee.",
        "--why",
        "deel van privacy",
    ),
    (
        "split",
        "privacy",
        "--into",
        "privacy_opslag",
        "--into",
        "privacy_meelezen",
        "--why",
        "twee zorgen",
    ),
    ("redefine", "onbegrensd_gebruik", "--definition", "Er zit geen rem op.", "--why", "ruimer"),
    (
        "redefine",
        "echo_in_plaats_van_spiegel",
        "--exclude",
        "Vriendelijke toon: onpersoonlijk",
        "--wording",
        "--why",
        "te_menselijk is samengevoegd",
    ),
    (
        "redefine",
        "beangstigend",
        "--exclude",
        "Als dat de reden is: privacy_opslag, privacy_meelezen, foutief_schadelijk",
        "--wording",
        "--why",
        "privacy is gesplitst",
    ),
)


@pytest.fixture
def study(tmp_path: Path) -> Path:
    return copy_shipped(tmp_path / "studie")


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped study after a merge, a split and a redefinition were released as 2.0.0."""
    study = copy_shipped(tmp_path_factory.mktemp("gewijzigd") / "studie")
    for words in CHANGES:
        done(study, "codebook", *words)
    assert "2.0.0" in done(study, "codebook", "release")
    return study


def coding(study: Path) -> dict[tuple[str, str], dict[str, object]]:
    return {
        (line["answer_id"], line["coder"]): line
        for file in sorted((study / "annotations").glob("*/*.jsonl"))
        for line in map(json.loads, file.read_text(encoding="utf-8").splitlines())
    }


def test_the_shipped_codebook_checks_and_shows(study: Path) -> None:
    done(study, "codebook", "check")
    table = done(study, "codebook", "show")
    assert "echo_in_plaats_van_spiegel" in table
    assert len(json.loads(done(study, "codebook", "show", "--json"))["codes"]) == 31
    done(study, "codebook", "show", "--html")
    assert "echo_in_plaats_van_spiegel" in (study / "reports" / "codebook.html").read_text("utf-8")
    assert done(study, "codebook", "diff", "1.0.0", "1.0.0", "--json").strip() == "[]"
    assert "privacy" in done(study, "codebook", "log", "privacy")


def test_what_was_changed_is_told_code_by_code(released: Path) -> None:
    found = json.loads(done(released, "codebook", "diff", "1.0.0", "2.0.0", "--json"))
    assert Counter(one["what"] for one in found) == Counter(
        {"added": 2, "merged": 1, "split": 1, "definition": 1, "exclude": 2}
    )
    assert all(one["why"] for one in found)
    versions = json.loads(done(released, "codebook", "log", "privacy", "--json"))["versions"]
    assert [one["version"] for one in versions] == ["1.0.0", "2.0.0"]
    changelog = (released / "codebooks" / "mind-genai" / "CHANGELOG.md").read_text("utf-8")
    assert changelog.index("## 2.0.0") < changelog.index("twee zorgen") < changelog.index("## 1.0")


def test_migration_on_the_shipped_study_explains_every_answer_that_moves(
    released: Path, tmp_path: Path
) -> None:
    study = tmp_path / "studie"
    shutil.copytree(released, study)
    before, files = coding(study), snapshot(study / "annotations")

    text = done(study, "migrate", "--explain")
    plain = json.loads(done(study, "migrate", "--json"))
    assert snapshot(study / "annotations") == files, "without --apply nothing is written"
    assert plain["codings"] == plain["carried"] == len(before) == 1698
    n_codes = sum(len(one["codes"]) for one in before.values())  # type: ignore[arg-type]
    fates = {name: plain[name] for name in ("same", "merged", "retired", "queued")}
    assert sum(fates.values()) == n_codes
    assert fates["merged"] and fates["queued"] and not fates["retired"]

    done(study, "migrate", "--apply")
    after = coding(study)
    assert set(after) == set(before)
    moved = {(m["answer_id"], m["coder"], m["code"]): m for m in plain["moved"]}
    for key, old in before.items():
        new = after[key]
        became = {"te_menselijk": "onpersoonlijk"}
        codes = {became.get(code, code) for code in old["codes"]}  # type: ignore[attr-defined]
        assert set(new["codes"]) == codes  # type: ignore[call-overload]
        spans = {
            (became.get(q["code"], q["code"]), q["start"], q["end"], q["text"])
            for q in old["quotes"]
        }  # type: ignore[attr-defined]
        assert {tuple(q.values()) for q in new["quotes"]} == spans  # type: ignore[attr-defined]
        assert new["codebook"] == "2.0.0"
        assert new["source"]["carried"]["from"] == "1.0.0"  # type: ignore[index]
        changed = {"te_menselijk", "privacy", "onbegrensd_gebruik"} & set(old["codes"])  # type: ignore[call-overload]
        for code in changed:
            assert (*key, code) in moved
            assert key[0] in text

    # the counts that change do so by what the list of moved answers says
    retired_now = {"te_menselijk", "privacy"}
    for row in plain["counts"]:
        place = (row["question"], row["coder"])
        here = [
            m for m in plain["moved"] if (m["answer_id"].partition(":")[2], m["coder"]) == place
        ]
        if row["code"] in retired_now:
            left = sum(m["code"] == row["code"] for m in here)
            assert (row["before"], row["after"]) == (left, 0)
        else:
            came = [m for m in here if m["now"] == row["code"] != m["code"]]
            both = sum(
                row["code"] in before[m["answer_id"], m["coder"]]["codes"]  # type: ignore[operator]
                for m in came
            )
            assert row["after"] - row["before"] == len(came) - both

    with (study / "annotations" / "queue.csv").open(encoding="utf-8-sig", newline="") as handle:
        queue = list(csv.DictReader(handle))
    assert {row["code"] for row in queue} == {"privacy", "onbegrensd_gebruik"}
    assert len(queue) == fates["queued"] == len(plain["queue"])
    assert {row["into"] for row in queue if row["code"] == "privacy"} == {
        "privacy_opslag privacy_meelezen"
    }
    (backup,) = (study / "backups").iterdir()
    assert snapshot(backup) == files

    applied = snapshot(study / "annotations")
    done(study, "migrate", "--apply")
    assert snapshot(study / "annotations") == applied, "a second run changes nothing"
    assert len(list((study / "backups").iterdir())) == 1


def test_a_migration_killed_between_two_files_is_finished_by_the_next(
    released: Path, tmp_path: Path
) -> None:
    whole, cut = tmp_path / "heel", tmp_path / "half"
    for folder in (whole, cut):
        shutil.copytree(released, folder)
    migrated = in_own_process(whole, "migrate", "--apply")
    assert migrated.returncode == 0, migrated.stderr
    script = (
        "import os, sys\nfrom pathlib import Path\n"
        "replace, count = Path.replace, 0\n"
        "def counted(self, target):\n"
        "    global count\n"
        "    if str(target).endswith('.jsonl'):\n"
        "        if count == 4:\n            os.kill(os.getpid(), 9)\n"
        "        count += 1\n"
        "    return replace(self, target)\n"
        "Path.replace = counted\n"
        "from themecoder import Study\nStudy.open(sys.argv[1]).migrate(apply=True)\n"
    )
    killed = subprocess.run([sys.executable, "-c", script, str(cut)], check=False)
    assert killed.returncode == -9
    assert {line["codebook"] for line in coding(cut).values()} == {"1.0.0", "2.0.0"}
    done(cut, "migrate", "--apply")
    kept = {
        name: data for name, data in snapshot(cut / "annotations").items() if ".part" not in name
    }
    assert kept == snapshot(whole / "annotations")


def test_damaged_coding_stops_a_migration_with_all_problems(released: Path, tmp_path: Path) -> None:
    study = tmp_path / "studie"
    shutil.copytree(released, study)
    first, second = sorted((study / "annotations").glob("*/*.jsonl"))[:2]
    text = first.read_text(encoding="utf-8").replace('"1.0.0"', '"1.0.9"', 1)
    first.write_text(text + "{\n", encoding="utf-8")
    second.write_text(second.read_text(encoding="utf-8").replace('"coded"', '"af"', 1), "utf-8")
    before = snapshot(study / "annotations")
    found = themecoder(study, "migrate", "--apply")
    assert found.returncode == 2
    assert "Traceback" not in found.stderr
    assert first.name in found.stderr and second.name in found.stderr
    assert snapshot(study / "annotations") == before
    assert not (study / "backups").exists()


def test_two_people_at_once_lose_nothing(study: Path) -> None:
    """Ten commands at the same moment: each says that it did it, or that it did not."""
    found: dict[str, int] = {}

    def work(number: int) -> None:
        words = (
            "add",
            f"nieuw_{number}",
            "--label",
            f"Nieuw {number}",
            "--group",
            "rest",
            "--definition",
            "Iets.",
            "--why",
            "gemist",
        )
        found[f"nieuw_{number}"] = in_own_process(study, "codebook", *words).returncode

    threads = [threading.Thread(target=work, args=(n,)) for n in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    codes = json.loads(done(study, "codebook", "show", "draft", "--json"))["codes"]
    there = {code["id"] for code in codes if code["id"].startswith("nieuw_")}
    assert there == {code for code, status in found.items() if status == 0}
    assert set(found.values()) <= {0, 2}
    assert there


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (("show", "3.0.0"), 2, "3.0.0"),
        (("check", "3.0.0"), 2, "3.0.0"),
        (("diff", "1.0.0", "9"), 2, "9"),
        (("rename", "privaci", "X", "--why", "w"), 2, "privacy"),
        (("rename", "privacy", "X"), 2, "--why"),
        (("merge", "privacy", "--into", "privacy", "--why", "w"), 2, "privacy"),
        (("split", "privacy", "--into", "overig", "--why", "w"), 2, "--into"),
        (("log", "privaci"), 2, "privacy"),
        (("release",), 2, "1.0.0"),
        (("release", "--date", "morgen"), 2, "morgen"),
        (("adopt", "q7", "1", "--new"), 2, "mine"),
        (("adopt", "q7", "1"), 2, "--as"),
        (("adopt", "q99", "1", "--new"), 2, "q99"),
        (("export", "boek.docx"), 2, ".docx"),
        (("export", "boek.csv", "--for", "nvivo"), 2, "maxqda"),
        (("import", "weg.qdc"), 2, "weg.qdc"),
    ],
)
def test_what_does_not_fit_is_refused(
    study: Path, words: tuple[str, ...], status: int, said: str
) -> None:
    before = snapshot(study / "codebooks")
    found = themecoder(study, "codebook", *words)
    assert (found.returncode, "Traceback" in found.stderr) == (status, False)
    assert said in found.stderr
    assert snapshot(study / "codebooks") == before


def test_a_study_without_a_codebook_is_told_how_to_begin(study: Path) -> None:
    shutil.rmtree(study / "codebooks")
    shutil.rmtree(study / "annotations")
    for words in (("check",), ("show",), ("release",), ("log", "x"), ("export", "a.qdc")):
        found = themecoder(study, "codebook", *words)
        assert found.returncode == 2, words
        assert "themecoder codebook" in found.stderr
    assert themecoder(study, "migrate").returncode == 2
    assert not (study / "codebooks").exists()
    add = ("add", "eerste", "--label", "Eerste", "--definition", "Iets.", "--why", "begin")
    done(study, "codebook", *add)
    assert "1.0.0" in done(study, "codebook", "release", "--date", "2026-01-31")
    assert "2026-01-31" in done(study, "codebook", "show")
