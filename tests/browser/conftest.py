"""The browser that these tests use."""

from chromium import chromium

__all__ = ["chromium"]
