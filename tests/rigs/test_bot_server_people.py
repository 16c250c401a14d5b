"""Users say, tap, block and move, and the bot hears of it as the documentation has it."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.rigs.bot_server import BotServer, PlainClient, User


@pytest.fixture
def server() -> Iterator[BotServer]:
    with BotServer() as running:
        yield running


@pytest.fixture
def client(server: BotServer) -> Iterator[PlainClient]:
    with PlainClient(server.url, server.token) as asking:
        yield asking


@pytest.fixture
def ann(server: BotServer) -> User:
    return server.user("Ann", last_name="Woods", username="ann_w", language_code="en")


def _heard(client: PlainClient, server: BotServer) -> list[dict[str, Any]]:
    """Take all that the bot has not heard yet."""
    told: list[dict[str, Any]] = client.result("getUpdates", allowed_updates=["message", "edited_message"])
    client.result("getUpdates", offset=server.updates.next_id)
    return told


YES_NO = {"inline_keyboard": [[{"text": "Yes", "callback_data": "y:1"}, {"text": "No", "callback_data": "n:1"}]]}


def test_a_message_names_who_sent_it_and_where(client: PlainClient, ann: User) -> None:
    ann.says("hello")
    message = client.result("getUpdates")[0]["message"]
    who = {"first_name": "Ann", "last_name": "Woods", "username": "ann_w"}
    assert message["from"] == {"id": ann.id, "is_bot": False, "language_code": "en"} | who
    assert message["chat"] == {"id": ann.id, "type": "private"} | who


def test_replies_quotes_and_edits(client: PlainClient, ann: User) -> None:
    first = ann.says("one two")
    ann.says("three", reply_to=first, quote="two")
    ann.edits(first, "one *two*", mode="MarkdownV2")
    _, reply, edit = client.result("getUpdates")
    assert reply["message"]["reply_to_message"]["text"] == "one two"
    assert reply["message"]["quote"]["position"] == 4
    assert edit["edited_message"]["entities"] == [{"type": "bold", "offset": 4, "length": 3}]
    assert edit["edited_message"]["edit_date"] >= edit["edited_message"]["date"]


def test_forwards_name_their_origin_or_hide_it(server: BotServer, client: PlainClient, ann: User) -> None:
    bob = server.user("Bob", last_name="Hill")
    said = bob.says("from Bob")
    ann.forwards(said)
    ann.forwards(said, hidden=True)
    _, open_one, hidden = client.result("getUpdates")
    assert open_one["message"]["forward_origin"]["sender_user"]["id"] == bob.id
    assert hidden["message"]["forward_origin"]["sender_user_name"] == "Bob Hill"


def test_a_tap_is_told_and_answered_in_time(server: BotServer, client: PlainClient, ann: User) -> None:
    ann.starts()
    asked = client.result("sendMessage", chat_id=ann.id, text="Send it?", reply_markup=YES_NO)
    tap, late = ann.taps("Yes"), ann.taps("n:1")
    told = [update["callback_query"] for update in client.result("getUpdates")[1:]]
    assert [one["data"] for one in told] == ["y:1", "n:1"]
    assert (told[0]["from"]["id"], told[0]["message"]) == (ann.id, asked)
    client.result("answerCallbackQuery", callback_query_id=told[0]["id"], text="Sent.", show_alert=True)
    assert (tap.answered, tap.text, tap.alert) == (True, "Sent.", True)
    server.clock.advance(60)
    words = "Bad Request: query is too old and response timeout expired or query ID is invalid"
    assert client.refusal("answerCallbackQuery", callback_query_id=told[1]["id"]) == words
    assert client.refusal("answerCallbackQuery", callback_query_id="1") == words
    assert not late.answered


def test_a_button_in_a_group_is_tapped_by_anyone(server: BotServer, client: PlainClient, ann: User) -> None:
    eve = server.user("Eve")
    group = server.group("Team", ann, eve)
    sent = client.result("sendMessage", chat_id=group.id, text="Send it?", reply_markup=YES_NO)
    eve.taps("Yes", chat=group)
    assert client.result("getUpdates")[0]["callback_query"]["from"]["id"] == eve.id
    eve.taps("Yes", sent["message_id"], chat=group, old=True)
    told = client.result("getUpdates")[1]["callback_query"]["message"]
    assert (told["message_id"], told["date"], "text" in told) == (sent["message_id"], 0, False)
    with pytest.raises(LookupError, match="Perhaps"):
        eve.taps("Perhaps", chat=group)


def test_who_blocks_the_bot_gets_nothing_until_it_is_unblocked(client: PlainClient, ann: User) -> None:
    ann.starts()
    ann.blocks()
    for method, given in (("sendMessage", {"text": "a"}), ("sendChatAction", {"action": "typing"})):
        told = client.ask(method, None, chat_id=ann.id, **given)
        assert (told.status, told.words) == (403, "Forbidden: bot was blocked by the user")
    change = client.result("getUpdates")[-1]["my_chat_member"]
    assert (change["old_chat_member"]["status"], change["new_chat_member"]["status"]) == ("member", "kicked")
    with pytest.raises(ValueError, match="has blocked the bot"):
        ann.says("hello?")
    ann.unblocks()
    assert client.result("getUpdates")[-1]["my_chat_member"]["new_chat_member"]["status"] == "member"
    client.result("sendMessage", chat_id=ann.id, text="a")


def test_who_has_left_telegram_gets_nothing(client: PlainClient, ann: User) -> None:
    ann.starts()
    ann.leaves_telegram()
    assert client.refusal("sendMessage", chat_id=ann.id, text="a") == "Forbidden: user is deactivated"


def test_what_a_user_deletes_is_gone_without_a_word(server: BotServer, client: PlainClient, ann: User) -> None:
    said = ann.says("oops")
    _heard(client, server)
    ann.deletes(said)
    assert _heard(client, server) == []
    assert ann.chat.deleted[said.id].text == "oops"


def test_in_a_group_the_bot_hears_what_is_meant_for_it(server: BotServer, client: PlainClient, ann: User) -> None:
    group = server.group("Team", ann)
    sent = client.result("sendMessage", chat_id=group.id, text="I am here.")
    ann.says("just talking", chat=group)
    ann.says("/task", chat=group)
    ann.says("/task@other_bot", chat=group)
    ann.says("well, @test_agent_bot?", chat=group)
    ann.says("thanks", chat=group, reply_to=sent["message_id"])
    heard = [one["message"]["text"] for one in _heard(client, server)]
    assert heard == ["/task", "well, @test_agent_bot?", "thanks"]
    server.telegram.account.reads_all = True
    ann.says("just talking", chat=group)
    assert [one["message"]["text"] for one in _heard(client, server)] == ["just talking"]


def test_a_stranger_writes_like_anyone(server: BotServer, client: PlainClient, ann: User) -> None:
    stranger = server.user("Mallory", id=666)
    stranger.starts("payload")
    told = _heard(client, server)[0]["message"]
    assert (told["from"]["id"], told["text"]) == (666, "/start payload")
    with pytest.raises(ValueError, match="is not in Team"):
        stranger.says("let me in", chat=server.group("Team", ann))


def test_a_group_becomes_a_supergroup_with_another_id(server: BotServer, client: PlainClient, ann: User) -> None:
    group = server.group("Team", ann)
    said = ann.says("/before", chat=group)
    new = ann.upgrades(group)
    assert str(new.id).startswith("-100")
    told = client.ask("sendMessage", chat_id=group.id, text="a")
    assert told.json == {
        "ok": False,
        "error_code": 400,
        "description": "Bad Request: group chat was upgraded to a supergroup chat",
        "parameters": {"migrate_to_chat_id": new.id},
    }
    client.result("sendMessage", chat_id=new.id, text="a")
    _, there, here = _heard(client, server)
    assert (there["message"]["chat"]["id"], there["message"]["migrate_to_chat_id"]) == (group.id, new.id)
    assert (here["message"]["chat"]["id"], here["message"]["migrate_from_chat_id"]) == (new.id, group.id)
    assert here["message"]["message_id"] == 1 < said.id + 1


def test_the_bot_is_thrown_out_and_leaves(server: BotServer, client: PlainClient, ann: User) -> None:
    group, other = server.group("Team", ann), server.supergroup("Club", ann)
    ann.removes_bot(group)
    words = "Forbidden: bot was kicked from the group chat"
    assert client.refusal("sendMessage", chat_id=group.id, text="a") == words
    ann.says("/hello", chat=group)
    assert client.result("leaveChat", chat_id=other.id) is True
    words = "Forbidden: bot is not a member of the supergroup chat"
    assert client.refusal("sendMessage", chat_id=other.id, text="a") == words
    changes = [one["my_chat_member"]["new_chat_member"]["status"] for one in client.result("getUpdates")]
    assert changes == ["kicked", "left"]
    ann.adds_bot(group, as_administrator=True)
    client.result("sendMessage", chat_id=group.id, text="a")


def test_people_come_and_go(server: BotServer, client: PlainClient, ann: User) -> None:
    bob = server.user("Bob")
    group = server.group("Team", ann)
    bob.joins(group)
    bob.leaves(group)
    came, went = (one["message"] for one in client.result("getUpdates"))
    assert ([one["id"] for one in came["new_chat_members"]], went["left_chat_member"]["id"]) == ([bob.id], bob.id)


def test_a_forum_has_topics(server: BotServer, client: PlainClient, ann: User) -> None:
    forum = server.supergroup("House", ann, forum=True)
    topic = ann.opens_topic("Roof", chat=forum)
    ann.says("/task fix it", chat=forum, thread=topic)
    opened, said = (one["message"] for one in client.result("getUpdates"))
    assert (opened["message_thread_id"], opened["forum_topic_created"]["name"]) == (topic.id, "Roof")
    assert (said["message_thread_id"], said["is_topic_message"], said["chat"]["is_forum"]) == (topic.id, True, True)
    # What is no reply to anything else is one to the message that began the topic.
    assert said["reply_to_message"]["message_id"] == topic.id
    given = {"chat_id": forum.id, "text": "a"}
    sent = client.result("sendMessage", None, **given, message_thread_id=topic.id)
    assert (sent["message_thread_id"], sent["is_topic_message"]) == (topic.id, True)
    replied = client.result("sendMessage", None, **given, reply_parameters={"message_id": said["message_id"]})
    assert replied["message_thread_id"] == topic.id
    assert "message_thread_id" not in client.result("sendMessage", None, **given)
    words = "Bad Request: message thread not found"
    assert client.refusal("sendMessage", None, **given, message_thread_id=1) == words
    ann.closes_topic(topic, chat=forum)
    assert client.result("getUpdates")[-1]["message"]["forum_topic_closed"] == {}
    assert "TOPIC_CLOSED" in client.refusal("sendMessage", None, **given, message_thread_id=topic.id)
    ann.deletes_topic(topic, chat=forum)
    assert client.refusal("sendMessage", None, **given, message_thread_id=topic.id) == words


def test_topics_in_a_private_chat_need_a_bot_that_has_them(server: BotServer, client: PlainClient, ann: User) -> None:
    with pytest.raises(ValueError, match="no topics"):
        ann.opens_topic("Plans")
    server.telegram.account.has_topics = True
    assert client.result("getMe")["has_topics_enabled"]
    topic = ann.opens_topic("Plans")
    sent = client.result("sendMessage", chat_id=ann.id, text="a", message_thread_id=topic.id)
    assert sent["message_thread_id"] == topic.id


def test_commands_and_the_menu_button_are_kept(client: PlainClient, ann: User) -> None:
    commands = [{"command": "task", "description": "Give a task"}]
    client.result("setMyCommands", commands=commands)
    client.result("setMyCommands", commands=[], scope={"type": "chat", "chat_id": ann.id}, language_code="de")
    assert client.result("getMyCommands") == commands
    assert client.result("getMyCommands", scope={"type": "all_private_chats"}) == []
    wrong = [{"command": "Give Task", "description": "x"}]
    assert "BOT_COMMAND_INVALID" in client.refusal("setMyCommands", commands=wrong)
    assert client.result("setChatMenuButton", chat_id=ann.id, menu_button={"type": "commands"}) is True
    assert "unsupported type" in client.refusal("setChatMenuButton", menu_button={"type": "none"})
