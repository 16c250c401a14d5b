"""Texts of realistic length for made-up tasks, and words that stand in a known share of them."""

import random
from dataclasses import dataclass

_SYLLABLES = ("ba", "ce", "di", "fo", "gu", "la", "me", "ni", "po", "ru", "sa", "te", "vi", "zo", "ker", "lan", "mor")
_VOCABULARY, _PHRASES = 4000, 6000

SHARES = {"quokka": 0.0001, "ledger": 0.01, "weekly": 0.5}
"""Words, and in which share of all tasks they stand; but in twenty at least, so that every search fills its page."""
_LEAST = 20


@dataclass(frozen=True, slots=True)
class Texts:
    """What stands in a task."""

    title: str
    goal: str
    result: str


class Writer:
    """Writes the texts of tasks: some words are frequent and most are rare, as in any language."""

    def __init__(self, size: int, seed: int = 1) -> None:
        """Write for so many tasks; the same seed writes the same."""
        self._random = random.Random(seed)
        self._strides = {word: max(1, size // max(_LEAST, round(size * share))) for word, share in SHARES.items()}
        self._phrases = self._some_phrases()

    def texts(self, task_id: int) -> Texts:
        """Give the texts of one task."""
        phrases = self._random.choices(self._phrases, k=8)
        marks = [word for word, stride in self._strides.items() if task_id % stride == stride // 2]
        goal = " ".join([phrases[0], *marks, phrases[1], phrases[2]])
        return Texts(goal[:72], goal, ". ".join(phrases[3:]))

    def _some_phrases(self) -> list[str]:
        vocabulary = [
            "".join(self._random.choices(_SYLLABLES, k=self._random.randint(2, 4))) for _ in range(_VOCABULARY)
        ]
        weights = [1 / rank for rank in range(1, _VOCABULARY + 1)]
        return [" ".join(self._random.choices(vocabulary, weights, k=8)) for _ in range(_PHRASES)]
