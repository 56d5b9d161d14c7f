"""Times as REFI-QDA projects write them, in UTC."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime


def earliest(times: Iterable[str]) -> str | None:
    return min(_moments(times), default=(None, None))[1]


def latest(times: Iterable[str]) -> str | None:
    return max(_moments(times), default=(None, None))[1]


def _moments(times: Iterable[str]) -> list[tuple[datetime, str]]:
    """The moments with their text; without what is no time. One without a zone is taken as UTC."""
    found = {}
    for text in dict.fromkeys(times):
        try:
            moment = datetime.fromisoformat(text.strip())
        except ValueError:
            continue
        zoned = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        same = text.endswith("Z")
        found[text] = (zoned, text if same else zoned.astimezone(UTC).isoformat()[:-6] + "Z")
    return list(found.values())
