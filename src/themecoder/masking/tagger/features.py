"""What the tagger sees of each word of an answer: signs, as short strings.

A sign of a word counts for its neighbours too, up to ``REACH`` words away, each with a weight of
its own: "mijn" two words before is another thing than "mijn" one word after.
"""

from __future__ import annotations

import re
from functools import lru_cache

from themecoder.masking.english import is_english
from themecoder.masking.lexicon import NameLexicon
from themecoder.masking.public import public_spans
from themecoder.masking.rules.reader import SURNAME_ENDS
from themecoder.masking.tokens import View

#: How many words before and after a word its signs reach.
REACH = 3

_LISTS = {
    "certain": "certain_names",
    "ambiguous": "ambiguous_names",
    "first": "first_names",
    "surname": "surnames",
    "after": "after_prefix",
    "place": "places",
    "town": "certain_places",
    "never": "never_places",
    "region": "regions",
    "institution": "institutions",
    "street": "streets",
    "not": "not_names",
    "common": "common",
}
_MARK = re.compile(r"[.,!?;:()\n\"'@&/-]")


def signs(view: View, lexicon: NameLexicon) -> list[list[str]]:
    """The signs of every word, in the order of the words."""
    public = {i for a, b in public_spans(view, lexicon) for i in range(a, b)}
    language = "en" if is_english(view, lexicon) else "nl"
    before, last = "^", "^"
    result = []
    for i, word in enumerate(view.words):
        shape = _shape(view, i)
        key, alone = _alone(word.low, lexicon)
        own = list(alone)
        if key != "#":
            if i in public:
                key += "+public"
                own.append("k=public")
            own += [f"c={key}", f"c={key} {shape}"]
        english = " english" if word.low in lexicon.english else ""
        own.append(f"l={language} {shape}{english}")
        own += [f"s={shape}", f"b={before} {last}", f"b={last}", f"bk={last} {key}"]
        if i == 0:
            own.append("first word")
        own.append(f"g={_marks(view, i)}")
        result.append(own)
        before, last = last, "#" if key == "#" else word.low
    return result


@lru_cache(maxsize=20_000)
def _alone(low: str, lexicon: NameLexicon) -> tuple[str, tuple[str, ...]]:
    """Which lists a word is in, as one key, and the signs that it has wherever it stands."""
    if low[0].isdigit():
        return "#", (f"w=#{min(len(low), 6)}", "k=#")
    known = [name for name, field in _LISTS.items() if low in getattr(lexicon, field)]
    reading = lexicon.words.get(low)
    if reading is None:
        compound = "not" not in known and lexicon.is_word(low)
        reading = "compound" if compound else "unknown"
    known.append(f"r:{reading}")
    own = [f"w={low}", *(f"k={name}" for name in known), f"n={min(len(low), 9)}"]
    if low in lexicon.english:
        own.append("k=english")
    own += [f"p={low[:3]}", f"p={low[:4]}"]
    own += [f"e={low[-size:]}" for size in (2, 3, 4, 5)]
    if len(low) > 5:
        if low.endswith(SURNAME_ENDS):
            own.append("like surname")
        if low.endswith(tuple(lexicon.place_endings)):
            own.append("like place")
        if low.endswith(tuple(lexicon.toponyms)):
            own.append("like house")
    return "+".join(known), tuple(dict.fromkeys(own))


def _marks(view: View, i: int) -> str:
    """The marks between a word and the next; "$" after the last."""
    if i + 1 == len(view.words):
        return "$"
    return "".join(sorted(set(_MARK.findall(view.gap(i))))).replace("\n", "|")


def _shape(view: View, i: int) -> str:
    """How a word is written, as far as that says anything."""
    word = view.words[i]
    inner = "-" if "-" in word.text else "'" if "'" in word.text or "’" in word.text else ""
    if view.caseless:
        return "caseless" + inner
    if len(word.text) > 1 and word.text.isupper():
        return "upper" + inner
    if word.title:
        return ("Opening" if word.opens else "Title") + ("." if len(word.text) == 1 else inner)
    return "lower" + inner
