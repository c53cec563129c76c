# SPDX-License-Identifier: Apache-2.0
"""Pictures as file contents, and back."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from yanshou.model import RigFault
from yanshou.model.whole import picture_damaged

_MAX_PIXELS = 64 * 1024 * 1024


def png(luma: npt.NDArray[np.uint8]) -> bytes:
    """A luma plane (height × width) as a PNG, without loss."""
    done, data = cv2.imencode(".png", np.ascontiguousarray(luma))
    if not done:
        raise ValueError("the picture cannot be written as PNG")
    return bytes(data)


def luma_of(jpeg: bytes) -> npt.NDArray[np.uint8]:
    """The luma plane (height × width) of a JPEG as its camera coded it; RigFault when it is damaged.

    It is compared with pictures of streams, so it is not turned as its EXIF says that the camera was held.
    """
    data = np.frombuffer(jpeg, np.uint8)
    how = cv2.IMREAD_GRAYSCALE | cv2.IMREAD_IGNORE_ORIENTATION
    image = cv2.imdecode(data, how) if data.size else None
    if image is None or picture_damaged(jpeg) or image.shape[0] * image.shape[1] > _MAX_PIXELS:
        raise RigFault(
            "the picture is no readable JPEG.", remedy="Look at the camera's snapshot in a browser."
        )
    return np.asarray(image, np.uint8)
