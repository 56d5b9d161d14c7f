"""The documentation as a site: built without a warning, and without anything of another site."""

from __future__ import annotations

import re
import subprocess
import sys
from html import unescape
from pathlib import Path

import pytest

from shipped import ROOT

pytestmark = pytest.mark.slow

LOADED = re.compile(r"""<(?:script|img|link)\b[^>]*?(?:src|href)=["'](?:https?:)?//""")


def test_the_site_is_built_without_a_warning_and_loads_nothing_from_elsewhere(
    tmp_path: Path,
) -> None:
    """A page that no list of contents leads to, a link that leads nowhere and a docstring that is
    no text of Sphinx are warnings."""
    words = ("-W", "--keep-going", "-q", "-b", "html", str(ROOT / "docs"), str(tmp_path))
    done = subprocess.run(
        [sys.executable, "-m", "sphinx", *words], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    pages = {file.relative_to(tmp_path).as_posix(): file for file in tmp_path.rglob("*.html")}
    for page in (ROOT / "docs").rglob("*.md"):
        assert page.relative_to(ROOT / "docs").with_suffix(".html").as_posix() in pages
    for name, file in pages.items():
        assert not LOADED.search(file.read_text(encoding="utf-8")), name

    # the reference has what the classes say of themselves, and the tutorial its commands
    reference = unescape(pages["python.html"].read_text(encoding="utf-8"))
    assert "themecoder.Study.counts" in reference and "themecoder.ThemeMiner.fit" in reference
    assert "themecoder codebook release" in re.sub(
        r"<[^>]+>", "", pages["tutorial.html"].read_text(encoding="utf-8")
    )
