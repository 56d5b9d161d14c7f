"""Invitations for coders, to print."""
