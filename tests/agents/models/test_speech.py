"""Speech, by the real model process and a server that speaks the protocol of OpenAI."""

import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from agents.models.process import ModelProcess
from agents.models.speech import Speech
from daemon.domain.catalogue import Catalogue, Deployment, Patience
from daemon.domain.errors import ModelRefused, ModelUnavailable
from daemon.domain.limits import Usage
from daemon.domain.speech import Recording
from tests.rigs.speech_server import SpeechServer

PROGRAM = (sys.executable, "-P", "-m", "daemon.app.model_process")
PLENTY = Usage(money=10_000_000)


def ears(name: str, server: SpeechServer, *, own: bool = True, second_price: int | None = None) -> Deployment:
    parameters = {"model": "openai/ears", "api_base": server.url, "api_key": "none"}
    return Deployment(name, parameters, own=own, transcribes=True, second_price=second_price)


@asynccontextmanager
async def listening(*deployments: Deployment, local_only: bool = False) -> AsyncIterator[Speech]:
    catalogue = Catalogue(deployments, local_only=local_only, retries=1, cooldown=0, patience=Patience(2, 20, 20, 30))
    speech = Speech(catalogue, ModelProcess(PROGRAM, asdict(catalogue)))
    try:
        yield speech
    finally:
        await speech.close()


@pytest.fixture
def recording(tmp_path: Path) -> Recording:
    path = tmp_path / "voice"
    path.write_bytes(b"OggS" * 100)
    return Recording(path, "voice-7.ogg", 20.0)


async def test_what_was_said_is_written_down_by_an_own_model_for_nothing(recording: Recording) -> None:
    with SpeechServer([" Buy milk. "]) as server:
        async with listening(ears("own", server)) as speech:
            assert await speech.price(recording) == Usage(model_calls=1)
            heard = await speech.transcribe(recording, Usage())
    assert (heard.text, heard.model, heard.usage) == ("Buy milk.", "own", Usage(model_calls=1))
    assert [(one.name, one.data) for one in server.sounds] == [("voice-7.ogg", b"OggS" * 100)]


async def test_a_bought_one_costs_by_the_second_and_what_is_tried_again_is_reserved(recording: Recording) -> None:
    with SpeechServer([503, "Yes."]) as server:
        async with listening(ears("bought", server, own=False, second_price=100_000_000)) as speech:
            reserved = await speech.price(recording)
            heard = await speech.transcribe(recording, reserved)
    assert reserved.money == 2 * 2000  # $0.0001 a second, 20 seconds, twice
    assert (heard.text, heard.usage.money) == ("Yes.", 2000)
    assert [bool(attempt.problem) for attempt in heard.attempts] == [True, False]


async def test_no_more_than_was_reserved_is_taken(recording: Recording) -> None:
    with SpeechServer(["Yes."]) as server:
        async with listening(ears("bought", server, own=False, second_price=100_000_000)) as speech:
            with pytest.raises(ModelUnavailable, match="No more was reserved"):
                await speech.transcribe(recording, Usage(money=1999))
    assert server.sounds == []


async def test_a_model_whose_price_nobody_knows_is_not_asked(recording: Recording) -> None:
    with SpeechServer(["Yes."]) as server:
        async with listening(ears("bought", server, own=False)) as speech:
            with pytest.raises(ModelUnavailable, match="input_cost_per_second"):
                await speech.transcribe(recording, PLENTY)
    assert server.sounds == []


async def test_own_models_are_asked_first_and_a_provider_after_them(recording: Recording) -> None:
    with SpeechServer([500]) as down, SpeechServer(["From afar."]) as bought:
        cloud = ears("cloud", bought, own=False, second_price=0)
        async with listening(cloud, ears("own", down)) as speech:
            heard = await speech.transcribe(recording, PLENTY)
    assert (heard.text, heard.model) == ("From afar.", "cloud")
    assert [attempt.model for attempt in heard.attempts] == ["own", "own", "cloud"]


@pytest.mark.parametrize("local_only", [False, True])
async def test_what_is_private_never_reaches_a_provider(recording: Recording, local_only: bool) -> None:
    with SpeechServer([500]) as down, SpeechServer(["From afar."]) as bought:
        cloud = ears("cloud", bought, own=False, second_price=0)
        private = replace(recording, private=not local_only)
        async with listening(cloud, ears("own", down), local_only=local_only) as speech:
            with pytest.raises(ModelUnavailable):
                await speech.transcribe(private, PLENTY)
        async with listening(cloud, local_only=local_only) as speech:
            with pytest.raises(ModelRefused):
                await speech.price(private)
    assert bought.sounds == []


async def test_every_refusal_is_a_sentence(recording: Recording) -> None:
    passing = [429, 429, 503, 503]  # these are tried again
    with SpeechServer([400, 401, 404, *passing]) as server:
        async with listening(ears("own", server)) as speech:
            for words in ("cannot read", "does not accept its key", "is not there", "too many requests", "failed"):
                with pytest.raises(ModelUnavailable, match=f"^own .*{words}"):
                    await speech.transcribe(recording, PLENTY)


def test_no_task_is_given_to_a_model_that_only_hears() -> None:
    catalogue = Catalogue((Deployment("ears", {"model": "openai/whisper-1"}, transcribes=True),))
    names: Sequence[str] = catalogue.names("ears", private=False)
    assert names == ()
