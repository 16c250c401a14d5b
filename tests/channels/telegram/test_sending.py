"""A message as Telegram takes it: parts under its limits, nothing lost, the mark of a repeat on the very part."""

from pathlib import Path

import pytest

from channels.rendering.rendered import Block, BlockKind, Button, Rendered
from channels.telegram.sending import LONGEST_TEXT, Sendable, marked, sendables
from channels.telegram.text.formatted import units
from daemon.domain.blob import Blob
from daemon.settings.words import load_words

SAY = load_words("en")
BUTTONS = ((Button("Yes", "yes:1"),),)


def given(text: str, kind: BlockKind = BlockKind.MARKDOWN, files: tuple[Blob, ...] = ()) -> list[Sendable]:
    rendered = Rendered((Block(kind, text),), BUTTONS, files)
    return sendables(rendered, lambda blob: Path(__file__) if blob.digest else None, SAY)


def blob(number: int, size: int = 10, digest: str = "d") -> Blob:
    return Blob(digest, size, "text/plain", f"{number}.txt")


@pytest.mark.parametrize("text", ["", "\u200b", "[r]: http://a.bc", "   \n"])
def test_a_message_with_nothing_to_be_seen_says_that_it_is_done(text: str) -> None:
    (one,) = given(text)
    assert one.text is not None
    assert one.text.text == "Done."


def test_a_short_text_is_the_caption_of_its_only_file_and_keeps_its_buttons() -> None:
    (one,) = given("Here it is.", files=(blob(1),))
    assert one.text is not None
    assert (one.text.text, one.files[0][1], len(one.keyboard)) == ("Here it is.", "1.txt", 1)


def test_a_long_text_is_several_messages_with_the_buttons_on_the_last() -> None:
    parts = given("\n\n".join("word " * 150 for _ in range(10)), BlockKind.WORDS)
    assert len(parts) > 1
    assert [bool(part.keyboard) for part in parts] == [False] * (len(parts) - 1) + [True]
    assert all(part.text is not None and units(part.text.text) <= LONGEST_TEXT for part in parts)


def test_a_question_that_is_too_long_for_messages_comes_whole_as_a_file() -> None:
    command = "x" * 50_000 + "\nrm -rf output"
    document, message = given(command, BlockKind.EXACT)
    assert document.document is not None
    assert document.document.decode() == command
    assert message.text is not None
    assert "question.txt" in message.text.text
    assert message.keyboard


def test_files_go_ten_at_a_time_and_what_cannot_be_sent_is_told() -> None:
    files = (*(blob(n) for n in range(12)), blob(12, 60_000_000), blob(13, digest=""))
    text, first, second = given("Look.", files=files)
    assert (len(first.files), len(second.files)) == (10, 2)
    assert text.text is not None
    assert "12.txt (60.0 MB) is too big" in text.text.text
    assert "13.txt is not there" in text.text.text


def test_the_mark_of_a_repeat_fits_on_the_longest_part() -> None:
    for part in given("word " * 3000, BlockKind.WORDS):
        text = marked(part, SAY.say("result.repeat")).text
        assert text is not None
        assert units(text.text) <= 4096


def test_a_huge_answer_is_a_file_and_its_beginning_and_is_not_formatted_as_a_whole() -> None:
    text = "**word** " * 100_000
    document, message = given(text)
    assert document.document == text.encode()
    assert message.text is not None
    assert message.text.text.startswith("word word")
