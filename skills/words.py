"""A text as words that can be compared: without case, width, punctuation around them, or polite phrases."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

# Scripts that put no spaces between words: each character is a word of its own.
_UNSPACED = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_TOKEN = re.compile(
    r"""
      "(?P<straight>[^"\n]+)" | “(?P<curly>[^”\n]+)” | „(?P<low>[^“”\n]+)[“”] | «(?P<angle>[^»\n]+)»
    | `(?P<code>[^`\n]+)` | '(?P<single>[^'\n]+)'(?=[\s.,;:!?)]|$) | ‘(?P<round>[^’\n]+)’(?=[\s.,;:!?)]|$)
    | (?P<path>[/~](?:\\.|[^\s\\])*)
    | [UNSPACED]
    | [^\sUNSPACED]+
    """.replace("UNSPACED", _UNSPACED),
    re.VERBOSE,
)
_OPENING = "\"'“”„«»‘’`([{<¿¡"
_CLOSING = "\"'“”»«’‘`)]}>.,;:!?…。，！？、"
_PAIRS = {")": "(", "]": "[", "}": "{", ">": "<"}
# Marks of direction and joiners say nothing about which word it is.
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufe0e\ufe0f\ufeff]")

_OPENERS = (
    *("please", "pls", "plz", "kindly", "hi", "hello", "hey", "ok", "okay", "now", "then", "and now"),
    *("can you", "could you", "would you", "will you", "can i have", "can i get", "could i have", "could i get"),
    *("i need", "i want", "i would like", "i'd like", "give me", "get me", "show me", "send me"),
    *("make", "create", "generate", "prepare", "produce", "write", "run", "do a", "do the"),
    *("me", "us", "a", "an", "the", "my", "our"),
)
_CLOSERS = (
    *("please", "pls", "plz", "thanks", "thx", "thank you", "thanks a lot", "many thanks", "cheers"),
    *("for me", "for us", "if you can", "will you", "would you"),
)


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text, or a quoted part of it.

    `bare` is for comparing, `text` is what was written without what surrounds it, `start` and `end` say where.
    """

    bare: str
    text: str
    start: int
    end: int
    quoted: bool = False


def words(text: str) -> tuple[Word, ...]:
    """Part `text` into words; what has neither letter nor digit (but for a lone / or ~) is left out.

    A text that stands in quotes as a whole is read as if it did not.
    """
    found = _parted(text, 0)
    if len(found) == 1 and found[0].quoted and " " in found[0].text:
        start = text.index(found[0].text, found[0].start)
        return tuple(_parted(text[: start + len(found[0].text)], start))
    return tuple(found)


def _parted(text: str, start: int) -> list[Word]:
    found: list[Word] = []
    for token in _TOKEN.finditer(text, start):
        group = token.lastgroup
        if group is not None and group != "path":
            inner = token[group].strip()
            found.append(Word(bare(inner), inner, token.start(), token.end(), quoted=True))
            continue
        core = _core(token[0])
        if core in ("/", "~") or any(character.isalnum() for character in core):
            found.append(Word(bare(core), core, token.start(), token.end()))
    return found


def bare(text: str) -> str:
    """Give `text` for comparing: compatible forms folded, no case, one space between words, nothing unseen."""
    folded = unicodedata.normalize("NFKC", _UNSEEN.sub("", text)).casefold().replace("’", "'")
    return " ".join(unicodedata.normalize("NFKC", folded).split())


def _core(word: str) -> str:
    core = word.lstrip(_OPENING)
    while core and core[-1] in _CLOSING:
        opening = _PAIRS.get(core[-1])
        if opening is not None and core.count(opening) >= core.count(core[-1]):
            break
        core = core[:-1]
    return core


def _phrases(texts: Sequence[str]) -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(text.split()) for text in texts)


_OPENING_PHRASES = _phrases(_OPENERS)
_CLOSING_PHRASES = _phrases(_CLOSERS)
_LONGEST = 4


def starts(bares: Sequence[str]) -> list[int]:
    """Give where the request itself may begin: at 0 and after each polite phrase, in order."""
    return _edges(bares, _OPENING_PHRASES)


def ends(bares: Sequence[str]) -> frozenset[int]:
    """Give where the request itself may end: at the end and before each polite phrase."""
    backwards = frozenset(phrase[::-1] for phrase in _CLOSING_PHRASES)
    return frozenset(len(bares) - edge for edge in _edges(bares[::-1], backwards))


def _edges(bares: Sequence[str], phrases: frozenset[tuple[str, ...]]) -> list[int]:
    reached = {0}
    for edge in range(len(bares)):
        for length in range(1, _LONGEST + 1) if edge in reached else ():
            after = edge + length
            if after <= len(bares) and tuple(bares[edge:after]) in phrases:
                reached.add(after)
    return sorted(reached)
