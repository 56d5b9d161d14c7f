"""A certificate made here, for a server that no authority knows.

Browsers warn of it once; who compares the fingerprint on the invitation knows that it is ours.
"""

from __future__ import annotations

import hashlib
import json
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from themecoder.storage import atomic as files
from themecoder.storage.access import make_folder, make_private

_DAYS = 365
"""Longer than a wave of coding; browsers refuse certificates of more than 825 days."""
_LEFT = 30
"""Days before its end at which a new one is made."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """``file`` holds key and certificate; ``fingerprint`` is the SHA-256 that a browser shows."""

    file: Path
    fingerprint: str


def certificate(folder: Path, names: Sequence[str], now: datetime | None = None) -> Certificate:
    """The certificate in ``folder`` for the addresses ``names``, made anew where it is for others
    or near its end. ``now`` is for tests."""
    now = now or datetime.now(UTC)
    made, about = folder / "certificate.pem", folder / "certificate.json"
    wanted = sorted(set(names))
    try:
        kept = json.loads(about.read_text(encoding="utf-8"))
        until = datetime.fromisoformat(kept["until"])
        if kept["names"] == wanted and until - now > timedelta(days=_LEFT) and made.is_file():
            return Certificate(made, _fingerprint(made.read_text(encoding="ascii")))
    except (OSError, ValueError, KeyError, TypeError):
        pass  # there is none, or none that can be read: it is made anew
    import trustme

    until = now + timedelta(days=_DAYS)
    issued = trustme.CA(organization_name="themecoder").issue_cert(
        *wanted, common_name=wanted[0], not_before=now - timedelta(days=1), not_after=until
    )
    make_folder(folder)
    make_private(made)
    # the authority's key is thrown away: with it anybody could vouch for any site
    files.write_text(made, issued.private_key_and_cert_chain_pem.bytes().decode("ascii"))
    files.write_text(about, json.dumps({"names": wanted, "until": until.isoformat()}) + "\n")
    return Certificate(made, _fingerprint(made.read_text(encoding="ascii")))


def _fingerprint(pem: str) -> str:
    """As browsers write it: pairs of hexadecimal digits."""
    begin, end = "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----"
    first = pem[pem.index(begin) : pem.index(end) + len(end)] + "\n"
    digest = hashlib.sha256(ssl.PEM_cert_to_DER_cert(first)).hexdigest().upper()
    return ":".join(digest[i : i + 2] for i in range(0, len(digest), 2))
