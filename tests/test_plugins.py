"""What another package adds, which is really built and installed."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from commands import called, done, themecoder
from shipped import ROOT, copy_shipped
from themecoder.agreement.measures.measure import measure
from themecoder.coding.annotations import write_codings
from themecoder.coding.model import Coding
from themecoder.coding.suggestions.files import read_suggestions
from themecoder.coding.suggestions.freshness import stale_suggestions
from themecoder.coding.suggestions.study_suggestions import model_of
from themecoder.embeddings.encoders import open_encoder
from themecoder.errors import InputError
from themecoder.plugins import find_plugin, plugin_facts
from themecoder.survey.readers import ExportOptions, read_export
from themecoder.workspace.folder import StudyFolder

MATRIX = {"matrix": [["a", "b", "a", "b"], ["a", "b", "b", "b"]]}
STUDY = """id = "klein"
title = "Klein"
[survey]
file = "cards.txt"
format = "plugin:cards"
id = "id"
[[questions]]
id = "q1"
text = "Wat vindt u?"
[mining]
encoders = ["plugin:letters"]
[report]
smallest_cell = 0
"""


@pytest.fixture(scope="module", autouse=True)
def installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The example, installed by pip into a folder of its own."""
    folder = tmp_path_factory.mktemp("plugin")
    pip = (sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation")
    made = subprocess.run(
        [*pip, "--target", str(folder), str(ROOT / "tests" / "data" / "plugin")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    sys.path.append(str(folder))
    yield
    sys.path.remove(str(folder))


def test_an_encoder_of_another_package_is_kept_by_its_version() -> None:
    encoder = open_encoder("plugin:letters")
    vectors = encoder.encode(["aap", "noot"])
    assert vectors.shape == (2, 26)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1)
    assert encoder.name == "plugin:letters"
    assert encoder.revision == "themecoder-example-plugin 1.4.2 letters 1"


def test_a_coefficient_of_another_package_is_measured_and_names_it() -> None:
    found = measure("plugin:share_equal", MATRIX)
    assert found.value == 0.75
    assert found.notes == {"package": "themecoder-example-plugin", "version": "1.4.2"}


@pytest.mark.parametrize(
    ("call", "key"),
    [
        (lambda file: open_encoder("plugin:no_such"), "plugins.none"),
        (lambda file: open_encoder("plugin:broken").encode(["x"]), "plugins.failed"),
        (lambda file: open_encoder("plugin:narrow").encode(["x"]), "plugins.unfit"),
        (lambda file: measure("plugin:failing", MATRIX), "plugins.failed"),
        (lambda file: read_export(file, ExportOptions(format="plugin:ragged")), "plugins.unfit"),
        (lambda file: read_export(file, ExportOptions(format="plugin:cards")), "plugins.failed"),
    ],
)
def test_a_plugin_that_is_not_there_or_broken_is_refused_with_a_sentence(
    call: object, key: str, tmp_path: Path
) -> None:
    file = tmp_path / "cards.txt"
    file.write_text("no card", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        call(file)  # type: ignore[operator]
    (problem,) = caught.value.problems
    assert problem.key == key
    assert "Zwolle" not in str(caught.value), "what a plugin says may hold words of an answer"


@pytest.mark.slow
def test_a_study_names_a_reader_and_an_encoder_of_another_package(tmp_path: Path) -> None:
    texts = ("mijn gegevens liggen op straat", "dag en nacht bereikbaar", "liever een mens")
    cards = [f"id: r{n}\nq1: {texts[n % 3]}, dat vind ik {n}" for n in range(30)]
    (tmp_path / "cards.txt").write_text("\n\n".join(cards), encoding="utf-8")
    (tmp_path / "study.toml").write_text(STUDY, encoding="utf-8")
    assert "30" in done(tmp_path, "import")
    done(tmp_path, "mine", "--unguided")
    made = json.loads((tmp_path / "themes" / "q1" / "themes.json").read_text("utf-8"))
    revision = "themecoder-example-plugin 1.4.2 letters 1"
    assert made["made_with"]["encoders"] == [{"name": "plugin:letters", "revision": revision}]


@pytest.mark.slow
def test_counts_are_written_in_a_format_of_another_package(tmp_path: Path) -> None:
    study = copy_shipped(tmp_path / "study")
    words = ("counts", "--question", "q3", "--format", "plugin:rst", "--study", str(study))
    assert called(*words).returncode == 0
    assert ":a: " in (study / "reports" / "counts.rst").read_text("utf-8")
    refused = called(*words[:4], "plugin:rtf", *words[5:])
    assert refused.returncode == 2
    assert "plugin:rst" in refused.stderr


def test_a_manifest_names_the_plugins_with_their_versions() -> None:
    assert plugin_facts("readers", ["csv", None]) == []
    facts = plugin_facts("encoders", ["e5-small-q4", "plugin:letters"])
    about = {"package": "themecoder-example-plugin", "version": "1.4.2"}
    assert facts == [{"kind": "encoders", "name": "letters", **about}]
    assert find_plugin("readers", "plugin:cards").version == "1.4.2"


SUGGESTED = """id = "klein"
title = "Klein"
[survey]
file = "data.csv"
id = "id"
[[questions]]
id = "q1"
text = "Wat vindt u?"
[codebook]
id = "boek"
[coding]
coders = ["anna"]
suggester = "plugin:{name}"
[mining]
encoders = ["plugin:letters"]
"""
BOOK = """id: boek
version: 1.0.0
language: nl
title: Boek
released: 2026-01-01
codes:
  - {id: privacy, label: Gegevens op straat}
  - {id: bereik, label: Dag en nacht}
  - {id: elders, label: Liever een mens, questions: [q2]}
"""


def suggested_by(name: str, folder: Path) -> Path:
    """A study with a suggester; one answer is coded with a code that its words do not say."""
    texts = ("mijn gegevens liggen op straat", "dag en nacht bereikbaar", "ruis met bromtoon hier")
    rows = [f"r{n},{texts[n % 3]} {n}" for n in range(30)]
    (folder / "data.csv").write_text("\n".join(["id,q1", *rows]), encoding="utf-8")
    (folder / "study.toml").write_text(SUGGESTED.format(name=name), encoding="utf-8")
    (folder / "codebooks" / "boek").mkdir(parents=True)
    (folder / "codebooks" / "boek" / "1.0.0.yaml").write_text(BOOK, encoding="utf-8")
    made = Coding("r2:q1", "anna", "1.0.0", "coded", ("privacy",), shown=None)
    write_codings(folder / "annotations" / "q1" / "anna.jsonl", [made])
    return folder


@pytest.mark.slow
def test_a_study_names_a_suggester_of_another_package(tmp_path: Path) -> None:
    folder = suggested_by("words", tmp_path)
    told = json.loads(done(folder, "suggestions", "--json"))
    about = "plugin:words themecoder-example-plugin 1.4.2"
    assert (told["model"], told["learned_from"]) == (about, 1)
    found = read_suggestions(folder / "suggestions" / "q1.csv")
    assert {codes[0][0] for answer, codes in found.items() if int(answer[1:-3]) % 3 == 1} == {
        "bereik"
    }
    # the words of r2 are learned as privacy, for everybody but those of the part that r2 is in
    noise = [answer for answer in (f"r{n}:q1" for n in range(2, 30, 3)) if answer in found]
    assert noise and all(found[answer][0][0] == "privacy" for answer in noise)
    assert "r2:q1" not in found
    study = StudyFolder.open(folder)
    assert model_of(study) == about
    assert stale_suggestions(study) == []
    file = folder / "study.toml"
    file.write_text(SUGGESTED.replace('suggester = "plugin:{name}"\n', ""), encoding="utf-8")
    ours = StudyFolder.open(folder)
    assert model_of(ours) == "learned-2"
    assert stale_suggestions(ours) == ["q1"]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("short", ["suggesties voor 9 antwoorden; verwacht was 10"]),
        ("strange", ["bij 1 antwoord een code"]),
        (
            "loud",
            ["voor 1 antwoord geen scores", "bij 9 antwoorden een score"],
        ),
        ("none", ["plugin:words"]),
    ],
)
def test_nonsense_of_a_suggester_is_refused_whole(
    name: str, said: list[str], tmp_path: Path
) -> None:
    folder = suggested_by(name, tmp_path)
    (folder / "annotations" / "q1" / "anna.jsonl").unlink()
    data = folder / "data.csv"
    data.write_text("\n".join(data.read_text("utf-8").splitlines()[:11]), encoding="utf-8")
    refused = themecoder(folder, "suggestions")
    assert refused.returncode == 2
    for sentence in said:
        assert sentence in " ".join(refused.stderr.split())
    assert "Zwolle" not in refused.stderr
    assert not (folder / "suggestions").exists()
    refused = themecoder(folder, "suggestions", "--report")
    assert (refused.returncode, "--report" in refused.stderr) == (2, True)
