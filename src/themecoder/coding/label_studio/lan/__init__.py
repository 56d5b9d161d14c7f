"""The study's own server for coders on other computers of the same network, over TLS."""
