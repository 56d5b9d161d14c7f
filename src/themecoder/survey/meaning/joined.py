"""Several answers in one cell: by what they are parted, and which options there are.

Forms write ``Werk, Studie, om te oefenen``: options, and what somebody typed at 'other'. An option
may hold the separator itself (``Hulp bij klachten, stress``), so a cell is read by the options, the
longest first, and not cut blindly.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

SEPARATORS = (";", " | ", "|", ", ", ",", " / ", "\n", " ; ", " + ")
MOST_OPTIONS = 60
_SPACED = re.compile(r"[\w.-]+(?: [\w.-]+)*")
_TOKEN = re.compile(r"[a-z0-9]+(?:[_.-][a-z0-9]+)*_?|\d+", re.IGNORECASE)
_SEVERAL = re.compile(
    r"meer(dere)? antwoorden|meerkeuze|kies alles|alles wat|all that apply|select all|choose all"
    r"|multiple|more than one|mehrfach|mehrere|plusieurs|toutes les",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class JoinedAnswers:
    """``options`` in the order in which the cells have them; ``others`` are typed texts beside."""

    separator: str
    options: tuple[str, ...]
    others: int  # cells with a text that is no option


def find_joined(
    counts: Mapping[str, int], wording: str = "", *, codes: bool = False
) -> JoinedAnswers | None:
    """How the cells ``counts`` (text -> how often) are lists of options; None where they are not.

    ``wording`` is that of the question: where it asks for several answers, less is needed.
    ``codes``: the tool writes names of options with a space between (KoboToolbox, ODK).
    """
    if len(counts) < 2 and not all(text.rstrip().endswith(";") for text in counts):
        return None  # one text is no list, whatever marks stand in it
    hinted = bool(_SEVERAL.search(wording))
    for separator in SEPARATORS:
        if found := _by_separator(counts, separator, hinted):
            return found
    return _by_spaces(counts, codes)


def split_answers(cell: str, separator: str, options: Iterable[str]) -> tuple[list[str], str]:
    """The options in a cell, and what else stands in it (typed at 'other'; empty where nothing).

    The longest option that fits is taken at every place.
    """
    pieces = [piece.strip() for piece in cell.split(separator)]
    known = {_pieces_of(option, separator): option for option in options}
    longest = max((len(key) for key in known), default=0)
    chosen: list[str] = []
    rest: list[str] = []
    at = 0
    while at < len(pieces):
        for size in range(min(longest, len(pieces) - at), 0, -1):
            option = known.get(tuple(piece.casefold() for piece in pieces[at : at + size]))
            if option is not None:
                chosen.append(option)
                at += size
                break
        else:
            if pieces[at]:
                rest.append(pieces[at])
            at += 1
    joint = separator if separator.endswith((" ", "\n")) else f"{separator} "
    return list(dict.fromkeys(chosen)), joint.join(rest)


def _pieces_of(option: str, separator: str) -> tuple[str, ...]:
    return tuple(piece.strip().casefold() for piece in option.split(separator))


def _by_separator(  # noqa: PLR0911  a reason why not a return
    counts: Mapping[str, int], separator: str, hinted: bool
) -> JoinedAnswers | None:
    rows = sum(counts.values())
    bare = separator.strip() or separator
    lists = sum(n for text, n in counts.items() if separator in text.strip().rstrip(bare))
    # Microsoft Forms ends every list with a semicolon, that of one answer too
    ended = separator == ";" and all(text.rstrip().endswith(";") for text in counts)
    if not ended and (not lists or (lists < 0.05 * rows and not hinted)):
        return None
    parts = _count_pieces(counts, separator)
    options = _options(parts, rows)
    if not 2 - ended <= len(options) <= MOST_OPTIONS:
        return None
    options = _with_their_tails(counts, separator, options)
    options = _alike(options, parts)
    if len(options) < 2 - ended:
        return None
    wholly = others = several = 0
    together: Counter[tuple[str, ...]] = Counter()
    for text, n in counts.items():
        chosen, rest = split_answers(text, separator, options)
        wholly += n * (not rest)
        others += n * bool(rest)
        several += n * (len(chosen) > 1)
        together[tuple(sorted(chosen))] += n
    if wholly < (0.5 if hinted or ended else 0.7) * rows:
        return None
    if not ended and several < max(2, 0.05 * rows):
        return None
    if not (hinted or ended) and not _vary(together, options):
        return None
    return JoinedAnswers(separator, tuple(_in_order(counts, separator, options)), others)


def _count_pieces(counts: Mapping[str, int], separator: str) -> Counter[str]:
    parts: Counter[str] = Counter()
    for text, n in counts.items():
        for part in dict.fromkeys(piece.strip() for piece in text.split(separator)):
            if part:
                parts[part] += n
    return parts


def _options(parts: Counter[str], rows: int) -> list[str]:
    """The pieces that several people have; what one or two typed is no option."""
    least = 2 if rows < 200 else max(3, round(0.004 * rows))
    return [part for part, n in parts.items() if n >= least and len(part) <= 200]


def _with_their_tails(
    counts: Mapping[str, int], separator: str, options: Sequence[str]
) -> list[str]:
    """The options, with pieces that never stand without the piece before them put behind it.

    "Hulp bij klachten, stress" is one option where "stress", which begins with a small letter as
    no other option does, always follows "Hulp bij klachten".
    """
    before: dict[str, set[str]] = {}
    after: dict[str, set[str]] = {}
    for text in counts:
        pieces = ["", *(piece.strip() for piece in text.split(separator)), ""]
        for first, second in pairwise(pieces):
            before.setdefault(second, set()).add(first)
            after.setdefault(first, set()).add(second)
    merged = dict.fromkeys(options)
    for tail in options:
        heads = before.get(tail, set())
        head = next(iter(heads)) if len(heads) == 1 else ""
        if head and after[head] == {tail} and tail[:1].islower() and not head[:1].islower():
            merged.pop(tail, None)
            merged.pop(head, None)
            merged[f"{head}{separator}{tail}"] = None
    return list(merged)


def _alike(options: Sequence[str], parts: Mapping[str, int]) -> list[str]:
    """The options that begin as most do, with a capital or without.

    What begins otherwise was typed by somebody, or is the tail of an answer: "Ja, soms".
    """
    small = [option for option in options if option[:1].islower()]
    large = [option for option in options if not option[:1].islower()]
    weight = {id(group): sum(parts.get(o, 0) for o in group) for group in (small, large)}
    return small if weight[id(small)] > weight[id(large)] else large


def _vary(together: Counter[tuple[str, ...]], options: Sequence[str]) -> bool:
    """Whether options come in combinations of their own, as chosen ones do.

    Answers to choose from that hold a comma ("Ja, dagelijks") make as many combinations as there
    are answers, in which each piece stands in one or two. Chosen ones stand beside different
    others, or alone and beside one.
    """
    sets = [set(combination) for combination in together if combination]
    companions = {
        option: {frozenset(found - {option}) for found in sets if option in found}
        for option in options
    }
    return sum(len(found) > 1 for found in companions.values()) * 2 >= len(options)


def _in_order(counts: Mapping[str, int], separator: str, options: Sequence[str]) -> list[str]:
    """The options as the questionnaire seems to have them: before which each stands in cells."""
    ahead: Counter[str] = Counter()
    for text, n in counts.items():
        chosen, _ = split_answers(text, separator, options)
        for place, option in enumerate(chosen):
            ahead[option] += n * (len(chosen) - 1 - 2 * place)
    pairs: dict[str, set[str]] = {option: set() for option in options}
    for text in counts:
        chosen, _ = split_answers(text, separator, options)
        for place, option in enumerate(chosen):
            pairs[option].update(chosen[:place])
    ordered: list[str] = []
    left = sorted(options, key=lambda option: (-ahead[option], option))
    while left:
        free = next((o for o in left if not pairs[o] & set(left) - {o}), left[0])
        ordered.append(free)
        left.remove(free)
    return ordered


def _by_spaces(counts: Mapping[str, int], told: bool) -> JoinedAnswers | None:
    """Lists of names of options (``te_duur weet_niet``) or of their numbers (``1 3 5``)."""
    if not all(_SPACED.fullmatch(text.strip()) for text in counts):
        return None
    rows = sum(counts.values())
    parts: Counter[str] = Counter()
    several = 0
    for text, n in counts.items():
        tokens = text.split()
        if len(set(tokens)) < len(tokens) or not all(map(_TOKEN.fullmatch, tokens)):
            return None
        several += n * (len(tokens) > 1)
        for token in tokens:
            parts[token] += n
    if several < (1 if told else max(2, 0.05 * rows)) or not 2 <= len(parts) <= MOST_OPTIONS:
        return None
    named = sum("_" in token or token.isdigit() for token in parts)
    if not told and (named < 0.4 * len(parts) or any(t[:1].isupper() for t in parts)):
        return None
    if not told and sum(n == 1 for n in parts.values()) > 0.2 * len(parts):
        return None
    options = sorted(parts, key=int) if all(t.isdigit() for t in parts) else list(parts)
    if not all(token.isdigit() for token in options):
        options = _in_order(counts, " ", options)
    return JoinedAnswers(" ", tuple(options), 0)
