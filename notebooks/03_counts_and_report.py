# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 3. Counts and the report
#
# Respondents per code, of a base that is said, with how sure the share is. Small counts are hidden,
# and with them whatever would give them away.

# %%
import os

import pandas as pd

from themecoder import Study

study = Study.open(os.environ.get("THEMECODER_STUDY", ".."))
counts = study.counts(source="coder:coder_a")
rows = counts.to_frame()
rows[(rows.question == "q18") & (rows.subgroup == "all")].sort_values("n", ascending=False).head(10)

# %% [markdown]
# One number, as a report's template asks for it with `{{ n("privacy", "q18") }}`:

# %%
counts.find("privacy", "q18")

# %% [markdown]
# A plot, as the report has it; `.save("plot.svg")` keeps it.

# %%
study.plot(counts, "q18")

# %% [markdown]
# Do the subgroups differ? p is Holm's, over all codes of a question and attribute.

# %%
tests = pd.DataFrame(counts.differences)
tests[tests.p_adjusted < 0.05][["question", "code", "attribute", "p_adjusted", "effect"]].head(10)

# %% [markdown]
# Every figure of the report that is quoted, rebuilt from the data:

# %%
checked = study.check(source=study.source("coder:coder_a"))
pd.Series([one.verdict for one in checked.figures]).value_counts()

# %%
[
    (one.figure.printed, one.rebuilt, one.n, one.base_n, one.cause)
    for one in checked.figures
    if one.verdict == "differs"
]

# %% [markdown]
# `study.report()` writes `reports/report.docx` and `.html`, with quotes, plots and a manifest.

# %%
quotes = study.quotes(["privacy"], per_code=3)
[(one.before, one.quote, one.after) for one in quotes.of("privacy")]
