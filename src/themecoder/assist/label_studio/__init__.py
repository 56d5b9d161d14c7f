"""What the backend has of a server, and what it sets up there."""
