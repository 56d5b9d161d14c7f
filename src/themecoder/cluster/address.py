"""Which workers a researcher means, and whether answers may go there.

``local`` are workers on this machine, started for the command and gone with it. An address is that
of a scheduler of dask's; what is in the clear may not leave this machine.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from themecoder.errors import InputError, Problem

LOCAL = "local"


@dataclass(frozen=True, slots=True)
class Keys:
    """Files of a certificate authority, a certificate and its key; those that are None are the ones
    that dask's own configuration names."""

    ca: Path | None = None
    cert: Path | None = None
    key: Path | None = None


@dataclass(frozen=True, slots=True)
class Cluster:
    """What a researcher named: ``address`` of a scheduler, None for workers that are started here.

    ``workers``: how many of those, as many as cores by default. ``wait``: seconds in which workers
    that went away may come back.
    """

    address: str | None
    keys: Keys = Keys()
    workers: int | None = None
    wait: float = 300.0


def checked_address(found: str) -> str | None:
    """The address that was named, None for workers on this machine. Raises InputError where it is
    none, and where answers would leave this machine in the clear."""
    if found.strip().casefold() == LOCAL:
        return None
    address = found.strip()
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError:
        host = port = None
    if not host or not port or parts.scheme not in ("tcp", "tls") or parts.path not in ("", "/"):
        raise InputError(Problem("cluster.address", {"found": found}))
    if parts.scheme == "tcp" and not is_loopback(address):
        params = {"found": found, "host": host, "instead": f"tls://{parts.netloc}"}
        raise InputError(Problem("cluster.in_the_clear", params))
    return f"{parts.scheme}://{parts.netloc}"


def is_loopback(address: str) -> bool:
    """Whether what goes to ``address`` stays on this machine, by its number: a name may be
    anybody's, but for localhost."""
    host = urlsplit(address).hostname or ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def leaks(worker: str) -> bool:
    """Whether what a scheduler sends to the worker at this address can be read on the way."""
    return not worker.startswith("tls://") and not is_loopback(worker)
