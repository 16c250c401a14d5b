"""The commands of the terminal, each group in its own file; loaded when it is typed."""
