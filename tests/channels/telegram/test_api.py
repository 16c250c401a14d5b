"""What is known after an error: nothing was sent, or nobody knows."""

import pytest
from telegram.error import NetworkError

from channels.telegram.api import Api, Moved, TokenRefused, Unreachable
from channels.telegram.place import Place
from channels.telegram.text.formatted import plain
from daemon.domain.errors import AgentError, NotNow, Undeliverable
from tests.rigs.bot_server import BotServer, Failure, Page, Reset

NOT_SENT = [
    (Failure(429, retry_after=7), NotNow),
    (Failure(400, "Bad Request: chat not found"), Undeliverable),
    (Failure(403, "Forbidden: bot was blocked by the user"), AgentError),
    (Failure(401, "Unauthorized"), TokenRefused),
    (Failure(400, "Bad Request: group chat was upgraded", parameters={"migrate_to_chat_id": -100}), Moved),
]


@pytest.mark.parametrize(("fault", "kind"), NOT_SENT)
async def test_of_a_refusal_it_is_known_that_nothing_was_sent(fault: Failure, kind: type[AgentError]) -> None:
    with BotServer() as server:
        ann = server.user("Ann")
        ann.starts()
        server.fault(fault, "sendMessage")
        api = Api(server.token, server.url)
        await api.open()
        with pytest.raises(kind):
            await api.send_text(Place(ann.id), plain("hello"))
        await api.close()
        assert ann.chat.texts == ["/start"]


@pytest.mark.parametrize("fault", [Reset("before"), Reset("after"), Page(502)])
async def test_of_what_broke_off_nothing_is_known(fault: Reset | Page) -> None:
    with BotServer() as server:
        ann = server.user("Ann")
        ann.starts()
        server.fault(fault, "sendMessage")
        api = Api(server.token, server.url)
        await api.open()
        with pytest.raises(NetworkError):  # as it is: no sentence of ours says that nothing was sent
            await api.send_text(Place(ann.id), plain("hello"))
        await api.close()


async def test_nothing_is_sent_where_nobody_listens_or_the_connections_are_closed() -> None:
    with BotServer() as server:
        api = Api(server.token, server.url)
        await api.open()
        server.close_port()
        server.drop_connections()
        with pytest.raises(Unreachable):
            await api.send_text(Place(1), plain("hello"))
        await api.close()
        with pytest.raises(Unreachable):
            await api.send_text(Place(1), plain("hello"))
