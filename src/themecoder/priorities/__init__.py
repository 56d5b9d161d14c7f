"""Which answers had better be coded next, and what that settles."""
