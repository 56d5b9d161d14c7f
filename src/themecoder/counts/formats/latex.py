"""Counts as LaTeX tables, to \\input in a paper: booktabs, one longtable each."""

from __future__ import annotations

from collections.abc import Sequence

from themecoder.counts.formats.view import TableView
from themecoder.counts.result import INDENT

_SPECIAL = {
    "\\": r"\textbackslash{}",
    "&": r"\&",
    "%": r"\%",
    "$": r"\$",
    "#": r"\#",
    "_": r"\_",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "–": "--",
    "<": r"$<$",
    ">": r"$>$",
    "−": r"$-$",
}

_MOST_UPRIGHT = 5
"""In a table with more columns than this their names are turned, and the letters are smaller."""


def escaped(text: str) -> str:
    """``text`` as LaTeX prints it, on one line."""
    plain = "".join(_SPECIAL.get(character, character) for character in " ".join(text.split()))
    plain = r"\quad " * (len(text) - len(text.lstrip(INDENT))) + plain
    return plain.replace("n = ", "n~=~")


def latex(tables: Sequence[TableView]) -> str:
    """All tables, each a longtable as wide as the text, its caption above and its notes below."""
    packages = "% \\usepackage{booktabs,longtable,array,graphicx}"
    head = f"{packages}  % LuaLaTeX or XeLaTeX, or inputenc utf8\n"
    return head + "\n".join(_table(table) for table in tables)


def _table(table: TableView) -> str:
    width = len(table.header)
    turned = width > _MOST_UPRIGHT
    first = 0.27 if turned else 0.42
    each = (1 - first) / max(width - 1, 1)
    columns = _column("raggedright", first) + _column("raggedleft", each) * (width - 1)
    header = _turned_header(table.header) if turned else _row(table.header)
    lines = [
        rf"\begingroup\{'scriptsize' if turned else 'small'}\setlength{{\tabcolsep}}{{2pt}}",
        rf"\begin{{longtable}}{{{columns}}}",
        rf"\caption{{{escaped(table.title)}}}\\",
        r"\toprule",
        header,
        r"\midrule",
        r"\endfirsthead",
        r"\toprule",
        header,
        r"\midrule",
        r"\endhead",
    ]
    for place, row in enumerate(table.rows):
        # in narrow columns only the label is bold: 100,0% in bold is wider than the column
        wide = 1 if turned else width
        lines.append(_row(row, strong=wide if place in table.strong else 0))
    lines += [r"\bottomrule", r"\end{longtable}"]
    notes = escaped(" ".join(table.notes))
    lines += [rf"\noindent{{\footnotesize {notes}\par}}\endgroup", ""]
    return "\n".join(lines)


def _column(side: str, share: float) -> str:
    """A column as wide as ``share`` of the line, with the space between columns included."""
    return rf">{{\{side}\arraybackslash}}p{{\dimexpr {share:.4f}\linewidth-2\tabcolsep\relax}}"


def _turned_header(cells: Sequence[str]) -> str:
    """The names of many columns, turned on their side: a long one would lie over the next."""
    first, *rest = map(escaped, cells)
    turned = [rf"\rotatebox{{90}}{{\parbox{{4.2cm}}{{\raggedright {cell}}}}}" for cell in rest]
    return " & ".join([first, *turned]) + r" \\"


def _row(cells: Sequence[str], strong: int = 0) -> str:
    """``strong``: how many cells are bold."""
    texts = [escaped(cell) for cell in cells]
    texts[:strong] = [rf"\textbf{{{text}}}" for text in texts[:strong]]
    return " & ".join(texts) + r" \\"
