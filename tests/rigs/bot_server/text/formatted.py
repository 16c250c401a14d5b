"""A text as it is stored and shown: parsed, cleaned, with its entities in order."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from tests.rigs.bot_server.refusal import Refused
from tests.rigs.bot_server.text import old_stars, stars, tags
from tests.rigs.bot_server.text.entities import checked_entities
from tests.rigs.bot_server.text.spotted import spotted
from tests.rigs.bot_server.text.units import units
from tests.rigs.bot_server.text.writing import Entity

_MODES = {"html": tags.parse, "markdownv2": stars.parse, "markdown": old_stars.parse}
_CONTROL = re.compile("[\0-\t\v\f\x0e-\x1f]")
_MOST_BYTES = 1 << 15
_MOST_ENTITIES = 100
_SOLID = {"code", "pre", "text_link", "text_mention", "custom_emoji", "date_time"}


@dataclass(frozen=True, slots=True)
class Formatted:
    """A text and its entities as JSON."""

    text: str = ""
    entities: tuple[Entity, ...] = ()

    @property
    def units(self) -> int:
        """Give its length in UTF-16 code units."""
        return units(self.text)

    def json(self, text: str = "text", entities: str = "entities") -> dict[str, Any]:
        """Give the fields of a message; none where there is no text."""
        if not self.text:
            return {}
        return {text: self.text} | ({entities: [dict(one) for one in self.entities]} if self.entities else {})


def formatted(
    text: str, mode: str = "", entities: Sequence[Entity] = (), person: Callable[[int], Entity | None] = lambda _: None
) -> Formatted:
    """Read what a request gives; raises Refused. `person` gives the JSON of a user who may be mentioned."""
    if len(text.encode("utf-8", "surrogatepass")) > _MOST_BYTES:
        raise Refused("text is too long")
    marked: Sequence[Entity] = checked_entities(text, entities)
    if text and mode.lower() not in {"", "none"}:
        if mode.lower() not in _MODES:
            raise Refused("unsupported parse_mode")
        writing = _MODES[mode.lower()](text)
        text, marked = writing.text, writing.entities
    return _cleaned(text, [known for one in marked if (known := _introduced(one, person))])


def _introduced(entity: Entity, person: Callable[[int], Entity | None]) -> Entity | None:
    if entity["type"] != "text_mention":
        return dict(entity)
    known = person(int(entity["user"]["id"]))
    return dict(entity) | {"user": known} if known else None


def _cleaned(text: str, entities: list[Entity]) -> Formatted:
    """Take out what Telegram takes out, and the space around it, and add what it finds by itself."""
    kept = _CONTROL.sub(" ", text)
    while (place := kept.find("\r")) >= 0:
        _shift(entities, units(kept[:place]))
        kept = kept[:place] + kept[place + 1 :]
    first = entities[0]["offset"] if entities else len(kept)
    lead = min(len(kept) - len(kept.lstrip(" \n")), min((one["offset"] for one in entities), default=first))
    kept = kept[lead:].rstrip(" \n")
    end = units(kept)
    moved = [one | {"offset": one["offset"] - lead} for one in entities]
    cut = [one | {"length": min(one["length"], end - one["offset"])} for one in moved if one["offset"] < end]
    whole = [one for one in cut if one["length"] > 0]
    found = [one for one in spotted(kept) if not any(_over(one, other) for other in whole if other["type"] in _SOLID)]
    return Formatted(kept, tuple(_sorted([*_outside_code(whole), *found])[:_MOST_ENTITIES]))


def _shift(entities: list[Entity], unit: int) -> None:
    """Move the entities as if the character at a unit were gone."""
    for one in entities:
        if one["offset"] > unit:
            one["offset"] -= 1
        elif one["offset"] + one["length"] > unit:
            one["length"] -= 1


def _over(one: Entity, other: Entity) -> bool:
    return bool(one["offset"] < other["offset"] + other["length"] and other["offset"] < one["offset"] + one["length"])


def _outside_code(entities: list[Entity]) -> list[Entity]:
    """Leave out what stands within code or around it: code is nothing else, but may be in a quotation."""
    code = [one for one in entities if one["type"] in {"code", "pre"}]
    return [
        one
        for one in entities
        if one in code or "blockquote" in one["type"] or not any(_over(one, other) for other in code)
    ]


def _sorted(entities: list[Entity]) -> list[Entity]:
    return sorted(entities, key=lambda one: (one["offset"], -one["length"]))
