"""Tokens and what they cost."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one answer.

    `prompt` holds `cached` and `cache_written`, `completion` holds `reasoning`, as OpenAI counts; a form that counts
    otherwise subtracts.
    """

    prompt: int
    completion: int
    cached: int = 0
    cache_written: int = 0
    reasoning: int = 0

    @property
    def total(self) -> int:
        """Give all tokens."""
        return self.prompt + self.completion

    @property
    def fresh(self) -> int:
        """Give the tokens of the prompt that were neither read from a cache nor written to one."""
        return self.prompt - self.cached - self.cache_written


@dataclass(frozen=True, slots=True)
class Prices:
    """Dollars for a million tokens; without a price of their own, cached tokens cost what fresh ones do."""

    prompt: float
    completion: float
    cached: float | None = None
    cache_written: float | None = None

    def cost(self, usage: Usage) -> float:
        """Give the dollars that a usage costs."""
        cached = self.prompt if self.cached is None else self.cached
        written = self.prompt if self.cache_written is None else self.cache_written
        dollars = (
            usage.fresh * self.prompt
            + usage.cached * cached
            + usage.cache_written * written
            + usage.completion * self.completion
        )
        return dollars / 1_000_000


FREE = Prices(0.0, 0.0)


def tokens_in(text: str | bytes) -> int:
    """Estimate tokens by the rule of thumb that one is four characters (OpenAI, "What are tokens")."""
    return (len(text) + 3) // 4
