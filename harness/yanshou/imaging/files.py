# SPDX-License-Identifier: Apache-2.0
"""Pictures as file contents."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt


def png(luma: npt.NDArray[np.uint8]) -> bytes:
    """A luma plane (height × width) as a PNG, without loss."""
    done, data = cv2.imencode(".png", np.ascontiguousarray(luma))
    if not done:
        raise ValueError("the picture cannot be written as PNG")
    return bytes(data)
