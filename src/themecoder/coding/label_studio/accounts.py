"""Accounts on our own server, made through its sign-up forms: nothing else makes them whole."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx

from themecoder.coding.label_studio.client import Client
from themecoder.coding.label_studio.retry import retry_after_reread
from themecoder.errors import Problem, ServiceError
from themecoder.storage import atomic as files

TOKEN = "THEMECODER_TOKEN"
"""Environment variable: the token of a server that is not ours."""
DOMAIN = "themecoder.local"
OWNER = f"onderzoeker@{DOMAIN}"


def email_of(coder: str) -> str:
    """The address of a coder on our own server; it is a name, no mail goes to it."""
    return f"{coder.casefold()}@{DOMAIN}"


class Accounts:
    """The passwords and the token of our own server, in a file that only its owner can read."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._owner_file = file.with_name("owner.json")
        self._kept: dict[str, str] = {}
        if file.is_file():
            self._kept = json.loads(file.read_text(encoding="utf-8"))

    @property
    def token(self) -> str:
        return self._kept.get("token", "")

    def has(self, email: str) -> bool:
        """Whether a password was ever drawn for an account."""
        return email in self._kept

    def password(self, email: str) -> str:
        """The password of an account; a new one is drawn and kept before it is used."""
        if email not in self._kept:
            self._keep(email, secrets.token_urlsafe(9))
        return self._kept[email]

    def keep_token(self, token: str) -> None:
        self._keep("token", token)

    def _keep(self, name: str, value: str) -> None:
        self._kept[name] = value
        files.write_text(self.file, json.dumps(self._kept, indent=1, sort_keys=True) + "\n")

    @contextmanager
    def owner_file(self) -> Iterator[Path]:
        """A file of settings from which Label Studio takes its owner's password when it starts.

        Everybody on the machine can read the command line of a process, and who works under the
        same name also its environment, for as long as it runs.
        """
        text = json.dumps({"password": self.password(OWNER)}) + "\n"
        files.write_text(self._owner_file, text)
        try:
            yield self._owner_file
        finally:
            self.remove_owner_file()

    def remove_owner_file(self) -> None:
        """Remove the file for a server that has started, where who started it was killed."""
        self._owner_file.unlink(missing_ok=True)


def make_token(url: str, accounts: Accounts) -> str:
    """The owner's personal access token: the one there is, else a new one. Raises ServiceError."""
    with httpx.Client(base_url=url, follow_redirects=True, timeout=60, trust_env=False) as browser:
        _log_in(browser, OWNER, accounts.password(OWNER))
        headers = {"X-CSRFToken": browser.cookies["csrftoken"], "Referer": url}
        made = browser.post("/api/token/", headers=headers)
        if made.status_code == 409:
            # one was made, and lost before it was kept: withdraw it and make another
            for one in browser.get("/api/token/").json():
                browser.post(
                    "/api/token/blacklist/", json={"refresh": one["token"]}, headers=headers
                )
            made = browser.post("/api/token/", headers=headers)
        if made.status_code not in (200, 201):
            raise ServiceError(Problem("server.no_token", {"reason": f"HTTP {made.status_code}"}))
        return str(made.json()["token"])


def sign_up(client: Client, url: str, coders: Sequence[str], accounts: Accounts) -> list[str]:
    """Make the coders' accounts that are not there yet; the addresses that were made."""
    there = {str(one.email).casefold() for one in client.users.list()}
    missing = [email_of(coder) for coder in coders if email_of(coder) not in there]
    if not missing:
        return []
    # a new link, for whoever saw an earlier one could take a coder's name with it
    invite: str = retry_after_reread(client, client.new_invite_link)
    for email in missing:
        with httpx.Client(
            base_url=url, follow_redirects=True, timeout=60, trust_env=False
        ) as browser:
            browser.get(invite)
            form = {
                "email": email,
                "password": accounts.password(email),
                "csrfmiddlewaretoken": browser.cookies["csrftoken"],
                "allow_newsletters": "false",
            }
            answer = browser.post(invite, data=form, headers={"Referer": f"{url}{invite}"})
            if answer.status_code >= 400 or "/user/signup" in str(answer.url):
                params = {"email": email, "reason": f"HTTP {answer.status_code}"}
                raise ServiceError(Problem("server.no_account", params))
    return missing


def _log_in(browser: httpx.Client, email: str, password: str) -> None:
    browser.get("/user/login/")
    form = {
        "email": email,
        "password": password,
        "csrfmiddlewaretoken": browser.cookies["csrftoken"],
    }
    answer = browser.post("/user/login/", data=form, headers={"Referer": str(browser.base_url)})
    if "/user/login" in str(answer.url):
        raise ServiceError(Problem("server.no_token", {"reason": email}))
