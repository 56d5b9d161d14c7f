"""Where other computers of the network find this one."""

from __future__ import annotations

import ipaddress
import socket
from contextlib import suppress

from themecoder.errors import InputError, Problem

_ASKED = ("10.255.255.255", "172.31.255.255", "192.168.255.255", "198.51.100.1")
"""Addresses to which a way is looked up; nothing is sent to them."""


def addresses_here() -> list[str]:
    """The IPv4 addresses of this machine in networks, the likeliest first; its own are left out."""
    found: list[str] = []
    for asked in _ASKED:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe, suppress(OSError):
            probe.connect((asked, 9))
            found.append(str(probe.getsockname()[0]))
    with suppress(OSError):
        found += socket.gethostbyname_ex(socket.gethostname())[2]
    return [one for one in dict.fromkeys(found) if not ipaddress.ip_address(one).is_loopback]


def address_to_serve(asked: str | None) -> str:
    """``asked``, or the one address of this machine. Raises InputError where it is none of this
    machine's, where there are several to choose from, and where there is no network."""
    here = addresses_here()
    if asked is not None:
        with suppress(ValueError):
            if asked in here or ipaddress.ip_address(asked).is_loopback:
                return asked
        raise InputError(Problem("lan.not_here", {"found": asked, "known": ", ".join(here) or "-"}))
    if not here:
        raise InputError(Problem("lan.no_network"))
    if len(here) > 1:
        raise InputError(Problem("lan.which", {"known": ", ".join(here), "first": here[0]}))
    return here[0]
