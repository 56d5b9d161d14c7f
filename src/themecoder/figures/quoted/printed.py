"""Printed numbers of a report: a percentage, a count, a mean, a test, or an amount in words."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from fractions import Fraction

from themecoder.figures.quantities.amount import Amount
from themecoder.figures.quantities.find import parse_amount
from themecoder.figures.quoted.formula import Welch
from themecoder.output.numbers import number_text, rounded

PERCENT, NUMBER, WORDS, TEST = "percent", "number", "words", "test"
_NUMBER = re.compile(
    r"(?P<minus>[-−]?)\s*(?P<digits>\d+(?:[.,]\d+)*)\s*(?P<percent>%|procent|percent)?",
    re.IGNORECASE,
)
_TEST = re.compile(
    r"t\s*\(\s*(?P<df>\d+(?:[.,]\d+)?)\s*\)\s*=\s*(?P<t>[-−]?\d+(?:[.,]\d+)?)"
    r"(?:\s*[;,]\s*p\s*(?P<sign>[<=>≤≥])\s*(?P<p>\d*[.,]\d+))?"
)
_OF = r"\s*(?:/|van(?:\s+de)?|of(?:\s+the)?|out\s+of)\s*"
_COUNT = r"\d+(?:[.,]\d{3})*"
_SHARE = r"\d+(?:[.,]\d+)?\s*(?:%|procent|percent)"
_SIZED = (
    re.compile(rf"(?P<main>.+?)\s*[(\[]\s*n\s*=\s*(?P<either>{_COUNT})\s*[)\]]", re.I),
    re.compile(
        rf"(?P<main>{_SHARE})\s*[(\[]\s*(?P<n>{_COUNT})(?:{_OF}(?P<base>{_COUNT}))?[)\]]", re.I
    ),
    re.compile(
        rf"(?P<n>{_COUNT})(?:{_OF}(?P<base>{_COUNT}))?\s*[(\[]\s*(?P<main>{_SHARE})\s*[)\]]", re.I
    ),
    re.compile(rf"(?P<main>{_COUNT}){_OF}(?P<base>{_COUNT})", re.I),
)


@dataclass(frozen=True, slots=True)
class Sizes:
    """The counts that are printed with a number: its ``n``, its ``base_n``, or ``either``."""

    n: int | None = None
    base_n: int | None = None
    either: int | None = None

    def hold(self, n: int, base_n: int) -> bool:
        return (
            self.n in (None, n)
            and self.base_n in (None, base_n)
            and self.either in (None, n, base_n)
        )


@dataclass(frozen=True, slots=True)
class Printed:
    """``value`` is what stands there: a percentage in percent, a number as it is. ``decimals`` as
    printed. Words claim ``amount``; a test has its t as ``value``, and ``df`` and ``p``, each with
    its decimals; ``sign`` is that of p, "" where none is printed."""

    kind: str
    value: Fraction = Fraction(0)
    decimals: int = 0
    amount: Amount | None = None
    df: tuple[Fraction, int] = (Fraction(0), 0)
    sign: str = ""
    p: tuple[Fraction, int] = (Fraction(0), 0)
    sizes: Sizes = Sizes()

    @property
    def is_share(self) -> bool:
        """Whether it is a part of the base, and no count."""
        if self.amount is not None:
            return self.amount.kind == "share"
        return self.kind == PERCENT


def parse_printed(text: str, language: str) -> Printed | None:
    """What ``text`` prints, or None where that is no number.

    ``37,1%``, ``294``, ``49,2``, ``t(635) = -10,88; p < 0,001``, ``ruim een derde``; with counts:
    ``37,1% (286 van 771)``, ``37,1% (n = 286)``, ``286 (37,1%)``, ``286 van 771``.
    """
    plain = " ".join(text.split())
    number = _plain(plain, language)
    if number is not None:
        return number
    for form in _SIZED:
        match = form.fullmatch(plain)
        main = parse_printed(match["main"], language) if match else None
        # "3 van de 4" is said of any base, as "1 op de 4" is
        if match and main is not None and main.sizes == Sizes():
            cells = [match.groupdict().get(name) for name in ("n", "base", "either")]
            n, base, either = map(_whole, cells)
            if form is _SIZED[-1] and base is not None and base <= 10:
                break
            return replace(main, sizes=Sizes(n, base, either))
    test = _TEST.fullmatch(plain)
    if test:
        df, df_places = _decimal(test["df"])
        t, places = _decimal(test["t"])
        p = _decimal(test["p"]) if test["p"] else (Fraction(0), 0)
        return Printed(TEST, t, places, df=(df, df_places), sign=test["sign"] or "", p=p)
    amount = parse_amount(plain, language)
    return Printed(WORDS, amount=amount) if amount else None


def _plain(text: str, language: str) -> Printed | None:
    """A number in digits, with its percent sign or without."""
    match = _NUMBER.fullmatch(text)
    if match is None:
        return None
    digits, (thousands, point) = match["digits"], ".," if language == "nl" else ",."
    grouped = rf"\d{{1,3}}(?:\{thousands}\d{{3}})+(?:\{point}\d+)?"
    if re.fullmatch(grouped, digits) and not match["percent"]:
        digits = digits.replace(thousands, "")
    if not re.fullmatch(r"\d+(?:[.,]\d+)?", digits):
        return None
    value, decimals = _decimal(digits)
    kind = PERCENT if match["percent"] else NUMBER
    return Printed(kind, -value if match["minus"] else value, decimals)


def _whole(cell: str | None) -> int | None:
    return None if cell is None else int(re.sub(r"[.,]", "", cell))


def holds(printed: Printed, value: Fraction | float, share: bool, decimals: int) -> bool:
    """Whether ``value`` (0 to 1 where a ``share``) is what was printed, at ``decimals``."""
    if printed.amount is not None:
        kind = "share" if share else "count"
        return printed.amount.kind == kind and printed.amount.holds(Fraction(value))
    if printed.kind == PERCENT:
        return share and rounded(Fraction(value) * 100, decimals) == printed.value
    return not share and rounded(value, decimals) == printed.value


def holds_test(printed: Printed, welch: Welch) -> bool:
    """Whether a test gives the t, degrees of freedom and p that were printed, at their decimals.

    A p with "=" is what the data's p rounds to, as t and the degrees of freedom are: ``p = .03`` is
    anything from .025 up to .035, ``p = .000`` anything below .0005. The sign of t is that of the
    order of the groups, which a report need not tell.
    """
    t = rounded(abs(welch.t), printed.decimals) == abs(printed.value)
    df, df_places = printed.df
    typed, places = printed.p
    exact = Fraction(str(welch.p))  # as ``rounded`` takes it: .05 is no more than .05
    p = {
        "": True,
        "=": rounded(exact, places) == typed,
        "<": exact < typed,
        ">": exact > typed,
        "≤": exact <= typed,
        "≥": exact >= typed,
    }[printed.sign]
    return t and rounded(welch.df, df_places) == df and p


def test_text(printed: Printed, welch: Welch, language: str) -> str:
    """``t(635) = −10,88; p < 0,001``: at as many decimals as were printed, or more."""
    places = max(printed.p[1], 3)
    least = 10**-places
    p = number_text(max(welch.p, least), places, language)
    sign = "<" if welch.p < least else "="
    t = number_text(welch.t, max(printed.decimals, 2), language)
    return f"t({number_text(welch.df, printed.df[1], language)}) = {t}; p {sign} {p}"


def _decimal(text: str) -> tuple[Fraction, int]:
    """The number, and how many decimals it has."""
    plain = text.replace("−", "-").replace(",", ".")
    decimals = len(plain.partition(".")[2])
    return Fraction(f"0{plain}" if plain.startswith(".") else plain), decimals
