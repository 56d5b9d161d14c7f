"""Certificates for a cluster: those that study.toml names, else dask's own configuration."""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import Any

from themecoder.cluster.address import Keys
from themecoder.cluster.connection import EXTRA
from themecoder.errors import InputError, Problem
from themecoder.extras import of_extra


def security_of(address: str, keys: Keys) -> Any:
    """Dask's ``Security`` for a scheduler at ``address``; None where nothing is encrypted, on this
    machine. Raises InputError where a file is not named, not there, or not what it should be."""
    with of_extra(EXTRA):
        import dask
        import distributed

    if not address.startswith("tls://"):
        return None
    asked: Any = dask.config.get
    files = {
        "ca": keys.ca or asked("distributed.comm.tls.ca-file", None),
        "cert": keys.cert or asked("distributed.comm.tls.client.cert", None),
        "key": keys.key or asked("distributed.comm.tls.client.key", None),
    }
    problems = [Problem("cluster.no_file_named", {"name": n}) for n, f in files.items() if not f]
    problems += [
        Problem("cluster.no_file", file=Path(file))
        for file in files.values()
        if file and not Path(file).is_file()
    ]
    if problems:
        raise InputError(problems)
    security: Any = distributed.Security
    made = security(
        require_encryption=True,
        tls_ca_file=str(files["ca"]),
        tls_client_cert=str(files["cert"]),
        tls_client_key=str(files["key"]),
    )
    try:
        made.get_connection_args("client")
    except (ssl.SSLError, OSError) as error:
        params = {"reason": getattr(error, "reason", None) or type(error).__name__}
        raise InputError(
            Problem("cluster.keys_unreadable", params, file=str(files["cert"]))
        ) from error
    return made
