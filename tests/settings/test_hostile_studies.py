"""A study that comes from somebody else reads nothing outside its folder and takes no hours."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from commands import called
from themecoder.errors import InputError
from themecoder.expressions import parse
from themecoder.expressions.matching import PatternSearch
from themecoder.settings.inside import ALLOW_OUTSIDE
from themecoder.storage.yaml_text import load_yaml
from themecoder.survey.init_study import init_study
from themecoder.workspace.folder import StudyFolder

STUDY = """id = "h"
title = "H"
[survey]
file = "{file}"
id = "id"
[[questions]]
id = "q1"
text = "Wat vindt u?"
"""


@pytest.fixture
def study(tmp_path: Path) -> Path:
    folder = tmp_path / "study"
    (folder / "data").mkdir(parents=True)
    for place in (folder / "data", tmp_path):
        (place / "survey.csv").write_text("id;q1\n1;goed\n2;slecht\n", encoding="utf-8")
    (folder / "study.toml").write_text(STUDY.format(file="data/survey.csv"), encoding="utf-8")
    return folder


def problems(study: Path) -> list[str]:
    try:
        StudyFolder.open(study)
    except InputError as error:
        return [problem.key for problem in error.problems]
    return []


def test_a_path_that_leads_out_is_refused_unless_the_person_allows_it(
    study: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ALLOW_OUTSIDE, "")
    assert problems(study) == []
    for file in ("../survey.csv", str(study.parent / "survey.csv"), "data/../../survey.csv"):
        text = STUDY.format(file=Path(file).as_posix())
        (study / "study.toml").write_text(text, encoding="utf-8")
        assert problems(study) == ["study.outside"], file
        told = called("import", "--study", str(study))
        assert told.returncode == 2
        assert "--allow-outside" in told.stderr
        assert str((study.parent / "survey.csv").resolve()) in told.stderr
    assert called("--allow-outside", "import", "--study", str(study)).returncode == 0


@pytest.mark.parametrize("key", ["template", "template_docx"])
def test_a_template_outside_is_refused(study: Path, key: str) -> None:
    with (study / "study.toml").open("a", encoding="utf-8") as handle:
        handle.write(f'[report]\n{key} = "../secret.html"\n')
    assert problems(study) == ["study.outside"]


@pytest.mark.parametrize("place", ["data/more.csv", "quotes.yaml", "reports", "annotations/q1"])
def test_a_link_that_leads_out_is_refused(study: Path, place: str) -> None:
    link = study / place
    link.parent.mkdir(exist_ok=True)
    try:
        link.symlink_to(study.parent / "elsewhere")
    except OSError:
        pytest.skip("this system lets nobody make links")
    assert problems(study) == ["study.link_outside"]
    link.unlink()
    link.symlink_to(study / "data", target_is_directory=True)
    assert problems(study) == [], "a link within the study is the study's own affair"


def test_init_copies_an_export_from_elsewhere(tmp_path: Path) -> None:
    export = tmp_path / "downloads" / "export.csv"
    export.parent.mkdir()
    export.write_text("id;mening\n1;heel goed\n2;slecht\n", encoding="utf-8")
    made = init_study(export, tmp_path / "study")
    assert made.copied == (tmp_path / "study" / "data" / "export.csv",)
    assert made.copied[0].read_bytes() == export.read_bytes()
    assert 'file = "data/export.csv"' in made.file.read_text(encoding="utf-8")
    assert problems(tmp_path / "study") == []
    export.write_text("id;mening\n1;anders\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        init_study(export, tmp_path / "study", force=True)
    assert caught.value.problems[0].key == "cli.init.other_data"
    assert "heel goed" in made.copied[0].read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["con", "NUL", "Aux", "com1", "lpt9", "nul.txt", "prn.a.b"])
def test_names_of_devices_are_no_ids(study: Path, name: str) -> None:
    text = STUDY.format(file="data/survey.csv")
    places = [
        text + f'[coding]\ncoders = ["{name}"]\n',
        text + f'[codebook]\nid = "{name}"\n',
        text.replace('id = "q1"', f'id = "{name}"'),
    ]
    for changed in places:
        (study / "study.toml").write_text(changed, encoding="utf-8")
        assert "study.device_name" in problems(study)


@pytest.mark.parametrize("name", ["a.", "a ", " a", ".a", "a/b", "a:b"])
def test_names_that_a_system_changes_are_no_ids(study: Path, name: str) -> None:
    text = STUDY.format(file="data/survey.csv") + f'[coding]\ncoders = ["{name}"]\n'
    (study / "study.toml").write_text(text, encoding="utf-8")
    assert problems(study) == ["study.bad_id"]


@pytest.mark.parametrize("name", ["console", "nullen", "com", "com10", "auxilia"])
def test_names_that_only_begin_like_a_device_are_ids(study: Path, name: str) -> None:
    text = STUDY.format(file="data/survey.csv") + f'[coding]\ncoders = ["{name}"]\n'
    (study / "study.toml").write_text(text, encoding="utf-8")
    assert problems(study) == []


def bomb(levels: int) -> str:
    lines = ["a0: &a0 [" + ", ".join(["x"] * 9) + "]"]
    lines += [f"a{n}: &a{n} [" + ", ".join([f"*a{n - 1}"] * 9) + "]" for n in range(1, levels)]
    return "\n".join([*lines, f"title: *a{levels - 1}", ""])


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (bomb(6), "references stand for"),
        (bomb(40), "references stand for"),
        ("a: &a [*a]\n", "references stand for"),
        ("a: &a {b: *a}\n", "references stand for"),
        ("[" * 500 + "*a", "nested too deeply"),
        ("[" * 200_000, "nested too deeply"),
        ("[\n" * 200_000, "nested too deeply"),
        ("- " * 200_000, "nested too deeply"),
        ("\n".join(" " * n + f"a{n}:" for n in range(1000)), "nested too deeply"),
    ],
    ids=range(9),
)
def test_yaml_that_grows_without_end_is_refused_at_once(text: str, reason: str) -> None:
    started = time.perf_counter()
    with pytest.raises(InputError) as caught:
        load_yaml(text, Path("draft.yaml"), "codebook")
    assert reason in str(caught.value.problems[0].params["reason"])
    assert time.perf_counter() - started < 20


def test_references_that_people_use_are_read() -> None:
    data = load_yaml("a: &a {b: 1}\nc: *a\nd: [*a, *a]\n", Path("draft.yaml"), "codebook")
    assert data["d"][1]["b"] == 1
    assert load_yaml(bomb(3), Path("draft.yaml"), "codebook")["title"][8][8][8] == "x"


@pytest.mark.parametrize("times", [3, 7, 10])
def test_a_pattern_that_took_hours_takes_no_time(times: int) -> None:
    """Python's own matcher takes a minute for five of them in a row, and 21 for six."""
    started = time.perf_counter()
    assert PatternSearch("a{0,20}" * times + "[bc]")("a" * 60) is False
    assert time.perf_counter() - started < 10


def test_the_time_for_all_cells_is_kept() -> None:
    search = PatternSearch(".*x.*yz", seconds=0.2)
    started = time.perf_counter()
    with pytest.raises(InputError) as caught:
        for _ in range(1000):
            search("x" * 20_000 + "zy")
    assert caught.value.problems[0].key == "expression.pattern_slow_here"
    assert time.perf_counter() - started < 20


@pytest.mark.parametrize(
    ("pattern", "cell", "found"),
    [
        ("gemini|google", "Google", True),
        ("caf\\w$", "CAFÉ", True),
        ("^nee\\b", "nee, dank u", True),
        ("(?<!niet )goed", "niet goed", False),
        ("[a-c]{2,4}d", "abcd", True),
        ("straße", "STRASSE", False),
    ],
)
def test_patterns_mean_what_they_meant(pattern: str, cell: str, found: bool) -> None:
    assert PatternSearch(pattern)(cell) is found
    assert parse(f'q1~"{pattern}"').evaluate({"q1": cell}).tolist() == [found]


def test_the_way_out_is_no_setting_of_the_study(study: Path) -> None:
    assert os.environ.get(ALLOW_OUTSIDE, "") in ("", "0")
    with (study / "study.toml").open("a", encoding="utf-8") as handle:
        handle.write("allow_outside = true\n")
    assert problems(study) != []
