"""A study at revisions in git: real repositories, also those that can't be read."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

import pytest

from git_studies import code, commit, git, made, survey
from themecoder.compare.state_differences import StateDifferences
from themecoder.errors import InputError, Problem
from themecoder.messages import LANGUAGES, render
from themecoder.study import Study


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """A study in a repository, with one commit."""
    git(tmp_path, "init", "-q", "studie")
    folder = made(tmp_path / "studie")
    commit(folder)
    return folder


def refused(folder: Path, *revisions: str) -> list[Problem]:
    with pytest.raises(InputError) as caught:
        Study.open(folder).diff(*revisions)
    for problem in caught.value.problems:
        assert all(render(problem, language) for language in LANGUAGES)
    return caught.value.problems


def keys(folder: Path, *revisions: str) -> list[str]:
    return [problem.key for problem in refused(folder, *revisions)]


def told(found: StateDifferences) -> list[str]:
    return sorted(
        f"{row.code} {row.n[0]}/{row.base[0]} {row.n[1]}/{row.base[1]} "
        + " ".join(
            f"{'+' if m.joined else '-'}{m.respondent}:{','.join(m.reasons)}" for m in row.movers
        )
        for row in found.count_changes.rows
    )


def snapshot(folder: Path) -> dict[str, bytes]:
    return {str(f.relative_to(folder)): f.read_bytes() for f in folder.rglob("*") if f.is_file()}


def test_what_is_not_committed_yet_is_the_later_side(study: Path) -> None:
    opened = Study.open(study)
    assert not opened.diff().count_changes.anything
    code(study, "anna", {1: "een", 2: "een twee"})
    found = Study.open(study).diff()
    assert told(found) == ["een 1/2 2/2 +2:coding", "twee 0/2 1/2 +2:coding"]
    assert (found.before.revision, found.after.revision) == ("HEAD", "")
    assert found.before.commit == git(study, "rev-parse", "HEAD").strip()
    commit(study)
    assert not Study.open(study).diff().count_changes.anything
    assert told(Study.open(study).diff("HEAD~1", "HEAD")) == told(found)


def test_a_new_export_is_data(study: Path) -> None:
    survey(study, "1,a,ja hoor", "2,b,", "3,a,zeker", "4,a,dan wel")
    code(study, "anna", {1: "een", 3: "een", 4: "twee"})
    found = Study.open(study).diff()
    assert told(found) == ["een 1/2 2/3 +3:data", "twee 0/2 1/3 +4:data"]
    (answers,) = found.answers
    assert (answers.new, answers.gone) == (("3:q1", "4:q1"), ("2:q1",))
    (base,) = found.count_changes.bases
    assert [(m.respondent, m.joined) for m in base.movers] == [
        ("2", False),
        ("3", True),
        ("4", True),
    ]


def test_another_line_end_in_the_folder_is_no_change(study: Path) -> None:
    file = study / "data" / "survey.csv"
    file.write_text('nr,soort,q1\n1,a,"ja\nhoor"\n2,a,nee toch\n', encoding="utf-8", newline="")
    commit(study)
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    found = Study.open(study).diff()
    assert not found.answers and not found.count_changes.anything


def test_another_rule_in_study_toml_is_no_data(study: Path) -> None:
    file = study / "study.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace('"soort=a"', '"soort=a and nr<2"'), encoding="utf-8")
    code(study, "anna", {1: "een"})
    (base,) = Study.open(study).diff().count_changes.bases
    assert (base.n, [m.reasons for m in base.movers]) == ((2, 1), [("base",)])


def test_an_export_outside_git_is_read_where_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    git(tmp_path, "init", "-q", "bewaard")
    folder = made(tmp_path / "bewaard" / "onderzoek" / "ggz")  # a folder of the repository
    (folder / ".gitignore").write_text("data/\n", encoding="utf-8")
    commit(tmp_path / "bewaard")
    code(folder, "anna", {1: "", 2: "een"})
    status = git(folder, "status", "--porcelain")
    before = snapshot(tmp_path / "bewaard")
    found = Study.open(folder).diff()
    assert told(found) == ["een 1/2 1/2 -1:coding +2:coding"]
    assert found.notes == (("export_here", {"revision": "HEAD", "file": "data/survey.csv"}),)
    with Study.open(folder).at_revision("HEAD") as old:
        assert (old.paths.root / "study.toml").is_file()
        # a confidential file is copied nowhere
        assert [f.name for f in temporary.rglob("*.csv")] == []
        assert old.coded("q1", old.source()).codes["1"] == {"een"}
    assert list(temporary.iterdir()) == []
    assert snapshot(tmp_path / "bewaard") == before
    assert git(folder, "status", "--porcelain") == status


def test_an_export_of_another_name_that_is_nowhere_is_named(study: Path) -> None:
    git(study, "rm", "-q", "--cached", "data/survey.csv")
    git(study, "commit", "-qm", "export uit git")
    (study / "data" / "survey.csv").rename(study / "data" / "golf2.csv")
    file = study / "study.toml"
    text = file.read_text(encoding="utf-8").replace("survey.csv", "golf2.csv")
    file.write_text(text, encoding="utf-8")
    (problem,) = refused(study)
    assert (problem.key, problem.file) == ("diff.no_export", "HEAD:study.toml")
    assert problem.params["name"] == "data/survey.csv"
    assert not Study.open(study).diff("HEAD~1").count_changes.anything  # there it is in git


def test_damaged_files_are_all_told_with_revision_and_line(study: Path) -> None:
    file = study / "annotations" / "q1" / "anna.jsonl"
    text = file.read_text(encoding="utf-8")
    file.write_text(text + "{kapot\n", encoding="utf-8")
    code(study, "bert", {1: "een"})
    other = study / "annotations" / "q1" / "bert.jsonl"
    other.write_text(other.read_text(encoding="utf-8").replace("bert", "carla"), encoding="utf-8")
    commit(study)
    file.write_text(text, encoding="utf-8")
    found = [(problem.key, problem.file, problem.row) for problem in refused(study)]
    assert found == [
        ("annotations.not_json", "HEAD:annotations/q1/anna.jsonl", 3),
        ("annotations.other_coder", "HEAD:annotations/q1/bert.jsonl", 1),
        ("annotations.other_coder", other, 1),
    ]
    assert not Study.open(study).diff("HEAD~1", "HEAD~1").count_changes.anything


def test_a_damaged_study_toml_is_told_with_revision_and_line(study: Path) -> None:
    file = study / "study.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text + "kleur = 1\n[survey]\n", encoding="utf-8")
    commit(study)
    file.write_text(text.replace('"q1"', '"q1"\nkleur = 1'), encoding="utf-8")
    commit(study)
    file.write_text(text, encoding="utf-8")
    for revision, key in (("HEAD", "study.unknown_key"), ("HEAD~1", "study.not_toml")):
        (problem,) = refused(study, revision)
        assert (problem.key, problem.file) == (key, f"{revision}:study.toml")
        assert problem.row


def test_what_git_does_not_have(tmp_path: Path, study: Path) -> None:
    for name in ("bestaat-niet", "HEAD~9", "--all", "HEAD:study.toml", "", "a b"):
        assert keys(study, name or " ") == ["diff.no_revision"]
    loose = made(tmp_path / "los")
    assert keys(loose) == ["diff.no_repository"]
    git(loose, "init", "-q")
    assert keys(loose) == ["diff.no_revision"]
    (loose / "ander").write_text("x", encoding="utf-8")
    git(loose, "add", "ander")
    git(loose, "commit", "-qm", "nog geen studie")
    assert keys(loose) == ["diff.no_study"]


def test_without_git(study: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(study))
    assert keys(study) == ["diff.no_git"]


def test_a_shallow_clone_says_how_to_get_the_rest(tmp_path: Path, study: Path) -> None:
    code(study, "anna", {1: ""})
    commit(study)
    git(tmp_path, "clone", "-q", "--depth", "1", study.as_uri(), "ondiep")
    assert keys(tmp_path / "ondiep", "HEAD~1") == ["diff.not_in_shallow"]
    assert not Study.open(tmp_path / "ondiep").diff("HEAD").count_changes.anything


def test_a_partial_clone_fetches_nothing(tmp_path: Path, study: Path) -> None:
    git(study, "config", "uploadpack.allowFilter", "true")
    code(study, "anna", {1: ""})
    commit(study)
    git(tmp_path, "clone", "-q", "--filter=blob:none", study.as_uri(), "deel")
    assert set(keys(tmp_path / "deel", "HEAD~1")) == {"diff.not_here"}
    assert not Study.open(tmp_path / "deel").diff("HEAD").count_changes.anything


def test_a_file_of_git_lfs_is_read_from_this_clone_or_asked_for(study: Path) -> None:
    file = study / "data" / "survey.csv"
    content = file.read_bytes()
    oid = hashlib.sha256(content).hexdigest()
    pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{oid}\nsize {len(content)}\n"
    file.write_text(pointer, encoding="utf-8")
    commit(study)
    file.write_bytes(content)
    (problem,) = refused(study)
    assert (problem.key, problem.file) == ("diff.lfs", "HEAD:data/survey.csv")
    kept = study / ".git" / "lfs" / "objects" / oid[:2] / oid[2:4] / oid
    kept.parent.mkdir(parents=True)
    kept.write_bytes(content)
    assert not Study.open(study).diff().count_changes.anything


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_links_and_submodules_are_no_files(tmp_path: Path, study: Path) -> None:
    git(tmp_path, "init", "-q", "andere")
    (tmp_path / "andere" / "anna.jsonl").write_text("", encoding="utf-8")
    commit(tmp_path / "andere")
    (study / "annotations").rename(study / "codering")
    (study / "annotations").symlink_to("codering")
    commit(study)
    (problem,) = refused(study)
    assert (problem.key, problem.file) == ("diff.no_file_in_git", "HEAD:annotations")
    (study / "annotations").unlink()
    git(study, "rm", "-q", "--cached", "annotations")
    git(study, "submodule", "add", "-q", (tmp_path / "andere").as_uri(), "annotations")
    commit(study)
    assert keys(study) == ["diff.no_file_in_git"]


def test_coding_of_answers_that_are_gone_is_left_out_and_told(study: Path) -> None:
    code(study, "anna", {1: "een", 9: "een"})
    commit(study)
    found = Study.open(study).diff("HEAD~1", "HEAD")
    assert not found.count_changes.anything
    assert found.notes == (("unknown_answers", {"n": 1, "revision": "HEAD"}),)


def test_the_first_coding_is_new_coding_and_no_other_source(study: Path) -> None:
    file = study / "annotations" / "q1" / "anna.jsonl"
    text = file.read_text(encoding="utf-8")
    file.unlink()
    commit(study)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    found = Study.open(study).diff()
    assert told(found) == ["een 0/2 1/2 +1:coding"]
    assert found.before.source == found.after.source == "decided"
    code(study, "bert", {1: "twee"})
    assert Study.open(study).diff(source="coder:bert").before.source == "coder:bert"
    with pytest.raises(InputError):
        Study.open(study).diff(source="coder:niemand")
    with pytest.raises(InputError):
        Study.open(study).diff(questions=["q9"])


def test_a_study_without_a_codebook_then(study: Path) -> None:
    file = study / "study.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace('[codebook]\nid = "b"\n', ""), encoding="utf-8")
    commit(study)
    file.write_text(text, encoding="utf-8")
    found = Study.open(study).diff()
    assert (found.before.codebook, found.after.codebook) == ("", "1.0.0")
    assert told(found) == ["een 0/2 1/2 +1:codebook"]
