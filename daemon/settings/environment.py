"""Settings in environment variables: AGENT_<SECTION>_<KEY>, and a few short names."""

from collections.abc import Iterable
from functools import cache

from daemon.settings.found import Found, read_value
from daemon.settings.keys import kinds
from daemon.settings.mistakes import Mistakes, suggestion

PREFIX = "AGENT_"

_SHORT = {
    "AGENT_MODEL": "model.name",
    "AGENT_MAX_STEPS": "limits.run.steps",
    "AGENT_TEMPERATURE": "model.temperature",
}
_NOT_SETTINGS = ("AGENT_HOME", "AGENT_CONFIG", "AGENT_FAILPOINT")
SWITCHES = "AGENT_ENABLE_"
"""The beginning of the variables that switch tools; `tools` reads them."""


@cache
def names() -> dict[str, str]:
    """Give the dotted key of each variable."""
    generic = {PREFIX + dotted.replace(".", "_").upper(): dotted for dotted in kinds()}
    return generic | _SHORT


def read_variables(
    variables: Iterable[tuple[str, str, str]], mistakes: Mistakes, file: str | None = None
) -> dict[str, Found]:
    """Give what the variables (name, value, source) set, by dotted key; what does not begin with AGENT_ is left alone.

    An empty value counts as not set. Values are not repeated in mistakes. `file` is where they stand, if in a file:
    what decides where files are is a mistake there, because it would have no effect.
    """
    found: dict[str, Found] = {}
    for name, value, source in variables:
        if not name.startswith(PREFIX) or name.startswith(SWITCHES):
            continue
        if name in _NOT_SETTINGS:
            if file is not None:
                mistakes.add(source, f"{name} has no effect in {file}. Set it in the environment.")
            continue
        dotted = names().get(name)
        if dotted is None:
            which = "" if source == name else f" {name}"
            mistakes.add(source, f"unknown variable{which}. {suggestion(name, (*names(), *_NOT_SETTINGS))}")
        elif value:
            _set(dotted, value, source, found, mistakes)
    return found


def _set(dotted: str, value: str, source: str, found: dict[str, Found], mistakes: Mistakes) -> None:
    read = read_value(kinds()[dotted], dotted, value, source, mistakes, shown=False)
    before = found.get(dotted)
    if read is None:
        return
    if before is not None and before.value != read.value:
        mistakes.add(source, f"{dotted!r} is set differently by {before.source}. Keep one of the two.")
    found[dotted] = read
