"""The fixed texts with what they are filled in: sentences that a person would say, in each language."""

import re
from pathlib import Path

import pytest

from daemon.domain.words import LANGUAGES, Words
from daemon.settings.words import load_words

NOT_ANSWERED = ("expired", "withdrawn")
ANSWERED = {"en": "answered already", "de": "schon beantwortet", "it": "già una risposta", "fr": "déjà une réponse"}
ANSWERED |= {"es": "ya tiene respuesta"}
PRESSES = {"de": ("Button", "Knopf"), "it": ("tocca", "premi"), "fr": ("appuie", "touche"), "es": ("toca ", "pulsa ")}


def whole(words: Words) -> str:
    return "\n".join(words.texts.values())


@pytest.mark.parametrize("key", ["progress.steps", "reply.stopped"])
def test_one_is_not_said_as_many(key: str) -> None:
    assert not re.search(r"\b1 (steps|tasks are)\b", load_words("en").say(key, count=1))


def test_a_task_is_not_ended_without_success() -> None:
    words = load_words("en")
    assert "is ended" not in words.say("reply.not_now", task=1, status=words.say("status.error"))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("state", NOT_ANSWERED)
def test_a_question_that_nobody_answered_is_not_said_to_be_answered(language: str, state: str) -> None:
    words = load_words(language)
    assert ANSWERED[language] not in words.say("reply.late", state=words.say(f"answered.{state}"))


@pytest.mark.parametrize("language", sorted(PRESSES))
def test_a_button_is_called_and_pressed_by_one_word(language: str) -> None:
    text = whole(load_words(language)).lower()
    assert [one for one in PRESSES[language] if one.lower() in text] in ([one] for one in PRESSES[language])


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_writes_its_apostrophe_in_one_way(language: str) -> None:
    text = whole(load_words(language))
    assert not ("'" in text and "’" in text)


@pytest.mark.parametrize(
    ("language", "key", "wrong"),
    [
        ("it", "error.late", "È già stato risposto"),
        ("fr", "error.late", "C'est déjà répondu"),
        ("es", "reply.nothing_heard", "nada en ello"),
        ("de", "error.redo_none", "nichts zu wiederholen"),
    ],
)
def test_no_sentence_is_one_that_nobody_says(language: str, key: str, wrong: str) -> None:
    assert wrong not in load_words(language).texts[key]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_was_done_without_a_model_does_not_read_like_a_fault(language: str) -> None:
    assert load_words(language).texts["about.no_model"] in {
        "without a model",
        "ohne Modell",
        "senza modello",
        "sans modèle",
        "sin modelo",
    }


def test_every_language_is_there() -> None:
    folder = Path(__file__).parents[3] / "config" / "words"
    assert {path.stem for path in folder.glob("*.yaml")} == set(LANGUAGES)
