"""Coding by people in Label Studio: who codes what, how the page looks, what came of it. Pure."""
