"""What the files of a study may hold, for other programs: a JSON Schema of each."""
