"""Numbers, reasons and levels of agreement in the words of one language."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from themecoder.agreement.measures.benchmark import SCALES, by_point, by_probability
from themecoder.agreement.rows import AgreementRow
from themecoder.agreement.small_counts import HIDDEN
from themecoder.messages import message
from themecoder.output.numbers import NO_NUMBER, decimal_text, integer_text

AREA = "agreement_page"
SHOWN_SCALES = ("krippendorff", "landis_koch", "altman")
CERTAIN = 0.95
"""How probable a level must be to be called certain: Gwet (2014), p. 178."""


class Estimate(Protocol):
    """An estimate that can be printed: the value, and its interval where there is one."""

    @property
    def value(self) -> float | None: ...
    @property
    def ci_low(self) -> float | None: ...
    @property
    def ci_high(self) -> float | None: ...


@dataclass(frozen=True, slots=True)
class AgreementLevel:
    """What a scale calls a value: by the value itself, and with certainty (empty: not known)."""

    scale: str
    point: str
    certain: str


@dataclass(frozen=True, slots=True)
class PageWords:
    """The words of the page in ``language``."""

    language: str

    def text(self, key: str, **params: Any) -> str:
        return message(f"{AREA}.{key}", self.language, **params)

    def number(self, value: float | None, digits: int = 2) -> str:
        """0,82; a dash where there is nothing. Never -0,00."""
        if value is None:
            return NO_NUMBER
        return decimal_text(round(value, digits) + 0.0, digits, self.language).replace("-", "−")

    def value(self, value: float | None) -> str:
        """A coefficient: 0,68; with a third decimal where two would put it across a bound."""
        if value is None or tone(round(value, 2)) == tone(value):
            return self.number(value)
        return self.number(value, 3)

    def count(self, value: int | None) -> str:
        """1.200; x where the number is not to be shown."""
        return HIDDEN if value is None else integer_text(value, self.language)

    def shown(self, text: str, value: object) -> str:
        """``text``; x where the ``value`` that it is of is not to be shown."""
        return HIDDEN if value is None else text

    def prevalence(self, row: AgreementRow) -> str:
        """How often the code is given."""
        return HIDDEN if row.hidden else self.percent(row.prevalence)

    def percent(self, share: float | None) -> str:
        """Whole percents, one decimal below 10; never 0 for some nor 100 for not all."""
        if share is None:
            return NO_NUMBER
        value = 100 * share
        if 0 < value < 0.05:
            return f"<{self.number(0.1, 1)}%"
        if 99.5 <= value < 100:
            return ">99%"
        digits = 1 if 0 < value < 9.95 else 0
        return f"{self.number(value, digits)}%"

    def points(self, share: float | None) -> str:
        """A difference between shares, in percentage points, with its sign."""
        if share is None:
            return NO_NUMBER
        return ("+" if share > 0 else "") + self.number(100 * share, 0)

    def interval(self, estimate: Estimate, digits: int = 2) -> str:
        """[0,65; 0,71]; empty where there is none."""
        if estimate.ci_low is None or estimate.ci_high is None:
            return ""
        return f"[{self.number(estimate.ci_low, digits)}; {self.number(estimate.ci_high, digits)}]"

    def percents(self, estimate: Estimate) -> str:
        """An interval of shares in percents."""
        if estimate.ci_low is None or estimate.ci_high is None:
            return ""
        return f"[{self.percent(estimate.ci_low)}; {self.percent(estimate.ci_high)}]"

    def reason(self, name: str | None) -> str:
        """Why there is no value, in words."""
        return self.text(f"why.{name or 'no_rows'}")

    def no_interval(self, row: AgreementRow) -> str:
        """Why a value has no interval, and what it takes to get one."""
        if row.more_answers is not None:
            return self.text("why.too_few_yet", more=self.count(row.more_answers))
        return self.text(f"why.{row.no_interval_because}")

    def levels(self, row: AgreementRow) -> tuple[AgreementLevel, ...]:
        """The level of a row with a value on each scale; the level that is certain is given only
        where the error is known."""
        value, se = row.value or 0.0, row.se
        return tuple(
            AgreementLevel(
                scale,
                self.level(by_point(value, scale)),
                self.level(by_probability(value, se, scale, CERTAIN)) if se else "",
            )
            for scale in SHOWN_SCALES
        )

    def level(self, name: str) -> str:
        return self.text("level." + name.lower().replace(" ", "_"))

    def listed(self, names: Sequence[str]) -> str:
        """a, b en c."""
        if len(names) < 2:
            return "".join(names)
        return f"{', '.join(names[:-1])} {self.text('and')} {names[-1]}"


def tone(value: float) -> str:
    """high, middle or low: where Krippendorff's two bounds put a value."""
    return dict(zip(SCALES["krippendorff"].levels, ("high", "middle", "low"), strict=True))[
        by_point(value, "krippendorff")
    ]


def natural(name: str) -> tuple[tuple[bool, int, str], ...]:
    """Sorts q7 before q15."""
    return tuple(
        (not part.isdigit(), int(part) if part.isdigit() else 0, part)
        for part in re.split(r"(\d+)", name)
        if part
    )
