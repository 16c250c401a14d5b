"""Answers: once, by the owner, to what was asked and to nothing else."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from daemon.domain.approval import Approval, ApprovalState
from daemon.domain.effect import Effect
from daemon.domain.errors import BadInput, InvalidState, NotFound, Refused
from daemon.domain.principal import Principal, Role
from daemon.store import database
from tests.daemon.engine.workbench import OWNER, ProbeTool, Reply, Workbench, calling, ending

Make = Callable[..., Workbench]


async def asking(bench: Make) -> tuple[Workbench, Approval]:
    b = bench([calling("push"), ending()], [ProbeTool("push", Effect.CHANGE)])
    await b.done(b.submit())
    return b, b.open_one()


async def test_nobody_but_the_owner_answers(bench: Make) -> None:
    b, asked = await asking(bench)
    with pytest.raises(Refused):
        b.service.decide(asked.id, True, "", Principal(Role.CONTACT, "mail", "bob@example.com"))
    assert b.open_one() == asked


async def test_a_second_answer_changes_nothing_and_says_so(bench: Make) -> None:
    b, asked = await asking(bench)
    b.service.decide(asked.id, False, "no", OWNER)
    with pytest.raises(InvalidState, match="rejected already; nothing was changed"):
        b.service.decide(asked.id, True, "", OWNER)


async def test_a_late_answer_changes_nothing_and_says_so(bench: Make) -> None:
    b, asked = await asking(bench)
    b.clock.time = asked.expires_at
    with pytest.raises(InvalidState, match="expired; nothing was changed"):
        b.service.decide(asked.id, True, "", OWNER)


async def test_a_yes_with_other_words_in_it_approves_nothing(bench: Make) -> None:
    b, asked = await asking(bench)
    with pytest.raises(BadInput, match="approves nothing"):
        b.service.decide(asked.id, True, "yes but to another branch", OWNER)
    assert b.open_one().state is ApprovalState.OPEN


async def test_of_sixteen_answers_at_once_one_counts(bench: Make) -> None:
    b, asked = await asking(bench)

    def answer(number: int) -> bool:
        try:
            b.service.decide(asked.id, number % 2 == 0, "", OWNER)
        except InvalidState:
            return False
        finally:
            database.close()
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(answer, range(16))) == 1


async def test_a_question_with_choices_takes_one_of_them(bench: Make) -> None:
    b = bench([Reply(("ask_owner", {"question": "Which?", "choices": ["red", "blue"]}))], [])
    await b.done(b.submit())
    asked = b.open_one()
    for wrong in ("", "green"):
        with pytest.raises(BadInput):
            b.service.decide(asked.id, True, wrong, OWNER)
    assert b.service.decide(asked.id, True, "red", OWNER).answer == "red"


async def test_an_id_is_found_by_its_beginning_and_nothing_shorter_or_stranger(bench: Make) -> None:
    b, asked = await asking(bench)
    assert len(asked.id) == 20
    assert b.service.reads.approval(asked.id[:6].upper()) == asked
    for text in (asked.id[:3], "", "zz"):
        with pytest.raises(BadInput):
            b.service.reads.approval(text)
    for text in ("%%%%", "____", "zzzzzzzz", asked.id + "x"):
        with pytest.raises(NotFound):
            b.service.reads.approval(text)
