"""The looks of the workbench: one template a page, none of which decides anything."""
