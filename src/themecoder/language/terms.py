"""What may become a keyword: content words, phrases of two, and words with their negation.

A term has a key, under which its forms are counted together ("gesprekken" and "gesprek"), and the
form as typed: no word is shown that nobody wrote, whatever a lemmatiser makes of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from themecoder.language.tokens import Token
from themecoder.language.words import WordLists

NOT = "¬"  # first part of the key of a word with its negation
_REACH = 2  # words that may stand between a negation and what it denies, or inside a phrase
_SHORTEST = 3  # letters of a keyword, abbreviations in capitals apart


@dataclass(frozen=True, slots=True)
class Term:
    """A term as it occurs once: ``parts`` are the keys of its content words."""

    key: str
    form: str
    parts: tuple[str, ...]
    pos: str
    known: bool


def content(token: Token, words: WordLists) -> bool:
    """Whether a token may be a keyword by itself."""
    if not token.is_word or token.lower in words.stop or token.lemma in words.stop:
        return False
    if token.pos in ("DET", "PRON", "ADP", "AUX", "CCONJ", "SCONJ", "PART", "NUM", "INTJ"):
        return False
    if token.lower in words.negation or token.lemma in words.negation:
        return False
    return len(token.text) >= _SHORTEST or (token.text.isupper() and len(token.text) > 1)


def terms(tokens: Sequence[Token], words: WordLists) -> list[Term]:
    """The terms of one text, in order; a term that occurs twice is there twice."""
    keep = [content(token, words) for token in tokens]
    taken = []
    for place, token in enumerate(tokens):
        if not keep[place]:
            continue
        taken.append(Term(token.key, _form(token), (token.key,), token.pos, token.known))
        follower = _next_content(tokens, keep, place, words)
        if follower is not None:
            following = tokens[follower]
            if following.key != token.key:
                taken.append(_phrase(tokens, place, follower))
        denied = _denial(tokens, keep, place, words)
        if denied:
            taken.append(Term(f"{NOT} {token.key}", denied, (token.key,), token.pos, token.known))
    return taken


def _form(token: Token) -> str:
    """How a word is shown: as typed, capitals only where they belong."""
    if token.pos == "PROPN" or (token.text.isupper() and len(token.text) <= 5):
        return token.text
    # a capital inside a word is part of its spelling (ChatGPT), at its start mostly the sentence's
    inside = token.text[1:]
    return token.text if inside != inside.lower() and not token.text.isupper() else token.lower


def _phrase(tokens: Sequence[Token], first: int, last: int) -> Term:
    form = " ".join(_form(token) for token in tokens[first : last + 1])
    a, b = tokens[first], tokens[last]
    return Term(f"{a.key} {b.key}", form, (a.key, b.key), b.pos, a.known and b.known)


def _next_content(
    tokens: Sequence[Token], keep: Sequence[bool], place: int, words: WordLists
) -> int | None:
    """The content word after ``place`` with at most two linking words between, no mark."""
    for position in range(place + 1, min(place + 2 + _REACH, len(tokens))):
        if keep[position]:
            return position
        if tokens[position].lower not in words.link:
            return None
    return None


def _denial(tokens: Sequence[Token], keep: Sequence[bool], place: int, words: WordLists) -> str:
    """The negated form of the content word at ``place``, "" where nothing denies it.

    The negation stands before it ("geen oordeel", "niet te vertrouwen"), or after a verb with only
    small words between ("ik vertrouw het niet").
    """
    before = _denied_before(tokens, keep, place, words)
    if before or tokens[place].pos != "VERB":
        return before
    return _denied_after(tokens, keep, place, words)


def _denied_before(
    tokens: Sequence[Token], keep: Sequence[bool], place: int, words: WordLists
) -> str:
    token = tokens[place]
    for position in range(place - 1, max(place - 2 - _REACH, -1), -1):
        earlier = tokens[position]
        if earlier.lower in words.negation:
            between = [t.lower for t in tokens[position + 1 : place] if t.lower in words.link]
            between = between if token.pos != "VERB" else []
            return " ".join([_denier(tokens, position), *between, _form(token)])
        if keep[position] or not earlier.is_word or earlier.lower in words.clause:
            break
    return ""


def _denier(tokens: Sequence[Token], place: int) -> str:
    """A negation as it is read: "n't" with the word that it is written to."""
    own = tokens[place].lower
    return tokens[place - 1].lower + own if "'" in own and place else own


def _denied_after(
    tokens: Sequence[Token], keep: Sequence[bool], place: int, words: WordLists
) -> str:
    for position in range(place + 1, min(place + 2 + _REACH, len(tokens))):
        later = tokens[position]
        if later.lower in words.negation:
            # "niet" that goes with the next word ("voelt niet veilig") denies that one
            free = position + 1 == len(tokens) or not keep[position + 1]
            return f"{_form(tokens[place])} {_denier(tokens, position)}" if free else ""
        if keep[position] or not later.is_word or later.lower not in words.stop:
            break
    return ""


def spelling_variants(
    counts: Mapping[str, int], known: Mapping[str, bool], *, times: int = 3, shortest: int = 6
) -> dict[str, str]:
    """Rare unknown spellings of frequent words: variant -> the spelling it is counted under.

    A variant is one letter away, with the same first letter, from a key that occurs at least
    ``times`` as often, and stands in no word list; of several such keys the most frequent is taken.
    """
    shapes: dict[str, list[str]] = {}
    for key in counts:
        if len(key) >= shortest:
            for shape in _shapes(key):
                shapes.setdefault(shape, []).append(key)
    joined = {}
    for key in sorted(counts):
        if len(key) < shortest or known.get(key, True):
            continue
        spellings = {
            other
            for shape in _shapes(key)
            for other in shapes[shape]
            if other != key
            and other[0] == key[0]
            and counts[other] >= times * counts[key]
            and _one_apart(key, other)
        }
        if spellings:
            joined[key] = min(spellings, key=lambda other: (-counts[other], other))
    return joined


def _shapes(word: str) -> Iterable[str]:
    """The word and what is left of it without one letter: words one slip apart share a shape."""
    return {word, *(word[:i] + word[i + 1 :] for i in range(1, len(word)))}


def _one_apart(a: str, b: str) -> bool:
    """Whether one letter is missing, too many, wrong, or swapped with its neighbour."""
    if abs(len(a) - len(b)) > 1:
        return False
    start = 0
    while start < min(len(a), len(b)) and a[start] == b[start]:
        start += 1
    a, b = a[start:], b[start:]
    if len(a) == len(b):
        return a[1:] == b[1:] or (a[:2] == b[:2][::-1] and a[2:] == b[2:])
    return a[1:] == b if len(a) > len(b) else a == b[1:]


def commonest(forms: Iterable[str]) -> str:
    """The most frequent form; of equals the shortest, then the first by alphabet."""
    counted = Counter(forms)
    return min(counted, key=lambda form: (-counted[form], len(form), form))
