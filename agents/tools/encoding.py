"""Guessing how the text of a file is written, from its first bytes."""

import codecs
from dataclasses import dataclass

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8 with a byte order mark"),
    (codecs.BOM_UTF32_LE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
_WESTERN_HOLES = b"\x81\x8d\x8f\x90\x9d"  # bytes that Windows-1252 does not have
_RARE = frozenset(range(32)) - frozenset(b"\t\n\r\f\x1b\x08")


@dataclass(frozen=True, slots=True)
class Encoding:
    """What Python calls an encoding, and what people do."""

    codec: str
    spoken: str


UTF_8 = Encoding("utf-8", "UTF-8")


def guess(sample: bytes, *, whole: bool) -> Encoding | None:
    """Give the encoding of a text that begins with `sample`, or None for what is no text.

    `whole` says that nothing comes after; else the last character may be cut.
    """
    for mark, codec, spoken in _MARKS:
        if sample.startswith(mark):
            return Encoding(codec, spoken)
    if b"\0" in sample:
        return _wide(sample)
    if sum(byte in _RARE for byte in sample) * 50 > len(sample):
        return None
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample, whole)
    except UnicodeDecodeError:
        western = not any(byte in _WESTERN_HOLES for byte in sample)
        return Encoding("cp1252", "Windows-1252, guessed") if western else Encoding("latin-1", "Latin-1, guessed")
    return UTF_8


def _wide(sample: bytes) -> Encoding | None:
    """Tell UTF-16 without a mark by its zeros, which stand in every other byte of most western text."""
    half = len(sample) // 2
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if odd > half * 0.6 and even < half * 0.05:
        return Encoding("utf-16-le", "UTF-16, guessed")
    if even > half * 0.6 and odd < half * 0.05:
        return Encoding("utf-16-be", "UTF-16, guessed")
    return None
