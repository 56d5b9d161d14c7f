"""compose.yml is what the Compose Specification says, and opens nothing that it need not open."""

from __future__ import annotations

import json
import re
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator
from ruamel.yaml import YAML

from themecoder.coding.label_studio import in_server
from themecoder.coding.label_studio.accounts import DOMAIN, OWNER
from themecoder.coding.label_studio.local_server import ELSEWHERE

ROOT = Path(__file__).parents[1]
SCHEMA = json.loads((ROOT / "tests" / "data" / "compose" / "compose-spec.json").read_text("utf-8"))


@pytest.fixture
def compose() -> dict[str, Any]:
    found: dict[str, Any] = YAML(typ="safe").load((ROOT / "compose.yml").read_text("utf-8"))
    return found


def faults(compose: object) -> list[str]:
    return [error.message for error in Draft7Validator(SCHEMA).iter_errors(compose)]


def test_it_is_valid_by_the_specifications_schema(compose: dict[str, Any]) -> None:
    assert faults(compose) == []
    wrong = deepcopy(compose)
    wrong["services"]["database"]["healthcheck"]["intervall"] = "5s"
    assert faults(wrong), "the schema refuses a key that is none"


def test_what_a_service_names_is_declared(compose: dict[str, Any]) -> None:
    for kind in ("volumes", "networks", "secrets"):
        named = {
            str(one).partition(":")[0]
            for service in compose["services"].values()
            for one in service[kind]
        }
        assert named == set(compose[kind]), kind
    for service in compose["services"].values():
        assert set(service.get("depends_on", {})) <= set(compose["services"])


def test_nothing_is_open_to_the_network_or_runs_as_root_or_shows_a_secret(
    compose: dict[str, Any],
) -> None:
    ports = [port for one in compose["services"].values() for port in one.get("ports", ())]
    assert ports == ["127.0.0.1:8080:8080"]
    assert compose["services"]["database"]["networks"] == ["inside"]
    assert compose["networks"]["inside"] == {"internal": True}
    for name, service in compose["services"].items():
        assert service["user"].startswith("${THEMECODER_USER:?"), name
        assert service["cap_drop"] == ["ALL"] and "privileged" not in service
        assert service["healthcheck"]["test"][0] == "CMD"
        assert re.fullmatch(r"[\w./-]+:\d+\.\d+(\.\d+)?(@sha256:[0-9a-f]{64})?", service["image"])
        secret = [key for key in service["environment"] if "PASSWORD" in key or "TOKEN" in key]
        assert all(key.endswith("_FILE") for key in secret), secret
    assert all(set(one) == {"file"} for one in compose["secrets"].values())
    ignored = (ROOT / ".gitignore").read_text("utf-8").splitlines()
    assert {"/secrets/", "/.env"} <= set(ignored)


def test_its_label_studio_is_the_one_that_is_tested_with_the_gate_that_is_tested(
    compose: dict[str, Any],
) -> None:
    service = compose["services"]["label-studio"]
    lock = (ROOT / "requirements" / "lock-server.txt").read_text("utf-8")
    version = re.findall(r"^label-studio==([\d.]+)", lock, re.M)
    assert [service["image"].rpartition(":")[2]] == version
    environment = service["environment"]
    assert (environment["THEMECODER_OWNER"], environment["THEMECODER_DOMAIN"]) == (OWNER, DOMAIN)
    assert environment["USER_ADDITIONAL_BANNED_SUBNETS"] == ",".join(ELSEWHERE)
    place = json.loads(environment["THEMECODER_DATABASE"])
    database = compose["services"][place["HOST"]]["environment"]
    assert (place["USER"], place["NAME"]) == (database["POSTGRES_USER"], database["POSTGRES_DB"])
    made = (ROOT / service["build"]["dockerfile"]).read_text("utf-8")
    gate = Path(in_server.__file__).parent.relative_to(ROOT).as_posix()
    assert f"COPY {gate} " in made and f'"--username", "{OWNER}"' in made
    package, _, module = environment["DJANGO_SETTINGS_MODULE"].partition(".")
    assert (ROOT / gate / package / f"{module}.py").is_file()
    assert re.search(r"^USER label-studio$", made, re.M)
