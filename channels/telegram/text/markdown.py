from channels.telegram.text.formatted import Formatted


def from_markdown(text: str) -> Formatted:
    return Formatted(text)
