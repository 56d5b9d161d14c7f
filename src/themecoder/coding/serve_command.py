"""``themecoder serve``: Label Studio on this machine, for a study without a server."""

from __future__ import annotations

import platform
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from themecoder.coding.label_studio import connect as connecting
from themecoder.coding.label_studio.install import install_label_studio
from themecoder.coding.label_studio.lan.addresses import address_to_serve
from themecoder.coding.label_studio.lan.serve_lan import PORT, Lan, open_to_network
from themecoder.console import (
    JsonOption,
    StudyOption,
    errors,
    language_of,
    print_json,
    print_table,
    stderr,
)
from themecoder.messages import message
from themecoder.workspace.folder import StudyFolder


def serve(
    study: StudyOption = Path(),
    port: Annotated[int, typer.Option("--port", min=1024, max=65000)] = 8080,
    stop: Annotated[bool, typer.Option("--stop")] = False,
    install: Annotated[bool, typer.Option("--install")] = False,
    lan: Annotated[bool, typer.Option("--lan")] = False,
    address: Annotated[str | None, typer.Option("--address")] = None,
    lan_port: Annotated[int, typer.Option("--lan-port", min=1024, max=65000)] = PORT,
    as_json: JsonOption = False,
) -> None:
    """Start Label Studio for this study, on this machine only, with accounts for its coders.

    It goes on in the background; a second call finds it. Its data is in server/, copies of it
    in backups/server/.
    """
    with errors(study, as_json):
        if install:
            with stderr().status(message("cli.serve.installing", language_of(study))):
                program = install_label_studio()
            if as_json:
                print_json({"installed": str(program)})
            else:
                typer.echo(message("cli.serve.installed", language_of(study), program=program))
            return
        opened = StudyFolder.open(study)
        language = opened.config.interface_language
        if stop:
            stopped = connecting.stop(opened)
            if as_json:
                print_json({"stopped": stopped})
            else:
                typer.echo(
                    message(f"cli.serve.{'stopped' if stopped else 'not_running'}", language)
                )
            return
        at = address_to_serve(address) if lan else ""
        with opened.locked(), stderr().status(message("cli.serve.starting", language)):
            server = connecting.serve(opened, port)
        network = open_to_network(opened, server, at, lan_port) if lan else None
        if as_json:
            said = {"lan": _told(network)} if network else {}
            print_json(asdict(server) | said)
        else:
            _say(server, network, language)
        if network:
            with suppress(KeyboardInterrupt):  # this is how the command ends
                network.run()


def _told(network: Lan) -> dict[str, str]:
    return {
        "url": network.url,
        "fingerprint": network.fingerprint,
        "invitations": str(network.invitations),
    }


def _say(server: connecting.Serving, network: Lan | None, language: str) -> None:
    key = "started" if server.fresh else "runs"
    typer.echo(message(f"cli.serve.{key}", language, url=server.url))
    if not server.copied:
        typer.echo(message("cli.serve.not_copied", language), err=True)
    print_table(message("cli.serve.header", language).split("|"), server.accounts, whole=(0, 1))
    typer.echo(message("cli.serve.how", language))
    if network is None:
        return
    how = message(f"lan.how.{platform.system()}", language, port=network.port)
    for key in ("runs", "fingerprint", "invitations", "firewall", "stop"):
        params = {**_told(network), "file": network.invitations, "port": network.port}
        typer.echo(message(f"lan.{key}", language, command=how, **params))
