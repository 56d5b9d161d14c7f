"""The address of a PostgreSQL database: where it is and who logs in, never with what password."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from themecoder.errors import InputError, Problem

SQLITE = "sqlite"
"""What study.toml says of a server whose database is a file of the study."""
_SCHEMES = ("postgresql", "postgres")
_CHECKED = ("require", "verify-ca", "verify-full")
"""Ways of libpq to speak with another machine that nobody on the way can read."""
_OPTIONS = ("host", "sslmode", "sslrootcert")
_THIS_MACHINE = ("localhost", "127.0.0.1", "::1")
_PORT = 5432


@dataclass(frozen=True, slots=True)
class PostgresAddress:
    """``host`` is a name, or the folder of a socket. ``sslmode`` is empty where the connection
    does not leave this machine."""

    host: str
    port: int
    name: str
    user: str
    sslmode: str = ""
    sslrootcert: str = ""

    def __str__(self) -> str:
        """The address in one form, whichever way it was written."""
        socket = self.host.startswith("/")
        host = "" if socket else (f"[{self.host}]" if ":" in self.host else self.host)
        options = {"host": self.host if socket else "", "sslmode": self.sslmode}
        options["sslrootcert"] = self.sslrootcert
        query = "&".join(f"{key}={quote(value)}" for key, value in options.items() if value)
        place = f"{quote(self.user, '')}@{host}:{self.port}/{quote(self.name, '')}"
        return f"postgresql://{place}{'?' if query else ''}{query}"


def parse_address(text: str) -> PostgresAddress:
    """The address that ``text`` is. Raises InputError with what is wrong with it, without saying a
    password that stands in it."""
    try:
        parts = urlsplit(text)
        port = parts.port or _PORT
        options = dict(parse_qsl(parts.query, keep_blank_values=True, strict_parsing=False))
    except ValueError:
        raise _refused("no_address", text) from None
    if parts.password is not None or "password" in options:
        raise InputError(Problem("study.database_password"))
    unknown = sorted({*options} - {*_OPTIONS})
    if unknown:
        params = {"found": ", ".join(unknown), "known": ", ".join(_OPTIONS)}
        raise InputError(Problem("study.database_option", params))
    host = parts.hostname or options.get("host", "")
    name, user = unquote(parts.path.removeprefix("/")), unquote(parts.username or "")
    twice = bool(parts.hostname) and "host" in options
    unfit = {"/", "="} & {*name}  # the second makes it an address for PostgreSQL's programs
    if parts.scheme not in _SCHEMES or not (host and name and user) or unfit or twice:
        raise _refused("no_address", text)
    sslmode = options.get("sslmode", "")
    if not host.startswith("/") and host not in _THIS_MACHINE:
        sslmode = sslmode or "verify-full"
        if sslmode not in _CHECKED:
            params = {"found": sslmode, "known": ", ".join(_CHECKED)}
            raise InputError(Problem("study.database_readable", params))
    return PostgresAddress(host, port, name, user, sslmode, options.get("sslrootcert", ""))


def _refused(key: str, text: str) -> InputError:
    # what stands before the @ may hold a password with signs that no address has
    shown = re.sub(r"//.*@", "//…@", text)
    return InputError(Problem(f"study.database_{key}", {"value": shown}))
