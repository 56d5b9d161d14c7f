"""Which pipeline gives the lemmas, and what it gives."""

from __future__ import annotations

import subprocess
import sys
import time
from functools import cache
from pathlib import Path

import pytest

from themecoder.errors import InputError
from themecoder.language.lemma_cache import LemmaStore
from themecoder.language.spacy_pipeline import (
    CachedLemmatiser,
    LemmaSource,
    find_pipeline,
    load_pipeline,
)
from themecoder.language.tokens import MASKED

slow = pytest.mark.slow


@cache
def blank() -> CachedLemmatiser:
    """The blank Dutch pipeline, loaded once for all tests, whatever else is installed."""
    return CachedLemmatiser(LemmaSource("nl", "", "test"), LemmaStore(None))


def trained(folder: Path, language: str = "nl") -> Path:
    """A small pipeline on disk, with tags and lemmas of its own."""
    import spacy

    nlp = spacy.blank(language)
    ruler = nlp.add_pipe("attribute_ruler")
    ruler.add([[{"LOWER": "spraakzaam"}]], {"LEMMA": "spraak", "POS": "PROPN"})  # type: ignore[attr-defined]
    ruler.add([[{"LOWER": "liep"}]], {"LEMMA": "lopen", "POS": "VERB"})  # type: ignore[attr-defined]
    nlp.add_pipe("sentencizer")
    nlp.meta.update({"name": "core_news_lg", "version": "9.9.9"})
    nlp.to_disk(folder)
    return folder


def packaged(site: Path, package: str = "nl_core_news_lg") -> None:
    """The pipeline as pip installs it: a package with its data and its metadata."""
    root = site / package
    root.mkdir()
    trained(root / f"{package}-9.9.9")
    (root / "meta.json").write_bytes((root / f"{package}-9.9.9" / "meta.json").read_bytes())
    (root / "__init__.py").write_text(
        "from pathlib import Path\nfrom spacy.util import load_model_from_init_py\n"
        "def load(**overrides):\n    return load_model_from_init_py(__file__, **overrides)\n"
    )
    info = site / f"{package}-9.9.9.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {package.replace('_', '-')}\nVersion: 9.9.9\n"
    )
    (info / "RECORD").write_text("")


def test_without_a_trained_pipeline_a_blank_one_is_taken() -> None:
    source = find_pipeline("fi")
    assert source.name == "blank:fi"
    assert "spacy" in source.version
    assert "lookups" in source.version


def test_a_pipeline_that_is_not_installed_is_said_to_be_missing() -> None:
    with pytest.raises(InputError) as caught:
        find_pipeline("nl", "nl_no_such_pipeline")
    assert [p.key for p in caught.value.problems] == ["pipeline.missing"]


def test_a_folder_that_holds_no_pipeline_is_said_to_be_damaged(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        find_pipeline("nl", tmp_path)
    assert [p.key for p in caught.value.problems] == ["pipeline.damaged"]


@slow
def test_the_large_dutch_pipeline_is_taken_where_it_is_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packaged(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    # the import is undone with this: the tests after this one would find it too
    monkeypatch.setitem(sys.modules, "nl_core_news_lg", None)
    del sys.modules["nl_core_news_lg"]
    lemmatiser = load_pipeline("nl")
    assert lemmatiser.name == "nl_core_news_lg"
    assert lemmatiser.version.startswith("9.9.9+")
    tokens = lemmatiser(["Zij liep spraakzaam weg"])[0]
    # the pipeline's own lemmas and tags, not those of the lists
    assert [(t.lemma, t.pos) for t in tokens[1:3]] == [("lopen", "VERB"), ("spraak", "PROPN")]


@slow
def test_a_pipeline_in_a_folder_is_loaded_and_one_of_another_language_is_refused(
    tmp_path: Path,
) -> None:
    folder = trained(tmp_path / "eigen")
    assert load_pipeline("nl", pipeline=folder)(["zij liep"])[0][1].lemma == "lopen"
    with pytest.raises(InputError) as caught:
        load_pipeline("en", pipeline=folder)
    assert [p.key for p in caught.value.problems] == ["pipeline.language"]


@slow
def test_a_folder_with_its_config_gone_is_said_to_be_damaged(tmp_path: Path) -> None:
    folder = trained(tmp_path / "eigen")
    (folder / "config.cfg").unlink()
    with pytest.raises(InputError) as caught:
        load_pipeline("nl", pipeline=folder)(["tekst"])
    assert [p.key for p in caught.value.problems] == ["pipeline.damaged"]


@slow
@pytest.mark.parametrize(
    ("sentence", "form", "lemma", "pos"),
    [
        ("De artsen luisterden niet", "artsen", "arts", "NOUN"),
        ("Ik praat liever met mensen", "praat", "praten", "VERB"),
        ("Ik vertrouw het niet", "vertrouw", "vertrouwen", "VERB"),
        ("geen oordeel", "oordeel", "oordeel", "NOUN"),
        ("mijn gegevens", "gegevens", "gegeven", "NOUN"),
        ("een menselijke reactie", "menselijke", "menselijk", "ADJ"),
        ("de wachtlijsten zijn lang", "wachtlijsten", "wachtlijst", "NOUN"),
        ("onze praatgroepavonden", "praatgroepavonden", "praatgroepavond", "NOUN"),
        ("het hielp mij", "hielp", "helpen", "VERB"),
        ("iemand die mij kent", "kent", "kennen", "VERB"),
        ("krijg een antwoord", "krijg", "krijgen", "VERB"),
        ("het gaat snel", "snel", "snel", "ADJ"),
        ("het licht", "licht", "licht", "NOUN"),
        ("handige tips", "tips", "tip", "NOUN"),
        ("toen werkte het", "werkte", "werken", "VERB"),
        ("een kleine hulp", "kleine", "klein", "ADJ"),
    ],
)
def test_dutch_lemmas_without_a_trained_pipeline(
    sentence: str, form: str, lemma: str, pos: str
) -> None:
    found = {t.text: (t.lemma, t.pos) for t in blank()([sentence])[0]}
    assert found[form] == (lemma, pos)


@slow
def test_a_mask_is_one_token_and_an_unknown_word_is_marked() -> None:
    tokens = blank()(["Ik sprak [NAAM] van [DATUM] over privicy, echt"])[0]
    assert [t.text for t in tokens].count(MASKED) == 2
    assert [t.text for t in tokens if t.is_word and not t.known] == ["privicy"]


@slow
@pytest.mark.parametrize(
    ("language", "sentence", "lemma"),
    [
        ("en", "They were listening to machines", "machine"),
        ("de", "Die Maschinen hören zu", "maschine"),
        ("fr", "les machines écoutent", "machine"),
        ("tlh", "nuqneH machines", "machines"),
    ],
)
def test_other_languages_by_their_lists_where_there_are_any(
    language: str, sentence: str, lemma: str
) -> None:
    lemmas = [t.lemma for t in load_pipeline(language)([sentence])[0]]
    assert lemma in lemmas


@slow
def test_a_second_run_over_the_same_texts_imports_no_spacy(tmp_path: Path) -> None:
    script = (
        "import sys, pathlib\n"
        "from themecoder.language.spacy_pipeline import load_pipeline\n"
        "texts = [f'Ik vertrouw {i} artsen niet.' for i in range(300)]\n"
        "tokens = load_pipeline('nl', cache=pathlib.Path(sys.argv[1]))(texts)\n"
        "print('spacy' in sys.modules, hash(str(tokens)))\n"
    )
    command = [sys.executable, "-c", script, str(tmp_path / "lemmas.sqlite")]
    environment = {"PYTHONHASHSEED": "0", "PATH": ""}
    runs, seconds = [], []
    for _ in range(2):
        start = time.perf_counter()
        done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
        seconds.append(time.perf_counter() - start)
        runs.append(done.stdout.split())
    (first, tokens), (second, same) = runs
    assert (first, second) == ("True", "False")
    assert tokens == same
    assert seconds[1] < seconds[0]


def test_a_pipeline_is_loaded_once_however_many_questions_ask_for_it(tmp_path: Path) -> None:
    import spacy

    loads: list[object] = []
    source = LemmaSource("nl", str(trained(tmp_path / "own")), "once")
    real = spacy.load
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            spacy, "load", lambda *given, **named: loads.append(given) or real(*given, **named)
        )
        first, second = (CachedLemmatiser(source, LemmaStore(None)) for _ in range(2))
        assert first(["Hij liep."]) == second(["Hij liep."])
    assert len(loads) == 1
