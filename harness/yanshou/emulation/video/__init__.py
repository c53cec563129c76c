# SPDX-License-Identifier: Apache-2.0
"""Emulated cameras and recorders: ONVIF, RTSP with H.264, Profile G search and replay, planted faults."""

from yanshou.emulation.video.device import Lamp
from yanshou.emulation.video.emulation import VideoEmulation
from yanshou.emulation.video.faults import FAULT_KINDS, StreamFault, StreamTruth

__all__ = ["FAULT_KINDS", "Lamp", "StreamFault", "StreamTruth", "VideoEmulation"]
