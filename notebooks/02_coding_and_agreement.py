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
# # 2. Coding and agreement
#
# The coding stands in `annotations/<question>/<coder>.jsonl`, one line an answer. The three
# coders of the shipped study are simulated: their agreement is no example of people's.

# %%
import os
from collections import Counter

from themecoder import Study

study = Study.open(os.environ.get("THEMECODER_STUDY", ".."))
source = study.source("coder:coder_a")
coding = study.codings("q18", source)
Counter(one.state for one in coding.values())

# %% [markdown]
# As a table: a row per answer, a column per code.

# %%
study.coded("q18", source).to_frame().head()

# %% [markdown]
# Coded, `no_code` (seen, nothing applies) and an answer that is not in the file (not seen) are
# three different things, and are never mixed up.

# %%
found = study.agreement("q18", resamples=200)
rows = found.to_frame()
alpha = rows[(rows.coder_pair == "all") & (rows.coefficient == "krippendorff_alpha")]
alpha[["code", "value", "ci_low", "ci_high", "n_answers", "prevalence"]].sort_values("value").head(
    10
)

# %% [markdown]
# The lowest first: these are the codes whose definitions need another look. Where two coders or
# more differ, somebody decides.

# %%
bench = study.disagreements(["q18"])[0]
Counter(case.kind for case in bench.cases), len(bench.open)
