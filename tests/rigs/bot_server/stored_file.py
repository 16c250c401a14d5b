"""Files on Telegram's side: what they are called, and how they are fetched."""

import base64
import hashlib
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from tests.rigs.bot_server.clock import Clock
from tests.rigs.bot_server.refusal import Refused

PATH_SECONDS = 3600.0
"""How long a path for downloading holds, at least."""
_PREFIXES = {"photo": "AgACAgIAAxk", "document": "BQACAgIAAxk", "voice": "AwACAgIAAxk", "video": "BAACAgIAAxk"}
_FOLDERS = {"photo": "photos", "voice": "voice", "video": "videos", "audio": "music"}


@dataclass(frozen=True, slots=True)
class StoredFile:
    """One file; without content it is `size` zeros."""

    kind: str
    number: int
    name: str
    media: str
    size: int
    content: bytes | None = None

    @property
    def id(self) -> str:
        """Give its file_id."""
        return _PREFIXES.get(self.kind, "CQACAgIAAxk") + self._digest(42)

    @property
    def unique_id(self) -> str:
        """Give its file_unique_id."""
        return "AgAD" + self._digest(9)

    @property
    def path(self) -> str:
        """Give where it is fetched from."""
        return f"{_FOLDERS.get(self.kind, 'documents')}/file_{self.number}{PurePosixPath(self.name).suffix}"

    def read(self) -> bytes:
        """Give its bytes."""
        return bytes(self.size) if self.content is None else self.content

    def json(self) -> dict[str, Any]:
        """Give the fields that every kind of file has."""
        return {"file_id": self.id, "file_unique_id": self.unique_id, "file_size": self.size}

    def _digest(self, length: int) -> str:
        digest = hashlib.sha512(f"{self.kind} {self.number}".encode()).digest()[:length]
        return base64.urlsafe_b64encode(digest).decode()


class Files:
    """All files of a server; `most` is how long one may be that a bot fetches."""

    def __init__(self, clock: Clock, most: int = 20 << 20) -> None:
        """Begin with none."""
        self.most = most
        self._clock = clock
        self._by_id: dict[str, StoredFile] = {}
        self._open_until: dict[str, tuple[float, StoredFile]] = {}

    def keep(self, kind: str, content: bytes | None, name: str = "", media: str = "", size: int = 0) -> StoredFile:
        """Keep a file."""
        size = size if content is None else len(content)
        kept = StoredFile(kind, len(self._by_id), PurePosixPath(name).name, media, size, content)
        self._by_id[kept.id] = kept
        return kept

    def find(self, file_id: str) -> StoredFile | None:
        """Give the file of an id."""
        return self._by_id.get(file_id)

    def open(self, file_id: str) -> dict[str, Any]:
        """Give the File with a path that can be fetched for an hour; raises Refused."""
        found = self._by_id.get(file_id)
        if found is None:
            raise Refused("invalid file_id" if file_id else "file_id not specified")
        if found.size > self.most:
            raise Refused("file is too big")
        self._open_until[found.path] = (self._clock.now() + PATH_SECONDS, found)
        return found.json() | {"file_path": found.path}

    def fetched(self, path: str) -> StoredFile | None:
        """Give the file behind a path while that holds."""
        until, found = self._open_until.get(path, (0.0, None))
        return found if self._clock.now() <= until else None
