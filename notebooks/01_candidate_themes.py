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
# # 1. Candidate themes
#
# From the survey export to candidate themes in one open question. The answers of the shipped
# study are made up; on your own study everything below runs on your machine, and no text leaves
# it.

# %%
import os

import pandas as pd

from themecoder import Study

study = Study.open(os.environ.get("THEMECODER_STUDY", ".."))
pd.DataFrame(study.overview())

# %% [markdown]
# `asked` is the base of every percentage: everyone whom the routing leads to the question. Names,
# places and other identifying details are masked before anyone is shown a text.

# %%
masked = study.masked_texts()
sum(bool(text.masks) for text in masked.values()), len(masked)

# %%
themes = study.mine("q18")
themes.themes[["label", "size", "share", "stability", "keywords"]]

# %% [markdown]
# Stability tells how far a theme comes back when respondents are drawn anew: look twice at one
# below 0.5. The assignments say which answers are in which theme, with the masked text.

# %%
themes.assignments.head()

# %% [markdown]
# `study.write_themes_page()` writes all of this to `reports/themes.html`. Themes are candidates:
# people turn them into a codebook, and code with that.
