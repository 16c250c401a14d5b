"""A file that came with a request."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Upload:
    """Its name, its media type as the client says it, and its bytes."""

    name: str
    media: str
    content: bytes

    @property
    def size(self) -> int:
        """Give its length."""
        return len(self.content)
