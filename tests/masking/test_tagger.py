"""The tagger: its file, what it was trained on, and its masks beside those of the rules."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import themecoder.masking
from themecoder.masking.english import is_english
from themecoder.masking.learned import SURE_ENOUGH, SURE_OF_CAPITAL, with_learned
from themecoder.masking.lexicon import NameLexicon
from themecoder.masking.lists import load_lexicon
from themecoder.masking.model import Mask
from themecoder.masking.store import rules_hash
from themecoder.masking.tagger.files import load_tagger, packed, unpacked
from themecoder.masking.tagger.model import KINDS, LABELS, WINDOW, Found, Reading, Tagger
from themecoder.masking.tokens import View, fold

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "tools"), str(ROOT / "benchmarks")]

TEXT = "ik praat met joris dijkveld van de dagbesteding"
LEXICON = NameLexicon(certain_names=frozenset(("joris",)))


def joined(
    masks: list[Mask],
    *found: Found,
    strict: bool = False,
    stays: bool = False,
    likely: float = 0.0,
) -> list[str]:
    view = View(TEXT)
    inside = [likely] * len(view.words)
    for one in found:
        inside[one.first : one.last + 1] = [one.sureness] * (one.last + 1 - one.first)
    reading = Reading(found, tuple(inside))
    result = with_learned(masks, reading, view, LEXICON, strict, lambda mask: stays)
    return sorted(f"{mask.kind} {mask.text} {mask.rule}" for mask in result)


def mask(text: str, rule: str, kind: str = "name") -> Mask:
    start = TEXT.index(text)
    return Mask(start, start + len(text), kind, text, rule)


def test_a_name_that_a_rule_found_in_part_is_masked_whole() -> None:
    found = Found(3, 4, "name", 0.6)
    assert joined([mask("joris", "names.lower")], found) == ["name joris dijkveld names.lower"]


def test_what_no_rule_found_is_masked_where_the_tagger_is_sure() -> None:
    sure, unsure = Found(3, 4, "name", 0.96), Found(3, 4, "name", SURE_ENOUGH - 0.1)
    assert joined([], sure) == ["name joris dijkveld tagger.sure"]
    assert joined([], unsure) == []
    assert joined([], unsure, strict=True) == ["name joris dijkveld tagger.doubtful"]
    assert joined([], sure, stays=True) == []


def test_with_a_capital_the_tagger_must_be_surer() -> None:
    """What is public has a capital too."""
    for text, masked in (("ik zie joris graag", True), ("ik zie Joris graag", False)):
        view = View(text)
        found = Found(2, 2, "name", (SURE_ENOUGH + SURE_OF_CAPITAL) / 2)
        reading = Reading((found,), (0.0, 0.0, found.sureness, 0.0))
        assert bool(with_learned([], reading, view, LEXICON, False, lambda mask: False)) is masked


def test_a_detail_does_not_end_with_van() -> None:
    reading = Reading((Found(2, 3, "name", 0.99),), (0.0, 0.0, 0.99, 0.99, 0.1))
    view = View("ik mis joris van laar")
    (found,) = with_learned([], reading, view, LEXICON, False, lambda mask: False)
    assert found.text == "joris van laar"


def test_an_english_answer_opens_with_a_word() -> None:
    lexicon = load_lexicon()
    assert is_english(View("Summer was long and nobody called"), lexicon)
    assert not is_english(View("De zomer was lang en niemand belde"), lexicon)
    assert not is_english(View("😀 12"), lexicon)


def test_a_mask_with_a_form_of_its_own_is_not_stretched() -> None:
    number = mask("joris", "contact.handle", kind="handle")
    assert joined([number], Found(3, 4, "name", 0.99)) == ["handle joris contact.handle"]


def test_what_goes_by_its_looks_is_masked_where_the_tagger_sees_a_detail_too() -> None:
    assert joined([mask("praat", "names.opening")]) == []
    assert joined([mask("praat", "deduce.persoon")]) == []
    assert joined([mask("praat", "names.opening")], strict=True) == ["name praat names.opening"]
    around = mask("joris", "names.context")  # what stands around it says so
    assert joined([around]) == ["name joris names.context"]
    assert joined([mask("praat", "names.role")]) == ["name praat names.role"]
    assert joined([mask("joris dijkveld", "names.capital")], likely=0.3) == []
    first_name = [mask("joris", "names.capital")]
    assert joined(first_name, likely=0.3) == ["name joris names.capital"]


@given(st.lists(st.integers(0, 2**31), min_size=1, max_size=20), st.text("ab C.", max_size=40))
def test_every_detail_is_a_run_of_words(seeds: list[int], text: str) -> None:
    """Whatever the weights: details do not overlap and are within the text."""
    draw = np.random.default_rng(seeds)
    rows = {sign: i for i, sign in enumerate(("w=a", "w=b", "s=Title", "s=lower", "b=^"))}
    weights = draw.integers(-127, 128, (len(rows), WINDOW, len(LABELS)), dtype=np.int8)
    tagger = Tagger(rows, weights, np.zeros(len(LABELS), dtype=np.float32), 0.1)
    view = View(text)
    reading = tagger.read(view, NameLexicon())
    assert len(reading.inside) == len(view.words)
    end = -1
    for found in reading.found:
        assert end < found.first <= found.last < len(view.words)
        assert found.kind in KINDS and 0 <= found.sureness <= 1
        end = found.last
    assert tagger.read(view, NameLexicon()) == reading


def test_the_shipped_file_is_small_and_is_what_it_says() -> None:
    tagger = load_tagger()
    again = unpacked(packed(tagger))
    assert again.rows == tagger.rows and again.step == tagger.step
    assert np.array_equal(again.weights, tagger.weights)
    assert packed(again) == packed(tagger)
    assert len(packed(tagger)) < 1_000_000


def test_a_tagger_that_was_trained_again_makes_the_cache_anew(tmp_path: Path) -> None:
    """Masks that another tagger found are not read from the cache."""
    folder = tmp_path / "masking"
    shutil.copytree(Path(themecoder.masking.__file__).parent, folder)
    before = rules_hash(folder)
    assert rules_hash(folder) == before
    file = folder / "data" / "tagger.gz"
    file.write_bytes(file.read_bytes() + b"\0")
    changed = rules_hash(folder)
    assert changed != before
    code = folder / "tagger" / "features.py"
    code.write_text(code.read_text("utf-8") + "# other signs\n", "utf-8")
    assert rules_hash(folder) not in (before, changed)


@pytest.mark.slow
def test_no_name_that_is_kept_for_measuring_is_in_what_it_learns_from() -> None:
    """Otherwise what the README calls unseen was seen; and the answers are the same every time."""
    import tomllib

    from tagger_answers import (  # type: ignore[import-not-found]
        Lists,
        answers,
        templates,
        unseen_words,
    )

    lexicon = load_lexicon()
    lists = Lists(lexicon)
    made = list(answers(lists, 3000, "tagger", lexicon))
    assert made[:200] == list(answers(lists, 200, "tagger", lexicon))
    parts = tomllib.loads((ROOT / "benchmarks" / "masking_parts.toml").read_text("utf-8"))
    unseen = {
        fold(entry)
        for name in ("first", "surname", "place")
        for value in [parts["unseen"][name]]
        for entry in (value.split() if isinstance(value, str) else value)
    }
    assert unseen <= unseen_words()
    details = {fold(a.text[start:end]) for a in made for start, end, _ in a.spans}
    assert not details & unseen
    used = {line for name in ("details", "ordinary") for line in templates(name)}
    assert not used & {*parts["unseen"]["answers"], *parts["unseen"]["nothing"]}


@pytest.mark.slow
@pytest.mark.long(150)
def test_training_again_gives_the_shipped_tagger(tmp_path: Path) -> None:
    """The file can be made anew by its command. Sums of a processor may differ in the last bit, and
    a new entry of a list changes little: what it finds is compared, not its bytes."""
    from masking import generated, marked  # type: ignore[import-not-found]

    file = tmp_path / "tagger.gz"
    command = [sys.executable, str(ROOT / "tools" / "train_tagger.py"), "--out", str(file)]
    subprocess.run(command, check=True, capture_output=True, timeout=560)
    shipped, again, lexicon = load_tagger(), unpacked(file.read_bytes()), load_lexicon()
    texts = [item.text for lines in generated("tuning") for item in marked(lines, "tuning")]
    labels = [
        [np.argmax(t.probabilities(View(text), lexicon), axis=1) for text in texts]
        for t in (shipped, again)
    ]
    equal = [np.array_equal(a, b) for a, b in zip(*labels, strict=True)]
    assert np.mean(equal) >= 0.98
