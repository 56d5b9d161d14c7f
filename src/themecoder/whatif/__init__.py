"""What a merge, a split or a redefinition of codes would do to counts and agreement."""
