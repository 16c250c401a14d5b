"""What a file is by its first bytes, and how large a picture is, by the headers of its format alone."""

import struct

ENOUGH = 256 * 1024
"""Bytes from the beginning of a file that `described` looks at."""

_KINDS = (
    (b"%PDF-", "PDF"),
    (b"\x89PNG\r\n\x1a\n", "PNG picture"),
    (b"\xff\xd8\xff", "JPEG picture"),
    (b"GIF87a", "GIF picture"),
    (b"GIF89a", "GIF picture"),
    (b"PK\x03\x04", "ZIP archive (also .xlsx, .docx, .epub)"),
    (b"\x1f\x8b", "gzip archive"),
    (b"BZh", "bzip2 archive"),
    (b"\xfd7zXZ\0", "xz archive"),
    (b"\x28\xb5\x2f\xfd", "Zstandard archive"),
    (b"7z\xbc\xaf\x27\x1c", "7-Zip archive"),
    (b"Rar!\x1a\x07", "RAR archive"),
    (b"SQLite format 3\0", "SQLite database"),
    (b"PAR1", "Parquet table"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "older Office document"),
    (b"\x7fELF", "program"),
    (b"MZ", "Windows program"),
    (b"OggS", "Ogg sound or film"),
    (b"fLaC", "FLAC sound"),
    (b"ID3", "MP3 sound"),
    (b"II*\0", "TIFF picture"),
    (b"MM\0*", "TIFF picture"),
    (b"BM", "BMP picture"),
    (b"\0asm", "WebAssembly program"),
)


def kind(head: bytes) -> str:
    """Name what begins with these bytes."""
    if head[:4] == b"RIFF" and len(head) >= 12:
        return {b"WEBP": "WebP picture", b"WAVE": "WAV sound"}.get(head[8:12], "RIFF container")
    if head[4:8] == b"ftyp":
        return {b"avif": "AVIF picture", b"heic": "HEIC picture"}.get(head[8:12], "MP4 film or sound")
    return next((name for start, name in _KINDS if head.startswith(start)), "binary data")


def dimensions(head: bytes) -> tuple[int, int] | None:
    """Give width and height in pixels of a PNG, JPEG, GIF or WebP, where its header says."""
    try:
        if head.startswith(b"\x89PNG") and head[12:16] == b"IHDR":
            width, height = struct.unpack_from(">II", head, 16)
        elif head.startswith((b"GIF87a", b"GIF89a")):
            width, height = struct.unpack_from("<HH", head, 6)
        elif head.startswith(b"\xff\xd8"):
            return _of_jpeg(head)
        elif head[8:12] == b"WEBP":
            return _of_webp(head)
        else:
            return None
    except struct.error:
        return None
    return width, height


def _of_jpeg(head: bytes) -> tuple[int, int] | None:
    """Go from segment to segment up to the start of a frame (ITU-T T.81, B.1.1.2 and B.2.2)."""
    at = 2
    while at + 4 <= len(head):
        marker, length = struct.unpack_from(">HH", head, at)
        if marker == 0xFFFF:
            at += 1  # a fill byte
        elif 0xFFC0 <= marker <= 0xFFCF and marker not in (0xFFC4, 0xFFC8, 0xFFCC):
            height, width = struct.unpack_from(">HH", head, at + 5)
            return width, height
        elif marker < 0xFF01 or length < 2:
            return None
        else:
            at += 2 + length
    return None


def _of_webp(head: bytes) -> tuple[int, int] | None:
    """Read the first chunk (RFC 9649, section 2)."""
    form = head[12:16]
    if form == b"VP8X":
        width, height = (int.from_bytes(head[at : at + 3], "little") + 1 for at in (24, 27))
        return (width, height) if len(head) >= 30 else None
    if form == b"VP8L":
        (bits,) = struct.unpack_from("<I", head, 21)
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if form == b"VP8 ":
        width, height = struct.unpack_from("<HH", head, 26)
        return width & 0x3FFF, height & 0x3FFF
    return None
