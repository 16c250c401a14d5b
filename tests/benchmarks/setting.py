"""How a benchmark is run: how thoroughly, and where its data lie."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Setting:
    """`quick` measures next to nothing and only shows that all works; `data` keeps what is costly to make."""

    quick: bool
    data: Path

    def rounds(self, thorough: int, quick: int = 2) -> int:
        """Give how often to repeat."""
        return quick if self.quick else thorough
