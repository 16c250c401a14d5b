"""What came with a goal, and which words can stand for it."""

import posixpath
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path, PurePosixPath

from daemon.domain.skill import Slot, SlotKind
from skills.words import Word, bare, words

_NUMBER = re.compile(r"[+-]?\d{1,15}", re.ASCII)
_POINTERS = ("this", "it", "that", "this one", "that one")
_FILE_NOUNS = ("file", "attached file", "attachment", "document", "attached document")
_FOLDER_NOUNS = ("folder", "directory")
_ARTICLES = ("this", "that", "the", "my")
_BEFORE_NAME = (
    "",
    "the ",
    "my ",
    "this ",
    "file ",
    "the file ",
    "attached ",
    "the attached ",
    "folder ",
    "the folder ",
)

_Phrase = tuple[str, ...]


class Offer:
    """The attached files (their names) and the given folders (their paths) of one goal."""

    def __init__(self, files: Sequence[str], folders: Sequence[str]) -> None:
        """Take what was given; `folders` are absolute paths."""
        self.files = tuple(files)
        self.folders = tuple(folders)
        self._names = _named((name, name) for name in self.files)
        self._paths = _named(pair for path in self.folders for pair in ((path, path), (PurePosixPath(path).name, path)))
        if len(self.files) == 1:
            _point(self._names, self.files[0], (*_FILE_NOUNS, *_endings(self.files[0])))
        if len(self.folders) == 1:
            _point(self._paths, self.folders[0], (*_FOLDER_NOUNS,))
            self._paths.setdefault(("here",), (self.folders[0],))
        self._lengths = {
            SlotKind.FILE: sorted({len(phrase) for phrase in self._names}, reverse=True),
            SlotKind.FOLDER: sorted({len(phrase) for phrase in self._paths}, reverse=True),
        }

    def stand_in(self, slot: Slot) -> str | None:
        """Give what a slot takes that the words leave out; None when nothing can stand in.

        A single attached file or given folder comes before the default of the slot. An empty text means that the
        slot may stay empty.
        """
        if slot.kind is SlotKind.FILE and len(self.files) == 1:
            return self.files[0]
        if slot.kind is SlotKind.FOLDER:
            if len(self.folders) == 1:
                return self.folders[0]
            if slot.default:
                return folder_path(slot.default)
        return None if slot.required else slot.default

    def takes(self, slot: Slot, goal: Sequence[Word], at: int) -> Iterator[tuple[int, str]]:
        """Give each way in which a slot (not of kind text) can take words from `at` on: the end, and the value."""
        if at >= len(goal):
            return
        if slot.kind is SlotKind.NUMBER:
            value = number(goal[at].text)
            if value is not None:
                yield at + 1, value
            return
        phrases = self._names if slot.kind is SlotKind.FILE else self._paths
        yield from self._given(phrases, self._lengths[slot.kind], goal, at)
        if slot.kind is SlotKind.FOLDER:
            named = at + _noun(goal, at)
            path = folder_path(goal[named].text) if named < len(goal) else None
            if path is not None:
                yield named + 1, path

    def file(self, text: str) -> str | None:
        """Give the attached file that one argument means."""
        return self._one(self._names, text.removeprefix("input/"), self.files)

    def folder(self, text: str) -> str | None:
        """Give the folder that one argument means: a given one, or any absolute path."""
        return folder_path(text) or self._one(self._paths, text, self.folders)

    def _one(self, phrases: dict[_Phrase, tuple[str, ...]], text: str, given: Sequence[str]) -> str | None:
        if text in given:
            return text
        found = phrases.get(_phrase(text), ())
        return found[0] if len(found) == 1 else None

    def _given(
        self, phrases: dict[_Phrase, tuple[str, ...]], lengths: Sequence[int], goal: Sequence[Word], at: int
    ) -> Iterator[tuple[int, str]]:
        if goal[at].quoted:
            value = _choose(phrases.get(_phrase(goal[at].text), ()), goal[at].text)
            if value is not None:
                yield at + 1, value
        for length in lengths:
            part = goal[at : at + length]
            value = _choose(phrases.get(tuple(word.bare for word in part), ()), part[-1].text)
            if len(part) == length and value is not None:
                yield at + length, value


def number(text: str) -> str | None:
    """Give a whole number in its plain form, None for anything else."""
    plain = bare(text)
    return str(int(plain)) if _NUMBER.fullmatch(plain) else None


def folder_path(text: str) -> str | None:
    """Give the absolute path that `text` says, with ~ for the home folder; None when it is no such path.

    Doubled slashes, `.` and `..` are resolved by the words alone; no link is followed.
    """
    path = re.sub(r"\\(.)", r"\1", text)
    if path == "~" or path.startswith("~/"):
        path = _home() + path[1:]
    if not path.startswith("/") or not path.isprintable():
        return None
    return posixpath.normpath("/" + path.lstrip("/"))


def _home() -> str:
    try:
        return str(Path.home())
    except RuntimeError:  # neither HOME nor a line in the user database says where it is
        return "~"


def _noun(goal: Sequence[Word], at: int) -> int:
    """Count the words before a path that only say that it is one: "the folder /srv"."""
    article = goal[at].bare in _ARTICLES
    noun = at + article
    return article + 1 if noun < len(goal) and goal[noun].bare in _FOLDER_NOUNS else 0


def _phrase(text: str) -> _Phrase:
    return tuple(word.bare for word in words(text))


def _named(pairs: Iterable[tuple[str, str]]) -> dict[_Phrase, tuple[str, ...]]:
    """Map what can be written to what it means; several meanings stay beside each other."""
    found: dict[_Phrase, tuple[str, ...]] = {}
    for name, value in pairs:
        phrase = tuple(word.bare for word in words(name.replace('"', " ")))
        for before in _BEFORE_NAME if phrase else ():
            key = (*before.split(), *phrase)
            if value not in found.get(key, ()):
                found[key] = (*found.get(key, ()), value)
    return found


def _point(phrases: dict[_Phrase, tuple[str, ...]], value: str, nouns: Sequence[str]) -> None:
    """Let "this", "the file" and their like mean the only thing that was given."""
    for pointer in (*_POINTERS, *(f"{article} {noun}" for article in _ARTICLES for noun in nouns)):
        phrases.setdefault(tuple(pointer.split()), (value,))


def _endings(name: str) -> tuple[str, ...]:
    ending = bare(PurePosixPath(name).suffix.lstrip("."))
    return (ending, f"{ending} file", f"attached {ending}") if ending.isalnum() else ()


def _choose(values: Sequence[str], written: str) -> str | None:
    """Give the value that is meant; where names differ only by case, the one that is written like that."""
    if len(values) > 1:
        values = [value for value in values if value.endswith(written)]
    return values[0] if len(values) == 1 else None
