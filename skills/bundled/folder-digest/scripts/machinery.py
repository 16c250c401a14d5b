"""Folders that programs keep for themselves: what is in them says nothing about what the folder is for."""

_NAMES = frozenset(
    b"node_modules __pycache__ venv site-packages dist-packages bower_components $RECYCLE.BIN @eaDir".split()
)


def is_machinery(path: bytes) -> bool:
    """Tell whether a folder, or one above it, is kept by programs."""
    return any(part.startswith(b".") or part in _NAMES for part in path.split(b"/"))
