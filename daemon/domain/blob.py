"""Files as facts: named by what they contain."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Blob:
    """Bytes that the store keeps.

    `digest` is the SHA-256 in hex, `size` is in bytes, `media_type` after RFC 6838, `name` is what a person calls it:
    one safe path component, or for results a relative path below the run's `output/`.
    """

    digest: str
    size: int
    media_type: str
    name: str
