"""What a study keeps in files: tables of every dialect, and the check of what people typed."""
