# SPDX-License-Identifier: Apache-2.0
"""The program-stream walker: a right stream is counted, and each departure from the standard is found."""

from __future__ import annotations

import io
import random

import av
import numpy as np
import pytest

from tests.support.ps_text import (
    AAC,
    AUDIO,
    H264,
    H265,
    VIDEO,
    pack,
    pes,
    program_map,
    system_header,
)
from yanshou.protocols.gb28181 import PsOddity, PsWalker
from yanshou.protocols.gb28181.ps_headers import crc32_mpeg2


def nal(size=300, seed=1):
    return b"\0\0\0\1\x65" + bytes(random.Random(seed).choices(range(1, 256), k=size))


def frame(n, *, key=None, size=300):
    key = n % 5 == 0 if key is None else key
    head = pack(3600 * n) + (system_header() + program_map() if key else b"")
    return head + pes(nal(size, n), 3600 * n) + pes(b"\x21" * 40, 3600 * n, AUDIO)


def walked(*pieces, size=0):
    walker = PsWalker()
    data = b"".join(pieces)
    step = size or len(data)
    for at in range(0, len(data), step):
        walker.feed(data[at : at + step])
    return walker


def kinds(walker):
    return set(walker.oddities.found)


def test_the_checksum_is_the_published_one():
    assert crc32_mpeg2(b"123456789") == 0x0376E6E7


@pytest.mark.parametrize("size", [0, 1, 3, 1400])
def test_a_right_stream_is_counted_and_has_no_finding(size):
    walker = walked(*(frame(n) for n in range(20)), size=size)
    assert kinds(walker) == set()
    assert (walker.packs, walker.system_headers, walker.maps, walker.stamps.frames) == (20, 4, 4, 20)
    video, audio = walker.streams[VIDEO], walker.streams[AUDIO]
    assert (video.packets, video.type, video.payload) == (20, H264, 20 * 305)
    assert (audio.packets, audio.type) == (20, AAC)


def test_stuffing_private_data_and_the_end_are_passed_over():
    bare = b"\0\0\1\xbf\0\x05hello"
    walker = walked(pack(stuffing=7), system_header(), program_map(), bare, pes(nal(), 0), b"\0\0\1\xb9")
    assert kinds(walker) == set()
    assert walker.ended


WHOLE = b"".join(frame(n) for n in range(3))
MAP = program_map()


@pytest.mark.parametrize(
    ("stream", "kind"),
    [
        ([WHOLE.replace(MAP, b"")], PsOddity.BEFORE_MAP),
        ([frame(1), frame(5)], PsOddity.BEFORE_MAP),
        ([WHOLE.replace(MAP, program_map(crc_off=1))], PsOddity.MAP_CRC),
        ([WHOLE.replace(MAP, program_map(types=((VIDEO, H264),)))], PsOddity.NOT_IN_MAP),
        ([WHOLE, WHOLE.replace(MAP, program_map(types=((VIDEO, H265), (AUDIO, AAC))))], PsOddity.MAP_CHANGED),
        ([WHOLE.replace(MAP, program_map(types=((VIDEO, H264), (VIDEO, H265))))], PsOddity.MAP_MALFORMED),
        ([WHOLE, b"\x12\x34\x56", WHOLE], PsOddity.NO_START_CODE),
        ([WHOLE, nal(), WHOLE], PsOddity.NO_START_CODE),
        ([WHOLE[:700], WHOLE], PsOddity.PES_CUT),
        ([pack(), system_header(), MAP, pes(nal(), 0, length=0), frame(1)], PsOddity.PES_UNBOUNDED),
        ([pack(), system_header(), MAP, pes(nal(), 0, length=4), frame(1)], PsOddity.PES_HEADER),
        ([pack(marker=0), WHOLE], PsOddity.PACK_MARKER),
        ([frame(5), frame(0)], PsOddity.SCR_BACK),
        ([pack(), system_header().replace(b"\xe0\xe0", b"\x60\xe0"), MAP], PsOddity.SYSTEM_HEADER),
        ([b"\0\0\1\xba\x21\0\1\0\1\x80\0\1", system_header(), MAP], PsOddity.MPEG1_PACK),
        ([(b"\x47" + b"\xff" * 187) * 7], PsOddity.TRANSPORT_STREAM),
    ],
)
@pytest.mark.parametrize("size", [0, 1, 188])
def test_each_departure_is_found_however_the_stream_is_split(stream, kind, size):
    assert kind in kinds(walked(*stream, size=size))


def test_a_map_with_a_wrong_checksum_proves_no_type():
    walker = walked(WHOLE.replace(MAP, program_map(crc_off=1)))
    assert walker.streams[VIDEO].type is None
    assert walker.streams[VIDEO].claimed == H264
    assert walker.maps == 0


def test_after_a_cut_packet_the_next_pack_is_read():
    walker = walked(WHOLE[:700], WHOLE)
    assert walker.packs > 3
    assert walker.oddities.found[PsOddity.PES_CUT].count == 1


def test_a_loss_that_the_caller_tells_is_no_departure_of_the_device():
    walker = walked(WHOLE[:400])
    walker.lost()
    walker.feed(WHOLE[500:] + frame(5) + frame(6))
    assert kinds(walker) == set()
    assert walker.gaps == 1


def stamped(frames, stamp_of, size=200):
    """Each frame in RTP packets of ``size`` bytes; stamp_of(frame, packet) is the time stamp."""
    walker = PsWalker()
    for n, data in enumerate(frames):
        for number, at in enumerate(range(0, len(data), size)):
            walker.feed(data[at : at + size], stamp_of(n, number))
    return walker


FRAMES = [frame(n, size=900) for n in range(6)]


def test_one_time_stamp_for_each_frame_is_right():
    walker = stamped(FRAMES, lambda n, _: 3600 * n)
    assert kinds(walker) == set()
    assert walker.stamps.judged == 5


def test_one_time_stamp_over_two_frames_is_found():
    walker = stamped(FRAMES, lambda n, _: 3600 * (n // 2))
    assert kinds(walker) == {PsOddity.TIMESTAMP_SHARED}
    assert walker.oddities.found[PsOddity.TIMESTAMP_SHARED].count == 3


def test_two_time_stamps_in_one_frame_are_found():
    walker = stamped(FRAMES, lambda n, part: 3600 * n + (part >= 3))
    assert kinds(walker) == {PsOddity.TIMESTAMP_SPLIT}


def test_frames_that_cannot_be_told_apart_are_not_judged():
    walker = stamped([pack(n) + pes(nal()) for n in range(5)], lambda n, _: n)
    assert walker.stamps.judged == 0
    assert PsOddity.TIMESTAMP_SPLIT not in kinds(walker)


def test_a_stream_by_another_muxer_is_walked_and_its_missing_map_found():
    held, rng = io.BytesIO(), np.random.default_rng(1)
    with av.open(held, "w", format="vob") as out:
        video = out.add_stream("mpeg2video", rate=25, options={"b": "8M"})
        video.width, video.height = 160, 120
        for _ in range(12):
            noise = rng.integers(0, 256, (120, 160, 3), dtype=np.uint8)
            out.mux(video.encode(av.VideoFrame.from_ndarray(noise, format="rgb24")))
        out.mux(video.encode(None))
    data = held.getvalue()
    walker = walked(data, size=1400)
    assert kinds(walker) == {PsOddity.BEFORE_MAP}
    assert walker.packs == data.count(b"\0\0\1\xba") > 12
    assert walker.stamps.frames == 12
    assert walker.system_headers >= 1


def test_no_bytes_break_the_walker_and_it_holds_little():
    rng = random.Random(13818)
    longest = 0
    for _ in range(2500):
        data = bytearray(WHOLE[: rng.randint(20, len(WHOLE))])
        for _ in range(rng.randint(1, 8)):
            place = rng.randrange(len(data))
            data[place : place + rng.randint(0, 3)] = rng.randbytes(rng.randint(0, 3))
        walker = PsWalker()
        at = 0
        while at < len(data):
            step = rng.randint(1, 700)
            walker.feed(bytes(data[at : at + step]), rng.randrange(3))
            if rng.random() < 0.02:
                walker.lost()
            at += step
            longest = max(longest, walker.held)
        assert walker.total == len(data)
    for _ in range(200):
        walker = walked(rng.randbytes(3000), size=rng.randint(1, 3000))
        assert walker.packs == 0
        assert kinds(walker)
    assert longest <= 2048
