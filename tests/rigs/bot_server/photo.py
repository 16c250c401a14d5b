"""Photos, which Telegram makes anew in several sizes."""

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.rigs.bot_server.refusal import Refused

if TYPE_CHECKING:
    from PIL.Image import Image

MOST_BYTES = 10 << 20
"""How long a photo may be that a bot sends."""
_SIDES = (90, 320, 800, 1280, 2560)


@dataclass(frozen=True, slots=True)
class Scaled:
    """One size, as JPEG."""

    width: int
    height: int
    content: bytes


def scaled(content: bytes) -> list[Scaled]:
    """Give the sizes of a picture, the smallest first; raises Refused where it is none or has an odd form."""
    from PIL import UnidentifiedImageError
    from PIL.Image import open as open_picture

    try:
        with open_picture(io.BytesIO(content)) as picture:
            width, height = picture.size
            if width + height > 10000 or max(width, height) > 20 * min(width, height):
                raise Refused("PHOTO_INVALID_DIMENSIONS")
            plain = picture.convert("RGB")
    except (UnidentifiedImageError, OSError) as problem:
        raise Refused("IMAGE_PROCESS_FAILED") from problem
    longest = max(width, height)
    sides = [side for side in _SIDES if side < longest]
    return [_scaled(plain, side) for side in [*sides, min(longest, _SIDES[-1])]]


def _scaled(picture: "Image", side: int) -> Scaled:
    small = picture.copy()
    small.thumbnail((side, side))
    out = io.BytesIO()
    small.save(out, "JPEG", quality=87)
    return Scaled(small.width, small.height, out.getvalue())
