"""The largest of very many, in bounded memory."""

import heapq
from typing import Generic, TypeVar

Item = TypeVar("Item")


class Largest(Generic[Item]):
    """Keeps the `room` items with the largest keys; of equal keys the ones added first."""

    def __init__(self, room: int) -> None:
        """Keep up to `room` items."""
        self._room = room
        self._added = 0
        self._heap: list[tuple[float, int, Item]] = []

    def add(self, key: float, item: Item) -> None:
        """Consider an item."""
        self._added -= 1
        entry = (key, self._added, item)
        if len(self._heap) < self._room:
            heapq.heappush(self._heap, entry)
        elif self._heap and entry[:2] > self._heap[0][:2]:
            heapq.heapreplace(self._heap, entry)

    @property
    def passed(self) -> int:
        """Give how many were added and not kept."""
        return -self._added - len(self._heap)

    def items(self) -> list[Item]:
        """Give what was kept, the largest first."""
        return [item for _, _, item in sorted(self._heap, key=lambda entry: entry[:2], reverse=True)]
