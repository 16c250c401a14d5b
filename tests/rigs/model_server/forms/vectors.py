"""Embeddings without a model: texts that share words lie close to each other."""

import base64
import math
import re
import struct
import zlib
from collections.abc import Sequence

DIMENSIONS = 64


def embedding(text: str) -> list[float]:
    """Give a vector of length 1 that depends on the words of a text alone."""
    counts = [0.0] * DIMENSIONS
    for word in re.findall(r"\w+", text.lower()) or [text]:
        counts[zlib.crc32(word.encode("utf-8", "replace")) % DIMENSIONS] += 1.0
    length = math.sqrt(sum(count * count for count in counts))
    return [count / length for count in counts]


def as_base64(vector: Sequence[float]) -> str:
    """Write a vector as 32-bit floats, low byte first (OpenAI API reference, "Create embeddings")."""
    return base64.b64encode(struct.pack(f"<{len(vector)}f", *vector)).decode()
