"""Tables from files of any kind, read without loading them whole: how they are written, what is in them, filters.

Runs in the sandbox only: `python3 -m skills.report.data.view` answers one question about one file.
"""
