"""A text while it is written, block by block: with what stands before its lines, and the parts that are marked."""

from dataclasses import dataclass

from channels.telegram.text.accepted import Span, accepted
from channels.telegram.text.characters import cleaned, held
from channels.telegram.text.formatted import QUOTES, Formatted, quote_type


@dataclass(slots=True)
class _Mark:
    """A marked part that is not closed yet; it starts where the next text is put."""

    type: str
    url: str | None = None
    start: int | None = None
    piece: int = 0
    number: int = 0


@dataclass(slots=True)
class _Margin:
    """What stands before the first line of a list item, and before the others."""

    first: str
    rest: str
    begun: bool = False

    def next(self) -> str:
        """Give it for the next line."""
        before, self.begun = self.rest if self.begun else self.first, True
        return before


class Writing:
    """Grows by pieces of text; spaces between blocks and lines are written only once something follows."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._pieces: list[str] = []
        self._length = 0
        self._gap = 0
        self._glued = False
        self._new_line = True
        self._margins: list[_Margin] = []
        self._marks: list[_Mark] = []
        self._begun = 0
        self._spans: list[tuple[int, Span]] = []

    @property
    def pieces(self) -> int:
        """Give how many pieces were written, for `since`."""
        return len(self._pieces)

    def since(self, pieces: int) -> str:
        """Give what was written after a number of pieces."""
        return "".join(self._pieces[pieces:])

    def has(self, kind: str) -> bool:
        """Say whether the text that comes next is marked so already."""
        return any(mark.type == kind for mark in self._marks)

    def marked(self, kind: str) -> bool:
        """Say whether any part was marked so."""
        return any(span.type == kind for _, span in self._spans)

    def result(self) -> Formatted:
        """Give what was written, as Telegram takes it."""
        return accepted("".join(self._pieces), [span for _, span in sorted(self._spans, key=lambda one: one[0])])

    def gap(self, lines: int) -> None:
        """Let the next text begin on a new line: 1; or after a blank one: 2."""
        self._gap = max(self._gap, lines)

    def glue(self) -> None:
        """Let the next text stand in the same line, whatever it is."""
        self._glued = True

    def line(self) -> None:
        """End the line; doing it again leaves one blank."""
        self._gap = min(self._gap + 1, 2)

    def put(self, text: str) -> None:
        """Write on in the same line."""
        if text:
            self._begin_line()
            self._append(cleaned(text).replace("\t", " "))

    def put_code(self, text: str) -> None:
        """Write code within a line. No other style stands around it, and in a link it is plain."""
        if self.has("text_link"):
            self.put(text)
            return
        styles = [mark for mark in self._marks if mark.type not in QUOTES]
        for mark in styles:
            self._end(mark)
        self._marks = [mark for mark in self._marks if mark.type in QUOTES]
        self.open("code")
        self.put(text)
        self.close()
        self._marks += [_Mark(mark.type, mark.url) for mark in styles]

    def put_block(self, text: str, language: str = "") -> None:
        """Write code in lines of its own; nothing stands before them."""
        text = held(cleaned(text).expandtabs(4))
        if not text:
            return
        if (self._new_line or self._gap) and any(not margin.begun for margin in self._margins):
            self._begin_line()
            self._gap = max(self._gap, 1)
        self._begin_line(bare=True)
        start = self._length
        self._append(text)
        self._begun += 1
        self._spans.append((self._begun, Span("pre", start, self._length, None, language or None)))
        self.gap(1)

    def open(self, kind: str, url: str | None = None) -> None:
        """Mark what is written from now on; what is so already is not marked twice."""
        self._marks.append(_Mark("" if self.has(kind) else kind, url))

    def close(self) -> None:
        """End what was opened last."""
        self._end(self._marks.pop())

    def _end(self, mark: _Mark) -> None:
        if mark.type and mark.start is not None:
            self._spans.append((mark.number, Span(mark.type, mark.start, self._length, mark.url)))

    def open_quote(self) -> None:
        """Begin a quotation; one within another is set off by a sign, since Telegram does not nest them."""
        if self.has("blockquote"):
            self.indent("» ", "» ")
        self.open("blockquote")

    def close_quote(self) -> None:
        """End it."""
        mark = self._marks[-1]
        if not mark.type:
            self.dedent()
        elif mark.start is not None:
            mark.type = quote_type(self.since(mark.piece))
        self.close()

    def indent(self, first: str, rest: str) -> None:
        """Let lines begin with something."""
        self._margins.append(_Margin(first, rest))

    def dedent(self) -> None:
        """Take it back."""
        self._margins.pop()

    def _begin_line(self, bare: bool = False) -> None:
        if self._gap and self._pieces and not self._glued:
            self._append_raw("\n" * self._gap)
            self._new_line = True
        self._gap, self._glued = 0, False
        if self._new_line and not bare:
            self._append_raw("".join(margin.next() for margin in self._margins))
        self._new_line = False

    def _append(self, text: str) -> None:
        for mark in self._marks:
            if mark.start is None:
                self._begun += 1
                mark.start, mark.piece, mark.number = self._length, self.pieces, self._begun
        self._append_raw(text)

    def _append_raw(self, text: str) -> None:
        if text:
            self._pieces.append(text)
            self._length += len(text)
