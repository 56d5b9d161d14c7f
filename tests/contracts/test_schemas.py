"""The schemas against the files of the shipped study, and against files that are none."""

from __future__ import annotations

import csv
import json
import re
import shutil
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML

from commands import called, themecoder
from shipped import ROOT, copy_shipped
from themecoder.coding.annotations import write_queue
from themecoder.coding.migration import Queued
from themecoder.coding.suggestions.files import write_suggestions
from themecoder.contracts.command import schema_text
from themecoder.contracts.schemas import CONTRACTS, schema
from themecoder.masking.decisions import Decision
from themecoder.masking.store import write_mask_decisions

PUBLISHED = ROOT / "docs" / "schemas"
RIGHT: dict[str, dict[str, Any]] = {
    "plan": {
        **{"question": "q1", "answer_id": "1:q1", "coder": "anna"},
        **{"round": 1, "blind": True, "place": 1},
    },
    "annotations": {
        **{"answer_id": "1:q1", "coder": "anna", "codebook": "1.0.0", "state": "coded"},
        **{"codes": ["a"], "quotes": [], "uncertain": False, "comment": "", "shown": None},
        **{"round": 1, "created_at": None, "updated_at": None, "seconds": None, "source": {}},
    },
    "suggestions": {"answer_id": "1:q1", "code": "a", "score": 0.5},
    "masking": {
        **{"answer_id": "1:q1", "start": 0, "end": 4, "kind": "name"},
        **{"decision": "accept", "check": "abcd"},
    },
    "codebook": {
        **{"id": "b", "version": "1.0.0", "title": "B", "codes": [{"id": "a", "label": "A"}]},
        "changes": [{"type": "rename", "code": "a", "from": "A", "to": "B", "why": "x"}],
    },
    "study": {
        **{"id": "s", "title": "S", "survey": {"file": "a.csv", "id": "id"}},
        "questions": [{"id": "q1", "text": "Wat vindt u?"}],
    },
    "themes": {
        **{"format": 1, "question": "q1", "made_with": {}, "next_id": 0, "themes": []},
        **{"hierarchy": [], "lineage": [], "contentless": []},
    },
}
YES_NO = {"1": True, "true": True, "0": False, "false": False}


def cell(text: str, of: dict[str, Any]) -> Any:
    """A cell as docs/schemas says that a program reads it."""
    kinds = {of.get("type"), *(part.get("type") for part in of.get("anyOf", ()))}
    if "string" in kinds or kinds == {None}:
        return text
    if not text and "null" in kinds:
        return None
    if "boolean" in kinds:
        return YES_NO.get(text, text)
    try:
        return int(text) if "integer" in kinds else float(text)
    except ValueError:
        return text


def instances(file: Path) -> Iterator[Any]:
    """What a schema is of: the rows of a table, the lines of coding, else the whole file."""
    text = file.read_text(encoding="utf-8-sig")
    if file.suffix == ".toml":
        yield tomllib.loads(text)
    elif file.suffix == ".yaml":
        yield json.loads(json.dumps(YAML(typ="safe", pure=True).load(text), default=str))
    elif file.suffix == ".csv":
        name = file.stem if file.stem in CONTRACTS else file.parent.name
        columns = schema(name)["properties"]
        for row in csv.DictReader(text.splitlines()):
            yield {key: cell(one, columns.get(key, {"type": "string"})) for key, one in row.items()}
    else:
        parts = text.splitlines() if file.suffix == ".jsonl" else [text]
        yield from (json.loads(part) for part in parts)


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory, mined_once: Path) -> Path:
    """The shipped study with a file of every contract, made by the commands that make them."""
    folder = copy_shipped(
        tmp_path_factory.mktemp("contracts") / "study", quoted=True, warm=mined_once
    )
    shutil.copytree(mined_once / "themes", folder / "themes")
    for words in (
        ("plan",),
        ("agreement", "--question", "q18", "--resamples", "100"),
        ("counts", "--question", "q18", "--format", "csv"),
        ("quotes", "--question", "q18", "--format", "csv"),
        ("check",),
    ):
        assert themecoder(folder, *words).returncode in (0, 1), words
    write_suggestions(folder / "suggestions" / "q18.csv", {"1:q18": [("overig", 0.25)]})
    decisions = [Decision("1:q18", 0, 4, "name", "accept", "abcd")]
    write_mask_decisions(folder / "masking.csv", decisions)
    queued = Queued("1:q18", "anna", "overig", "rest", "split", "1.1.0", "1.0.0", ("a", "b"), "")
    write_queue(folder / "annotations" / "queue.csv", [queued])
    return folder


def files_of(study: Path, name: str) -> list[Path]:
    return sorted(study.glob(re.sub(r"<\w+>", "*", CONTRACTS[name].file)))


def test_what_is_published_is_what_the_command_prints() -> None:
    published = {file.stem: file.read_text("utf-8") for file in PUBLISHED.glob("*.json")}
    assert published == {name: schema_text(name) for name in CONTRACTS}
    assert called("schema", "plan").stdout == published["plan"]
    refused = called("schema", "plans")
    assert refused.returncode == 2
    assert "quoted_figures" in refused.stderr


@pytest.mark.slow
@pytest.mark.long(60)
def test_every_file_of_the_shipped_study_is_valid_and_a_wrong_one_is_not(study: Path) -> None:
    for name in CONTRACTS:
        Draft202012Validator.check_schema(schema(name))
        valid = Draft202012Validator(schema(name))
        found = [(file, one) for file in files_of(study, name) for one in instances(file)]
        assert found, name
        for file, one in found:
            wrong = next(valid.iter_errors(one), None)
            assert wrong is None, (file, one, wrong)
        for key in schema(name)["required"]:
            _, one = found[0]
            assert not valid.is_valid({k: v for k, v in one.items() if k != key}), (name, key)


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("plan", {"by": "whim"}),
        ("plan", {"round": 0}),
        ("plan", {"colour": "red"}),
        ("annotations", {"state": "perhaps"}),
        ("annotations", {"quotes": [{"code": "a"}]}),
        ("suggestions", {"score": 1.5}),
        ("masking", {"decision": "maybe"}),
        ("codebook", {"codes": [{"id": "a", "label": "A", "colour": "red"}]}),
        ("codebook", {"changes": [{"merge": {"from": ["a"], "into": "b"}}]}),
        ("codebook", {"changes": [{"swap": "a", "why": "x"}]}),
        ("study", {"mining": {"themes": "some"}}),
        ("themes", {"format": 2}),
    ],
    ids=lambda value: value if isinstance(value, str) else next(iter(value)),
)
def test_a_wrong_cell_or_key_is_refused(name: str, wrong: dict[str, Any]) -> None:
    right = RIGHT[name]
    valid = Draft202012Validator(schema(name))
    assert valid.is_valid(right), list(valid.iter_errors(right))
    assert not valid.is_valid(right | wrong)
