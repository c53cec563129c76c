# SPDX-License-Identifier: Apache-2.0
"""Makes pictures of people fit for the record: only a coarse copy is kept (Order 799 Art. 19)."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from yanshou.model import RigFault
from yanshou.model.whole import picture_damaged

_MAX_PIXELS: Final = 64 * 1024 * 1024
_QUALITY: Final = 70


def pixelate(image: npt.NDArray[np.uint8], n: int = 32) -> npt.NDArray[np.uint8]:
    """The picture as ``n`` blocks across its longer side, each its own mean; shape and dtype are kept."""
    if n < 1:
        raise ValueError(f"a picture has at least one block, not {n}")
    height, width = image.shape[:2]
    scale = min(1.0, n / max(height, width))
    small = (max(1, round(width * scale)), max(1, round(height * scale)))
    coarse = cv2.resize(image, small, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.resize(coarse, (width, height), interpolation=cv2.INTER_NEAREST), np.uint8)


def thumbnail(jpeg: bytes, *, width: int = 320, blocks: int = 32) -> bytes:
    """A small, pixelated JPEG of a JPEG, without its metadata; RigFault if it cannot be read."""
    data = np.frombuffer(jpeg, np.uint8)
    image = cv2.imdecode(data, cv2.IMREAD_COLOR) if data.size else None
    if image is None or picture_damaged(jpeg) or image.shape[0] * image.shape[1] > _MAX_PIXELS:
        raise RigFault(
            "the picture is no readable JPEG.", remedy="Look at the camera's snapshot in a browser."
        )
    scale = min(1.0, width / image.shape[1])
    size = (max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale)))
    small = np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)
    done, coded = cv2.imencode(".jpg", pixelate(small, blocks), [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
    if not done:
        raise RigFault("the small copy of the picture could not be written.")
    return bytes(coded.tobytes())
