"""Pages: self-contained HTML files for people to read."""
