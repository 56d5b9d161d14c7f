"""A first study.toml from a survey export alone, for a person to correct."""
