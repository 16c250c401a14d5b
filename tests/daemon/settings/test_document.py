import re

import pytest

from daemon.settings.document import parse
from daemon.settings.mistakes import Mistakes
from daemon.settings.nodes import Entries, Items, Text


def _mistakes(text: str) -> list[str]:
    mistakes = Mistakes()
    parse(text, "x.yaml", mistakes)
    return mistakes.found


def test_values_stay_the_text_that_was_written_with_their_lines() -> None:
    text = "a: no\nb:\n  - 0755\n  - '12:30'\nc:\n"
    mistakes = Mistakes()
    assert parse(text, "x.yaml", mistakes) == Entries(
        1,
        (
            (Text(1, "a"), Text(1, "no")),
            (Text(2, "b"), Items(3, (Text(3, "0755"), Text(4, "12:30")))),
            (Text(5, "c"), Text(5, "", missing=True)),
        ),
    )
    assert mistakes.found == []


@pytest.mark.parametrize("text", ["", "\n", "# only words\n", "---\n", "---\n...\n"])
def test_nothing_is_no_keys(text: str) -> None:
    mistakes = Mistakes()
    assert parse(text, "x.yaml", mistakes).entries == ()
    assert mistakes.found == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a:\n\tb: 1\n", "x.yaml, line 2: a tab"),
        ("a:\n  b: 1\n \tc: 1\n", "x.yaml, line 3: a tab"),
        ("a: 1\n b: 2\n", "x.yaml, line 2: a colon"),
        ("a: [1\n", "x.yaml, line 2: this is not YAML"),
        ("a: 1\nb: *\n", "x.yaml, line 2: a value that begins with \\* or &"),
        ("a: @x\n", "x.yaml, line 1: .* Put the value in quotes"),
        ("a: 1\nb: \x07\n", "x.yaml, line 2: the character '.x07'"),
        ('a: 1\nb: "\\0"\n', "x.yaml, line 2: the character '.x00'"),
        ('a: "\\uD800"\n', "x.yaml, line 1: the character"),
        ('a: "\\UFFFFFFFF"\n', "x.yaml: an escape"),
        (f"%YAML 1.{'9' * 5000}\n---\na: 1\n", "x.yaml: an escape or a number"),
        ("a: 1\n---\nb: 1\n", "x.yaml, line 2: a second document"),
        ("- a\n", "x.yaml, line 1: keys with values"),
        ("just words\n", "x.yaml, line 1: keys with values"),
        ("? [a]\n: b\n", "x.yaml, line 1: a key must be a word"),
        ("a: 1\nb: 2\na: 3\n", "x.yaml, line 3: key 'a' stands twice, first in line 1"),
        ("a: 1\nb: !!python/object/apply:os.system [id]\n", "x.yaml, line 2: the tag"),
        ("a: !!python/name:os.system\n", "x.yaml, line 1: the tag"),
        ("a: !x b\n", "x.yaml, line 1: the tag"),
        ("a: &a [1]\nb: *a\n", "x.yaml, line 1: anchors and aliases"),
        ("a: 1\n<<: *b\n", "x.yaml, line 2: anchors and aliases"),
    ],
)
def test_what_is_not_plain_yaml_is_one_mistake_with_its_line(text: str, message: str) -> None:
    found = _mistakes(text)
    assert len(found) == 1
    assert re.search(message, found[0]), found


def test_a_bomb_of_aliases_is_refused_at_its_first_anchor() -> None:
    bomb = "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 40))
    assert _mistakes(bomb) == [
        "x.yaml, line 1: anchors and aliases are not used here. Put a value with * or & in quotes."
    ]


@pytest.mark.parametrize("text", ["[" * 100_000, "a: " + "{a: " * 50_000, "- " * 100_000, "? " * 100_000])
def test_depth_is_bounded(text: str) -> None:
    assert len(_mistakes(text)) == 1
