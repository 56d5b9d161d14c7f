"""Which ids can be the name of a file on every system."""

from __future__ import annotations

import re

_DEVICES = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)


def is_device_name(name: str) -> bool:
    """Whether Windows takes a file of this name for a device, whatever stands behind a dot: what is
    written to ``nul.jsonl`` there is gone."""
    return _DEVICES.fullmatch(name) is not None
