# SPDX-License-Identifier: Apache-2.0
"""Emulated cameras and recorders: ONVIF, RTSP with H.264, Profile G search and replay, planted faults."""

from __future__ import annotations

from typing import TYPE_CHECKING

from yanshou.model.lazily import lazily

if TYPE_CHECKING:
    from yanshou.emulation.video.device import Lamp
    from yanshou.emulation.video.emulation import VideoEmulation
    from yanshou.emulation.video.faults import FAULT_KINDS, StreamFault, StreamTruth
else:
    __getattr__ = lazily(
        __name__,
        {
            "yanshou.emulation.video.device": ["Lamp"],
            "yanshou.emulation.video.emulation": ["VideoEmulation"],
            "yanshou.emulation.video.faults": ["FAULT_KINDS", "StreamFault", "StreamTruth"],
        },
    )

__all__ = ["FAULT_KINDS", "Lamp", "StreamFault", "StreamTruth", "VideoEmulation"]
