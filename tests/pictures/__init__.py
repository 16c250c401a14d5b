"""The pictures of README.md, made from the real thing: `.venv/bin/python -m tests.pictures`."""
