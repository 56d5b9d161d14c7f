"""Commands whose packages come with an extra that is not installed."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from taken_away import without_packages
from themecoder.errors import InputError
from themecoder.extras import of_extra

SENTENCE_MODEL = """id = "klein"
title = "Klein"
[survey]
file = "survey.csv"
id = "id"
[[questions]]
id = "q1"
text = "Wat vindt u?"
[mining]
encoders = ["sentence-transformers:robbert"]
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("absent", "words", "extra"),
    [
        (("starlette", "uvicorn"), ("workbench",), "workbench"),
        (("uvicorn",), ("serve",), "server"),
        (("uvicorn",), ("serve", "--help"), "server"),
        (("transformers", "huggingface_hub"), ("mine", "--themes", "few"), "topics"),
    ],
    ids=lambda value: value if isinstance(value, str) else value[0],
)
def test_a_command_names_the_extra_it_misses_and_the_line_to_type(
    absent: Sequence[str], words: tuple[str, ...], extra: str, tmp_path: Path
) -> None:
    rows = [f"{n};goed en snel {n}" for n in range(8)]
    (tmp_path / "survey.csv").write_text("\n".join(["id;q1", *rows]), encoding="utf-8")
    (tmp_path / "study.toml").write_text(SENTENCE_MODEL, encoding="utf-8")
    done = without_packages(absent, *words, "--study", str(tmp_path))
    assert done.returncode == 2, done.stderr
    assert f'{sys.executable} -m pip install "themecoder[{extra}]"' in done.stderr
    assert "Traceback" not in done.stderr + done.stdout
    assert not (tmp_path / ".themecoder" / "error.txt").exists()


@pytest.mark.slow
def test_the_light_core_is_no_lack_to_the_doctor() -> None:
    absent = ("torch", "bertopic", "sentence-transformers", "label-studio-sdk", "starlette")
    done = without_packages(absent, "doctor", "--json")
    assert done.returncode == 0, done.stderr
    found = {one["what"]: one for one in json.loads(done.stdout)["findings"]}
    for part, extra in {"torch": "topics", "bertopic": "topics", "server_tools": "server"}.items():
        assert found[part]["state"] == "optional"
        assert found[part]["command"].endswith(f'"themecoder[{extra}]"')


def test_what_is_there_and_broken_is_no_missing_extra() -> None:
    for missing in ("themecoder.no_such_module", "json.no_such_module"):
        with pytest.raises(ModuleNotFoundError), of_extra("topics"):
            __import__(missing)
    with pytest.raises(InputError), of_extra("topics"):
        __import__("no_such_package_anywhere")
