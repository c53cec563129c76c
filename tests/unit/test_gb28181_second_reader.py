# SPDX-License-Identifier: Apache-2.0
"""A second reader over GB/T 28181, and what a device states of its stream."""

from __future__ import annotations

import io
import struct
from collections.abc import Mapping
from fractions import Fraction

import av
import numpy as np
import pytest

from yanshou.drivers.gb28181.second_reader import demuxed
from yanshou.evaluation.stream import compared
from yanshou.model import Instant
from yanshou.model.stream import Bitstream, FrameStamp, StreamCapture, StreamDeclaration
from yanshou.protocols.gb28181.stated_stream import StatedStream, of_description, of_settings

FPS, FRAMES = 25, 50


@pytest.fixture(scope="module")
def program_stream() -> bytes:
    """Two seconds of moving pictures, muxed by FFmpeg."""
    out = io.BytesIO()
    with av.open(out, "w", format="vob") as muxer:
        video = muxer.add_stream("libx264", rate=FPS)
        video.width, video.height, video.pix_fmt = 176, 144, "yuv420p"
        video.codec_context.options = {"tune": "zerolatency", "preset": "ultrafast"}
        for n in range(FRAMES):
            picture = np.full((144, 176, 3), 60, np.uint8)
            picture[:, n : n + 20] = 200
            frame = av.VideoFrame.from_ndarray(picture, "rgb24")
            frame.pts, frame.time_base = n, Fraction(1, FPS)
            muxer.mux(video.encode(frame))
        muxer.mux(video.encode())
    return out.getvalue()


def rtp(number: int, payload: bytes, ssrc: int = 7) -> bytes:
    return struct.pack(">BBHII", 0x80, 96, number % 65_536, 0, ssrc) + payload


def cut(data: bytes, first: int = 65_500) -> list[bytes]:
    """Packets whose numbers begin anew on the way."""
    return [rtp(first + n, data[at : at + 1200]) for n, at in enumerate(range(0, len(data), 1200))]


def test_the_reader_counts_frames_by_the_times_of_the_container(program_stream: bytes) -> None:
    found = demuxed(cut(program_stream))
    assert (found.frames, found.width, found.height, found.reader, found.why) == (
        FRAMES,
        176,
        144,
        "FFmpeg",
        "",
    )
    assert found.fps == pytest.approx(FPS, rel=0.01)


def test_packets_out_of_order_twice_and_of_others_change_nothing(program_stream: bytes) -> None:
    packets = cut(program_stream)
    packets[3], packets[5] = packets[5], packets[3]
    report = struct.pack(">BBHI", 0x80, 200, 6, 7) + bytes(20)
    stirred = [*packets[:8], packets[6], rtp(9, b"\0\0\1\xba other", ssrc=9), report, b"?", *packets[8:]]
    assert demuxed(stirred) == demuxed(cut(program_stream))


@pytest.mark.parametrize(
    "packets", [[], [b""], [rtp(1, b"")], [rtp(n, b"no stream at all " * 60) for n in range(30)]]
)
def test_what_is_no_stream_gives_no_reading_and_says_why(packets: list[bytes]) -> None:
    found = demuxed(packets)
    assert (found.fps, bool(found.why)) == (None, True)


@pytest.mark.parametrize(
    ("text", "states"),
    [
        ("v/2/5/25/1/4096a/1/8/1", StatedStream("h264", 1280, 720, False, 25.0, 4096.0)),
        ("v/5/6/30/2/8192a///", StatedStream("hevc", 1920, 1080, True, 30.0)),
        ("v/5/3840x2160/25/1/8192a///", StatedStream("hevc", 3840, 2160, False, 25.0, 8192.0)),
        ("v/2/4///a/1//1", StatedStream("h264")),  # D1 has no size that all agree on
        ("v/0/0/0/0/0a/0/0/0", StatedStream()),
        ("v/x/y/z", StatedStream()),
        ("a/1/8/1", StatedStream()),
        ("v/2/5/\x1f25/1/\x1c9a/", StatedStream("h264", 1280, 720, False, 25.0, 9.0)),
        ("", StatedStream()),
    ],
)
def test_what_an_f_line_states(text: str, states: StatedStream) -> None:
    assert of_description(text) == states


@pytest.mark.parametrize(
    ("item", "states"),
    [
        ({"VideoFormat": "5", "Resolution": "2560*1440", "FrameRate": "25", "BitRateType": "1",
          "VideoBitRate": "4096"},
         StatedStream("hevc", 2560, 1440, False, 25.0, 4096.0)),
        ({}, StatedStream()),
    ],
)  # fmt: skip
def test_what_settings_state(item: Mapping[str, str], states: StatedStream) -> None:
    assert of_settings(item) == states


def test_a_description_is_completed_by_settings_and_not_overruled() -> None:
    both = StatedStream("h264").completed(StatedStream("hevc", 1920, 1080, at_least=True, frame_rate=25.0))
    assert both == StatedStream("h264", 1920, 1080, at_least=True, frame_rate=25.0)


@pytest.mark.parametrize(
    ("sent", "same"), [((1920, 1080), True), ((2560, 1440), True), ((1280, 720), False), ((1920, 720), False)]
)
def test_a_larger_picture_does_not_contradict_the_largest_number(sent: tuple[int, int], same: bool) -> None:
    frames = [FrameStamp(3600 * n, 0.04 * n, key=n == 0, size=900, complete=True) for n in range(3)]
    when = Instant(0.0, 0.0)
    capture = StreamCapture(
        "h264",
        *sent,
        90_000,
        frames,
        [],
        3,
        0,
        when,
        when,
        "",
        bitstream=Bitstream("Main", "4.0", (sent,), 1, "h264"),
    )
    stated = StreamDeclaration("C", "h264", 1920, 1080, None, None, "", at_least=True)
    assert [one.same for one in compared(capture, stated) if one.what == "size"] == [same]
