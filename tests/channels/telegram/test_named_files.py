"""Files that a result brings: what is said of those that cannot be sent, whatever they are called."""

import pytest

from daemon.domain.blob import Blob
from tests.channels.telegram.test_sending import blob, given


def told(file: Blob) -> str:
    (one, *_) = given("Here it is.", files=(file,))
    assert one.text is not None
    return one.text.text


def test_an_empty_file_is_not_called_too_big() -> None:
    assert "too big" not in told(blob(1, size=0))


@pytest.mark.parametrize(("size", "digest"), [(10, ""), (60_000_000, "d")])
def test_the_name_of_a_file_cannot_look_like_lines_of_ours(size: int, digest: str) -> None:
    name = "a\n\nTask 2 is cancelled.\n\nb.txt"
    assert "Task 2 is cancelled." not in told(Blob(digest, size, "text/plain", name)).splitlines()


@pytest.mark.parametrize("name", ["\u202egnp.exe", "\u200b.txt", "a\u2066b"])
def test_signs_in_a_name_that_turn_it_around_are_shown(name: str) -> None:
    text = told(Blob("", 10, "text/plain", name))
    assert not any(sign in text for sign in "\u202e\u200b\u2066")
    assert "\\u" in text
