"""How facts are written into columns."""

import json
from collections.abc import Iterable
from typing import Any

from daemon.domain.blob import Blob
from daemon.domain.effect import Label, Labels
from daemon.domain.limits import Limits, Measure, Usage
from daemon.domain.task import Folder


def to_json(value: Any) -> str:
    """Write a JSON value compactly; lone surrogates are kept as escapes."""
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return json.dumps(value, separators=(",", ":"))
    return text


def labels_text(labels: Labels) -> str:
    """Write labels as words."""
    return " ".join(sorted(labels))


def labels_of(text: str) -> Labels:
    """Read labels."""
    return frozenset(Label(word) for word in text.split())


def usage_text(usage: Usage) -> str:
    """Write an amount of each measure, in the order of Measure."""
    return to_json([getattr(usage, measure.value) for measure in Measure])


def usage_of(text: str) -> Usage:
    """Read an amount of each measure."""
    return Usage(*json.loads(text))


def limits_text(limits: Limits) -> str:
    """Write the bounds that are set."""
    return to_json({m.value: getattr(limits, m.value) for m in Measure if getattr(limits, m.value) is not None})


def limits_of(text: str) -> Limits:
    """Read bounds."""
    return Limits(**json.loads(text))


def folders_text(folders: Iterable[Folder]) -> str:
    """Write folders as pairs."""
    return to_json([[folder.path, folder.writable] for folder in folders])


def folders_of(text: str) -> tuple[Folder, ...]:
    """Read folders."""
    return tuple(Folder(path, writable) for path, writable in json.loads(text))


def blobs_text(blobs: Iterable[Blob]) -> str:
    """Write blobs as lists."""
    return to_json([[blob.digest, blob.size, blob.media_type, blob.name] for blob in blobs])


def blobs_of(text: str) -> tuple[Blob, ...]:
    """Read blobs."""
    return tuple(Blob(*fields) for fields in json.loads(text))
