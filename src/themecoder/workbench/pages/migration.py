"""Coding of an older version of the codebook, or in files of an older format, carried over."""

from __future__ import annotations

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from themecoder.coding.migration_words import migration_lines, written_lines
from themecoder.coding.study_migration import code_count_changes, migrate_study
from themecoder.progress import Progress
from themecoder.workbench.area import Area
from themecoder.workbench.forms import posted
from themecoder.workbench.prepare import masking
from themecoder.workbench.site import Site
from themecoder.workspace.folder import StudyFolder


def _page(request: Request) -> Response:
    """What would be changed, of which nothing is written."""
    site = Site.of(request)
    if waits := masking(request):  # the words of quotes are masked as they are today
        return waits
    study = site.study()
    migrated = None
    if study.config.codebook is not None and study.codebooks.versions:
        with study.locked():
            migrated = migrate_study(study)
    return site.page(
        request,
        "migration.html.jinja",
        "workbench_migration",
        migrated=migrated,
        lines=migration_lines(migrated, site.language) if migrated else (),
        changes=code_count_changes(migrated) if migrated else (),
    )


def _migrate(request: Request, form: FormData) -> Response:
    site = Site.of(request)

    def work(progress: Progress) -> str:
        study = StudyFolder.open(site.root, progress)
        with study.locked():
            migrated = migrate_study(study, apply=True)
        lines = migration_lines(migrated, site.language) + written_lines(migrated, site.language)
        return "\n".join(lines)

    return site.start_job(request, "migrate", work, "/migrate")


AREA = Area(
    "migration",
    "/migrate",
    [Route("/migrate", _page), Route("/migrate", posted(_migrate), methods=["POST"])],
    steps=frozenset({"migrate", "format"}),
    listed=False,
)
