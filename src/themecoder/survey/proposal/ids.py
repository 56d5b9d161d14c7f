"""Ids of questions and attributes, from the columns that they stand in."""

from __future__ import annotations

import re
import unicodedata

from themecoder.survey.proposal.profile import Profile


def slug(text: str) -> str:
    """An id that study.toml takes: lower case ASCII letters, digits, hyphens and underscores."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9_.]+", "-", plain.lower()).strip("-._")[:40]


def new_id(profile: Profile, taken: set[str]) -> str:
    """An id for a column: its name where that is short enough to be one, else its position."""
    name = slug(profile.group or profile.name)
    base = name if 0 < len(name) <= 24 else f"v{profile.position + 1}"
    found, count = base, 2
    while found in taken:
        found, count = f"{base}-{count}", count + 1
    taken.add(found)
    return found


def wording(profile: Profile) -> str:
    """The question's wording: the file's label, else a name that is a sentence."""
    return profile.column.label or (profile.name if " " in profile.name.strip() else "")
