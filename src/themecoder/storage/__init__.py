"""What studies are kept in: files written whole, tables of every dialect, caches, git."""
