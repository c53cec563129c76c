# SPDX-License-Identifier: Apache-2.0
"""Whose packets arrive: only what was announced, or what stands alone, is the stream."""

from __future__ import annotations

import struct
from dataclasses import replace

import numpy as np
import pytest

from yanshou.acquisition.receiver import PACKET_TABLE
from yanshou.evaluation import frame_rate
from yanshou.model import Instant
from yanshou.model.stream import FrameStamp, Reception, StreamCapture
from yanshou.protocols.rtsp import RtpPacket, Track, sdp
from yanshou.protocols.rtsp.rtp import parse_rtcp
from yanshou.protocols.rtsp.sdp import Media

OURS, OTHER = 7, 8


def packet(ms: int, kind: int = 96, source: int = OURS) -> RtpPacket:
    return RtpPacket(ms, 90 * ms, True, kind, source, b"\x41\x9a", ms / 1000)


def taken(track: Track, *packets: RtpPacket) -> list[RtpPacket]:
    return [one for each in packets for one in track.taken(each)]


def track(**more: int) -> Track:
    return Track(Media("video", (96,)), **more)


def test_another_payload_type_or_source_is_counted_and_set_aside() -> None:
    found = track()
    ours = [packet(ms) for ms in (0, 40, 80)]
    strange = [packet(10, kind=50), packet(20, source=OTHER), packet(50, kind=50, source=OTHER)]
    assert taken(found, *sorted([*ours, *strange], key=lambda one: one.arrival)) == ours
    assert found.foreign == 3


def test_a_number_of_our_source_with_another_payload_is_not_missing() -> None:
    """RFC 3550 5.1: one numbering for each source, whatever its packets carry."""
    found, out = track(), []
    for number in range(20):
        sent = replace(packet(number), payload_type=50 if number % 4 == 3 else 96)
        for one in found.taken(sent) if number != 9 else []:
            out += found.sequencer.push(one)
    out += found.sequencer.flush()
    assert found.sequencer.lost == 1
    assert [one.sequence for one, gap in out if gap] == [10]
    assert [number for _, number in found.beside] == [3, 7, 11, 15, 19]


def test_a_second_payload_with_a_numbering_of_its_own_hides_no_loss_and_costs_no_packet() -> None:
    found, out = track(), []
    for number in range(400):
        if number % 50 != 20:
            for one in found.taken(packet(number)):
                out += found.sequencer.push(one)
        found.taken(replace(packet(number + 5), sequence=(40_000 + number) % 65536, payload_type=50))
    out += found.sequencer.flush()
    assert (found.sequencer.lost, len(out), found.sequencer.duplicates) == (8, 392, 0)


@pytest.mark.parametrize("strange", [packet(0, kind=50, source=OTHER), packet(0, kind=50)])
def test_a_strange_packet_that_comes_first_is_not_the_stream(strange: RtpPacket) -> None:
    found, ours = track(), [packet(ms) for ms in (20, 60)]
    assert taken(found, strange, *ours) == ours
    assert found.foreign == 1


def test_the_source_the_device_named_is_the_stream_though_another_comes_first() -> None:
    found, ours = track(announced=OURS), [packet(ms) for ms in (20, 60)]
    assert taken(found, packet(0, source=OTHER), ours[0], packet(30, source=OTHER), ours[1]) == ours
    assert found.foreign == 2


@pytest.mark.parametrize("found", [track(announced=99), Track(Media("video", (97,)))])
def test_a_wrong_announcement_costs_half_a_second_and_no_packet(found: Track) -> None:
    sent = [packet(ms) for ms in range(0, 2000, 40)]
    assert taken(found, *sent[:12]) == []
    assert found.decides_at == pytest.approx(0.5)
    assert taken(found, *sent[12:]) == sent
    assert found.foreign == 0


def test_a_stream_shorter_than_the_wait_is_given_at_its_end() -> None:
    found, sent = track(announced=99), [packet(0), packet(40)]
    assert taken(found, *sent, packet(50, kind=50)) == []
    assert found.decided() == sent
    assert (found.foreign, found.decided()) == (1, [])


def test_another_source_is_taken_from_its_first_packet_on_when_the_first_is_gone() -> None:
    """A camera that begins anew with another source sends on: none of its pictures is another's."""
    found, anew = track(), [packet(ms, source=OTHER) for ms in range(40, 1600, 40)]
    assert taken(found, packet(0), *anew) == [packet(0), *anew]
    assert found.foreign == 0


def test_a_source_beside_ours_never_becomes_the_stream() -> None:
    found, ours = track(), [packet(ms) for ms in range(0, 4000, 500)]
    beside = [packet(ms + 250, source=OTHER) for ms in range(0, 3500, 500)]
    assert taken(found, *(one for pair in zip(ours, beside, strict=False) for one in pair), ours[-1]) == ours
    assert found.foreign == len(beside)


def test_a_goodbye_of_a_source_that_sent_nothing_does_not_end_ours() -> None:
    found = track()
    taken(found, packet(0))
    found.report(*parse_rtcp(rtcp(99), 0.0))
    assert not found.ended


def test_a_payload_type_of_another_codec_is_not_the_streams() -> None:
    (media,), _ = sdp.parse(
        b"m=video 0 RTP/AVP 97 96 98\r\na=rtpmap:97 vnd.onvif.metadata/90000\r\n"
        b"a=rtpmap:96 H264/90000\r\na=rtpmap:98 rtx/90000\r\n",
        "rtsp://a/",
    )
    assert (media.codec, media.payload_types) == ("h264", (96,))


def rtcp(source: int) -> bytes:
    report = struct.pack("!BBHIIIIII", 0x80, 200, 6, source, 3_913_056_000, 0, 4500, 10, 1000)
    return report + struct.pack("!BBHI", 0x81, 203, 1, source)


def test_a_foreign_source_neither_ends_the_stream_nor_tells_its_time() -> None:
    found = track()
    taken(found, packet(0), packet(10, source=OTHER))
    found.report(*parse_rtcp(rtcp(OTHER), 0.0))
    assert (found.reports, found.ended) == ([], False)
    found.report(*parse_rtcp(rtcp(OURS), 0.0))
    assert ([one.ssrc for one in found.reports], found.ended) == ([OURS], True)


@pytest.mark.parametrize("frames", [[], [0], [0, 0]])
def test_a_rate_that_cannot_be_told_still_tells_what_came_beside_it(frames: list[int]) -> None:
    stamps = [FrameStamp(ticks, 0.1 * n, True, 1000, True) for n, ticks in enumerate(frames)]
    reception = Reception("udp", 0.0, np.zeros(0, PACKET_TABLE), foreign=7)
    begun, ended = Instant(0.0, 0.0), Instant(1.0, 1.0)
    capture = StreamCapture(
        "h264", 0, 0, 90_000, stamps, (), len(frames), 3, begun, ended, reception=reception
    )
    found = frame_rate("C", capture)
    assert (found.value, found.details["foreign"]) == (None, 7)
    assert "另有 7 个报文" in str(found.details["because"])
    ours = replace(capture, reception=replace(reception, dropped_here=3))
    assert "溢出" in frame_rate("C", ours).invalid
