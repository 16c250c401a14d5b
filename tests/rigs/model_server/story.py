"""What a scripted model says."""

from collections.abc import Callable

from tests.rigs.model_server.answer import Answer, Failure, Part, Raw, Reply, Text, TooLong
from tests.rigs.model_server.request import Asked

Said = Answer | Part | str | tuple[Part, ...]
"""An answer, in short where it is only words, one part or several parts."""

Story = Said | list[Said] | Callable[[Asked], Said]
"""A function of what is asked; a list of answers in their order; or one answer for everything."""


def teller(story: Story) -> Callable[[Asked], Answer]:
    """Give the story as a function that is called once for each request that asks the model."""
    if callable(story):
        return lambda asked: answer_of(story(asked))
    if isinstance(story, list):
        return _in_order([answer_of(said) for said in story])
    answer = answer_of(story)
    return lambda asked: answer


def answer_of(said: Said) -> Answer:
    """Give an answer that was said in short."""
    match said:
        case Reply() | Failure() | TooLong() | Raw():
            return said
        case str():
            return Reply((Text(said),))
        case tuple():
            return Reply(said)
        case _:
            return Reply((said,))


def _in_order(answers: list[Answer]) -> Callable[[Asked], Answer]:
    def tell(asked: Asked) -> Answer:
        if asked.number <= len(answers):
            return answers[asked.number - 1]
        # Not retried by any client, so that a test that asks too often sees it at once.
        return Failure(400, f"The story is over: this is request {asked.number} of {len(answers)}")

    return tell
