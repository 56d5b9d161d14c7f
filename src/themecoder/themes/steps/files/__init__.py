"""The file that keeps the steps."""
