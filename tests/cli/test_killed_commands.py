"""Commands that change coding, killed at each of their file operations: the next run ends the same,
and nothing is left over."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from commands import done, snapshot, themecoder
from garden_study import CONFIG
from killed import killed_everywhere, left_over
from shipped import copy_shipped

pytestmark = [pytest.mark.slow, pytest.mark.long(60)]


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped study with the coding of one question, after a merge was released."""
    study = copy_shipped(tmp_path_factory.mktemp("gewijzigd") / "studie")
    why = ("--why", "te veel gelijk")
    done(study, "codebook", "merge", "te_menselijk", "--into", "onpersoonlijk", *why)
    exclude = ("--exclude", "Vriendelijke toon: onpersoonlijk", "--wording")
    done(study, "codebook", "redefine", "echo_in_plaats_van_spiegel", *exclude, *why)
    done(study, "codebook", "release")
    for folder in sorted((study / "annotations").glob("q*/"))[1:]:
        shutil.rmtree(folder)
    return study


def result(study: Path) -> dict[str, bytes]:
    """All files but caches and the dated copies."""
    apart = (".themecoder/", "backups/")
    return {path: data for path, data in snapshot(study).items() if not path.startswith(apart)}


@pytest.mark.parametrize(
    "words", [("migrate", "--apply"), ("disagreements", "--accept", "unanimous")], ids=" ".join
)
def test_killed_anywhere_the_next_run_ends_the_same(
    released: Path, tmp_path: Path, words: tuple[str, ...]
) -> None:
    before, whole, study = (tmp_path / name for name in ("voor", "heel", "studie"))
    shutil.copytree(released, before)
    if words[0] != "migrate":  # decided is what is coded under the newest version
        done(before, "migrate", "--apply")
    shutil.copytree(before, whole)
    done(whole, *words)
    want = result(whole)
    assert want != result(before)

    def fresh() -> None:
        shutil.rmtree(study, ignore_errors=True)
        shutil.copytree(before, study)

    for k in killed_everywhere(fresh, lambda: done(study, *words)):
        done(study, *words)
        assert result(study) == want, k
        assert left_over(study) == [], k


def test_a_release_killed_anywhere_is_there_whole_after_the_next(tmp_path: Path) -> None:
    before, whole, study = (tmp_path / name for name in ("voor", "heel", "studie"))
    before.mkdir()
    (before / "study.toml").write_text(f'{CONFIG}[codebook]\nid = "tuin"\n', encoding="utf-8")
    (before / "enquete.csv").write_text("nr;q1\n1;rozen\n", encoding="utf-8")
    why = ("--why", "komt voor")
    done(before, "codebook", "add", "bloem", "--label", "Bloem", "--definition", "Wat bloeit", *why)
    done(before, "codebook", "release")
    done(before, "codebook", "redefine", "bloem", "--definition", "Alles wat bloeit", *why)
    shutil.copytree(before, whole)
    done(whole, "codebook", "release")
    want = result(whole)

    def fresh() -> None:
        shutil.rmtree(study, ignore_errors=True)
        shutil.copytree(before, study)

    ends = set()
    for k in killed_everywhere(fresh, lambda: done(study, "codebook", "release")):
        again = themecoder(study, "codebook", "release")
        # the killed one may have got so far that nothing new is left to release
        assert again.returncode == 0 or "2.0.0" in again.stderr, again.stderr
        ends.add(again.returncode)
        assert result(study) == want, k
        assert left_over(study) == [], k
    assert ends == {0, 2}
