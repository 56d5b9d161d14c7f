"""Loads the ``NameLexicon``: lists of this package, of deduce, and a dictionary.

The raw lists that deduce ships are read as files, deduce itself is not imported; the Dutch
dictionary is that of spacy-lookups-data.
"""

from __future__ import annotations

import gzip
import json
from functools import lru_cache
from importlib import resources
from importlib.util import find_spec
from pathlib import Path

from themecoder.errors import Problem, ServiceError
from themecoder.masking.lexicon import NameLexicon
from themecoder.masking.tokens import View, fold


def package_folder(name: str) -> Path:
    """Where a package lies, without importing it. Raises ServiceError where there is none."""
    spec = find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise ServiceError(Problem("masking.package_missing", {"package": name}))
    return Path(next(iter(spec.submodule_search_locations)))


def own_list(name: str) -> frozenset[str]:
    """A list of ``themecoder/masking/data``: a space between words, "_" for one in a name."""
    text = (resources.files("themecoder.masking") / "data" / f"{name}.txt").read_text("utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return frozenset(fold(word.replace("_", " ")) for line in lines for word in line.split())


def _public_names() -> frozenset[str]:
    """The names as the words of an answer are read: "J.K. Rowling" is "j k rowling"."""
    names = own_list("public_names")
    return names | {" ".join(word.low for word in View(name).words) for name in names}


def _public_domains() -> frozenset[str]:
    text = (resources.files("themecoder.masking") / "data" / "public_domains.txt").read_text(
        "utf-8"
    )
    domains: set[str] = set()
    for line in text.splitlines():
        if line.startswith("bare: "):
            domains |= {f"bare:{domain}" for domain in line.split()[1:]}
        elif not line.startswith("#"):
            domains |= set(line.split())
    return frozenset(domains)


def _deduce_list(folder: Path, *names: str) -> frozenset[str]:
    source = folder / "data" / "lookup" / "src"
    entries: set[str] = set()
    for name in names:
        entries |= {fold(line.strip()) for line in (source / name).read_text("utf-8").splitlines()}
    return frozenset(entries - {""})


def _dictionary() -> dict[str, str]:
    """Every Dutch word form with its readings (n, v, a, f), from the lemma tables of spaCy."""
    data = package_folder("spacy_lookups_data") / "data"

    def table(name: str) -> dict[str, object]:
        with gzip.open(data / f"nl_{name}.json.gz", "rt", encoding="utf-8") as handle:
            loaded: dict[str, object] = json.load(handle)
        return loaded

    letters = {
        "noun": "n",
        "verb": "v",
        "adj": "a",
        "adv": "a",
        "adp": "f",
        "det": "f",
        "pron": "f",
    }
    words: dict[str, str] = {}

    def add(word: str, letter: str) -> None:
        known = words.get(word, "")
        if letter not in known:
            words[word] = "".join(sorted(known + letter))

    for pos, lemmas in table("lemma_index").items():
        assert isinstance(lemmas, list)
        for lemma in lemmas:
            add(lemma, letters[pos])
    for pos, forms in table("lemma_exc").items():
        assert isinstance(forms, dict)
        for form in forms:
            add(form, letters[pos])
    for form, lemma in table("lemma_lookup").items():
        readings = words.get(str(lemma), "")
        for letter in readings.replace("f", ""):
            add(form, letter)
        words.setdefault(form, "")
    return words


@lru_cache(maxsize=1)
def load_lexicon() -> NameLexicon:
    """The lexicon of Dutch and Flemish names, places and words. Raises ServiceError where deduce or
    spacy-lookups-data is not installed."""
    deduce = package_folder("deduce")
    ambiguous = own_list("first_names_ambiguous")
    listed = _deduce_list(
        deduce,
        "locations/lst_placename/lst_residence/items.txt",
        "locations/lst_placename/lst_municipality/items.txt",
    )
    # "Winkel (Nh)": the province is never typed
    residences = frozenset(place.split(" (")[0] for place in listed)
    belgian, certain = own_list("places_be"), own_list("places_certain")
    institutions = _deduce_list(
        deduce,
        "institutions/lst_healthcare_institution/items.txt",
        "institutions/lst_hospital/items.txt",
    )
    return NameLexicon(
        certain_names=own_list("first_names") - ambiguous,
        ambiguous_names=ambiguous,
        first_names=_deduce_list(deduce, "names/lst_first_name/items.txt")
        | own_list("first_names"),
        surnames=_deduce_list(deduce, "names/lst_surname/items.txt") | own_list("surnames"),
        after_prefix=_deduce_list(deduce, "names/lst_interfix_surname/items.txt"),
        places=residences | belgian | certain,
        certain_places=certain,
        never_places=own_list("places_never"),
        regions=own_list("regions"),
        place_endings=own_list("place_endings"),
        streets=_deduce_list(
            deduce, "locations/lst_street/items.txt", "locations/lst_street/streets_bag.txt"
        ),
        institutions=own_list("institutions"),
        listed_institutions=institutions,
        toponyms=own_list("toponyms"),
        public=_public_names(),
        public_domains=_public_domains(),
        not_names=own_list("not_names"),
        common=_deduce_list(deduce, "whitelist/lst_common_word/items.txt"),
        english=own_list("english_words"),
        words=_dictionary(),
    )
