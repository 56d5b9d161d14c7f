"""Label Studio, the plan and how far the coders are: started, sent and fetched from the page."""

from __future__ import annotations

import platform
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from themecoder.assist.study_assist import disconnect
from themecoder.coding.label_studio import connect as connecting
from themecoder.coding.label_studio.accounts import OWNER
from themecoder.coding.label_studio.lan.addresses import addresses_here
from themecoder.coding.label_studio.local_server import LocalServer, find_program
from themecoder.coding.label_studio.pull import Pulled
from themecoder.coding.label_studio.push import Pushed
from themecoder.coding.label_studio.status import coding_status
from themecoder.coding.label_studio.sync import pull_questions, push_questions
from themecoder.coding.plan_file import read_plan
from themecoder.coding.planning import loads_per_coder
from themecoder.errors import InputError, Problem
from themecoder.messages import message
from themecoder.priorities.study_order import plan_next
from themecoder.progress import Progress
from themecoder.workbench.area import Area
from themecoder.workbench.forms import posted, text_of
from themecoder.workbench.site import Site
from themecoder.workspace.folder import StudyFolder

Act = Callable[[Site, StudyFolder, FormData], str]
"""What a button does with the study, and what is said of it."""


def _server(request: Request) -> Response:
    site = Site.of(request)
    study = site.study()
    local = LocalServer(study.paths.server)
    running = local.running()
    return site.page(
        request,
        "server.html.jinja",
        "workbench_server",
        study=study,
        running=running,
        installed=find_program() is not None,
        accounts=connecting.accounts(study) if running else (),
        loads=loads_per_coder(read_plan(study.paths.plan)),
        coding=coding_status(study),
        lan=site.beside.lan,
        assist=site.beside.assist,
        addresses=addresses_here(),
        firewall=_firewall(site),
    )


def _firewall(site: Site) -> str:
    """What to do where the firewall of this machine lets nobody in."""
    if site.beside.lan is None:
        return ""
    port = site.beside.lan.port
    how = message(f"lan.how.{platform.system()}", site.language, port=port)
    return message("lan.firewall", site.language, port=port, command=how)


def _invitations(request: Request) -> Response:
    """A sheet for each coder on another computer, to print."""
    site = Site.of(request)
    lan = site.beside.lan
    if lan is None:
        return site.go(request, "/server")
    study = site.study()
    coders = [one for one in connecting.accounts(study) if one[0] != OWNER]
    return site.page(request, "invitations.html.jinja", "lan", study=study, lan=lan, coders=coders)


def _job(name: str, act: Act) -> Callable[[Request, FormData], Response]:
    """A handler that does ``act`` as a job."""

    def handler(request: Request, form: FormData) -> Response:
        site = Site.of(request)

        def work(progress: Progress) -> str:
            return act(site, StudyFolder.open(site.root, progress), form)

        return site.start_job(request, name, work, "/server")

    return handler


def _serve(site: Site, study: StudyFolder, form: FormData) -> str:
    with study.locked():
        server = connecting.serve(study)
    key = "started" if server.fresh else "runs"
    return message(f"cli.serve.{key}", study.config.interface_language, url=server.url)


def _open(site: Site, study: StudyFolder, form: FormData) -> str:
    if not text_of(form, "sure"):
        raise InputError(Problem("workbench_server.unsure"))
    lan = site.beside.open_to_network(study, text_of(form, "address"))
    said = {"url": lan.url, "fingerprint": lan.fingerprint}
    lines = [message(f"lan.{key}", site.language, **said) for key in ("runs", "fingerprint")]
    return "\n".join([*lines, _firewall(site)])


def _close(site: Site, study: StudyFolder, form: FormData) -> str:
    closed = site.beside.close_to_network()
    key = "closed" if closed else "not_open"
    return message(f"workbench_server.{key}", site.language)


def _assist(site: Site, study: StudyFolder, form: FormData) -> str:
    begun = site.beside.begin_assist(study)
    said = {"url": begun.url, "titles": ", ".join(begun.titles)}
    return message("workbench_server.assisting", site.language, **said)


def _assist_no_more(site: Site, study: StudyFolder, form: FormData) -> str:
    if site.beside.end_assist():
        return message("assist.said.over", site.language)
    removed = disconnect(study)  # what a process that was killed left
    key = "disconnected" if removed else "nothing_to_disconnect"
    return message(f"assist.said.{key}", site.language, titles=", ".join(removed))


def _stop(site: Site, study: StudyFolder, form: FormData) -> str:
    site.beside.end()  # neither is of any use without it
    stopped = connecting.stop(study)
    key = "stopped" if stopped else "not_running"
    return message(f"cli.serve.{key}", study.config.interface_language)


def _plan(site: Site, study: StudyFolder, form: FormData) -> str:
    language = study.config.interface_language
    made = plan_next(study, _share(text_of(form, "double")), _share(text_of(form, "blind")))
    share = f"{100 * made.plan.double:.0f}%"
    said = message(
        f"plan.said.{'kept_double' if made.plan.kept else 'double'}", language, share=share
    )
    return f"{said}\n{message('cli.plan.kept', language, file=study.paths.plan)}"


def _share(percent: str) -> float | None:
    """A share as a percentage was typed; None where none was."""
    plain = percent.strip().removesuffix("%").strip().replace(",", ".")
    if not plain:
        return None
    try:
        share = float(plain) / 100
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise InputError(Problem("plan.share", {"found": percent}))
    return share


def _push(site: Site, study: StudyFolder, form: FormData) -> str:
    return _told("push", study, push_questions(study))


def _pull(site: Site, study: StudyFolder, form: FormData) -> str:
    deletions, changes = bool(text_of(form, "deletions")), bool(text_of(form, "changes"))
    found = pull_questions(study, accept_deletions=deletions, accept_changes=changes)
    return _told("pull", study, found)


def _told(area: str, study: StudyFolder, results: Sequence[Pushed] | Sequence[Pulled]) -> str:
    """What a push or a pull did for each question, as the command says it."""
    language = study.config.interface_language
    lines = []
    for result in results:
        params: dict[str, Any] = {
            name: value for name, value in asdict(result).items() if name != "notes"
        }
        lines.append(message(f"cli.{area}.done", language, **params))
        lines += [message(f"{area}.{key}", language, **said) for key, said in result.notes]
    return "\n".join(lines)


AREA = Area(
    "server",
    "/server",
    [
        Route("/server", _server),
        Route("/server/invitations", _invitations),
        *(
            Route(f"/server/{name}", posted(_job(name, act)), methods=["POST"])
            for name, act in (
                ("serve", _serve),
                ("stop", _stop),
                ("open", _open),
                ("close", _close),
                ("assist", _assist),
                ("assist_no_more", _assist_no_more),
                ("plan", _plan),
                ("push", _push),
                ("pull", _pull),
            )
        ),
    ],
    steps=frozenset({"serve", "serve_again", "plan", "push", "pull"}),
)
