"""Which encoding a file of text is in: marks and UTF-8 for certain, everything else by what its letters look like."""

import codecs
import re
from dataclasses import dataclass

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8 with a mark"),
    (codecs.BOM_UTF32_LE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
_HIGH = re.compile(rb"[\x80-\xff]+")
_KANA = re.compile("[\u3040-\u30ff]")
_PAIRS = re.compile(rb"([\x81-\xfe])([\x40-\xfe])|[\x80-\xff]")
_NOT_IN_CP1252 = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")


@dataclass(frozen=True, slots=True)
class Alphabet:
    """An encoding by Python's name, as a person calls it, and whether it was only assumed."""

    codec: str
    name: str
    assumed: bool = False


def recognise(sample: bytes, is_utf8: bool) -> Alphabet:
    """Tell the encoding of a file from its first bytes and whether the whole of it is valid UTF-8."""
    for mark, codec, name in _MARKS:
        if sample.startswith(mark):
            return Alphabet(codec, name)
    wide = _wide(sample)
    if wide is not None:
        return wide
    if is_utf8:
        return Alphabet("utf-8", "UTF-8")
    if _mostly_utf8(sample):
        return Alphabet("utf-8", "UTF-8", assumed=True)
    high = b"\n".join(line for line in sample.splitlines() if not line.isascii())
    return _asian(high) or _single_byte(high or sample)


def _mostly_utf8(sample: bytes) -> bool:
    """Tell whether what is no UTF-8 is damage: ten characters beyond ASCII are right for each that is wrong."""
    text = sample.decode("utf-8", "replace")
    wrong = text.count("\ufffd")
    return sum(1 for character in text if not character.isascii()) > 11 * wrong


def _wide(sample: bytes) -> Alphabet | None:
    """Find UTF-16 without a mark: text of Latin letters has a zero in every other byte."""
    if len(sample) < 4 or sample.count(0) < len(sample) * 0.25:
        return None
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if odd > 20 * even:
        return Alphabet("utf-16-le", "UTF-16", assumed=True)
    if even > 20 * odd:
        return Alphabet("utf-16-be", "UTF-16", assumed=True)
    return None


def _asian(high: bytes) -> Alphabet | None:
    """Tell Japanese by its kana, Chinese and Korean by the pairs of bytes that their commonest characters have."""
    for codec, name in (("cp932", "Shift-JIS"), ("euc_jp", "EUC-JP")):
        if _kana_share(high, codec) > 0.15:
            return Alphabet(codec, name, assumed=True)
    pairs = [(found[1], found[2]) for found in _PAIRS.finditer(high)]
    whole = [(lead[0], trail[0]) for lead, trail in pairs if lead is not None]
    if not pairs or len(whole) < 0.95 * len(pairs):
        return None
    return _hanzi_or_hangul(high, whole) or _big5(high, whole)


def _hanzi_or_hangul(high: bytes, pairs: list[tuple[int, int]]) -> Alphabet | None:
    common = sum(1 for lead, trail in pairs if 0xB0 <= lead <= 0xD7 and trail >= 0xA1)
    if common < 0.6 * len(pairs) or not _decodes(high, "gb18030"):
        return None
    korean = sum(1 for lead, _ in pairs if 0xB0 <= lead <= 0xC8)
    if korean > 0.97 * len(pairs) and len(pairs) > 8:
        return Alphabet("cp949", "EUC-KR", assumed=True)
    return Alphabet("gb18030", "GB18030", assumed=True)


def _big5(high: bytes, pairs: list[tuple[int, int]]) -> Alphabet | None:
    led = [trail for lead, trail in pairs if 0xA4 <= lead <= 0xC6]
    split = sum(1 for trail in led if trail <= 0x7E)
    # Western letters before ASCII ones look like pairs too, but seldom stand two in a row.
    if len(led) >= 0.8 * len(pairs) and split >= 0.2 * len(pairs) and _runs(high) >= 2 and _decodes(high, "big5"):
        return Alphabet("big5", "Big5", assumed=True)
    return None


def _single_byte(high: bytes) -> Alphabet:
    """Choose between Cyrillic, whose words are runs of high bytes, and Western, where they stand alone."""
    letters = sum(len(found[0]) for found in _HIGH.finditer(high))
    cyrillic = sum(1 for byte in high if byte >= 0xC0)
    if letters and _runs(high) >= 3 and cyrillic > 0.9 * letters:
        return Alphabet("cp1251", "Windows-1251", assumed=True)
    if _NOT_IN_CP1252.search(high):
        return Alphabet("latin-1", "Latin-1", assumed=True)
    return Alphabet("cp1252", "Windows-1252", assumed=True)


def _kana_share(high: bytes, codec: str) -> float:
    if not _decodes(high, codec):
        return 0.0
    text = high.decode(codec, "ignore")
    letters = [character for character in text if not character.isascii()]
    return len(_KANA.findall(text)) / len(letters) if letters else 0.0


def _runs(high: bytes) -> float:
    runs = [len(found[0]) for found in _HIGH.finditer(high)]
    return sum(runs) / len(runs) if runs else 0.0


def _decodes(data: bytes, codec: str) -> bool:
    try:
        # Not final: the sample may end within a character.
        codecs.getincrementaldecoder(codec)("strict").decode(data, final=False)
    except UnicodeDecodeError:
        return False
    return True
