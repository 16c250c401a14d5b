"""Why an attempt failed, in a sentence for the owner, and what is to be done about it."""

import re
from dataclasses import dataclass
from enum import Enum

from litellm import exceptions

from agents.models.child.door import NotAdmittedError
from agents.models.child.witness import Witness
from daemon.domain.catalogue import Deployment
from daemon.domain.reference import names_in

_MOST = 200


class Next(Enum):
    """What can help after a problem: the same model again, another one or a later time, less text, or only another one.

    After the last three the next model is asked; where there is none left, they tell whether the run waits or ends.
    """

    AGAIN = "again"
    OTHER = "other"
    SHORTER = "shorter"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Problem:
    """A failed attempt. `wait` is how many seconds the provider asks for; `billed`: it may have cost something;
    `is_rest`: the model was not asked, since it has failed before.
    """

    text: str
    then: Next
    wait: float | None = None
    billed: bool = False
    is_rest: bool = False


class SilentError(Exception):
    """No piece of an answer came for too long; the text says for how long."""


class BrokenOffError(Exception):
    """A stream ended in the middle."""


class RefusedError(Exception):
    """A provider will not answer this."""


def problem_of(error: BaseException, asked: Deployment, witness: Witness, *, begun: bool) -> Problem:
    """Say what an exception means for the model that was asked; `begun` after the first piece of an answer."""
    name = asked.name
    for cause in _causes(error):
        if isinstance(cause, NotAdmittedError):
            return Problem(f"{name} is not asked: {cause}.", Next.OTHER)
    if isinstance(error, SilentError | BrokenOffError):
        return Problem(f"{name} {error}.", Next.AGAIN, billed=not witness.is_page)
    told = _in_words(witness.said) or _told(error)
    if isinstance(error, RefusedError):
        text = _REFUSED if told else "{name} refuses this for its content."
        return Problem(text.format(name=name, told=told), Next.NEVER, billed=True)
    if isinstance(error, exceptions.ContextWindowExceededError) or _is_too_long(told):
        return Problem(f"The request is longer than {name} can read.", Next.SHORTER)
    text, then = _kind(error, witness, told)
    key = next(iter(names_in(asked.parameters)), "NAME")
    at = asked.address or "its provider"
    sentence = text.format(name=name, at=at, told=told, code=witness.status, key=key)
    resting = (text, then) == _RESTING
    return Problem(sentence, then, wait=witness.retry_after, billed=begun, is_rest=resting)


def _kind(error: BaseException, witness: Witness, told: str) -> tuple[str, Next]:
    """Give the sentence for a kind of error, and what is done next: by what the provider answered, if it did."""
    if isinstance(error, exceptions.ContentPolicyViolationError):
        return _REFUSED, Next.NEVER
    status = _meant(witness.status, told)
    if status in _STATUSES:
        text, then = _STATUSES[status]
        return text, Next.NEVER if _FLAGGED in told else then
    if witness.status >= 500:
        page = witness.is_page or "<html" in told.lower()
        return "{name} failed ({code})." if page else "{name} failed ({code}): {told}", Next.AGAIN
    if witness.status == 0:
        return _RESTING if _RESTS in told else _SILENT
    if witness.is_page or "<!doctype" in told.lower():
        return "{name} at {at} answered with a web page: is that the right address?", Next.AGAIN
    return "{name} failed in the middle of its answer: {told}", Next.AGAIN


def _meant(status: int, told: str) -> int:
    """Give the status that others answer with what Gemini says of a key and OpenRouter of a model with 400."""
    told = told.lower()
    if status == 400 and "api key" in told and any(words in told for words in ("not valid", "not found", "expired")):
        return 401
    return 404 if status == 400 and "not a valid model" in told else status


_REFUSED = "{name} refuses this for its content: {told}"
_FLAGGED = "flagged by moderation"
"""OpenRouter's words with 403."""
_SILENT = ("{name} does not answer at {at}: is it running?", Next.AGAIN)
_RESTING = ("{name} rests for a while, since it failed.", Next.OTHER)
_RESTS = "No deployments available"
"""How LiteLLM's Router says that all of a model's deployments cool down."""
_STATUSES = {
    400: ("{name} cannot read the request: {told}", Next.NEVER),
    401: ("{name} does not accept its key. Set it by agent auth set {key}.", Next.OTHER),
    402: ("{name} wants to be paid first: {told}", Next.OTHER),
    403: ("{name} does not allow this: {told}", Next.OTHER),
    404: ("{name} is not there at {at}: {told}", Next.OTHER),
    408: ("{name} took too long at {at}.", Next.AGAIN),
    413: ("The request is longer than {name} can read.", Next.SHORTER),
    422: ("{name} cannot read the request: {told}", Next.NEVER),
    429: ("{name} has had too many requests.", Next.AGAIN),
}


def speaks_no_tools(error: BaseException) -> bool:
    """Say whether a model refused a request because it has no native tool calls (Ollama, vLLM, llama.cpp)."""
    told = _told(error).lower()
    return "tool" in told and any(
        words in told for words in ("does not support", "not supported", "requires --", "no tool", "unsupported")
    )


def _causes(error: BaseException | None) -> list[BaseException]:
    found: list[BaseException] = []
    while error is not None and error not in found:
        found.append(error)
        error = error.__cause__ or error.__context__ or getattr(error, "original_exception", None)
    return found


def _told(error: BaseException) -> str:
    """Give the provider's own words in one short line."""
    text = str(getattr(error, "message", "") or error)
    return _in_words(re.sub(r"litellm\.\w+:? ?|\w+(?:Exception|Error) - |\w+Error: |^[A-Z_]+ - ", "", text))


def _in_words(text: str) -> str:
    found = _WORDS.search(text) or _OPENROUTER.search(text)
    text = " ".join((re.sub(r"\\+([\"'])", r"\1", found["words"]) if found else text).split())
    return text if len(text) <= _MOST else text[: _MOST - 1] + "…"


_WORDS = re.compile(r"""(["'])(?:message|error)\1:\s*(["'])(?P<words>.+?)(?<!\\)\2""")
"""The sentence within an error that LiteLLM hands on as JSON, or as Python writes it."""
_OPENROUTER = re.compile(r"^Message: (?P<words>.+?), Metadata: ")
_TOO_LONG = re.compile(
    r"context.{0,20}(length|window|size)|maximum.{0,20}context|too many tokens|prompt is too long|exceed.{0,30}context"
    r"|input token count.{0,40}exceeds|reduce the length",
    re.IGNORECASE,
)


def _is_too_long(told: str) -> bool:
    return _TOO_LONG.search(told) is not None
