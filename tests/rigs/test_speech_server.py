"""The server for speech, read by the client of the provider whose protocol it is."""

import openai
import pytest

from tests.rigs.speech_server import SpeechServer

SOUND = bytes(range(256)) * 8


def test_the_providers_own_client_reads_what_was_heard() -> None:
    with SpeechServer(["Buy milk."]) as server:
        client = openai.OpenAI(base_url=server.url, api_key="sk-1", max_retries=0)
        heard = client.audio.transcriptions.create(model="ears", file=("voice.ogg", SOUND))
        assert heard.text == "Buy milk."
        assert [(one.model, one.name, one.data, one.key) for one in server.sounds] == [
            ("ears", "voice.ogg", SOUND, "sk-1")
        ]
        client.close()


def test_an_error_is_one_of_the_client_too() -> None:
    with SpeechServer([503, "Now."]) as server:
        client = openai.OpenAI(base_url=server.url, api_key="sk-1", max_retries=0)
        with pytest.raises(openai.InternalServerError):
            client.audio.transcriptions.create(model="ears", file=("voice.ogg", SOUND))
        assert client.audio.transcriptions.create(model="ears", file=("voice.ogg", SOUND)).text == "Now."
        client.close()
