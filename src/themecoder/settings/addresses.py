"""Addresses of servers, read by the library that sends to them: what it would do is what counts."""

from __future__ import annotations

import httpx

_THIS_MACHINE = ("localhost", "127.0.0.1", "::1")


def host_of(url: str) -> str | None:
    """The machine that a request to ``url`` goes to; None where it is no address."""
    try:
        return httpx.URL(url).host or None
    except httpx.InvalidURL:
        return None


def is_remote(url: str) -> bool:
    """Whether the address is another machine's, or none."""
    return host_of(url) not in _THIS_MACHINE
