"""What the attempts for one request may still take of what was reserved for it."""

from daemon.domain.limits import Usage


class Purse:
    """Tokens and money; an attempt is only made when the most that it can take is there."""

    def __init__(self, most: Usage) -> None:
        """Begin with what was reserved."""
        self._left = most

    def holds(self, most: Usage) -> bool:
        """Say whether an attempt that can take so much may be made."""
        return most.tokens <= self._left.tokens and most.money <= self._left.money

    def take(self, used: Usage) -> None:
        """Take what an attempt took."""
        self._left -= used
