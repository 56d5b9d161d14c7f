"""Lemmas kept between runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from themecoder.language.lemma_cache import LemmaStore
from themecoder.language.tokens import Token
from themecoder.storage.sqlite_cache import SqliteCache, cache_key

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


def test_damaged_tokens_are_as_if_not_there(tmp_path: Path) -> None:
    path = tmp_path / "lemmas.sqlite"
    store = LemmaStore(path)
    store.put("p", "1", {TEXT: TOKENS})
    SqliteCache(path).put({cache_key("p", "1", TEXT): b"half"})
    assert store.get("p", "1", [TEXT]) == {}
