"""The terminal: the command `agent`."""
