"""The interpreter that a run keeps: a program of its own, which runs in the sandbox and imports nothing of ours."""
