"""The files of an agreement report."""
