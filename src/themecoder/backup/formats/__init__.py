"""The archive of a study, plain or encrypted."""
