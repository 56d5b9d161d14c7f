"""The study's server for coders on other computers, for as long as the command runs."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import uvicorn

from themecoder.coding.label_studio.accounts import OWNER
from themecoder.coding.label_studio.connect import Serving, embedded
from themecoder.coding.label_studio.lan.certificate import Certificate, certificate
from themecoder.coding.label_studio.lan.html.invitations import render_invitations
from themecoder.coding.label_studio.lan.relay import Relay
from themecoder.errors import InputError, Problem
from themecoder.storage.atomic import write_text
from themecoder.workspace.folder import StudyFolder

PORT = 8443


@dataclass(frozen=True, slots=True)
class Lan:
    """A server that is ready to be run: where coders find it, what their browser shows, and the
    page with an invitation for each of them."""

    url: str
    port: int
    fingerprint: str
    invitations: Path
    server: uvicorn.Server
    listening: socket.socket

    def run(self) -> None:
        """Answer until interrupted."""
        with self.listening:
            self.server.run(sockets=[self.listening])


def open_to_network(study: StudyFolder, serving: Serving, address: str, port: int = PORT) -> Lan:
    """Listen at ``address`` for the coders of ``study``, whose Label Studio runs at ``serving``.

    Raises InputError where the port is taken: coders have its number on paper.
    """
    folder = embedded(study).folder / "lan"
    listening = socket.socket()
    # a port that was in use a moment ago is ours again
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((address, port))
    except OSError as error:
        listening.close()
        params = {"port": port, "reason": error.strerror or ""}
        raise InputError(Problem("lan.port", params)) from None
    listening.listen()
    port = int(listening.getsockname()[1])
    made = certificate(folder, [address])
    host = f"{address}:{port}"
    server = uvicorn.Server(
        uvicorn.Config(
            Relay(serving.url, host).app(),
            ssl_certfile=made.file,
            access_log=False,
            log_level="critical",
            server_header=False,
            ws="none",
            timeout_graceful_shutdown=5,
        )
    )
    coders = [one for one in serving.accounts if one[0] != OWNER]
    invitations = _write_invitations(study, folder, f"https://{host}", made, coders)
    return Lan(f"https://{host}", port, made.fingerprint, invitations, server, listening)


def _write_invitations(
    study: StudyFolder,
    folder: Path,
    url: str,
    made: Certificate,
    coders: Sequence[tuple[str, str]],
) -> Path:
    file = folder / "invitations.html"
    language = study.config.interface_language
    write_text(
        file, render_invitations(study.config.title, url, made.fingerprint, coders, language)
    )
    return file
