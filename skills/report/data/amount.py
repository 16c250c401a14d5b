"""Numbers as people write them: decimal commas, thousands separators, currency signs, per cent, accounting brackets."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_CURRENCY = (
    r"(?:[$€£¥₹₽₩₺₪฿₫₴]|R\$|(?:USD|EUR|GBP|CHF|JPY|CNY|INR|SEK|NOK|DKK|PLN|CZK|AUD|CAD|Fr\.|kr\.?|zł|Kč)(?![A-Za-z]))"
)
_GAPS = " \u00a0\u2009\u202f'’"
_SHAPE = re.compile(
    rf"(?P<open>\()?(?P<sign>[-+−])?\s*(?P<before>{_CURRENCY})?\s*(?P<sign2>[-+−])?"
    rf"(?P<body>\d[\d.,{_GAPS}]*|[.,]\d+)(?P<power>[eE][-+]?\d+)?"
    rf"\s*(?P<after>{_CURRENCY}|%|‰)?(?P<sign3>-)?(?P<close>\))?"
)
_POINT = re.compile(rf"(?:\d+|\d{{1,3}}(?:[,{_GAPS}]\d{{3}})+|\d{{1,2}}(?:,\d{{2}})+,\d{{3}})?(?:\.\d*)?")
_COMMA = re.compile(rf"(?:\d+|\d{{1,3}}(?:[.{_GAPS}]\d{{3}})+)?(?:,\d*)?")
_GROUPING = {ord(character): None for character in _GAPS}
_FROM_POINT = {**_GROUPING, ord(","): None}
_FROM_COMMA = {**_GROUPING, ord("."): None, ord(","): "."}
# The same for readers that cannot look ahead (RE2): "12 EURO" is none of their numbers either, as nothing may follow.
CURRENCY = _CURRENCY.replace("(?![A-Za-z])", "")
SHAPE = _SHAPE.pattern.replace("(?![A-Za-z])", "")
GAPS = _GAPS
_CODE = re.compile(r"0\d+")
_SURELY_COMMA = re.compile(r"\d,(?:\d{1,2}|\d{4,})(?!\d|[.,])|\d\.\d{3},\d|\d\.\d{3}\.\d{3}")
_SURELY_POINT = re.compile(r"\d\.(?:\d{1,2}|\d{4,})(?!\d|[.,])|\d,\d{3}\.\d|\d,\d{3},\d{3}")
_LONGEST = 80  # no number is longer, and the patterns take quadratic time
_NOT_FINITE = frozenset({"inf", "infinity", "nan"})


@dataclass(frozen=True, slots=True)
class Format:
    """How the numbers of a column are written: decimal comma or point, the commonest unit, decimals to show."""

    comma: bool
    unit: str
    decimals: int
    units: int = 1

    def parse(self, text: str) -> float | None:
        """Read a number; None where the text is none in this format."""
        found = _SHAPE.fullmatch(text) if len(text) <= _LONGEST else None
        if found is None:
            return float(text.replace("−", "-")) if text.lower().lstrip("+-−") in _NOT_FINITE else None
        body = found["body"]
        if not (_COMMA if self.comma else _POINT).fullmatch(body.strip()):
            return None
        signs = _signs(found)
        if bool(found["open"]) != bool(found["close"]) or len(signs) > 1:
            return None
        digits = body.translate(_FROM_COMMA if self.comma else _FROM_POINT)
        value = float(digits + (found["power"] or ""))
        return -value if found["open"] or signs in ("-", "−") else value

    def parse_all(self, texts: Sequence[str]) -> list[float | None]:
        """Read many texts; quick where they are all plain numbers."""
        if not self.comma:
            try:
                plain: list[float | None] = list(map(float, texts))
            except ValueError:
                return [self.parse(text) for text in texts]
            if "_" not in "".join(texts):
                return plain
        return [self.parse(text) for text in texts]


def number_format(texts: Sequence[str], comma_hint: bool) -> Format | None:
    """Tell how the numbers in a column's texts are written; None where fewer than four in five are numbers.

    `comma_hint` decides what "1.234" means where nothing in the column does.
    """
    if sum(1 for text in texts if _CODE.fullmatch(text)) > 0.02 * len(texts):
        return None  # leading zeros: postal codes, article numbers
    comma = uses_comma(texts)
    trial = Format(comma_hint if comma is None else comma, "", 0)
    read = [text for text in texts if trial.parse(text) is not None]
    if not texts or len(read) < 0.8 * len(texts):
        return None
    units = Counter(unit for text in read if (unit := _unit(text)))
    unit = max(sorted(units), key=units.__getitem__) if units else ""
    decimals = sorted(_decimals(text, trial.comma) for text in read)
    return Format(trial.comma, unit, min(4, decimals[int(len(decimals) * 0.98)]), len(units))


def uses_comma(texts: Iterable[str]) -> bool | None:
    """Tell whether the numbers have decimal commas; None where nothing shows it."""
    commas = points = 0
    for text in texts:
        commas += bool(_SURELY_COMMA.search(text)) and bool(_SHAPE.fullmatch(text))
        points += bool(_SURELY_POINT.search(text)) and bool(_SHAPE.fullmatch(text))
    return None if commas == points else commas > points


def is_number(text: str) -> bool:
    """Tell whether a text is a number in any format."""
    return Format(False, "", 0).parse(text) is not None or Format(True, "", 0).parse(text) is not None


def _unit(text: str) -> str:
    found = _SHAPE.fullmatch(text)
    return (found["before"] or found["after"] or "") if found else ""


def _signs(found: re.Match[str]) -> str:
    return (found["sign"] or "") + (found["sign2"] or "") + (found["sign3"] or "")


def _decimals(text: str, comma: bool) -> int:
    found = _SHAPE.fullmatch(text)
    body = found["body"].rstrip(_GAPS) if found else ""
    _, _, fraction = body.rpartition("," if comma else ".")
    if ("," if comma else ".") not in body:
        return 0
    return len(fraction) + (2 if found and found["power"] else 0)
