"""Which fonts a text is set in: the first that has its letters; the same order on every machine."""

from collections.abc import Iterable

_FIRST_CHOICE = ("Noto Sans", "Liberation Sans", "DejaVu Sans", "Libertinus Serif")
_SERIF = ("Noto Serif", "Libertinus Serif", "Liberation Serif", "DejaVu Serif")
_SCRIPTS = (
    "Noto Sans Arabic",
    "Noto Naskh Arabic",
    "Noto Sans Hebrew",
    "Noto Sans Devanagari",
    "Noto Sans Bengali",
    "Noto Sans Tamil",
    "Noto Sans Thai",
    "Noto Sans Armenian",
    "Noto Sans Georgian",
    "Noto Sans CJK SC",
    "Noto Sans CJK JP",
    "Droid Sans Fallback",
    # Hangul, which the one above has not.
    "WenQuanYi Micro Hei",
    "Baekmuk Dotum",
    "NanumGothic",
    "Noto Color Emoji",
    "Noto Emoji",
    "Symbola",
    "Noto Sans Symbols",
    "Noto Sans Symbols2",
    "Noto Sans Math",
    "DejaVu Sans",
)
_MONOSPACED = ("Noto Sans Mono", "DejaVu Sans Mono")


def text_fonts(families: Iterable[str]) -> list[str]:
    """Give those of the families that are there for text, the preferred ones first."""
    return _there((*_FIRST_CHOICE, *_SCRIPTS), families)


def serif_fonts(families: Iterable[str]) -> list[str]:
    """Give those for text with serifs."""
    return _there((*_SERIF, *_FIRST_CHOICE, *_SCRIPTS), families)


def code_fonts(families: Iterable[str]) -> list[str]:
    """Give those for code."""
    return _there((*_MONOSPACED, *_FIRST_CHOICE, *_SCRIPTS), families)


def _there(wanted: Iterable[str], families: Iterable[str]) -> list[str]:
    there = set(families)
    return list(dict.fromkeys(name for name in wanted if name in there))
