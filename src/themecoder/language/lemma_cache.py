"""Lemmas kept between runs."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from themecoder.language import tokens
from themecoder.language.tokens import Token
from themecoder.storage.sqlite_cache import SqliteCache, cache_key


class LemmaStore:
    """Tokens per pipeline, version and text."""

    def __init__(self, path: Path | None, notice: Callable[[str], None] | None = None) -> None:
        self._cache = SqliteCache(path, notice)

    def get(self, name: str, version: str, texts: Iterable[str]) -> dict[str, tuple[Token, ...]]:
        """The tokens of those texts that are in the store."""
        keys = {cache_key(name, version, text): text for text in texts}
        tokens_by_text: dict[str, tuple[Token, ...]] = {}
        for key, stored in self._cache.get(keys).items():
            with contextlib.suppress(ValueError):
                tokens_by_text[keys[key]] = tokens.parse(stored.decode("utf-8", "surrogatepass"))
        return tokens_by_text

    def put(self, name: str, version: str, tokens_by_text: Mapping[str, Sequence[Token]]) -> None:
        """Keep tokens."""
        self._cache.put(
            {
                cache_key(name, version, text): tokens.dump(kept).encode("utf-8", "surrogatepass")
                for text, kept in tokens_by_text.items()
            }
        )
