"""A Label Studio server: ours on this machine, or a team's own."""
