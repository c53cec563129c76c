# SPDX-License-Identifier: Apache-2.0
"""RTSP 1.0 and RTP for measuring: every packet is stamped as it leaves the socket.

Players hide what has to be measured (arrival, loss, the end of a frame, the UTC of a replayed frame), so this
is a client of our own. FFmpeg decodes, through PyAV, in ``.decode``; that module is not imported here,
because the reception process must start quickly and decodes nothing.
"""

from yanshou.protocols.rtsp.client import RtspSession
from yanshou.protocols.rtsp.depacketise import AccessUnit, Depacketiser
from yanshou.protocols.rtsp.message import RtspRefused, RtspResponse
from yanshou.protocols.rtsp.replay import ReplayStamp, clock_range, replay_headers
from yanshou.protocols.rtsp.rtp import RtpPacket, SenderReport, Sequencer
from yanshou.protocols.rtsp.track import Track

__all__ = [
    "AccessUnit",
    "Depacketiser",
    "ReplayStamp",
    "RtpPacket",
    "RtspRefused",
    "RtspResponse",
    "RtspSession",
    "SenderReport",
    "Sequencer",
    "Track",
    "clock_range",
    "replay_headers",
]
