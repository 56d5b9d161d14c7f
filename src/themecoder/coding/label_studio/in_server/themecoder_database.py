"""Asks a PostgreSQL database, with the driver that Label Studio itself uses.

    python themecoder_database.py < REQUEST

What is asked stands in the input as JSON, the password too, so that no process shows it. Each line
of the output is JSON; the last of a request that failed is ``{"error": …, "reason": …}``.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from typing import Any, NoReturn

Request = Mapping[str, Any]

_LOOK = """
    SELECT
        current_setting('server_version'),
        (SELECT count(*) FROM pg_class AS one JOIN pg_namespace AS at ON at.oid = one.relnamespace
            WHERE at.nspname = current_schema() AND one.relkind IN ('r', 'p', 'v', 'm')),
        coalesce(has_schema_privilege(current_schema(), 'CREATE'), false)
            AND has_database_privilege(current_database(), 'CREATE'),
        to_regclass('themecoder_study') IS NOT NULL,
        to_regclass('htx_user') IS NOT NULL
"""
_ANNOTATIONS = """
    SELECT made.id, made.result::text, made.was_cancelled, task.data::text
    FROM task_completion AS made
    JOIN task ON task.id = made.task_id
    JOIN project ON project.id = task.project_id
    WHERE position(%s in project.description) > 0 AND project.deleted_at IS NULL
    ORDER BY made.id
"""


def _look(connection: Any, request: Request) -> Iterator[Any]:
    """Whose the database is, by what stands in it."""
    row = connection.execute(_LOOK).fetchone()
    version, tables, may_create, claimed, accounts = row
    key, owner = None, False
    if claimed:
        kept = connection.execute("SELECT key FROM themecoder_study").fetchone()
        key = kept and kept[0]
    if accounts:
        known = "SELECT 1 FROM htx_user WHERE lower(email) = lower(%s)"
        owner = connection.execute(known, (request["owner"],)).fetchone() is not None
    yield {
        "version": version,
        "empty": tables == 0,
        "may_create": may_create,
        "key": key,
        "owner": owner,
    }


def _claim(connection: Any, request: Request) -> Iterator[Any]:
    """Put the key of the study into the database, in one step."""
    with connection.transaction():
        connection.execute("CREATE TABLE IF NOT EXISTS themecoder_study (key text NOT NULL)")
        connection.execute("DELETE FROM themecoder_study")
        connection.execute("INSERT INTO themecoder_study VALUES (%s)", (request["key"],))
    yield {}


def _annotations(connection: Any, request: Request) -> Iterator[Any]:
    with connection.transaction(), connection.cursor("made") as cursor:
        cursor.execute(_ANNOTATIONS, (request["mark"],))
        for number, result, skipped, data in cursor:
            yield [number, result, skipped, data]


_ASKED = {"look": _look, "claim": _claim, "annotations": _annotations}


def main() -> None:
    request = json.load(sys.stdin)
    try:
        import psycopg  # noqa: PLC0415
    except ImportError as error:
        _fail("driver", error)
    try:
        connection = psycopg.connect(**request["connect"], connect_timeout=10, autocommit=True)
    except psycopg.Error as error:
        _fail("connect", error)
    try:
        with connection:
            for line in _ASKED[request["asked"]](connection, request):
                print(json.dumps(line))  # noqa: T201
    except psycopg.Error as error:
        _fail("query", error)


def _fail(kind: str, error: Exception) -> NoReturn:
    print(json.dumps({"error": kind, "reason": " ".join(str(error).split())}))  # noqa: T201
    sys.exit(1)


if __name__ == "__main__":
    main()
