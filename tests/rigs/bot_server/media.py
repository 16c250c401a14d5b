"""What is in messages with files."""

import mimetypes
from typing import Any

from tests.rigs.bot_server.fields import Fields
from tests.rigs.bot_server.message import Content
from tests.rigs.bot_server.photo import MOST_BYTES, scaled
from tests.rigs.bot_server.refusal import Refused
from tests.rigs.bot_server.stored_file import Files, StoredFile

_NAMES = {"photo": "Photo", "document": "Document", "voice": "VoiceNote", "video": "Video", "audio": "Audio"}


class Media:
    """Makes contents of files, of those that users send and of those that a bot uploads."""

    def __init__(self, files: Files) -> None:
        """Keep the files there."""
        self._files = files
        self._photos: dict[str, Content] = {}

    def document(self, content: bytes | None, name: str, media: str = "", size: int = 0) -> Content:
        """Keep a document."""
        return self._named(self._files.keep("document", content, name, media or _guess(name), size))

    def photo(self, content: bytes) -> Content:
        """Keep a photo in its sizes."""
        kept = [(one, self._files.keep("photo", one.content, "photo.jpg", "image/jpeg")) for one in scaled(content)]
        told = {"photo": [file.json() | {"width": one.width, "height": one.height} for one, file in kept]}
        self._photos |= {file.id: told for _, file in kept}
        return told

    def timed(self, kind: str, content: bytes, name: str, seconds: int, **more: Any) -> Content:
        """Keep a voice message, a piece of music or a film."""
        file = self._files.keep(kind, content, name, _guess(name))
        told = {"duration": seconds, "mime_type": file.media, **file.json(), **more}
        return {kind: told if kind == "voice" else {"file_name": file.name} | told}

    def requested(self, kind: str, fields: Fields, field: str, given: str) -> Content:
        """Give the content that a request means: an upload, or a file that is known by its id; raises Refused."""
        uploaded = fields.uploads.get(given.removeprefix("attach://") if given.startswith("attach://") else field)
        if uploaded is None or (given and not given.startswith("attach://")):
            return self._again(kind, given)
        if not uploaded.content:
            raise Refused("file must be non-empty")
        if kind == "photo":
            if uploaded.size > MOST_BYTES:
                limit = f"the maximum size is {MOST_BYTES} bytes"
                raise Refused(f"file of size {uploaded.size} bytes is too big for a photo; {limit}")
            return self.photo(uploaded.content)
        if kind == "document":
            return self.document(uploaded.content, uploaded.name)
        film = {"width": 320, "height": 240} if kind == "video" else {}
        return self.timed(kind, uploaded.content, uploaded.name, 1, **film)

    def _again(self, kind: str, given: str) -> Content:
        if not given or given.startswith("attach://"):
            raise Refused(f"there is no {kind} in the request")
        if "://" in given:
            raise Refused("failed to get HTTP URL content")
        file = self._files.find(given)
        if file is None:
            raise Refused("wrong file identifier/HTTP URL specified")
        if file.kind != kind:
            raise Refused(f"can't use file of type {_NAMES[file.kind]} as {_NAMES[kind]}")
        return self._photos[given] if kind == "photo" else self._named(file)

    def _named(self, file: StoredFile) -> Content:
        named = {"file_name": file.name} if file.name else {}
        return {file.kind: named | {"mime_type": file.media, **file.json()}}


def _guess(name: str) -> str:
    return mimetypes.guess_type(name)[0] or "application/octet-stream"
