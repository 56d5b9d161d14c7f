"""The language of open answers, by the small words that are in every sentence."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

_WORDS = {
    "nl": """de het een en van ik je niet dat die in te is op met voor zijn er maar om aan ook als
        dan bij of wat heb heeft hebben kan nog wel geen naar mijn mij we wij ze zij uit over door
        meer zo omdat deze dit heel veel worden wordt was vind ben hoe""",
    "en": """the a an and of i you not that this in to is on with for are there but at also as than
        or what have has had can no my me we they from about more so because it be was were do does
        when if which their would it's i'm don't very how just""",
    "de": """der die das ein eine und von ich du nicht dass in zu ist auf mit für sind es aber um an
        auch als bei oder was habe hat haben kann noch kein keine nach mein mir wir sie aus über
        durch mehr so weil sehr wird werden war den dem im zum zur wie man""",
    "fr": """le la les un une et de des du je tu ne pas que qui dans à est sur avec pour sont il
        elle mais au aux aussi comme ou ce cette ai a ont peut mon ma mes me nous ils plus parce
        très c'est j'ai l'on on être fait était y en se son sa""",
}
_SMALL = {language: frozenset(words.split()) for language, words in _WORDS.items()}
_TOKEN = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_FEWEST = 8  # small words below which nothing is said
LANGUAGES = tuple(_SMALL)


def language_of_texts(texts: Sequence[str]) -> str | None:
    """The language of most of the texts (nl, en, de, fr); None where it can't be told.

    A word that several of the languages have counts for each of them.
    """
    hits: Counter[str] = Counter()
    for text in texts[:2000]:
        words = [word.casefold().replace("’", "'") for word in _TOKEN.findall(text)]
        for language, small in _SMALL.items():
            hits[language] += sum(word in small for word in words)
    (best, most), (_, second) = hits.most_common(2) if len(hits) > 1 else [("", 0), ("", 0)]
    return best if most >= _FEWEST and most >= 1.3 * second else None
