"""What is kept of a stream that may be endless."""

FLOOD = 16  # times the limit: whoever writes more than this is stopped


class Kept:
    """The first and the last bytes of a stream, `limit` bytes at most, and how many there were."""

    def __init__(self, limit: int) -> None:
        """Begin with nothing; `limit` in bytes."""
        self._limit = limit
        self._tail_limit = limit // 2
        self._head = bytearray()
        self._tail = bytearray()
        self.total = 0

    @property
    def floods(self) -> bool:
        """Say whether far more came than is kept."""
        return self.total > FLOOD * self._limit

    def add(self, piece: bytes) -> None:
        """Take the next piece."""
        self.total += len(piece)
        room = self._limit - self._tail_limit - len(self._head)
        if room > 0:
            self._head += piece[:room]
            piece = piece[room:]
        self._tail += piece
        if len(self._tail) > 2 * self._tail_limit:
            self._trim()

    def whole(self) -> bytes:
        """Give all of it, or head and tail with a line between that says how much is missing."""
        self._trim()
        missing = self.total - len(self._head) - len(self._tail)
        if not missing:
            return bytes(self._head + self._tail)
        return bytes(self._head) + f"\n[... {missing} bytes cut out here ...]\n".encode() + bytes(self._tail)

    def _trim(self) -> None:
        del self._tail[: max(0, len(self._tail) - self._tail_limit)]
