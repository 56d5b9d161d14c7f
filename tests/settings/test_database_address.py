"""Addresses of databases in study.toml: one form of each, no password, nothing to read along."""

from __future__ import annotations

from pathlib import Path

import pytest

from themecoder.errors import InputError
from themecoder.messages import render
from themecoder.settings.database import PostgresAddress, parse_address
from themecoder.settings.load import parse_study

STUDY = """\
id = "a"
title = "A"
[survey]
file = "a.csv"
id = "r"
[label_studio]
database = "{}"
"""


@pytest.mark.parametrize(
    ("text", "host", "sslmode", "same"),
    [
        ("postgresql://anna@127.0.0.1/buurt", "127.0.0.1", "", "@127.0.0.1:5432/buurt"),
        ("postgres://anna@localhost:5433/buurt", "localhost", "", "@localhost:5433/buurt"),
        ("postgresql://anna@[::1]/buurt", "::1", "", "@[::1]:5432/buurt"),
        ("postgresql://anna@/buurt?host=/run/pg", "/run/pg", "", "@:5432/buurt?host=/run/pg"),
        ("postgresql://anna@db.nl/b", "db.nl", "verify-full", "@db.nl:5432/b?sslmode=verify-full"),
        ("postgresql://anna@db.nl/b?sslmode=require", "db.nl", "require", "sslmode=require"),
    ],
)
def test_an_address_is_read_and_written_in_one_form(
    text: str, host: str, sslmode: str, same: str
) -> None:
    found = parse_address(text)
    assert (found.host, found.sslmode, found.user) == (host, sslmode, "anna")
    assert str(found).endswith(same)
    assert parse_address(str(found)) == found


def test_signs_that_mean_something_in_an_address_are_kept_apart() -> None:
    address = PostgresAddress("localhost", 5432, "mijn buurt", "an@na/b")
    assert parse_address(str(address)) == address


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("postgresql://anna:geheim@localhost/b", "database_password"),
        ("postgresql://anna@localhost/b?password=geheim", "database_password"),
        ("postgresql://anna:ge/heim@localhost/b", "database_no_address"),
        ("postgresql://anna:ge#heim@localhost/b", "database_no_address"),
        ("mysql://anna@localhost/b", "database_no_address"),
        ("postgresql://localhost/b", "database_no_address"),
        ("postgresql://anna@localhost", "database_no_address"),
        ("postgresql://anna@localhost:pg/b", "database_no_address"),
        ("postgresql://anna@localhost/host=elders", "database_no_address"),
        ("postgresql://anna@localhost/b?options=-c", "database_option"),
        ("postgresql://anna@db.nl/b?sslmode=prefer", "database_readable"),
        ("SQLite", "database_no_address"),
    ],
)
def test_what_is_no_address_or_would_give_something_away_is_refused(text: str, key: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_study(STUDY.format(text), Path("study.toml"))
    found = [one for one in caught.value.problems if one.key == f"study.{key}"]
    assert len(found) == 1 and found[0].row == 7
    assert "heim" not in render(found[0], "nl") + render(found[0], "en")
