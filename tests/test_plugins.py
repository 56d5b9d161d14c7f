"""What another package adds, which is really built and installed."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from commands import called, done
from shipped import ROOT, copy_shipped
from themecoder.agreement.measures.measure import measure
from themecoder.embeddings.encoders import open_encoder
from themecoder.errors import InputError
from themecoder.plugins import find_plugin, plugin_facts
from themecoder.survey.readers import ExportOptions, read_export

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
