"""Lengths and places in a text, as the Bot API counts them: in UTF-16 code units."""


def units(text: str) -> int:
    """Give the length in UTF-16 code units."""
    return len(text) + sum(1 for char in text if ord(char) > 0xFFFF)


def place_of(text: str, unit: int) -> int | None:
    """Give the index of the character at a unit; None within a character or after the end."""
    passed = 0
    for index, char in enumerate(text):
        if passed >= unit:
            return index if passed == unit else None
        passed += 1 + (ord(char) > 0xFFFF)
    return len(text) if passed == unit else None


def bytes_before(text: str, index: int) -> int:
    """Give how many bytes of UTF-8 stand before a character, as errors count them."""
    return len(text[:index].encode("utf-8", "surrogatepass"))
