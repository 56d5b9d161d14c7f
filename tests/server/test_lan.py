"""Coders on other computers: a real browser and programs that try, over TLS, at a real server."""

from __future__ import annotations

import hashlib
import os
import re
import ssl
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

import httpx
import pytest
from browser_moves import begin, button
from playwright.sync_api import Browser, expect
from real_server import Server, opened, project_of

from themecoder.coding.label_studio.accounts import OWNER, email_of
from themecoder.coding.label_studio.client import Client
from themecoder.coding.label_studio.config import code_hotkeys
from themecoder.coding.label_studio.connect import Serving
from themecoder.coding.label_studio.lan.addresses import address_to_serve
from themecoder.coding.label_studio.lan.certificate import certificate
from themecoder.coding.label_studio.lan.serve_lan import Lan, open_to_network
from themecoder.errors import InputError

pytestmark = pytest.mark.server
A, B = "coder_a", "coder_b"


@pytest.fixture
def lan(study: Path, server: Server) -> Iterator[Lan]:
    serving = Serving(server.url, False, tuple(sorted(server.passwords.items())))
    found = open_to_network(opened(study), serving, "127.0.0.1", port=0)
    answering = Thread(target=found.run, daemon=True)
    answering.start()
    yield found
    found.server.should_exit = True
    answering.join(15)


@pytest.fixture
def outside(lan: Lan) -> Iterator[httpx.Client]:
    """Another computer, which trusts the certificate of the invitation and no other."""
    trusted = ssl.create_default_context()
    host = urlsplit(lan.url)
    pem = ssl.get_server_certificate((host.hostname or "", host.port or 0))
    trusted.load_verify_locations(cadata=pem)
    trusted.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    with httpx.Client(base_url=lan.url, verify=trusted, timeout=60) as client:
        yield client


def log_in(client: httpx.Client, email: str, password: str) -> httpx.Response:
    client.get("/user/login/")
    form = {"email": email, "password": password}
    form["csrfmiddlewaretoken"] = client.cookies["csrftoken"]
    headers = {"Referer": f"{client.base_url}/", "Origin": str(client.base_url).rstrip("/")}
    return client.post("/user/login/", data=form, headers=headers)


def test_a_coder_on_another_computer_codes_and_it_is_pulled(
    study: Path, server: Server, client: Client, lan: Lan, chromium: Browser
) -> None:
    opened(study).plan()
    opened(study).push(["q1"], server.url)
    title = project_of(study, client).title
    context = chromium.new_context(
        viewport={"width": 1280, "height": 800}, ignore_https_errors=True
    )
    page = context.new_page()
    begin(page, replace(server, url=lan.url), title, email_of(A))
    groen = page.locator(".tc-codes input[name=Groen]")
    expect(groen).to_be_enabled()
    page.wait_for_timeout(500)  # what is suggested is ticked after the text is there
    if not groen.is_checked():
        page.keyboard.press(code_hotkeys(opened(study).required_codebook())["groen"])
    expect(groen).to_be_checked()
    with page.expect_response(lambda one: one.request.method == "POST" and one.status == 201):
        button(page, "Submit").click()
    cookies = {one["name"]: one for one in context.cookies()}
    context.close()
    assert cookies["sessionid"]["secure"] and cookies["csrftoken"]["secure"]
    opened(study).pull(["q1"], server.url)
    coded = (study / "annotations" / "q1" / f"{A}.jsonl").read_text(encoding="utf-8")
    assert coded.count("\n") == 1 and '"groen"' in coded


def test_the_researchers_account_works_on_the_servers_own_computer_only(
    server: Server, outside: httpx.Client
) -> None:
    log_in(outside, OWNER, server.passwords[OWNER])
    for path in ("/projects/", "/api/projects/", "/api/current-user/token"):
        assert outside.get(path).status_code == 403
    token = {"Authorization": f"Token {server.token}"}
    assert outside.get("/api/projects/", headers=token).status_code in (401, 403)
    assert server.as_owner().get("/api/projects/").status_code == 200
    # who says herself that she is not from the network is, as the relay knows better
    faked = outside.get("/api/projects/", headers={"X-Themecoder-From-Network": ""})
    assert faked.status_code == 403


def test_passwords_are_not_tried_in_quick_succession(outside: httpx.Client) -> None:
    found = [log_in(outside, email_of(B), f"guess {i}").status_code for i in range(12)]
    assert found[:10] == [200] * 10  # the form once more
    assert found[10:] == [429, 429]


def test_other_names_and_other_pages_are_refused(lan: Lan, outside: httpx.Client) -> None:
    assert outside.get("/user/login/", headers={"Host": "evil.example"}).status_code == 421
    for origin in ("https://evil.example", lan.url.replace("https", "http"), "null"):
        assert outside.get("/user/login/", headers={"Origin": origin}).status_code == 403
    huge = outside.post("/user/login/", content=b"x" * 10_000_001)
    assert huge.status_code in (413, 429)
    with pytest.raises(httpx.HTTPError):
        httpx.get(lan.url.replace("https", "http"), timeout=10)


def test_the_invitation_holds_what_a_coder_needs_and_the_fingerprint_that_the_browser_shows(
    lan: Lan, server: Server
) -> None:
    host = urlsplit(lan.url)
    pem = ssl.get_server_certificate((host.hostname or "", host.port or 0))
    digest = hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem)).digest()
    assert lan.fingerprint == digest.hex(":").upper()
    text = lan.invitations.read_text(encoding="utf-8")
    sheets = re.findall(r"<section>.*?</section>", text, re.DOTALL)
    own = {coder: server.passwords[email_of(coder)] for coder in (A, B)}
    for sheet in sheets:
        assert lan.url in sheet and lan.fingerprint in sheet
        assert sum(password in sheet for password in own.values()) <= 1
    assert all(any(password in sheet for sheet in sheets) for password in own.values())
    assert server.passwords[OWNER] not in text
    if os.name == "posix":
        for file in (lan.invitations, lan.invitations.with_name("certificate.pem")):
            assert file.stat().st_mode & 0o077 == 0


def test_a_certificate_is_kept_until_its_end_is_near_or_the_address_another(
    tmp_path: Path,
) -> None:
    now = datetime(2026, 5, 1, tzinfo=UTC)
    first = certificate(tmp_path, ["192.0.2.1"], now)
    assert certificate(tmp_path, ["192.0.2.1"], now + timedelta(days=300)) == first
    later = certificate(tmp_path, ["192.0.2.1"], now + timedelta(days=340))
    assert later.fingerprint != first.fingerprint
    assert certificate(tmp_path, ["192.0.2.7"], now).fingerprint != later.fingerprint


def test_an_address_of_another_machine_is_refused_with_those_of_this_one() -> None:
    with pytest.raises(InputError) as found:
        address_to_serve("192.0.2.200")
    assert found.value.problems[0].key == "lan.not_here"
    with pytest.raises(InputError):
        address_to_serve("no address")
    assert address_to_serve("127.0.0.1") == "127.0.0.1"
