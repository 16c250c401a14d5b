"""Files go up and come down, as long as they may be."""

import io
import zlib
from collections.abc import Iterator
from typing import Any

import pytest
from PIL import Image

from tests.rigs.bot_server import DOWNLOAD, BotServer, PlainClient, Reset, User


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


def _picture(width: int, height: int) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(out, "PNG")
    return out.getvalue()


ANY_BYTES = bytes(range(256)) * 4 + b"\r\n--x\r\n\r\n--"


def test_a_document_goes_up_and_comes_down_byte_by_byte(client: PlainClient, ann: User) -> None:
    given = {"document": ('Grüße \\"1\\".pdf', ANY_BYTES)}
    sent = client.result("sendDocument", given, chat_id=ann.id, caption="*read*", parse_mode="MarkdownV2")
    document = sent["document"]
    assert (document["file_name"], document["mime_type"]) == ('Grüße "1".pdf', "application/pdf")
    assert (document["file_size"], sent["caption"]) == (len(ANY_BYTES), "read")
    assert sent["caption_entities"] == [{"type": "bold", "offset": 0, "length": 4}]
    file = client.result("getFile", file_id=document["file_id"])
    assert file["file_path"].startswith("documents/file_")
    assert client.fetch(file["file_path"]).content == ANY_BYTES
    again = client.result("sendDocument", chat_id=ann.id, document=document["file_id"])
    assert again["document"] == document


def test_what_a_user_sends_comes_down_for_an_hour(server: BotServer, client: PlainClient, ann: User) -> None:
    ann.sends_document(ANY_BYTES, "notes.txt", "read this")
    message = client.result("getUpdates")[-1]["message"]
    assert (message["caption"], message["document"]["mime_type"]) == ("read this", "text/plain")
    path = client.result("getFile", file_id=message["document"]["file_id"])["file_path"]
    told = client.fetch(path)
    assert (told.content, told.headers["content-type"]) == (ANY_BYTES, "application/octet-stream")
    server.clock.advance(3601)
    assert client.fetch(path).status == 404
    client.result("getFile", file_id=message["document"]["file_id"])
    assert client.fetch(path).status == 200
    assert client.refusal("getFile", file_id="nonsense") == "Bad Request: invalid file_id"


def test_a_file_of_more_than_20_mb_does_not_come_down(client: PlainClient, ann: User) -> None:
    ann.sends_document(None, "film.bin", size=20 << 20)
    ann.sends_document(None, "longer.bin", size=(20 << 20) + 1)
    small, large = (one["message"]["document"] for one in client.result("getUpdates")[1:])
    path = client.result("getFile", file_id=small["file_id"])["file_path"]
    assert len(client.fetch(path).content) == 20 << 20
    assert client.refusal("getFile", file_id=large["file_id"]) == "Bad Request: file is too big"


def test_a_download_breaks_off(server: BotServer, client: PlainClient, ann: User) -> None:
    ann.sends_document(ANY_BYTES * 1000, "notes.txt")
    file_id = client.result("getUpdates")[-1]["message"]["document"]["file_id"]
    path = client.result("getFile", file_id=file_id)["file_path"]
    server.fault(Reset("after", after_bytes=70_000), DOWNLOAD)
    with pytest.raises(OSError, match="reset"):
        client.fetch(path)
    assert client.fetch(path).content == ANY_BYTES * 1000


def test_a_request_of_more_than_50_mb_does_not_go_up(client: PlainClient, ann: User) -> None:
    most = bytes(50 << 20)
    sent = client.result("sendDocument", {"document": ("most", most)}, chat_id=ann.id)
    assert sent["document"]["file_size"] == 50 << 20
    told = client.ask("sendDocument", {"document": ("more", most + b"x")}, chat_id=ann.id)
    assert (told.status, told.words) == (413, "Request Entity Too Large")


def test_a_photo_comes_in_sizes_as_jpeg(client: PlainClient, ann: User) -> None:
    sent = client.result("sendPhoto", {"photo": ("chart.png", _picture(1000, 500))}, chat_id=ann.id)
    assert [(one["width"], one["height"]) for one in sent["photo"]] == [(90, 45), (320, 160), (800, 400), (1000, 500)]
    path = client.result("getFile", file_id=sent["photo"][-1]["file_id"])["file_path"]
    with Image.open(io.BytesIO(client.fetch(path).content)) as shown:
        assert (shown.format, shown.size) == ("JPEG", (1000, 500))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "file must be non-empty"),
        (b"no picture", "IMAGE_PROCESS_FAILED"),
        (_picture(10, 300), "PHOTO_INVALID_DIMENSIONS"),
        (_picture(9000, 1001), "PHOTO_INVALID_DIMENSIONS"),
        (
            bytes((10 << 20) + 1),
            "file of size 10485761 bytes is too big for a photo; the maximum size is 10485760 bytes",
        ),
    ],
    ids=["nothing", "no picture", "narrow", "large", "long"],
)
def test_a_photo_that_is_none_is_refused(client: PlainClient, ann: User, content: bytes, words: str) -> None:
    refusal = client.refusal("sendPhoto", {"photo": ("chart.png", content)}, chat_id=ann.id)
    assert refusal == f"Bad Request: {words}"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "there is no document in the request"),
        ({"document": "attach://other"}, "there is no document in the request"),
        ({"document": "https://example.com/a.pdf"}, "failed to get HTTP URL content"),
        ({"document": "BQAC"}, "wrong file identifier/HTTP URL specified"),
    ],
)
def test_a_file_that_is_none_is_refused(client: PlainClient, ann: User, given: dict[str, Any], words: str) -> None:
    assert client.refusal("sendDocument", None, chat_id=ann.id, **given) == f"Bad Request: {words}"


def test_a_photo_is_not_sent_again_as_a_document(client: PlainClient, ann: User) -> None:
    sent = client.result("sendPhoto", {"photo": ("chart.png", _picture(50, 50))}, chat_id=ann.id)
    file_id = sent["photo"][0]["file_id"]
    assert client.result("sendPhoto", chat_id=ann.id, photo=file_id)["photo"] == sent["photo"]
    words = "Bad Request: can't use file of type Photo as Document"
    assert client.refusal("sendDocument", chat_id=ann.id, document=file_id) == words


@pytest.mark.parametrize(("length", "words"), [(1024, ""), (1025, "message caption is too long")])
def test_a_caption_has_1024_units_at_most(client: PlainClient, ann: User, length: int, words: str) -> None:
    told = client.ask("sendDocument", {"document": ("a", b"a")}, chat_id=ann.id, caption="x" * length)
    assert told.json.get("description", "") == (f"Bad Request: {words}" if words else "")


def _items(kind: str, *names: str) -> list[dict[str, str]]:
    return [{"type": kind, "media": f"attach://{name}"} for name in names]


def test_an_album_is_several_messages_with_one_id(client: PlainClient, ann: User) -> None:
    files = {"a": ("a.png", _picture(90, 90)), "b": ("b.png", _picture(90, 90))}
    media = _items("photo", "a", "b")
    media[0]["caption"] = "two charts"
    sent = client.result("sendMediaGroup", files, chat_id=ann.id, media=media)
    assert [one.get("caption") for one in sent] == ["two charts", None]
    assert len({one["media_group_id"] for one in sent}) == 1


@pytest.mark.parametrize(
    ("media", "words"),
    [
        ([], "there are no messages to send"),
        (_items("document", *"a" * 11), "too many messages to send as an album"),
        (_items("document", "a") + _items("photo", "b"), "Document can't be mixed with other media types"),
        (_items("animation", "a"), "can't parse InputMedia: type \"animation\" can't be used in sendMediaGroup"),
        (_items("document", "other"), "can't parse InputMedia: media not found"),
    ],
)
def test_an_album_that_is_none_is_refused(client: PlainClient, ann: User, media: Any, words: str) -> None:
    files = {"a": ("a.txt", b"a"), "b": ("b.png", _picture(90, 90))}
    refusal = client.refusal("sendMediaGroup", files, chat_id=ann.id, media=media)
    assert refusal == f"Bad Request: {words}"
    assert ann.chat.texts == ["/start"]


def test_users_send_photos_albums_and_voices(client: PlainClient, ann: User) -> None:
    ann.sends_photo(_picture(400, 100), "look")
    ann.sends_album([_picture(90, 90), ("b.txt", b"b")], "both")
    ann.sends_voice(zlib.compress(b"hum"), 3)
    photo, first, second, voice = (one["message"] for one in client.result("getUpdates")[1:])
    assert (photo["photo"][-1]["width"], photo["caption"]) == (400, "look")
    assert (first["media_group_id"], first["caption"]) == (second["media_group_id"], "both")
    assert second["document"]["file_name"] == "b.txt"
    assert (voice["voice"]["duration"], voice["voice"]["mime_type"]) == (3, "audio/ogg")
