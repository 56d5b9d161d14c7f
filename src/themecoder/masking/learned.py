"""What the tagger found beside the masks of the rules: new masks, and rules' masks made whole."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from unicodedata import combining, normalize

from themecoder.masking.lexicon import NameLexicon
from themecoder.masking.model import Mask
from themecoder.masking.tagger.model import Found, Reading
from themecoder.masking.tokens import View, words

#: How sure the tagger must be of a detail that no rule found: more where it has a capital, as what
#: is public has, and where it is an ordinary word. Of the rest of one that a rule found in part it
#: need only find it likelier than not. The strict level takes all of that.
SURE_ENOUGH = 0.6
SURE_OF_CAPITAL = 0.8
SURE_OF_WORD = 0.75
_SURE = 0.95
#: Rules that go by how a word looks: what they find is masked where the tagger holds it for so
#: likely. People known to all are called by their full name, one's own people by the first.
_BY_LOOKS = frozenset(("names.opening", "names.capital"))
_FULL_NAME = 0.8
_FIRST_NAME = 0.2
_OTHER_NAME = 0.3
_LEAST = {
    "names.again": 0.22,
    "places.listed": 0.05,
    "deduce.persoon": 0.6,
    "spacy.entity": 0.6,
}
_UNFINISHED = words("van de den der het ter ten vander vanden onze")
_SOFT = frozenset(("name", "institution", "place", "address", "other"))


def with_learned(
    masks: Iterable[Mask],
    reading: Reading,
    view: View,
    lexicon: NameLexicon,
    strict: bool,
    stays: Callable[[Mask], bool],
) -> list[Mask]:
    """The masks with those of the tagger. One that lies over masks of rules makes one of them and
    itself: a name is masked whole. What a rule or a detector took for a detail by its
    looks alone goes where the tagger does not see one. ``stays`` says what is public or allowed."""
    masks = list(masks)
    refuted = [] if strict else [m for m in masks if _refuted(m, view, lexicon, reading)]
    result = [mask for mask in masks if mask not in refuted]
    for detail in reading.found:
        mask = _mask(detail, view)
        touched = _over(result, mask)
        if any(m.start <= mask.start and mask.end <= m.end for m in touched) or stays(mask):
            continue
        if not touched:
            least = _FULL_NAME if _over(refuted, mask) else _needed(detail, view, lexicon)
            if strict or detail.sureness >= least:
                result.append(mask)
        elif all(m.kind in _SOFT and not m.rule.startswith("list.") for m in touched):
            start = min(mask.start, *(m.start for m in touched))
            end = max(mask.end, *(m.end for m in touched))
            longest = max(touched, key=lambda m: (m.end - m.start, -m.start))
            whole = replace(longest, start=start, end=end, text=view.text[start:end])
            result = [m for m in result if m not in touched] + [whole]
    return result


def _needed(detail: Found, view: View, lexicon: NameLexicon) -> float:
    if not view.caseless and view.words[detail.first].title:
        return SURE_OF_CAPITAL
    low = view.at(detail.first)
    word = detail.first == detail.last and lexicon.in_dictionary(_unstressed(low))
    return SURE_OF_WORD if word else SURE_ENOUGH


def _unstressed(word: str) -> str:
    """The word without accents: "dát" is "dat"."""
    return "".join(c for c in normalize("NFD", word) if not combining(c))


def _over(masks: Iterable[Mask], mask: Mask) -> list[Mask]:
    return [m for m in masks if m.start < mask.end and mask.start < m.end]


def _refuted(mask: Mask, view: View, lexicon: NameLexicon, reading: Reading) -> bool:
    inside = [i for i, w in enumerate(view.words) if w.start < mask.end and mask.start < w.end]
    likely = max((reading.inside[i] for i in inside), default=1.0)
    return likely < _least(mask, [view.at(i) for i in inside], lexicon)


def _least(mask: Mask, words: list[str], lexicon: NameLexicon) -> float:
    """How likely a detail must be for the tagger, to stand beside the rule that found it."""
    if mask.rule in _BY_LOOKS:
        if len(words) > 1:
            return _FULL_NAME
        return _FIRST_NAME if words[0] in lexicon.certain_names else _OTHER_NAME
    return _LEAST.get(mask.rule, 0.0)


def _mask(detail: Found, view: View) -> Mask:
    last = detail.last
    while view.at(last) in _UNFINISHED and view.near(last) and last + 1 < len(view.words):
        last += 1  # a name does not end with "van"
    start, end = view.words[detail.first].start, view.words[last].end
    if detail.sureness >= _SURE:
        rule = "tagger.sure"
    else:
        rule = "tagger.likely" if detail.sureness >= SURE_ENOUGH else "tagger.doubtful"
    return Mask(start, end, detail.kind, view.text[start:end], rule)
