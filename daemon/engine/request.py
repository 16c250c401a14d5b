"""What names a model request."""

from daemon.domain.canonical import digest_of
from daemon.domain.model import ModelRequest


def digest_of_request(request: ModelRequest) -> str:
    """Name this very request: tier, messages and tools."""
    messages = [dict(message) for message in request.messages]
    return digest_of([request.tier, messages, [dict(tool) for tool in request.tools]])
