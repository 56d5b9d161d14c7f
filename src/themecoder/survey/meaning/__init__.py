"""What the cells of an export mean: which say that an option was chosen, which are numbers."""
