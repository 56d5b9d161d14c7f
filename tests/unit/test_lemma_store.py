"""Lemmas kept between runs."""

from __future__ import annotations

import multiprocessing
import sqlite3
from pathlib import Path

import pytest

from themecoder.language.lemma_cache import LemmaStore
from themecoder.language.tokens import Token

TEXT = "wij praatten 😊"
TOKENS = (Token("wij", "wij"), Token("praatten", "praten", "VERB"), Token("😊", "😊", "", False))


def test_what_was_kept_comes_back(tmp_path: Path) -> None:
    LemmaStore(tmp_path / "deep" / "lemmas.sqlite").put("p", "1", {TEXT: TOKENS, "": ()})
    found = LemmaStore(tmp_path / "deep" / "lemmas.sqlite").get("p", "1", [TEXT, "", "new"])
    assert found == {TEXT: TOKENS, "": ()}


@pytest.mark.parametrize(("name", "version"), [("other", "1"), ("p", "2")])
def test_another_pipeline_or_version_has_its_own_lemmas(
    tmp_path: Path, name: str, version: str
) -> None:
    store = LemmaStore(tmp_path / "lemmas.sqlite")
    store.put("p", "1", {TEXT: TOKENS})
    assert store.get(name, version, [TEXT]) == {}


def test_more_texts_than_one_statement_takes(tmp_path: Path) -> None:
    store = LemmaStore(tmp_path / "lemmas.sqlite")
    many = {f"tekst {i}": (Token("tekst", "tekst"), Token(str(i), str(i))) for i in range(1700)}
    store.put("p", "1", many)
    assert store.get("p", "1", many) == many


def test_a_damaged_file_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "lemmas.sqlite"
    path.write_bytes(b"this is no database at all" * 50)
    store = LemmaStore(path)
    assert store.get("p", "1", [TEXT]) == {}
    store.put("p", "1", {TEXT: TOKENS})
    assert store.get("p", "1", [TEXT]) == {TEXT: TOKENS}


def test_damaged_tokens_are_as_if_not_there(tmp_path: Path) -> None:
    path = tmp_path / "lemmas.sqlite"
    store = LemmaStore(path)
    store.put("p", "1", {TEXT: TOKENS})
    with sqlite3.connect(path) as db:
        db.execute("UPDATE lemmas SET tokens = 'half'")
    assert store.get("p", "1", [TEXT]) == {}


def test_a_folder_that_is_none_costs_only_time(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    store = LemmaStore(tmp_path / "file" / "lemmas.sqlite")
    store.put("p", "1", {TEXT: TOKENS})
    assert store.get("p", "1", [TEXT]) == {}


def _fill(path: Path, worker: int) -> None:
    store = LemmaStore(path)
    for i in range(20):
        store.put("p", "1", {f"{worker} {i}": (Token(str(i), str(i)),)})


def test_runs_at_the_same_time_keep_all_they_found(tmp_path: Path) -> None:
    path = tmp_path / "lemmas.sqlite"
    context = multiprocessing.get_context("fork")
    workers = [context.Process(target=_fill, args=(path, worker)) for worker in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    texts = [f"{worker} {i}" for worker in range(3) for i in range(20)]
    assert len(LemmaStore(path).get("p", "1", texts)) == len(texts)
