"""Failures that no server of a test can make happen by itself."""

import pytest

from agents.models.child.problems import Next, problem_of, speaks_no_tools
from agents.models.child.witness import Witness
from daemon.domain.catalogue import Deployment

SMALL = Deployment("small", {"model": "openai/x", "api_base": "http://127.0.0.1:1"})


def test_a_model_that_rests_is_not_said_to_be_down() -> None:
    error = ValueError("No deployments available for selected model, Try again in 30 seconds.")
    problem = problem_of(error, SMALL, Witness(), begun=False)
    assert (problem.then, problem.text) == (Next.OTHER, "small rests for a while, since it failed.")


def test_long_words_of_a_provider_are_cut_and_its_wrapping_is_taken_off() -> None:
    witness = Witness()
    witness.status = 500
    error = ValueError("litellm.InternalServerError: OpenAIException - " + "word " * 200)
    text = problem_of(error, SMALL, witness, begun=True).text
    assert text.startswith("small failed (500): word word")
    assert len(text) < 260


@pytest.mark.parametrize(
    ("words", "lacks"),
    [
        ('"gemma" does not support tools', True),
        ("tool choice requires --enable-auto-tool-choice", True),
        ("the tool is broken", False),
        ("images are not supported", False),
    ],
)
def test_a_model_without_tools_is_known_by_its_words(words: str, lacks: bool) -> None:
    assert speaks_no_tools(ValueError(words)) is lacks
