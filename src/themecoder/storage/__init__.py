"""Files of this machine: written whole or not at all."""
