"""Where Label Studio meets the rules: each request passes here between the login and its view."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse, QueryDict

from . import study_work
from .answers import Coder, NotHersError, own_part
from .routes import ALIVE, FROM_NETWORK, Kind, Route, among, open_to_all, route, sent

_NOTHING: dict[str, Any] = {"count": 0, "next": None, "previous": None, "results": []}
_LONGEST = 5_000_000  # bytes of an annotation


class RefusedError(Exception):
    """The request is not made."""


class Gate:
    """Lets the researcher's account through, coders' accounts to their own work."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._pass_on = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        path, user = request.path_info, request.user
        owner = user.is_authenticated and user.email.casefold() == settings.THEMECODER_OWNER
        if path == ALIVE:
            return JsonResponse({"everything": owner and not _has_unknown_token(request)})
        anybody = open_to_all(request.method, path)
        if not anybody and (_has_unknown_token(request) or not user.is_authenticated):
            # what is there to be found is not told either
            return _instead(path, "Log in first.", 401, "/user/login/")
        if owner and FROM_NETWORK in request.headers:
            # who may do everything does it on the machine itself: a password is not enough
            return HttpResponse("This account works on the server's own computer only.", status=403)
        if anybody or owner:
            return self._pass_on(request)
        try:
            return self._of_a_coder(request)
        except (RefusedError, NotHersError):
            return _instead(path, "This is not part of your own work.", 403, "/projects/")

    def _of_a_coder(self, request: HttpRequest) -> HttpResponse:
        found = route(request.method, request.path_info, request.GET.dict())
        if found is None:
            raise RefusedError
        if found.kind is Kind.AS_IT_IS:
            return self._pass_on(request)
        if found.kind is Kind.NOTHING:
            nothing = [] if "/ml" in request.path_info else _NOTHING
            return JsonResponse(nothing, safe=False)
        coder = study_work.coder_of(request.user, settings.THEMECODER_DOMAIN)
        if not _IS_HERS[found.kind](coder, *found.ids):
            raise RefusedError
        _ask_for_own(request, found, coder)
        return _shown(self._pass_on(request), found.kind, coder)


_IS_HERS: Mapping[Kind, Callable[..., bool]] = {
    Kind.ACCOUNTS: lambda _: True,
    Kind.PROJECTS: lambda _: True,
    Kind.PROJECT: study_work.in_project,
    Kind.COLUMNS: study_work.in_project,
    Kind.TABS: study_work.in_project,
    Kind.TASKS: study_work.in_project,
    Kind.NEXT_TASK: study_work.in_project,
    Kind.TASK: study_work.has_task,
    Kind.WORK_OF_TASK: study_work.has_task,
    Kind.ANNOTATION: study_work.has_annotation,
    Kind.DRAFTS_OF_ANNOTATION: study_work.has_annotation_of_task,
    Kind.DRAFT: study_work.has_draft,
}
"""Whether what a request names is the coder's; of lists only her part is shown afterwards."""


def _ask_for_own(request: HttpRequest, found: Route, coder: Coder) -> None:
    """Make the request one for the coder's own part, whatever else it asked for."""
    query = dict(found.query)
    if found.kind is Kind.PROJECTS:
        # so that pages of the list are full; 0 is no project
        query["ids"] = among(query.get("ids"), study_work.projects_of(coder))
    if found.kind is Kind.TASKS:
        query["query"] = json.dumps(_only(study_work.tasks_in_order(coder, found.ids[0])))
    asked = QueryDict(mutable=True)
    asked.update(query)
    request.GET = asked
    request.META["QUERY_STRING"] = asked.urlencode()
    if found.kind is Kind.NEXT_TASK:
        # of these Label Studio takes the first that is to be done, or else what was put aside
        project = found.ids[0]
        todo = study_work.tasks_to_do(coder, project)[:1]
        included = todo or study_work.tasks_in_order(coder, project)
        _replace_body(request, {"project": project, **_only(included)})
    elif request.method in ("POST", "PATCH", "PUT"):
        _replace_body(request, _sent_by(request))


def _only(tasks: list[int]) -> dict[str, Any]:
    return {"selectedItems": {"all": False, "included": tasks}}


def _sent_by(request: HttpRequest) -> Mapping[str, Any]:
    if int(request.META.get("CONTENT_LENGTH") or 0) > _LONGEST:
        raise RefusedError
    try:
        found = sent(json.loads(request.body or b"{}"))
    except ValueError:
        found = None
    if found is None:
        raise RefusedError
    return found


def _replace_body(request: HttpRequest, body: Mapping[str, Any]) -> None:
    request._body = json.dumps(body).encode()
    request._read_started = True
    request.META["CONTENT_LENGTH"] = str(len(request._body))
    request.META["CONTENT_TYPE"] = "application/json"


def _shown(response: HttpResponse, kind: Kind, coder: Coder) -> HttpResponse:
    """The answer with nothing in it that is not the coder's."""
    if response.status_code >= 400 or kind is Kind.PROJECT or not response.content:
        return response
    projects = study_work.projects_of(coder) if kind is Kind.PROJECTS else ()
    try:
        body = json.loads(response.content)
    except ValueError:
        raise NotHersError from None
    response.content = json.dumps(own_part(kind, body, coder, projects)).encode()
    return response


def _has_unknown_token(request: HttpRequest) -> bool:
    """Whether the request bears a token that the login did not take.

    It would fall back on the session here, and the view might take the token after all.
    """
    scheme = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")[0].lower()
    return scheme in ("bearer", "token") and not getattr(request, "is_jwt", False)


def _instead(path: str, detail: str, status: int, page: str) -> HttpResponse:
    """What a program is told, and where a person is taken, instead of what was asked for."""
    if path.startswith("/api/"):
        return JsonResponse({"detail": detail}, status=status)
    return HttpResponseRedirect(page)
