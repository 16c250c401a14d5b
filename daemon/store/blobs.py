"""Files named by what they contain; in place before any row speaks of them."""

import hashlib
import io
import os
import time
from pathlib import Path
from typing import BinaryIO

from daemon.domain.blob import Blob
from daemon.domain.errors import BadInput, NotFound, StoreError
from daemon.store import rows
from daemon.store.home import Home, sync_folder

_PIECE = 1024 * 1024


def path_of(home: Home, digest: str) -> Path:
    """Say where the bytes of a digest lie."""
    return home.blobs / digest[:2] / digest


def keep_bytes(home: Home, data: bytes) -> str:
    """Keep bytes, durable on return; give their digest."""
    digest = hashlib.sha256(data).hexdigest()
    if not path_of(home, digest).exists():
        keep_file(home, io.BytesIO(data), "What was to be recorded")
    return digest


def keep_file(home: Home, source: BinaryIO, name: str, most: int | None = None) -> Blob:
    """Keep the bytes of an open file under `name`, durable on return.

    Raises BadInput above `most` bytes, StoreError when the disk is full.
    """
    import tempfile

    hasher, size = hashlib.sha256(), 0
    temporary = ""
    try:
        descriptor, temporary = tempfile.mkstemp(dir=home.blobs)
        with os.fdopen(descriptor, "wb") as file:
            while piece := source.read(_PIECE):
                size += len(piece)
                if most is not None and size > most:
                    raise BadInput(
                        f"{name} is larger than the limit of {most:,} bytes.",
                        "Raise files.max_input in config.yaml, or give its folder with --dir.",
                    )
                hasher.update(piece)
                file.write(piece)
            _seal(home, file, Path(temporary), hasher.hexdigest())
    except OSError as problem:
        raise StoreError(
            f"{name} could not be kept: {problem.strerror}.", "Free disk space, then try again."
        ) from problem
    finally:
        if temporary:
            Path(temporary).unlink(missing_ok=True)
    return Blob(hasher.hexdigest(), size, media_type_of(name), name)


def digest_of_file(path: Path) -> str:
    """Give the digest of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def media_type_of(name: str) -> str:
    """Guess the media type from the name."""
    import mimetypes

    return mimetypes.guess_type(name, strict=False)[0] or "application/octet-stream"


def read(home: Home, digest: str) -> bytes:
    """Give the bytes of a digest; raises NotFound where they are gone."""
    try:
        return path_of(home, digest).read_bytes()
    except FileNotFoundError as missing:
        raise NotFound(
            f"The stored file {digest[:12]} is gone from {home.blobs}.",
            "Restore a backup: agent backup --list",
        ) from missing


def place(home: Home, digest: str, target: Path) -> None:
    """Copy the bytes of a digest to a new file."""
    import shutil

    try:
        shutil.copyfile(path_of(home, digest), target)
    except FileNotFoundError as missing:
        raise NotFound(
            f"The stored file {digest[:12]} is gone from {home.blobs}.",
            "Restore a backup: agent backup --list",
        ) from missing


def record(home: Home, digest: str, size: int) -> None:
    """Write the row of a kept file (idempotent), in the transaction that speaks of it.

    Raises StoreError where another task with the same bytes was forgotten since they were kept.
    """
    if not path_of(home, digest).exists():
        raise StoreError("A file was removed while it was being recorded.", "Try again; nothing was changed.")
    rows.Blob.insert(digest=digest, size=size, created_at=time.time()).on_conflict_ignore().execute()


def remove_unspoken(home: Home, digest: str) -> int:
    """Delete a file that no row speaks of; gives the bytes freed. Part of a transaction, so that nobody begins to."""
    path = path_of(home, digest)
    if _spoken_of(digest) or not path.exists():
        return 0
    rows.Blob.delete().where(rows.Blob.digest == digest).execute()
    freed = path.stat().st_size
    path.unlink()
    return freed


def _spoken_of(digest: str) -> bool:
    asked = (
        rows.TaskFile.select(rows.TaskFile.digest).where(rows.TaskFile.digest == digest),
        rows.RunFile.select(rows.RunFile.digest).where(rows.RunFile.digest == digest),
        rows.Run.select(rows.Run.id).where(rows.Run.frozen == digest),
        rows.Step.select(rows.Step.seq).where(rows.Step.input_blob == digest),
        rows.Step.select(rows.Step.seq).where(rows.Step.output_blob == digest),
        rows.Inbox.select(rows.Inbox.id).where(rows.Inbox.state == "stored", rows.Inbox.files.contains(digest)),
    )
    return any(query.limit(1).exists() for query in asked)


def _seal(home: Home, file: BinaryIO, temporary: Path, digest: str) -> None:
    """Make the bytes durable, then give them their name."""
    file.flush()
    os.fsync(file.fileno())
    target = path_of(home, digest)
    target.parent.mkdir(mode=0o700, exist_ok=True)
    temporary.replace(target)
    sync_folder(target.parent)
