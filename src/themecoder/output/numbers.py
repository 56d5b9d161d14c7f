"""Numbers as a reader meets them: exact rounding, decimal comma or point, percent sign."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

NO_NUMBER = "–"


def rounded(value: Fraction | Decimal | float, decimals: int) -> Decimal:
    """``value`` at ``decimals``, a half away from zero, as SPSS, Excel and a person round.

    Exact for whole numbers and fractions: 1/8 is 12.5 % and 13 %, never 12. A float is taken as the
    number that it prints as.
    """
    exact = Fraction(str(value)) if isinstance(value, float) else Fraction(value)
    scaled = exact * 10**decimals
    whole = int(abs(scaled) + Fraction(1, 2))
    return Decimal(-whole if scaled < 0 else whole).scaleb(-decimals)


def percentage(n: int, base: int, decimals: int) -> Decimal | None:
    """``n`` of ``base`` in percent, rounded from the counts; None of an empty base."""
    return rounded(Fraction(100 * n, base), decimals) if base else None


def number_text(value: Fraction | Decimal | float | None, decimals: int, language: str) -> str:
    """``value`` with its decimals, comma in Dutch and point in English; a dash for None.

    Thousands are set apart from 10.000 on: 1234 stays whole. Never a minus before zero.
    """
    if value is None:
        return NO_NUMBER
    shown = rounded(value, decimals)
    text = f"{abs(shown):,f}" if abs(shown) >= 10_000 else f"{abs(shown):f}"
    if language == "nl":
        text = text.translate(str.maketrans(",.", ".,"))
    return ("−" if shown < 0 else "") + text


def percent_text(n: int, base: int, decimals: int, language: str) -> str:
    """``37,1%``; a dash of an empty base."""
    percent = percentage(n, base, decimals)
    return NO_NUMBER if percent is None else number_text(percent, decimals, language) + "%"


def span_text(
    low: Fraction | Decimal | float, high: Fraction | Decimal | float, decimals: int, language: str
) -> str:
    """``5,3–10,0``: the ends of an interval."""
    return f"{number_text(low, decimals, language)}–{number_text(high, decimals, language)}"


def decimal_text(value: float, digits: int = 2, language: str = "nl") -> str:
    """``value`` of a statistic with the language's decimal sign: 0,82 in Dutch, 0.82 in English.

    A float is rounded as the number that it is, not as it prints: it was never exact.
    """
    return f"{value:.{digits}f}".replace(".", "," if language == "nl" else ".")


def integer_text(value: int, language: str) -> str:
    """``value`` with thousands always set apart, for columns: 1.234 in Dutch, 1,234 in English."""
    return f"{value:,}".replace(",", "." if language == "nl" else ",")


def whole_percent_text(n: int, base: int) -> str:
    """``n`` of ``base`` in whole percents, halves up; never 0 for some nor 100 for not all."""
    percent = percentage(n, base, 0)
    if percent is None:
        return NO_NUMBER
    if n and not percent:
        return "<1%"
    if n < base and percent == 100:
        return ">99%"
    return f"{percent}%"
