"""What language models write beside Markdown: formulas between dollars or brackets, and <br>."""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline

_LINE_BREAK = re.compile(r"<br\s{0,9}/?\s{0,9}>", re.IGNORECASE)
_CLOSING = {"\\(": "\\)", "\\[": "\\]"}
_FORMULA_SIGNS = frozenset("\\^_=+{}")
_LONGEST, _MOST_LINES = 1000, 40


def add_syntax(parser: MarkdownIt) -> None:
    """Let a parser read it."""
    ended = ["paragraph", "reference", "blockquote", "list"]
    parser.block.ruler.before("fence", "formula", _formula_lines, {"alt": ended})
    parser.inline.ruler.before("escape", "formula", _formula)
    parser.inline.ruler.before("autolink", "line_break", _line_break)


def _line_break(state: StateInline, silent: bool) -> bool:
    found = _LINE_BREAK.match(state.src, state.pos) if state.src[state.pos] == "<" else None
    if found is None:
        return False
    if not silent:
        state.push("hardbreak", "br", 0)
    state.pos = found.end()
    return True


def _formula(state: StateInline, silent: bool) -> bool:
    """Take a formula within a line as it is: its stars and underscores are no Markdown."""
    sign = state.src[state.pos]
    if sign not in "$\\":
        return False
    end = _end_of_dollars(state.src, state.pos) if sign == "$" else _end_of_brackets(state.src, state.pos)
    if not end or end > state.posMax:
        return False
    if not silent:
        state.pending += state.src[state.pos : end]
    state.pos = end
    return True


def _end_of_brackets(source: str, at: int) -> int:
    """Say where \\( or \\[ is closed; 0 where it is not, or where it only escapes a bracket."""
    closing = _CLOSING.get(source[at : at + 2])
    end = source.find(closing, at + 2, at + _LONGEST) if closing else -1
    return end + 2 if end > 0 and _FORMULA_SIGNS.intersection(source[at + 2 : end]) else 0


def _end_of_dollars(source: str, at: int) -> int:
    """Say where a formula between dollars ends; 0 where they are money: a blank within, or a digit after."""
    signs = "$$" if source.startswith("$$", at) else "$"
    begin = at + len(signs)
    end = source.find(signs, begin, begin + _LONGEST)
    if end <= begin or ("\n" in source[begin:end] and signs == "$"):
        return 0
    after = source[end + len(signs) : end + len(signs) + 1]
    if signs == "$" and (source[begin].isspace() or source[end - 1].isspace() or after.isdigit()):
        return 0
    return end + len(signs)


def _formula_lines(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Take lines from one that begins with $$ or \\[ to one that ends with its like as they are."""
    if state.is_code_block(start):
        return False
    opening = _line(state, start)[:2]
    closing = {"$$": "$$", "\\[": "\\]"}.get(opening)
    if closing is None or (last := _last_line(state, start, end, closing)) is None:
        return False
    if silent:
        return True
    state.line = last + 1
    token = state.push("formula", "", 0)
    token.content = state.getLines(start, last + 1, state.blkIndent, False)
    token.map = [start, state.line]
    return True


def _last_line(state: StateBlock, start: int, end: int, closing: str) -> int | None:
    for line in range(start, min(end, start + _MOST_LINES)):
        if line > start and state.sCount[line] < state.blkIndent:
            return None
        text = _line(state, line)
        if line == start:
            text = text[2:]
        if text.rstrip().endswith(closing):
            return line
    return None


def _line(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]
