"""The workbench: a local page on which a study goes from its export to its report."""
