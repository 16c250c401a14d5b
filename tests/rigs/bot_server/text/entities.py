"""Entities as a request gives them beside its text."""

from collections.abc import Sequence

from tests.rigs.bot_server.refusal import Refused
from tests.rigs.bot_server.text.link import checked
from tests.rigs.bot_server.text.units import place_of, units
from tests.rigs.bot_server.text.writing import Entity

_NEEDS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(["bold", "italic", "underline", "strikethrough", "spoiler", "code"], ()),
    **dict.fromkeys(["pre", "blockquote", "expandable_blockquote"], ()),
    "text_link": ("url",),
    "text_mention": ("user",),
    "custom_emoji": ("custom_emoji_id",),
    "date_time": ("unix_time",),
}
_MAY = {"pre": ("language",), "date_time": ("date_time_format",)}
_FOUND = {"mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number", "bank_card_number"}


def checked_entities(text: str, entities: Sequence[object]) -> list[Entity]:
    """Give the entities that count; raises Refused where one is wrong or lies outside of the text."""
    kept = [known for one in entities if (known := _known(one))]
    for one in sorted(kept, key=lambda entity: entity["offset"]):
        _check_place(text, one)
    return kept


def _known(given: object) -> Entity | None:
    """Read one; None for what Telegram finds by itself and for links to nowhere."""
    if not isinstance(given, dict):
        raise Refused("can't parse MessageEntity: expected an Object")
    kind = given.get("type")
    for name in ("offset", "length", "type"):
        if name not in given:
            raise Refused(f"can't parse MessageEntity: Can't find field \"{name}\"")
    if kind in _FOUND or given["length"] == 0:
        return None
    if kind not in _NEEDS:
        raise Refused("can't parse MessageEntity: Unsupported type specified")
    for name in _NEEDS[kind]:
        if name not in given:
            raise Refused(f"can't parse MessageEntity: Can't find field \"{name}\"")
    names = ("type", "offset", "length", *_NEEDS[kind], *_MAY.get(kind, ()))
    entity = {name: given[name] for name in names if name in given}
    if kind == "text_link":
        entity["url"] = checked(entity["url"])
    return entity if entity.get("url", "-") else None


def _check_place(text: str, entity: Entity) -> None:
    start, end = entity["offset"], entity["offset"] + entity["length"]
    if not 0 <= start <= 1_000_000:
        raise Refused(f"receive an entity with incorrect offset {start}")
    if not 0 <= entity["length"] <= 1_000_000:
        raise Refused(f"receive an entity with incorrect length {entity['length']}")
    whole = units(text)
    if start >= whole:
        raise Refused(f"entity begins after the end of the text at UTF-16 offset {start}")
    if end > whole:
        beginning = f"entity beginning at UTF-16 offset {start}"
        raise Refused(f"{beginning} ends after the end of the text at UTF-16 offset {end}")
    if place_of(text, start) is None:
        raise Refused(f"entity begins in a middle of a UTF-16 symbol at UTF-16 offset {start}")
    if place_of(text, end) is None:
        raise Refused(f"entity beginning at UTF-16 offset {start} ends in a middle of a UTF-16 symbol")
