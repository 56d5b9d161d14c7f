"""Counts as LaTeX tables, to \\input in a paper: booktabs, one longtable each."""

from __future__ import annotations

from collections.abc import Sequence

from themecoder.edges.count_view import TableView

_SPECIAL = {
    "\\": r"\textbackslash{}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_",
    "{": r"\{", "}": r"\}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
    "–": "--", "<": r"$<$", ">": r"$>$", "−": r"$-$",
}  # fmt: skip


def escaped(text: str) -> str:
    """``text`` as LaTeX prints it, on one line."""
    return "".join(_SPECIAL.get(character, character) for character in " ".join(text.split()))


def latex(tables: Sequence[TableView]) -> str:
    """All tables, each a longtable with its caption above and its notes below."""
    head = "% \\usepackage{booktabs,longtable,array}  % LuaLaTeX or XeLaTeX, or inputenc utf8\n"
    return head + "\n".join(_table(table) for table in tables)


def _table(table: TableView) -> str:
    width = len(table.header)
    columns = r"p{0.38\linewidth}" + "r" * (width - 1)
    header = _row(table.header)
    lines = [
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
        lines.append(_row(row, strong=place in table.strong))
    lines += [r"\bottomrule", r"\end{longtable}"]
    lines += [rf"\noindent{{\footnotesize {escaped(' '.join(table.notes))}\par}}", ""]
    return "\n".join(lines)


def _row(cells: Sequence[str], strong: bool = False) -> str:
    texts = [escaped(cell) for cell in cells]
    if strong:
        texts = [rf"\textbf{{{text}}}" for text in texts]
    return " & ".join(texts) + r" \\"
