"""What a person does with candidate themes, as typed steps: kept, undone, done again."""
