# SPDX-License-Identifier: Apache-2.0
"""Key frames of a recording: how far apart they are asked for, which are decoded, which are copies."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import combinations

import av
import numpy as np
import pytest

from yanshou.drivers.onvif.recorder import OnvifRecorder
from yanshou.imaging.copies import Blocks, copied_pairs, one_picture
from yanshou.model import Connection, Device, DeviceKind, RigFault, System
from yanshou.model.recording import Playback, RecordedChannel, Segment
from yanshou.protocols.rtsp import AccessUnit, RtspRefused
from yanshou.protocols.rtsp.decode import decode, decode_spread

AT = datetime(2026, 11, 20, 8, tzinfo=UTC)


# -- decoded ------------------------------------------------------------------------------------------------


def coded(codec: str, *, count: int = 7, apart: int = 1) -> list[tuple[int, AccessUnit]]:
    """Access units of a drifting pattern, every ``apart``-th a key frame that decodes by itself."""
    context = av.CodecContext.create({"h264": "libx264", "hevc": "libx265"}[codec], "w")
    assert isinstance(context, av.VideoCodecContext)
    context.width, context.height, context.pix_fmt = 320, 192, "yuv420p"
    context.time_base = Fraction(1, 25)
    context.options = {"preset": "ultrafast", "tune": "zerolatency", "forced-idr": "1"}
    if codec == "hevc":
        context.options |= {"x265-params": f"keyint={apart}:min-keyint={apart}:log-level=none"}
    units: list[bytes] = []
    for number in range(count):
        luma = ((np.indices((192, 320)).sum(0) * 2 + 5 * number) % 200 + 20).astype(np.uint8)
        planes = np.concatenate((luma.ravel(), np.full(luma.size // 2, 128, np.uint8)))
        frame = av.VideoFrame.from_ndarray(planes.reshape(-1, 320), format="yuv420p")
        frame.pts = number
        if number % apart == 0:
            frame.pict_type = av.video.frame.PictureType.I
        units += [bytes(packet) for packet in context.encode(frame)]
    units += [bytes(packet) for packet in context.encode(None)]
    return [
        (n, AccessUnit(data, 3600 * n, 0.0, n % apart == 0, len(data), complete=True))
        for n, data in enumerate(units)
    ]


@pytest.mark.parametrize("codec", ["h264", "hevc"])
@pytest.mark.parametrize("apart", [1, 3])
def test_key_frames_from_the_first_to_the_last_are_decoded_as_among_all(codec: str, apart: int) -> None:
    units = coded(codec, apart=apart)
    whole = {one.index: one for one in decode(codec, units)}
    spread, damaged = decode_spread(codec, units)
    assert damaged == 0
    assert [one.index for one in spread] == ([0, 2, 4, 6] if apart == 1 else [0, 3, 6])
    assert all(np.array_equal(one.luma, whole[one.index].luma) for one in spread)
    assert not np.array_equal(spread[0].luma, spread[1].luma)


def test_of_a_long_playback_key_frames_are_decoded_over_all_its_length() -> None:
    units = coded("h264", count=60)
    assert [one.index for one in decode_spread("h264", units)[0]] == [0, 20, 39, 59]


@pytest.mark.parametrize("damaged", [0, 2, 6])
def test_where_one_of_them_does_not_decode_all_are_tried(damaged: int) -> None:
    units = coded("h264")
    number, unit = units[damaged]
    units[damaged] = number, AccessUnit(b"\0\0\0\1\x65", unit.rtp_ticks, 0.0, key=True, size=5, complete=True)
    made, count = decode_spread("h264", units)
    assert [one.index for one in made] == [n for n in range(7) if n != damaged]
    assert count == 1


def test_what_begins_in_the_middle_of_a_group_is_read_as_before() -> None:
    units = coded("h264", apart=3)[1:]
    made, damaged = decode_spread("h264", units)
    assert [one.index for one in made] == [one.index for one in decode("h264", units)]
    assert damaged == 0


# -- asked for ----------------------------------------------------------------------------------------------


class Replays(OnvifRecorder):
    """A recorder that does, for key frames some seconds apart, what ``apart`` says; ``asked`` notes each."""

    def __init__(
        self, apart: int | RtspRefused, whole: int | RtspRefused = 13, *, late_s: float = 0.0
    ) -> None:
        at = Connection("onvif", "127.0.0.1", 1)
        super().__init__(Device("NVR-1", DeviceKind.RECORDER, System.VIDEO, "NVR", connection=at), "")
        self.apart, self.whole, self.late_s = apart, whole, late_s
        self.asked: list[int] = []

    def _replayed(
        self, token: str, at: datetime, seconds: float, *, intra: bool, paced: bool, apart_s: int = 0
    ) -> Playback:
        self.asked.append(apart_s)
        sent = self.apart if apart_s else self.whole
        if isinstance(sent, RtspRefused):
            raise sent
        first = at + timedelta(seconds=self.late_s if apart_s else 0)
        return Playback(at, sent, min(sent, 2), first if sent else None, None)

    def times(self, count: int, *segments: Segment, **how: bool) -> list[int]:
        """The pictures that so many playbacks of one recording bring."""
        channel = RecordedChannel("R", "CAM-1", "one", segments, None, None)
        return [self.play(channel, AT, 12.0, **how).frames for _ in range(count)]


def refused(status: int) -> RtspRefused:
    return RtspRefused(f"PLAY: refused ({status}).", status=status)


def test_a_recorder_that_can_is_asked_for_key_frames_four_seconds_apart() -> None:
    recorder = Replays(4)
    assert recorder.times(2) == [4, 4]
    assert recorder.asked == [4, 4]
    assert recorder.times(1, intra=False) == [13]  # where every frame counts, every frame is asked for


@pytest.mark.parametrize("apart", [0, refused(400), refused(451), refused(500)])
def test_a_recorder_that_cannot_is_asked_for_all_key_frames_and_not_found_wanting(
    apart: int | RtspRefused,
) -> None:
    recorder = Replays(apart)
    assert recorder.times(3) == [13, 13, 13]
    assert recorder.asked == [4, 0, 0, 0]


def test_before_a_gap_no_key_frame_is_left_out() -> None:
    """Else the few that are there would not be compared."""
    recorder = Replays(4)
    listed = [Segment(AT - timedelta(days=1), AT + timedelta(seconds=left)) for left in (2, 2.9, 7, 60)]
    for one in listed:
        recorder.times(1, one)
    assert recorder.asked == [0, 0, 2, 4]


@pytest.mark.parametrize(("apart", "late_s"), [(1, 0.0), (4, 4.5)], ids=["one picture", "far from there"])
def test_what_comes_worse_some_seconds_apart_is_asked_for_whole(apart: int, late_s: float) -> None:
    recorder = Replays(apart, late_s=late_s)
    assert recorder.times(2) == [13, 13]
    assert recorder.asked == [4, 0, 0]
    recorder = Replays(4)
    recorder.times(1)
    recorder.apart, recorder.late_s = apart, late_s
    assert recorder.times(2) == [13, 13]
    assert recorder.asked == [4, 4, 0, 0]


@pytest.mark.parametrize("status", [404, 457])
def test_where_nothing_is_recorded_nothing_is_asked_again(status: int) -> None:
    recorder = Replays(refused(status))
    assert recorder.times(2) == [0, 0]
    assert recorder.asked == [4, 4]


def test_a_wrong_password_is_not_tried_again() -> None:
    recorder = Replays(refused(401))
    with pytest.raises(RigFault):
        recorder.times(1)
    assert recorder.asked == [4]


def test_silence_counts_where_both_ways_of_asking_meet_it_or_the_recording_played_so_before() -> None:
    recorder = Replays(0, 0)
    assert recorder.times(2) == [0, 0]
    assert recorder.asked == [4, 0, 4, 0]  # not known yet which way it understands
    recorder = Replays(4)
    recorder.times(1)
    recorder.apart = 0
    assert recorder.times(1) == [0]
    assert recorder.asked == [4, 4]


# -- compared -----------------------------------------------------------------------------------------------


def test_copies_are_found_as_by_comparing_every_pair() -> None:
    """Of every share of differing blocks around the permitted one, wherever they stand."""
    draw = np.random.default_rng(3)
    prints: list[Blocks] = []
    for size in ((45, 80), (4, 8), (1, 1), (0, 3)):
        source = draw.integers(0, 2**62, size, np.uint64)
        for differing in (0, 0, 1, 2, 17, 18, 19, 36, 80, 3600):
            one = source.copy()
            places = draw.permutation(one.size)[:differing]
            one.ravel()[places] ^= draw.integers(1, 2**62, len(places), np.uint64)
            prints.append(one)
        prints.append(draw.integers(0, 2**62, size, np.uint64))
    pairs = {(n, m) for n, m in combinations(range(len(prints)), 2) if one_picture(prints[n], prints[m])}
    assert copied_pairs(prints) == pairs
    assert {(0, 5), (1, 4)} <= pairs  # 18 of 3600 blocks
    assert (0, 6) not in pairs
