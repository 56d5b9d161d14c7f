"""One who asks a workbench as its page does, where a test needs no browser."""

from __future__ import annotations

import time
from urllib.parse import urlsplit

import httpx

from themecoder.workbench.server import Workbench


class Client:
    """One who has the address, and asks as the page does."""

    def __init__(self, bench: Workbench) -> None:
        self.site = bench.site
        address = urlsplit(bench.url)
        self.base = f"{address.scheme}://{address.netloc}"
        self.http = httpx.Client(base_url=self.base, trust_env=False, timeout=60)
        self.http.get(f"/?{address.query}")

    def page(self, path: str) -> str:
        """The page at ``path``, once what it needs is there."""
        for _ in range(1200):
            answer = self.http.get(path)
            if answer.status_code == 200 and "/job?" not in path:
                return answer.text
            path = answer.headers.get("location", path)
            time.sleep(0.1)
        raise AssertionError(path)

    def post(self, path: str, **form: str) -> str:
        origin = {"Origin": self.base, "HX-Request": "true"}
        answer = self.http.post(path, data=form, headers=origin)
        assert answer.status_code == 200, answer.text
        return answer.text

    def send(self, path: str, **form: str) -> httpx.Response:
        return self.http.post(path, data=form, headers={"Origin": self.base})

    def finish(self, answer: httpx.Response) -> str:
        """What is said at the end of the job that ``answer`` leads to."""
        assert answer.headers["location"] == "/job", answer.text
        while self.site.jobs.running:
            time.sleep(0.05)
        job = self.site.jobs.last
        assert job is not None and not job.problems, job
        return job.said
