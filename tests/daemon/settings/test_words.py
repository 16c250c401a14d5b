"""The fixed texts: complete in every language, and the owner's own in their place."""

import re
from pathlib import Path

import pytest

from daemon.domain.errors import ConfigError
from daemon.domain.words import LANGUAGES, places
from daemon.settings.words import load_words

_SAID = re.compile(r"""say\(\s*f?["']([a-z_]+\.[a-z_]+)["']""")
_ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_the_same_things(language: str) -> None:
    english, other = load_words("en"), load_words(language)
    assert set(other.texts) == set(english.texts)
    for key, text in english.texts.items():
        assert places(other.texts[key]) == places(text), key
        if key.startswith("button."):
            assert len(other.texts[key]) <= 20, key
        if key.startswith("command."):
            assert 3 <= len(other.texts[key]) <= 60, key


def test_what_the_program_says_is_there() -> None:
    english = load_words("en")
    said = {key for path in (_ROOT / "channels").rglob("*.py") for key in _SAID.findall(path.read_text())}
    assert len(said) > 50
    assert said <= set(english.texts)


def test_own_words_take_the_place_of_single_texts(folder: Path) -> None:
    (folder / "words.yaml").write_text('reply:\n  hello: "At your service, {}!"\n'.replace("{}", "my friend"))
    assert load_words("de").say("reply.hello") == "At your service, my friend!"
    assert load_words("de").say("reply.paused", task=3) == load_words("de").texts["reply.paused"].replace("{task}", "3")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('reply:\n  helo: "x"\n', "line 2: unknown key 'reply.helo'. Did you mean 'reply.hello'?"),
        ('reply:\n  paused: "{name} rests"\n', "line 2: 'reply.paused': {name} is not known there; it may use {task}."),
        ('reply:\n  paused: "a } stands"\n', "a brace stands alone"),
        ('reply:\n  paused: ""\n', "must not be empty"),
        ("reply:\n  paused: [1]\n", "must be a text"),
    ],
)
def test_a_mistake_is_told_with_its_line(folder: Path, text: str, said: str) -> None:
    (folder / "words.yaml").write_text(text)
    with pytest.raises(ConfigError) as refused:
        load_words("en")
    assert said in str(refused.value)


def test_what_is_filled_in_is_taken_as_it_is() -> None:
    assert load_words("en").say("result.error", why="{task} {0} {why}") == "It did not work: {task} {0} {why}"
