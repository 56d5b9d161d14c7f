"""What a person corrects in a study.toml that was made from an export, without typing in it."""
