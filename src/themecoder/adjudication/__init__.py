"""From several coders' codings of an answer to the one that counts."""
