# SPDX-License-Identifier: Apache-2.0
"""Some seconds of a camera's stream as a file that any player opens, without coding them again."""

from __future__ import annotations

import io
from collections.abc import Sequence
from fractions import Fraction
from typing import Final

import av

from yanshou.acquisition.receiver import ReceivedFrame, StreamReceiver
from yanshou.model import RigFault

_START: Final = b"\x00\x00\x00\x01"
_FPS: Final = 25  # a hint in the file's header; the time stamps are those of the stream


def received_clip(receiver: StreamReceiver) -> bytes:
    """The frames of one session in an MPEG transport stream; RigFault if no key frame was complete."""
    with receiver:
        opened = receiver.open()
        receiver.finish()
    frames = _from_a_key(receiver.frames)
    if not frames:
        why = receiver.ended["stopped"] or "no key frame came whole"
        raise RigFault(f"the stream gave no clip ({why}).", device=receiver.order.device)
    codec = str(receiver.ended["codec"])
    described = codec == opened["described"]
    head = b"".join(_START + bytes.fromhex(one) for one in opened["parameter_sets"]) if described else b""
    return transport_stream(codec, frames, int(opened["clock_rate"]), head)


def transport_stream(
    codec: str, frames: Sequence[ReceivedFrame], clock_rate: int, head: bytes = b""
) -> bytes:
    """Annex B frames in a transport stream, with their RTP times; ``head`` are parameter sets."""
    file = io.BytesIO()
    with av.open(file, "w", format="mpegts") as container:
        stream = container.add_mux_stream(codec, rate=_FPS)
        first = frames[0].rtp_ticks
        for number, frame in enumerate(frames):
            packet = av.Packet((head if number == 0 else b"") + frame.data)
            packet.stream = stream
            packet.time_base = Fraction(1, clock_rate)
            packet.pts = packet.dts = (frame.rtp_ticks - first) % 2**32
            packet.is_keyframe = frame.key
            container.mux(packet)
    return file.getvalue()


def _from_a_key(frames: Sequence[ReceivedFrame]) -> list[ReceivedFrame]:
    """The complete frames, from the first complete key frame on."""
    whole = [frame for frame in frames if frame.complete and frame.data]
    start = next((place for place, frame in enumerate(whole) if frame.key), len(whole))
    return whole[start:]
