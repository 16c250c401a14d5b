"""`edit_file`: one passage of a text file for another."""

from agents.tools.encoding import UTF_8, Encoding, guess
from agents.tools.function import tool
from agents.tools.passage import difference, nearest, places
from agents.tools.reach import Place, reach_to_change, writing
from agents.tools.replacing import replacing
from daemon.domain.call import Outcome
from daemon.domain.errors import ToolError
from daemon.domain.ports import Circumstances

_LARGEST = 8 * 1024 * 1024
_MOST_SHOWN = 4000


@tool(writing("path"))
def edit_file(path: str, old: str, new: str, at: Circumstances, all: bool = False) -> Outcome:  # noqa: A002
    """Replace `old`, which must stand exactly once in the file, by `new`.

    Args:
        all: Wherever it stands
    """
    place = reach_to_change(at, path)
    if not old or old == new:
        raise ToolError("`old` is empty; write_file writes a whole file." if not old else "`old` and `new` are equal.")
    before, encoding = _read(place)
    if "\r\n" in before and old not in before:
        old, new = old.replace("\n", "\r\n"), new.replace("\n", "\r\n")
    found = places(before, old)
    if not found:
        near = nearest(before, old)
        hint = f" Near it: {near}." if near else ""
        return Outcome(f"`old` does not stand in {place.shown}.{hint}", labels=place.labels, failed=True)
    if len(found) > 1 and not all:
        lines = ", ".join(map(str, found[:10]))
        more = f"`old` stands {len(found)} times in {place.shown} (lines {lines}); add lines around it, or all=true."
        return Outcome(more, labels=place.labels, failed=True)
    after = before.replace(old, new)
    data = _encoded(after, encoding)
    with replacing(place) as file:
        file.write(data)
    made = difference(before, after, place.shown, _MOST_SHOWN)
    return Outcome(made.encode("utf-8", "surrogateescape").decode("utf-8", "replace"), labels=place.labels)


def _read(place: Place) -> tuple[str, Encoding]:
    with place.open() as file:
        content = file.read(_LARGEST + 1)
    if len(content) > _LARGEST:
        raise ToolError(f"{place.shown} has more than {_LARGEST // 2**20} MB; change it with a program.")
    encoding = guess(content, whole=True)
    if encoding is None:
        raise ToolError(f"{place.shown} is no text.")
    # A guessed encoding would have to be guessed back; as bytes that are no UTF-8 they come back as they were.
    exact = UTF_8 if encoding.codec in ("cp1252", "latin-1") else encoding
    try:
        return content.decode(exact.codec, "surrogateescape"), exact
    except UnicodeDecodeError as problem:
        raise ToolError(f"{place.shown} is no sound {encoding.spoken}.") from problem


def _encoded(text: str, encoding: Encoding) -> bytes:
    try:
        return text.encode(encoding.codec, "surrogateescape")
    except UnicodeEncodeError as problem:
        raise ToolError("`new` has half a character in it.") from problem
