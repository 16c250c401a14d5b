"""A model request as the JSON value that is kept and compared."""

from typing import Any

from daemon.domain.call import digest_of
from daemon.domain.model import ModelRequest


def request_value(request: ModelRequest) -> dict[str, Any]:
    """Give the request as a JSON value."""
    return {
        "tier": request.tier,
        "messages": [dict(message) for message in request.messages],
        "tools": [dict(tool) for tool in request.tools],
    }


def digest_of_request(request: ModelRequest) -> str:
    """Name this very request."""
    return digest_of(request_value(request))
