"""What a provider looked up by itself for an answer, where that is no call: the pages that it cites."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class LookedUp:
    """Addresses that an answer cites (OpenAI, OpenRouter, Perplexity), and how many searches were counted for it."""

    pages: list[str] = field(default_factory=list)
    searches: int = 0

    def see(self, chunk: Any) -> None:
        """Look at one chunk."""
        self.pages.extend(str(page) for page in getattr(chunk, "citations", None) or () if page not in self.pages)
        for choice in getattr(chunk, "choices", None) or ():
            for note in getattr(choice.delta, "annotations", None) or ():
                page = (note.get("url_citation") or {}).get("url") or note.get("type", "")
                self.pages.extend([page] if page not in self.pages else [])
        # Of Gemini's pages nothing arrives here but this count.
        details = getattr(getattr(chunk, "usage", None), "prompt_tokens_details", None)
        self.searches = max(self.searches, int(getattr(details, "web_search_requests", None) or 0))

    def call(self) -> dict[str, Any] | None:
        """Give it as a call that was made elsewhere; None where nothing was looked up."""
        if not self.pages and not self.searches:
            return None
        return {"id": "", "name": "web_search", "arguments": {"pages": self.pages}, "elsewhere": True}
