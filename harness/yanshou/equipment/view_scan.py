# SPDX-License-Identifier: Apache-2.0
"""A scan of a camera: one short session with each picture decoded, a longer one where that shows too little.

Decoding begins with a key frame. Cameras that code a still scene in long groups of pictures may send the
first one many seconds after the session began.
"""

from __future__ import annotations

from typing import Final

from yanshou.drivers.capabilities import Camera
from yanshou.evaluation import ViewScan
from yanshou.evaluation.health import SCAN_LEAST_S, SCAN_PICTURES, SCAN_S

_LATEST_KEY_S: Final = 10.0


def scanned(camera: Camera) -> ViewScan:
    """Some seconds of the camera's picture; the longer of two sessions where the first shows too little.

    A stream that broke off is not asked for again: that it broke off is what was seen. Raises RigFault if the
    stream was opened and no picture came.
    """
    first = _session(camera, SCAN_S)
    broke_off = first.capture.reception is not None and first.capture.reception.stopped
    if first.span_s >= SCAN_LEAST_S or broke_off:
        return first
    return max(first, _session(camera, _LATEST_KEY_S + SCAN_S), key=lambda scan: scan.span_s)


def _session(camera: Camera, seconds: float) -> ViewScan:
    capture = camera.capture(seconds, pictures=SCAN_PICTURES, key_frames_only=False)
    return ViewScan(camera.device.id, capture)
