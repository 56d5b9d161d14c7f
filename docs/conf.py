"""The documentation as a site: ``make docs``. Nothing is fetched while it is built or read."""

import re
from pathlib import Path
from posixpath import dirname, join, normpath

from sphinx.application import Sphinx

from themecoder.version import __version__

project = "themecoder"
author = "the themecoder developers"
copyright = "the themecoder developers"
release = version = __version__
language = "en"

extensions = ["myst_parser", "sphinx.ext.autodoc"]
exclude_patterns = ["schemas/*.json"]
# links to a heading of another page, as they stand in the files, lead to the heading here too
myst_heading_anchors = 4

autodoc_member_order = "bysource"
autodoc_typehints = "description"
autodoc_typehints_format = "short"
autodoc_class_signature = "separated"

html_theme = "furo"
html_title = f"themecoder {version}"
html_copy_source = False
html_show_sphinx = False

LINK = re.compile(r"\[([^\]]+)\]\(([^):#]+)([^)]*)\)")


def stay_inside(app: Sphinx, page: str, source: list[str]) -> None:
    """Links to files that are no part of the site lead somewhere in the repository: here they are
    words alone."""

    def link(found: re.Match[str]) -> str:
        target = normpath(join(dirname(page), found[2]))
        outside = target.startswith("..") or Path(app.srcdir, target).is_dir()
        return found[1] if outside else found[0]

    source[0] = LINK.sub(link, source[0])


def setup(app: Sphinx) -> None:
    app.connect("source-read", stay_inside)
