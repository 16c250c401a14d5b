"""The random bytes of a state folder by which the tags of redacted secrets are made."""

import contextlib
import os
import secrets

from daemon.domain.errors import StoreError
from daemon.store.home import Home, sync_folder

_BYTES = 32


def tag_key(home: Home) -> bytes:
    """Give the key of this state folder, the same for ever; make it where it is missing.

    Whoever has it could try guesses on a tag, so it is readable by the owner alone, and no sandbox sees it.
    """
    path = home.path / "redaction.key"
    try:
        with contextlib.suppress(FileNotFoundError):
            return path.read_bytes()
        draft = path.with_name(f"redaction.{secrets.token_hex(6)}.partial")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(secrets.token_bytes(_BYTES))
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)  # Of two processes the first one's key stays.
        draft.unlink()
        sync_folder(home.path)
        return path.read_bytes()
    except OSError as problem:
        raise StoreError(
            f"{path} cannot be read or made: {problem.strerror}.", "Free disk space, check its owner."
        ) from problem
