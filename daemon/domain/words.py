"""The fixed texts that are said to the owner, in the owner's language, and how they are filled in."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from daemon.domain.errors import AgentError

LANGUAGES = ("en", "it", "de", "fr", "es")
_PLACE = re.compile(r"\{([a-z_]+)\}")
_FORGIVING = re.compile(r"[{}]")


def places(template: str) -> frozenset[str]:
    """Give the names that a text leaves open."""
    return frozenset(_PLACE.findall(template))


def stray(template: str) -> bool:
    """Say whether there are braces that are no place to fill in."""
    return _FORGIVING.search(_PLACE.sub("", template)) is not None


@dataclass(frozen=True, slots=True)
class Words:
    """Texts by key ("reply.paused"), as the owner's language and own templates have them."""

    language: str
    texts: Mapping[str, str]

    def say(self, key: str, **values: object) -> str:
        """Give a text with its places filled in; what is filled in is taken as it is. Raises KeyError for no text."""
        return _PLACE.sub(lambda found: str(values.get(found[1], found[0])), self.texts[key])

    def of_error(self, problem: AgentError) -> str:
        """Give what the owner is told of an error: in the owner's language where it has a text of its own."""
        return self.say(problem.key, **problem.values) if problem.key in self.texts else problem.message

    def knows(self, key: str) -> bool:
        """Say whether there is such a text."""
        return key in self.texts
