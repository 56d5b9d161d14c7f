"""A study: its folder, and its study.toml."""
