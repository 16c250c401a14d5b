"""What a bot sends is shown, or refused in the words of the API."""

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
    user = server.user("Ann")
    user.starts()
    return user


def _marked(shown: dict[str, Any]) -> list[tuple[str, str]]:
    """Give the entities of a message and the words that they mark."""
    units = shown["text"].encode("utf-16-le")
    return [
        (one["type"], units[2 * one["offset"] : 2 * (one["offset"] + one["length"])].decode("utf-16-le"))
        for one in shown.get("entities", [])
    ]


HTML = [
    ("<b>a</b> <i>b</i> <u>c</u> <s>d</s>", "a b c d", ["bold a", "italic b", "underline c", "strikethrough d"]),
    ("<strong>😀x</strong>y", "😀xy", ["bold 😀x"]),
    ("<b>a<i>b</i></b>", "ab", ["bold ab", "italic b"]),
    ("1 &lt; 2 &amp;&#38;&#x26; &copy;", "1 < 2 &&& &copy;", []),
    ('<a href="https://example.com/?a=1&amp;b=2">here</a>', "here", ["text_link here"]),
    ('<a href="nowhere">here</a>', "here", []),
    ('<pre><code class="language-python">x = 1</code></pre>', "x = 1", ["pre x = 1"]),
    ("<code>/start</code> /start", "/start /start", ["code /start", "bot_command /start"]),
    ('<span class="tg-spoiler">s</span><tg-spoiler>t</tg-spoiler>', "st", ["spoiler s", "spoiler t"]),
    ("<blockquote expandable>q</blockquote>", "q", ["expandable_blockquote q"]),
    ("<b></b>x", "x", []),
    ("  <i>spaced </i>  ", "spaced", ["italic spaced"]),
]
STARS = [
    ("*a* _b_ __c__ ~d~ ||e||", "a b c d e", ["bold a", "italic b", "underline c", "strikethrough d", "spoiler e"]),
    ("*a _b_*", "a b", ["bold a b", "italic b"]),
    (r"1\.5 \* 2 \= 3\!", "1.5 * 2 = 3!", []),
    ("[here](https://example.com/a_b)", "here", ["text_link here"]),
    ("```python\nx = 1 * 2\n```", "x = 1 * 2", ["pre x = 1 * 2"]),
    ("`a.b`", "a.b", ["code a.b"]),
    (">one\n>two\nthree", "one\ntwo\nthree", ["blockquote one\ntwo\n"]),
    (">one\n>two||", "one\ntwo", ["expandable_blockquote one\ntwo"]),
]
OLD_STARS = [
    ("*a* _b_ `c` [d](https://example.com)", "a b c d", ["bold a", "italic b", "code c", "text_link d"]),
    (r"a\_b 1.5 - 2!", "a_b 1.5 - 2!", []),
    ("```\nx\n```", "x", ["pre x"]),
]
MODES = [("HTML", *one) for one in HTML] + [("MarkdownV2", *one) for one in STARS]
MODES += [("Markdown", *one) for one in OLD_STARS]


@pytest.mark.parametrize(("mode", "given", "text", "marked"), MODES)
def test_a_text_is_shown_as_its_mode_says(
    client: PlainClient, ann: User, mode: str, given: str, text: str, marked: list[str]
) -> None:
    shown = client.result("sendMessage", chat_id=ann.id, text=given, parse_mode=mode)
    assert shown["text"] == text
    # Trailing line ends are cut off, also from entities.
    assert [(kind, words.rstrip("\n")) for kind, words in _marked(shown)] == [
        tuple(one.rstrip("\n").split(" ", 1)) for one in marked
    ]


UNREADABLE = [
    ("HTML", "<b>a", 'Can\'t find end tag corresponding to start tag "b"'),
    ("HTML", "é<x>a</x>", 'Unsupported start tag "x" at byte offset 2'),
    ("HTML", "a < b", 'Unsupported start tag "" at byte offset 2'),
    ("HTML", "a <", "Unclosed start tag at byte offset 2"),
    ("HTML", "a</b>", "Unexpected end tag at byte offset 1"),
    ("HTML", "<b>a</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
    ("HTML", "<span>a</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ("MarkdownV2", "1.5", r"Character '.' is reserved and must be escaped with the preceding '\'"),
    ("MarkdownV2", "é*a", "Can't find end of Bold entity at byte offset 2"),
    ("MarkdownV2", "_a__", "Can't find end of Underline entity at byte offset 2"),
    ("MarkdownV2", "```\nx", "Can't find end of Pre entity at byte offset 0"),
    ("MarkdownV2", "[a](https://x", "Can't find end of a URL at byte offset 4"),
    ("Markdown", "snake_case", "Can't find end of the entity starting at byte offset 5"),
]


@pytest.mark.parametrize(("mode", "given", "words"), UNREADABLE)
def test_a_text_that_cannot_be_read_is_not_sent(
    client: PlainClient, ann: User, mode: str, given: str, words: str
) -> None:
    refusal = client.refusal("sendMessage", chat_id=ann.id, text=given, parse_mode=mode)
    assert refusal == f"Bad Request: can't parse entities: {words}"
    assert ann.chat.texts == ["/start"]


def test_a_mode_that_is_none_is_refused(client: PlainClient, ann: User) -> None:
    assert "unsupported parse_mode" in client.refusal("sendMessage", chat_id=ann.id, text="a", parse_mode="rst")


def test_entities_can_be_given_beside_the_text(client: PlainClient, ann: User) -> None:
    bold = {"type": "bold", "offset": 3, "length": 1}
    mention = {"type": "text_mention", "offset": 0, "length": 2, "user": {"id": ann.id}}
    shown = client.result("sendMessage", chat_id=ann.id, text="😀 b @anna_b", entities=[bold, mention])
    assert _marked(shown) == [("text_mention", "😀"), ("bold", "b"), ("mention", "@anna_b")]
    assert shown["entities"][0]["user"]["first_name"] == "Ann"


@pytest.mark.parametrize(
    ("entity", "words"),
    [
        ({"type": "bold", "offset": 5, "length": 1}, "begins after the end of the text at UTF-16 offset 5"),
        ({"type": "bold", "offset": 1, "length": 9}, "ends after the end of the text at UTF-16 offset 10"),
        ({"type": "bold", "offset": 3, "length": 1}, "begins in a middle of a UTF-16 symbol"),
        ({"type": "loud", "offset": 0, "length": 1}, "can't parse MessageEntity: Unsupported type specified"),
        ({"type": "text_link", "offset": 0, "length": 1}, 'Can\'t find field "url"'),
    ],
)
def test_entities_that_do_not_fit_are_refused(
    client: PlainClient, ann: User, entity: dict[str, Any], words: str
) -> None:
    assert words in client.refusal("sendMessage", chat_id=ann.id, text="ab😀", entities=[entity])


def test_what_telegram_finds_by_itself(client: PlainClient, ann: User) -> None:
    text = (
        "/task@test_agent_bot see https://example.com/a, example.org or a@example.com #done $EUR @anna_b 1/2 /usr/bin"
    )
    assert _marked(client.result("sendMessage", chat_id=ann.id, text=text)) == [
        ("bot_command", "/task@test_agent_bot"),
        ("url", "https://example.com/a"),
        ("url", "example.org"),
        ("email", "a@example.com"),
        ("hashtag", "#done"),
        ("cashtag", "$EUR"),
        ("mention", "@anna_b"),
    ]


@pytest.mark.parametrize("text", ["x" * 4096, "😀" * 2048, "  " + "x" * 4096 + "\n"])
def test_a_text_of_4096_units_is_sent(client: PlainClient, ann: User, text: str) -> None:
    client.result("sendMessage", chat_id=ann.id, text=text)
    assert ann.chat.texts[-1] == text.strip()


def test_markup_does_not_count_for_the_length(client: PlainClient, ann: User) -> None:
    client.result("sendMessage", chat_id=ann.id, text=f"<b>{'x' * 4096}</b>", parse_mode="HTML")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "message text is empty"),
        (" \n ", "text must be non-empty"),
        ("x" * 4097, "message is too long"),
        ("😀" * 2048 + "x", "message is too long"),
        ("x" * 40_000, "text is too long"),
    ],
)
def test_a_text_that_is_too_short_or_too_long_is_refused(client: PlainClient, ann: User, text: str, words: str) -> None:
    assert client.refusal("sendMessage", chat_id=ann.id, text=text) == f"Bad Request: {words}"


def test_a_message_to_nobody_is_refused(server: BotServer, client: PlainClient) -> None:
    stranger = server.user("Eve")
    assert client.refusal("sendMessage", text="a") == "Bad Request: chat_id is empty"
    assert client.refusal("sendMessage", chat_id=77, text="a") == "Bad Request: chat not found"
    told = client.ask("sendMessage", chat_id=stranger.id, text="a")
    assert (told.status, told.words) == (403, "Forbidden: bot can't initiate conversation with a user")


def test_a_reply_holds_what_it_replies_to(client: PlainClient, ann: User) -> None:
    asked = ann.says("what is it?")
    reply: dict[str, Any] = {"message_id": asked.id, "quote": "is it"}
    shown = client.result("sendMessage", chat_id=ann.id, text="it is 4", reply_parameters=reply)
    assert shown["reply_to_message"]["text"] == "what is it?"
    assert shown["quote"] == {"text": "is it", "position": 5, "is_manual": True}
    older = client.result("sendMessage", chat_id=ann.id, text="4", reply_to_message_id=asked.id)
    assert older["reply_to_message"]["message_id"] == asked.id


def test_a_quote_is_read_as_its_mode_says_and_looked_for_where_it_is_said_to_be(client: PlainClient, ann: User) -> None:
    asked = ann.says("is & is it")
    given: dict[str, Any] = {"chat_id": ann.id, "text": "4"}
    reply: dict[str, Any] = {"message_id": asked.id, "quote": "<b>&amp;</b> is", "quote_parse_mode": "HTML"}
    quote = client.result("sendMessage", **given, reply_parameters=reply)["quote"]
    assert (quote["text"], quote["position"]) == ("& is", 3)
    assert quote["entities"] == [{"type": "bold", "offset": 0, "length": 1}]
    for position, found in ((0, 0), (5, 5), (99, 0)):
        reply = {"message_id": asked.id, "quote": "is", "quote_position": position}
        assert client.result("sendMessage", **given, reply_parameters=reply)["quote"]["position"] == found


def test_a_reply_from_elsewhere_names_the_file_and_may_not_lack(
    server: BotServer, client: PlainClient, ann: User
) -> None:
    group = server.group("Team", ann)
    asked = ann.sends_document(b"a", "a.txt", "see")
    given: dict[str, Any] = {"chat_id": group.id, "text": "seen"}
    reply: dict[str, Any] = {"message_id": asked.id, "chat_id": ann.id, "allow_sending_without_reply": True}
    external = client.result("sendMessage", **given, reply_parameters=reply)["external_reply"]
    assert (external["document"]["file_name"], "caption" in external) == ("a.txt", False)
    ann.deletes(asked)
    words = "Bad Request: message to be replied not found"
    assert client.refusal("sendMessage", **given, reply_parameters=reply) == words


def test_how_links_are_previewed_is_told_where_it_was_changed(client: PlainClient, ann: User) -> None:
    given: dict[str, Any] = {"chat_id": ann.id, "text": "https://example.com"}
    off = {"is_disabled": True}
    sent = client.result("sendMessage", **given, link_preview_options=off)
    assert sent["link_preview_options"] == client.result("sendMessage", **given, disable_web_page_preview=True).get(
        "link_preview_options"
    )
    assert sent["link_preview_options"] == off
    edit = given | {"message_id": sent["message_id"]}
    assert "is not modified" in client.refusal("editMessageText", **edit, link_preview_options=off)
    assert "link_preview_options" not in client.result("editMessageText", **edit)
    assert "object expected" in client.refusal("sendMessage", **given, link_preview_options=[])


def test_a_reply_to_what_is_not_there_is_refused_unless_it_may_be(client: PlainClient, ann: User) -> None:
    asked = ann.says("what is it?")
    ann.deletes(asked)
    given: dict[str, Any] = {"chat_id": ann.id, "text": "it is 4"}
    reply: dict[str, Any] = {"message_id": asked.id}
    words = "Bad Request: message to be replied not found"
    assert client.refusal("sendMessage", **given, reply_parameters=reply) == words
    may = reply | {"allow_sending_without_reply": True}
    assert "reply_to_message" not in client.result("sendMessage", **given, reply_parameters=may)
    elsewhere = {"message_id": ann.says("here").id, "quote": "there"}
    assert "QUOTE_TEXT_INVALID" in client.refusal("sendMessage", **given, reply_parameters=elsewhere)


def _keyboard(*buttons: dict[str, Any]) -> dict[str, Any]:
    return {"inline_keyboard": [list(buttons)]}


def test_buttons_come_back_with_the_message(client: PlainClient, ann: User) -> None:
    given = _keyboard({"text": "Yes", "callback_data": "é" * 32}, {"text": "See", "url": "example.com"})
    shown = client.result("sendMessage", chat_id=ann.id, text="?", reply_markup=given)
    yes, see = shown["reply_markup"]["inline_keyboard"][0]
    assert (yes["callback_data"], see["url"]) == ("é" * 32, "http://example.com/")


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        (_keyboard({"text": "Yes", "callback_data": "é" * 33}), "BUTTON_DATA_INVALID"),
        (_keyboard({"text": "Yes"}), "can't parse inline keyboard button: Text buttons are unallowed in the inline"),
        (_keyboard({"callback_data": "y"}), "can't parse inline keyboard button: Can't find field \"text\""),
        (_keyboard({"text": " ", "callback_data": "y"}), "inline keyboard button text must be non-empty"),
        (_keyboard({"text": "See", "url": "nowhere"}), "inline keyboard button URL 'nowhere' is invalid"),
        (_keyboard(*[{"text": "Yes", "callback_data": "y"}] * 101), "reply markup is too long"),
        ({"inline_keyboard": ["Yes"]}, 'field "inline_keyboard" of the InlineKeyboardMarkup must be an Array'),
        ("{", "can't parse reply keyboard markup JSON object"),
        ([], "object expected as reply markup"),
    ],
)
def test_buttons_that_are_none_are_refused(client: PlainClient, ann: User, markup: Any, words: str) -> None:
    refusal = client.refusal("sendMessage", chat_id=ann.id, text="?", reply_markup=markup)
    assert refusal.startswith(f"Bad Request: {words}")
    assert ann.chat.texts == ["/start"]


def test_an_edit_changes_text_and_buttons_and_without_buttons_takes_them_away(client: PlainClient, ann: User) -> None:
    given = _keyboard({"text": "Yes", "callback_data": "y"})
    sent = client.result("sendMessage", chat_id=ann.id, text="one", reply_markup=given)
    where: dict[str, Any] = {"chat_id": ann.id, "message_id": sent["message_id"]}
    edited = client.result("editMessageText", **where, text="two", reply_markup=given)
    assert (edited["text"], edited["reply_markup"], "edit_date" in edited) == ("two", given, True)
    assert "reply_markup" not in client.result("editMessageText", **where, text="two")
    assert client.result("editMessageReplyMarkup", **where, reply_markup=given)["reply_markup"] == given
    message = ann.chat.messages[sent["message_id"]]
    assert [content["text"] for content in message.earlier] == ["one", "two", "two"]


def test_an_edit_that_changes_nothing_or_nothing_of_ours_is_refused(client: PlainClient, ann: User) -> None:
    sent = client.result("sendMessage", chat_id=ann.id, text="<b>one</b>", parse_mode="HTML")
    where: dict[str, Any] = {"chat_id": ann.id, "message_id": sent["message_id"]}
    same = client.refusal("editMessageText", **where, text="*one*", parse_mode="MarkdownV2")
    assert same.startswith("Bad Request: message is not modified: specified new message content and reply markup are")
    assert "message is not modified" in client.refusal("editMessageReplyMarkup", **where)
    assert "message is too long" in client.refusal("editMessageText", **where, text="x" * 4097)
    theirs: dict[str, Any] = {"chat_id": ann.id, "message_id": ann.says("mine").id, "text": "yours"}
    assert client.refusal("editMessageText", **theirs) == "Bad Request: message can't be edited"
    ann.deletes(sent["message_id"])
    assert client.refusal("editMessageText", **where, text="two") == "Bad Request: message to edit not found"
    nothing = client.refusal("editMessageText", text="two")
    assert nothing == "Bad Request: message identifier is not specified"


def test_a_message_is_deleted_once_and_within_two_days(server: BotServer, client: PlainClient, ann: User) -> None:
    where: dict[str, Any] = {"chat_id": ann.id, "message_id": ann.says("forget this").id}
    assert client.result("deleteMessage", **where) is True
    assert client.refusal("deleteMessage", **where) == "Bad Request: message to delete not found"
    old = client.result("sendMessage", chat_id=ann.id, text="old")
    server.clock.advance(48 * 3600 + 1)
    where = {"chat_id": ann.id, "message_id": old["message_id"]}
    assert client.refusal("deleteMessage", **where) == "Bad Request: message can't be deleted for everyone"
    assert client.result("deleteMessages", chat_id=ann.id, message_ids=[999]) is True


def test_a_bot_reacts_with_one_emoji_of_those_there_are(client: PlainClient, ann: User) -> None:
    message = ann.says("done?")
    where: dict[str, Any] = {"chat_id": ann.id, "message_id": message.id}
    client.result("setMessageReaction", **where, reaction=[{"type": "emoji", "emoji": "👀"}])
    assert message.reactions == {7_000_000_001: [{"type": "emoji", "emoji": "👀"}]}
    client.result("setMessageReaction", **where, reaction=[])
    for emoji, words in ((["🥑"], "REACTION_INVALID"), (["👀", "👍"], "REACTIONS_TOO_MANY")):
        given = [{"type": "emoji", "emoji": one} for one in emoji]
        assert client.refusal("setMessageReaction", **where, reaction=given) == f"Bad Request: {words}"
    ann.deletes(message)
    assert "message to react not found" in client.refusal("setMessageReaction", **where, reaction=[])


def test_messages_are_copied_and_forwarded(server: BotServer, client: PlainClient, ann: User) -> None:
    bob = server.user("Bob")
    bob.starts()
    source: dict[str, Any] = {"from_chat_id": ann.id, "message_id": ann.says("look *here*").id, "chat_id": bob.id}
    assert set(client.result("copyMessage", **source)) == {"message_id"}
    forwarded = client.result("forwardMessage", **source)
    assert forwarded["forward_origin"]["sender_user"]["first_name"] == "Ann"
    assert bob.chat.texts[1:] == ["look *here*"] * 2
    gone = source | {"message_id": 999}
    assert client.refusal("copyMessage", **gone) == "Bad Request: message to copy not found"
    assert client.refusal("forwardMessage", **gone) == "Bad Request: message to forward not found"


def test_a_draft_is_shown_until_the_message_is_sent_or_half_a_minute(
    server: BotServer, client: PlainClient, ann: User
) -> None:
    where: dict[str, Any] = {"chat_id": ann.id, "draft_id": 5}
    for text in ("", "It", "It <b>is</b>"):
        assert client.result("sendMessageDraft", **where, text=text, parse_mode="HTML") is True
    assert [draft.text for draft in ann.chat.drafts] == ["", "It", "It is"]
    assert [draft.text for draft in ann.drafts] == ["It is"]
    client.result("sendMessage", chat_id=ann.id, text="It is 4")
    assert ann.drafts == []
    client.result("sendMessageDraft", **where, text="And")
    server.clock.advance(29)
    assert [draft.text for draft in ann.drafts] == ["And"]
    server.clock.advance(1)
    assert ann.drafts == []
    assert "TEXTDRAFT_ID_INVALID" in client.refusal("sendMessageDraft", chat_id=ann.id, draft_id=0, text="It")


def test_a_draft_is_for_private_chats_only(server: BotServer, client: PlainClient, ann: User) -> None:
    group = server.group("Team", ann)
    assert "TEXTDRAFT_PEER_INVALID" in client.refusal("sendMessageDraft", chat_id=group.id, draft_id=5, text="It")
    assert group.drafts == []


def test_a_user_stops_a_draft_that_can_be_stopped(client: PlainClient, ann: User) -> None:
    client.result("sendMessageDraft", chat_id=ann.id, draft_id=5, text="It")
    with pytest.raises(LookupError):
        ann.stops(5)
    client.result("sendMessageDraft", chat_id=ann.id, draft_id=5, text="It is", can_stop=True)
    ann.stops(5)
    assert client.result("getUpdates")[-1]["stopped_message_generation"]["draft_id"] == 5
    assert ann.drafts == []


def test_actions_are_shown(client: PlainClient, ann: User) -> None:
    client.result("sendChatAction", chat_id=ann.id, action="typing")
    assert [action for _, action in ann.chat.actions] == ["typing"]
    assert "wrong parameter action" in client.refusal("sendChatAction", chat_id=ann.id, action="thinking")
