# SPDX-License-Identifier: Apache-2.0
"""A live session of a camera through the reception process: a capture of some seconds, or a watched view."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import accumulate
from typing import Any, Final, Self

import cv2

from yanshou.acquisition.receiver import ReceivedFrame, StreamReceiver
from yanshou.drivers.stream import looked
from yanshou.imaging.repeats import blocks
from yanshou.model import Instant, RigFault, now
from yanshou.model.stream import (
    Bitstream,
    FrameStamp,
    Luma,
    Reception,
    SecondReading,
    SeenFrame,
    StreamCapture,
)
from yanshou.protocols.rtsp.bitstream import parameter_set, profile_and_level, slices
from yanshou.protocols.rtsp.damage import Damage
from yanshou.protocols.rtsp.decode import Decoded, decode, decoded

_SILENCE_S: Final = 2.0
_MOST_SIZES: Final = 8
_OPEN_MS, _READ_MS = 5000, 5000


def capture(
    receiver: StreamReceiver, *, pictures: int, key_frames_only: bool, distinct_of: int = 0
) -> StreamCapture:
    """One session as ordered; decoding comes after the last packet.

    Raises RigFault if the stream was opened and no frame came.
    """
    with receiver:
        opened = receiver.open()
        receiver.finish()
    if not receiver.frames:
        why = receiver.ended["stopped"] or "nothing was sent"
        raise RigFault(f"the stream was opened, but no picture came ({why}).", device=receiver.order.device)
    made = _captured(receiver, opened, pictures, key_frames_only=key_frames_only)
    if not distinct_of:
        return made
    sets = _described_sets(receiver)
    seen = looked.seen_of(made.codec, receiver.frames, distinct_of, made.clock_rate, sets, quantisers=0)
    return replace(made, distinct=seen.distinct, damaged=max(made.damaged, seen.damaged))


def _captured(
    receiver: StreamReceiver, opened: dict[str, Any], pictures: int, *, key_frames_only: bool
) -> StreamCapture:
    ended, codec = receiver.ended, str(receiver.ended["codec"])
    units = _chosen(receiver.frames, max(1, pictures), key_frames_only=key_frames_only)
    sets = _described_sets(receiver)
    damage = Damage(codec)
    made = decode(codec, units, parameter_sets=sets, damage=damage)
    stopped = "; ".join(
        part for part in (_why(receiver), "" if made else "no key frame could be decoded") if part
    )
    width, height = (made[0].width, made[0].height) if made else (0, 0)
    stated = [picture.qp for picture in made if picture.qp is not None]
    return StreamCapture(
        codec=codec,
        width=width,
        height=height,
        clock_rate=int(opened["clock_rate"]),
        frames=[
            FrameStamp(one.rtp_ticks, one.arrival, one.key, one.size, one.complete) for one in receiver.frames
        ],
        pictures=[(picture.index, picture.luma) for picture in made[:pictures]],
        packets=int(ended["received"]),
        lost=int(ended["lost"]),
        started=Instant(*opened["started"]),
        ended=Instant(min(ended["last"], ended["at"]), ended["at"]),
        stopped_early=stopped,
        qp=sum(stated) / len(stated) if stated else None,
        qp_exact=all(picture.qp_exact for picture in made),
        chroma={one.index: one.chroma for one in made[:pictures] if one.chroma is not None},
        full_range=bool(made) and made[0].full_range,
        matrix=made[0].matrix if made else "",
        reception=_reception(receiver, opened),
        call=receiver.call_facts(),
        bitstream=_bitstream(receiver.frames, codec, made, sets, str(opened["described"])),
        first_picture=_first_picture(receiver.frames, made, float(ended["late"])),
        damaged=damage.pictures,
    )


def _described_sets(receiver: StreamReceiver) -> list[bytes]:
    """The parameter sets of the session description; a camera need not send them in its stream."""
    opened = receiver.opened
    if str(receiver.ended["codec"]) != opened["described"]:
        return []
    return [bytes.fromhex(unit) for unit in opened["parameter_sets"]]


def _why(receiver: StreamReceiver) -> str:
    """A stream that is silent at the end of the session stopped, however short the silence."""
    ended = receiver.ended
    silence = float(ended["until"]) - float(ended["last"])
    if ended["stopped"]:
        return str(ended["stopped"])
    return f"silence for the last {silence:.1f} s" if silence >= _SILENCE_S else ""


def _chosen(
    frames: Sequence[ReceivedFrame], wanted: int, *, key_frames_only: bool
) -> list[tuple[int, ReceivedFrame]]:
    """The coded frames to decode.

    The first complete key frames, or the first one and those that follow it.
    """
    chosen: list[tuple[int, ReceivedFrame]] = []
    for index, frame in enumerate(frames):
        following = bool(chosen) and not key_frames_only
        if frame.complete and frame.data and (frame.key or following):
            chosen.append((index, frame))
        if len(chosen) >= wanted:
            break
    return chosen


def _reception(receiver: StreamReceiver, opened: dict[str, Any]) -> Reception:
    ended = receiver.ended
    return Reception(
        transport=str(opened["transport"]),
        asked=float(opened["asked"]),
        packets=receiver.packets,
        reports=[(utc, ticks, sent, at) for utc, ticks, sent, at in ended["reports"]],
        exchanges=[
            (method, status, sent, answered) for method, status, sent, answered in opened["exchanges"]
        ],
        reordered=int(ended["reordered"]),
        duplicates=int(ended["duplicates"]),
        restarts=int(ended["restarts"]),
        damaged=int(ended["damaged"]),
        garbage=int(ended["garbage"]),
        stopped=_why(receiver),
        late_s=float(ended["late"]),
        foreign=int(ended["foreign"]),
        beside=[(int(after), int(number)) for after, number in ended["beside"]],
        dropped_here=ended["dropped_here"],
        missed_here=int(ended["missed_here"]),
        buffer_bytes=ended["buffer_bytes"],
    )


def _bitstream(
    frames: Sequence[ReceivedFrame],
    codec: str,
    made: Sequence[Decoded],
    sets: Sequence[bytes],
    described: str,
) -> Bitstream:
    """Profile and level of the first parameter set; the size is read again wherever the set changes."""
    seen: dict[bytes, ReceivedFrame] = {}
    for frame in frames:
        sps = parameter_set(codec, frame.data) if frame.data and frame.key and frame.complete else None
        if sps is not None and len(seen) < _MOST_SIZES:
            seen.setdefault(sps, frame)
    sizes = [(picture.width, picture.height) for picture in made[:1]]
    for frame in list(seen.values())[1:]:
        sizes += [(picture.width, picture.height) for picture in decode(codec, [(0, frame)], at_most=1)]
    first = next(iter(seen), None) or next(
        (one for one in sets if parameter_set(codec, b"\x00\x00\x01" + one)), None
    )
    return Bitstream(
        *profile_and_level(codec, first),
        sizes=tuple(dict.fromkeys(sizes)),
        slices=max((slices(codec, frame.data) for frame in frames if frame.data), default=0),
        described=described,
    )


def _first_picture(frames: Sequence[ReceivedFrame], made: Sequence[Decoded], late_s: float) -> Instant | None:
    """From the arrival of the first key frame that could be decoded to the end of its decoding."""
    if not made:
        return None
    first = made[0]
    arrival = frames[first.index].arrival
    return Instant(arrival - late_s, arrival + first.spent_s)


def first_picture(receiver: StreamReceiver, within: float) -> tuple[Instant, Instant | None]:
    """From the request (before the connection is made) to the first frame that decodes."""
    with receiver:
        asked = float(receiver.open()["asked"])
        frames = receiver.live()
        first = next((one for one in frames if one.key and one.complete and one.data), None)
        if first is not None:
            receiver.stop()
    sent = Instant(asked, asked)
    if first is None or first.arrival > asked + within:
        return sent, None
    sets = _described_sets(receiver)
    made = decode(str(receiver.ended["codec"]), [(0, first)], parameter_sets=sets, at_most=1)
    if not made:
        raise RigFault("the first key frame could not be decoded.", device=receiver.order.device)
    late_s = float(receiver.ended["late"])
    return sent, Instant(first.arrival - late_s, first.arrival + made[0].spent_s)


class CameraView:
    """Receives while something is done in front of the camera; implements ``capabilities.LiveView``."""

    def __init__(self, receiver: StreamReceiver) -> None:
        self._receiver = receiver

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self._receiver.close()

    def wait_running(self) -> None:
        """Return once a frame arrived with which decoding can begin."""
        for frame in self._receiver.live():
            if frame.data:
                return
        raise RigFault(
            f"the stream was opened, but no picture came ({self._receiver.ended['stopped']}).",
            device=self._receiver.order.device,
        )

    def finish(self, read: Callable[[Luma], object] | None = None) -> Iterator[SeenFrame]:
        """Close the session, then decode its frames; RigFault if the stream ended by itself before.

        ``read`` is called with each decoded luma plane; its time does not count as decoding.
        """
        receiver = self._receiver
        receiver.stop()
        receiver.close()
        frames = receiver.frames
        if receiver.ended["stopped"]:
            raise RigFault(f"the stream ended: {receiver.ended['stopped']}.", device=receiver.order.device)
        if any(not frame.data for frame in frames[_first_kept(frames) :]):
            raise RigFault(
                "the stream was longer than this computer keeps.",
                device=receiver.order.device,
                remedy="Choose a smaller stream.",
            )
        units = [(index, frame) for index, frame in enumerate(frames) if frame.data]
        late_s = float(receiver.ended["late"])
        sets = _described_sets(receiver)
        before = -1
        for picture in decoded(str(receiver.ended["codec"]), units, parameter_sets=sets, quantisers=0):
            frame = frames[picture.index]
            code = read(picture.luma) if read is not None else None
            # what it shows may have come with any of the damaged pictures that were left out before it
            since = frames[min(before + 1, picture.index)] if picture.after_damage else frame
            late = late_s + frame.arrival - since.arrival
            before = picture.index
            yield SeenFrame(frame.rtp_ticks, frame.arrival, picture.spent_s, blocks(picture.luma), code, late)


def _first_kept(frames: Sequence[ReceivedFrame]) -> int:
    return next((index for index, frame in enumerate(frames) if frame.data), len(frames))


def read_by_opencv(uri: str, seconds: float) -> SecondReading:
    """What OpenCV's FFmpeg reads of the stream at ``uri`` (with credentials) in ``seconds``."""
    wanted = [
        cv2.CAP_PROP_OPEN_TIMEOUT_MSEC,
        _OPEN_MS,
        cv2.CAP_PROP_READ_TIMEOUT_MSEC,
        _READ_MS,
    ]
    # we report a damaged or silent stream ourselves, once
    os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_ERROR)
    reader = cv2.VideoCapture(uri, cv2.CAP_FFMPEG, wanted)
    with contextlib.closing(_Released(reader)):
        if not reader.isOpened():
            return SecondReading(0, None, 0, 0, "OpenCV could not open the stream")
        times: list[float] = []
        late: list[float] = []
        until = now() + seconds
        # a picture is decoded by grab(); only one is converted to colours, which takes as long again
        while now() < until and reader.grab():
            times.append(reader.get(cv2.CAP_PROP_POS_MSEC) / 1e3)
            late.append(now() - times[-1])
        done, picture = reader.retrieve() if times else (False, None)
        size = (int(picture.shape[1]), int(picture.shape[0])) if done and picture is not None else (0, 0)
    # what waited while the stream was opened comes at once, and is no falling behind
    behind_s = max((one - best for one, best in zip(late, accumulate(late, min), strict=True)), default=0.0)
    span = times[-1] - times[1] if len(times) > 2 else 0.0  # noqa: PLR2004 - the first time is repeated
    fps = (len(times) - 2) / span if span > 0 else None
    why = "" if times else "OpenCV decoded no picture"
    return SecondReading(len(times), fps, *size, why, behind_s=behind_s)


class _Released:
    def __init__(self, reader: cv2.VideoCapture) -> None:
        self._reader = reader

    def close(self) -> None:
        """Close the session."""
        self._reader.release()
