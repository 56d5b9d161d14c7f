"""Lemmas from spaCy: the large Dutch pipeline where it is installed, else a blank one with lists.

Which pipeline it will be is found out without importing spaCy, and lemmas are kept between runs, so
a run over texts seen before imports nothing heavy.
"""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

from themecoder.errors import InputError, Problem
from themecoder.language import words
from themecoder.language.dutch import Forms
from themecoder.language.lemma_cache import LemmaStore
from themecoder.language.tokens import MASK, MASKED, Token
from themecoder.storage.atomic import sha256
from themecoder.version import installed_version

PIPELINES: Mapping[str, tuple[str, ...]] = {
    "nl": ("nl_core_news_lg", "nl_core_news_md", "nl_core_news_sm"),
    "en": ("en_core_web_lg", "en_core_web_md", "en_core_web_sm"),
    "de": ("de_core_news_lg", "de_core_news_md", "de_core_news_sm"),
    "fr": ("fr_core_news_lg", "fr_core_news_md", "fr_core_news_sm"),
}
"""Trained pipelines per language, best first."""

_OWN_RULES = "nl"  # the language whose readings we tell apart ourselves
_OPEN = ("adj", "noun", "verb")  # the open classes, as the tables name them
_UNUSED = ("parser", "ner")  # costly and of no use to lemmas


@dataclass(frozen=True, slots=True)
class LemmaSource:
    """A pipeline that can be loaded: a package's name, a folder, or "" for a blank one."""

    language: str
    pipeline: str
    version: str

    @property
    def name(self) -> str:
        """A name to show: "nl_core_news_lg", or "blank:nl"."""
        return Path(self.pipeline).name if self.pipeline else f"blank:{self.language}"


def find_pipeline(language: str, pipeline: str | Path | None = None) -> LemmaSource:
    """Which pipeline lemmas will come from; imports no spaCy.

    ``pipeline`` is a package's name or a pipeline's folder; without it the best one installed for
    the language, else a blank one. Raises InputError where a pipeline asked for is not there, or is
    one of another language.
    """
    spacy, rules = _version("spacy"), _rules_digest(language)
    if pipeline is None:
        for package in PIPELINES.get(language, ()):
            if importlib.util.find_spec(package) is not None:
                return LemmaSource(
                    language, package, f"{_version(package)}+spacy{spacy}+rules{rules}"
                )
        lists = _version("spacy-lookups-data")
        return LemmaSource(language, "", f"spacy{spacy}+lookups{lists}+rules{rules}")
    if Path(pipeline).is_dir():
        meta = _read_meta(Path(pipeline))
        if meta.get("lang") != language:
            raise InputError(
                Problem(
                    "pipeline.language",
                    {"found": meta.get("lang"), "expected": language},
                    file=pipeline,
                )
            )
        return LemmaSource(
            language, str(pipeline), f"{meta.get('version')}+spacy{spacy}+rules{rules}"
        )
    if importlib.util.find_spec(str(pipeline)) is None:
        raise InputError(Problem("pipeline.missing", {"pipeline": str(pipeline)}))
    return LemmaSource(
        language, str(pipeline), f"{_version(str(pipeline))}+spacy{spacy}+rules{rules}"
    )


def load_pipeline(
    language: str,
    *,
    pipeline: str | Path | None = None,
    cache: Path | None = None,
    notice: Callable[[str], None] | None = None,
) -> CachedLemmatiser:
    """A lemmatiser for ``language`` that loads spaCy only for texts it has not seen before.

    ``cache`` is the file that keeps lemmas between runs; ``notice`` is told the message key of what
    keeps it from being used. Raises InputError as ``find_pipeline``.
    """
    return CachedLemmatiser(find_pipeline(language, pipeline), LemmaStore(cache, notice))


class CachedLemmatiser:
    """Tokens of texts, from the store where it has them and from spaCy where it has not."""

    def __init__(self, source: LemmaSource, store: LemmaStore) -> None:
        self.name = source.name
        self.version = source.version
        self._source = source
        self._store = store

    def __call__(self, texts: Sequence[str]) -> list[tuple[Token, ...]]:
        tokens_by_text = self._store.get(self.name, self.version, texts)
        missing = [text for text in dict.fromkeys(texts) if text not in tokens_by_text]
        if missing:
            new = dict(zip(missing, _loaded(self._source).tokens(missing), strict=True))
            self._store.put(self.name, self.version, new)
            tokens_by_text.update(new)
        return [tokens_by_text[text] for text in texts]


class _SpacyPipeline:
    """A loaded spaCy pipeline and the word lists of its language."""

    def __init__(self, source: LemmaSource) -> None:
        import spacy

        self._language = source.language
        self._words = words.load(source.language)
        lookups = _load_lookups(source.language)
        self._forms = _forms_in(lookups)
        self._trained = bool(source.pipeline)
        if source.pipeline:
            try:
                self._nlp = spacy.load(source.pipeline, exclude=list(_UNUSED))
            except (OSError, ValueError, ImportError) as error:
                raise InputError(
                    Problem("pipeline.damaged", {"reason": str(error)}, file=source.pipeline)
                ) from error
        else:
            self._nlp = _blank_pipeline(source.language, lookups)

    def tokens(self, texts: Iterable[str]) -> list[tuple[Token, ...]]:
        bare = (MASK.sub(MASKED, text) for text in texts)
        return [self._tokens_of(list(doc)) for doc in self._nlp.pipe(bare, batch_size=256)]

    def _tokens_of(self, doc: list[Any]) -> tuple[Token, ...]:
        kept = [token for token in doc if not token.is_space]
        lower = ["" if t.is_punct else t.lower_.replace("’", "'") for t in kept]
        tokens = []
        for place, token in enumerate(kept):
            if MASKED in token.text:
                tokens.append(Token(MASKED, MASKED, "X", True))
                continue
            form = lower[place]
            pos = "PUNCT" if token.is_punct else token.pos_
            lemma = token.lemma_.lower() or form
            if not self._trained and (form in self._words.stop or form in self._words.light):
                lemma, pos = form, ""
            elif not self._trained and self._language == _OWN_RULES and form and self._forms:
                before = lower[place - 1] if place else ""
                after = lower[place + 1] if place + 1 < len(lower) else ""
                lemma, pos = self._forms.analyse(form, before, after, self._words)
            known = form in self._words.stop or self._known(form, lemma)
            tokens.append(Token(token.text, lemma or form or token.text, pos, known))
        return tuple(tokens)

    def _known(self, form: str, lemma: str) -> bool:
        return self._forms is None or self._forms.known(form) or self._forms.known(lemma)


@lru_cache(maxsize=2)
def _loaded(source: LemmaSource) -> _SpacyPipeline:
    """The pipeline, loaded once for all questions of a study: that takes seconds. No more than two
    are kept, for a large one takes half a gigabyte."""
    return _SpacyPipeline(source)


def _blank_pipeline(language: str, lookups: Any) -> Any:
    """A blank pipeline, with lookup lemmas where spacy-lookups-data has them for the language."""
    import spacy

    try:
        nlp = spacy.blank(language)
    except ImportError:
        # a language that spaCy has no rules for: its multi-language tokeniser, forms as lemmas
        return spacy.blank("xx")
    if lookups.has_table("lemma_lookup"):
        lemmatizer: Any = nlp.add_pipe("lemmatizer", config={"mode": "lookup"})
        lemmatizer.initialize(lookups=lookups)
    return nlp


def _load_lookups(language: str) -> Any:
    """The word lists of the language, as far as spacy-lookups-data has them."""
    from spacy.lookups import load_lookups

    tables = ["lemma_lookup", *(("lemma_exc", "lemma_index") if language == _OWN_RULES else ())]
    return load_lookups(language, tables=tables, strict=False)


def _forms_in(lookups: Any) -> Forms | None:
    if not lookups.has_table("lemma_lookup"):
        return None
    exceptions, index = (
        lookups.get_table(name) if lookups.has_table(name) else {}
        for name in ("lemma_exc", "lemma_index")
    )
    return Forms(
        lookups.get_table("lemma_lookup"),
        {pos: exceptions[pos] for pos in _OPEN if pos in exceptions},
        {pos: frozenset(index[pos]) for pos in _OPEN if pos in index},
    )


def _read_meta(folder: Path) -> dict[str, Any]:
    try:
        meta = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(
            Problem("pipeline.damaged", {"reason": str(error)}, file=folder)
        ) from error
    return meta if isinstance(meta, dict) else {}


@cache
def _rules_digest(language: str) -> str:
    """A digest of our own share in the lemmas, code and lists: a change makes new lemmas."""
    folder = resources.files(__package__)
    sources = (
        folder / "spacy_pipeline.py",
        folder / "dutch.py",
        folder / "tokens.py",
        folder / "data" / f"{language}_words.txt",
    )
    return sha256(*(source.read_bytes() for source in sources if source.is_file()))[:8]


def _version(distribution: str) -> str:
    return installed_version(distribution) or "0"
