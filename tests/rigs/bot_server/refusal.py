"""What the Bot API says when it does not do what it was asked for."""

from collections.abc import Mapping
from typing import Any


class Refused(Exception):
    """A request that fails, with the status and the words of the API."""

    def __init__(self, description: str, status: int = 400, **parameters: Any) -> None:
        """Take the description without its prefix; `parameters` are retry_after or migrate_to_chat_id."""
        self.status = status
        self.description = _PREFIXES.get(status, "") + description
        self.parameters: Mapping[str, Any] = parameters
        super().__init__(self.description)

    def json(self) -> dict[str, Any]:
        """Give the body of the answer."""
        body: dict[str, Any] = {"ok": False, "error_code": self.status, "description": self.description}
        return body | ({"parameters": dict(self.parameters)} if self.parameters else {})


_PREFIXES = {400: "Bad Request: ", 403: "Forbidden: ", 409: "Conflict: "}


def too_many(retry_after: int) -> Refused:
    """Give the refusal that asks for patience."""
    return Refused(f"Too Many Requests: retry after {retry_after}", 429, retry_after=retry_after)


def unauthorized() -> Refused:
    """Give the refusal of a token that is not, or no longer, one."""
    return Refused("Unauthorized", 401)
