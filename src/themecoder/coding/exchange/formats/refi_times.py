"""Times as REFI-QDA projects write them, in UTC."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from functools import lru_cache


def earliest(times: Iterable[str]) -> str | None:
    return min(_moments(times), default=(None, None))[1]


def latest(times: Iterable[str]) -> str | None:
    return max(_moments(times), default=(None, None))[1]


def _moments(times: Iterable[str]) -> list[tuple[datetime, str]]:
    """The moments with their text; without what is no time."""
    return [found for text in dict.fromkeys(times) if (found := _moment(text)) is not None]


@lru_cache(maxsize=65536)
def _moment(text: str) -> tuple[datetime, str] | None:
    """A moment with its text, None for what is no time; without a zone it is taken as UTC."""
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    zoned = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    same = text.endswith("Z")
    return zoned, text if same else zoned.astimezone(UTC).isoformat()[:-6] + "Z"
