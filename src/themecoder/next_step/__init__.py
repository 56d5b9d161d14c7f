"""What comes next on the way of work of a study, and the command for it."""
