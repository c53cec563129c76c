# SPDX-License-Identifier: Apache-2.0
"""What is a picture, what is a loss and what is a rate: packets as cameras of the field really send them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from yanshou.evaluation import frame_rate
from yanshou.metrology.packets import loss
from yanshou.model import Instant, UncertaintyStatus
from yanshou.model.stream import Bitstream, Distinct, FrameStamp, SecondReading, StreamCapture
from yanshou.protocols.rtsp.depacketise import AccessUnit, Depacketiser
from yanshou.protocols.rtsp.rtp import RtpPacket, Sequencer

# first bytes of H.264 NAL units; the bit after a slice's header is set when it is the first of its picture
SPS, PPS, SEI, AUD = b"\x67\x42\x00\x1e", b"\x68\xce", b"\x06\x05\x01\x00", b"\x09\xf0"
IDR, FIRST, FURTHER = b"\x65\x88\x84", b"\x41\x9a\x24", b"\x41\x1a\x24"
# H.265: VPS, an IDR slice, a first and a further slice segment, a suffix SEI
VPS5, IDR5, FIRST5, FURTHER5, SUFFIX5 = (
    b"\x40\x01\x0c",
    b"\x26\x01\xaf",
    b"\x02\x01\xd0",
    b"\x02\x01\x50",
    b"\x50\x01\x05",
)


def packet(sequence: int, ticks: int, payload: bytes, *, marker: bool) -> RtpPacket:
    return RtpPacket(sequence % 65536, ticks, marker, 96, 7, payload, sequence / 1000)


def pictures(codec: str, *sent: tuple[int, bytes, bool]) -> list[AccessUnit]:
    """The access units of packets (RTP time, payload, marker)."""
    maker = Depacketiser(codec)
    out: list[AccessUnit] = []
    for number, (ticks, payload, marker) in enumerate(sent):
        out += maker.push(packet(number, ticks, payload, marker=marker))
    return out + maker.flush()


def stamps(units: list[AccessUnit]) -> list[int]:
    return [one.rtp_ticks for one in units]


def received(codec: str, *sent: tuple[int, bytes, bool]) -> list[AccessUnit]:
    """Those of ``sent`` that came: an empty one was lost on its way."""
    maker, out, gap = Depacketiser(codec), [], False
    for number, (ticks, payload, marker) in enumerate(sent):
        if payload:
            out += maker.push(packet(number, ticks, payload, marker=marker), gap=gap)
        gap = not payload
    return out + maker.flush()


START, REST = b"\x7c\x81\x9a\x24", b"\x7c\x41\x24\x24"  # a slice in two fragments


@pytest.mark.parametrize(
    ("sent", "whole"),
    [
        (((0, FIRST, True), (3600, b"", True), (7200, FIRST, True)), [0, 7200]),
        (((0, FIRST, True), (3600, b"", False), (3600, REST, True), (7200, FIRST, True)), [0, 7200]),
        (((0, START, False), (0, b"", True), (3600, FIRST, True)), [3600]),
        (((0, FIRST, True), (3600, b"", False), (3600, FURTHER, True), (7200, FIRST, True)), [0, 7200]),
        (((0, FIRST, False), (0, b"", True), (3600, FIRST, True)), [3600]),
        (((0, FIRST, True), (3600, b"", False), (3600, SPS, False), (3600, IDR, True)), [0, 3600]),
    ],
    ids=["picture", "beginning", "end", "first slice", "last slice", "message"],
)
def test_a_lost_packet_costs_the_picture_it_was_of_and_no_other(sent: object, whole: list[int]) -> None:
    assert stamps([one for one in received("h264", *sent) if one.complete]) == whole  # type: ignore[misc]


def test_padding_alone_is_no_part_of_a_picture() -> None:
    sent = [one for t in (0, 3600, 7200) for one in ((t, FIRST, True), (t, b"", False))]
    found = pictures("h264", *sent)
    assert stamps(found) == [0, 3600, 7200]
    assert all(one.complete for one in found)


def test_a_marked_message_without_a_slice_is_no_picture() -> None:
    sent = [(t, p, True) for t in (0, 7200, 14400) for p in (SEI, FIRST)]
    assert stamps(pictures("h264", *sent)) == [0, 7200, 14400]
    assert all(one.complete for one in pictures("h264", *sent))


def test_a_marker_on_every_slice_makes_no_more_pictures_than_one_to_begin_with() -> None:
    sent = [(t, p, True) for t in range(0, 36000, 3600) for p in (FIRST, FURTHER, FURTHER)]
    found = pictures("h264", *sent)
    assert sorted(set(stamps(found))) == list(range(0, 36000, 3600))
    assert len(found) <= 11  # the contradiction is seen at the second slice of the first picture
    assert sum(one.complete for one in found) == 10  # the rest of that picture is no picture


@pytest.mark.parametrize("codec", ["h264", "hevc"])
def test_without_any_marker_the_next_picture_ends_one(codec: str) -> None:
    first, further = (FIRST, FURTHER) if codec == "h264" else (FIRST5, FURTHER5)
    sent = [(t, p, False) for t in (0, 3600, 7200) for p in (first, further)]
    found = pictures(codec, *sent)
    assert stamps(found) == [0, 3600, 7200]
    assert [one.complete for one in found] == [True, True, False]


def test_two_pictures_of_one_time_stamp_are_two() -> None:
    assert len(pictures("h264", (0, FIRST, False), (0, FIRST, False), (3600, FIRST, True))) == 3


def test_parameter_sets_with_a_time_of_their_own_lead_the_next_picture() -> None:
    (one,) = pictures("h264", (0, SPS, True), (0, PPS, True), (90, IDR, True))
    assert (one.rtp_ticks, one.key, one.packets) == (90, True, 3)


def test_an_access_unit_delimiter_ends_the_picture_before_it() -> None:
    found = pictures("h264", (0, FIRST, False), (0, AUD, False), (0, FIRST, True))
    assert len(found) == 2


def test_a_suffix_message_stays_with_its_picture() -> None:
    found = pictures("hevc", (0, VPS5, False), (0, IDR5, False), (0, SUFFIX5, True), (3600, FIRST5, True))
    assert [len(one.data) for one in found] == [4 * 3 + 9, 7]


def test_units_joined_by_start_codes_in_one_fragmented_unit_are_a_key_picture() -> None:
    joined = b"\x00\x00\x00\x01".join((SPS, PPS, IDR))
    head, body = joined[:1], joined[1:]
    parts = [body[:5], body[5:9], body[9:]]
    flags = [0x80, 0x00, 0x40]
    sent = [
        (0, bytes([head[0] & 0xE0 | 28, flag | head[0] & 0x1F]) + part, flag == 0x40)
        for flag, part in zip(flags, parts, strict=True)
    ]
    (one,) = pictures("h264", *sent)
    assert one.key
    assert one.complete


# -- what is lost -------------------------------------------------------------------------------------------


def counted(numbers: list[int], ticks_a_packet: int = 90) -> Sequencer:
    """A sequencer that was given packets of these numbers, one a millisecond when none is missing."""
    order = Sequencer()
    for number in numbers:
        order.push(packet(number, number * ticks_a_packet % 2**32, FIRST, marker=True))
    order.flush()
    return order


@pytest.mark.parametrize("missing", [2_000, 3_500, 30_000, 40_000])
def test_a_long_outage_is_lost_and_no_new_beginning(missing: int) -> None:
    numbers = [*range(20_000), *range(20_000 + missing, 40_000 + missing)]
    found = counted(numbers)
    assert (found.lost, found.restarts) == (missing, 0)
    array = np.array(numbers)
    reported = loss(array % 65536, array * 90 % 2**32, array / 1000)
    assert (reported.lost, reported.restarts) == (missing, 0)


def test_numbers_that_begin_anew_at_once_are_a_restart() -> None:
    order = Sequencer()
    for number in range(1000):
        order.push(packet(number, number * 90, FIRST, marker=True))
    again = [RtpPacket(30_000 + n, 90_000 + n * 90, True, 96, 7, FIRST, 1 + n / 1000) for n in range(10)]
    for one in again:
        order.push(one)
    assert (order.lost, order.restarts) == (0, 1)


@pytest.mark.parametrize("first", [1_003, 990, 3_500, 1_000])
def test_another_source_has_a_numbering_of_its_own_however_near_its_numbers_are(first: int) -> None:
    """Nothing is known to be lost between them, and nothing of the second is taken for a repeat."""
    order = Sequencer()
    sources = [*((7, n, n / 1000) for n in range(1000)), *((9, first + n, 3 + n / 1000) for n in range(500))]
    came = sum(
        len(order.push(RtpPacket(n, n * 90, True, 96, ssrc, FIRST, at))) for ssrc, n, at in sources
    ) + len(order.flush())
    assert (came, order.lost, order.duplicates, order.restarts) == (1500, 0, 0, 1)
    ssrc, numbers, at = (np.array(one) for one in zip(*sources, strict=True))
    found = loss(numbers, numbers * 90, at, source=ssrc)
    assert (found.expected, found.lost, found.duplicates, found.restarts) == (1500, 0, 0, 1)


# -- the rate -----------------------------------------------------------------------------------------------


def captured(ticks: list[int], arrivals: list[float], distinct: Distinct | None = None) -> StreamCapture:
    frames = [
        FrameStamp(t, a, n == 0, 1000, True) for n, (t, a) in enumerate(zip(ticks, arrivals, strict=True))
    ]
    end = arrivals[-1] + 0.01
    return StreamCapture(
        "h264", 1280, 720, 90_000, frames, [], len(frames), 0, Instant(0.0, 0.001), Instant(end, end), "",
        distinct=distinct,
    )  # fmt: skip


def jittery(n: int, period: float, seed: int = 1) -> list[float]:
    return list(np.arange(n) * period + np.random.default_rng(seed).uniform(0, 0.012, n))


def test_exact_stamps_have_no_frame_more_or_less() -> None:
    found = frame_rate("C", captured([3600 * n for n in range(101)], jittery(101, 0.04)))
    assert found.value == 25.0
    assert (found.U, found.uncertainty) == (None, UncertaintyStatus.INHERENT)
    assert found.invalid == ""


@pytest.mark.parametrize("delivered", [24.35, 24.7, 25.4])
def test_stamps_of_a_nominal_rate_are_a_claim(delivered: float) -> None:
    found = frame_rate("C", captured([3600 * n for n in range(251)], jittery(251, 1 / delivered)))
    assert "不一致" in found.invalid
    assert found.U is not None
    assert abs(found.value - delivered) <= found.U  # type: ignore[operator]


@pytest.mark.parametrize("seed", range(20))
def test_stamps_of_a_nominal_rate_over_a_path_that_scatters_are_in_u(seed: int) -> None:
    """The arrivals show the difference only as well as they are known themselves."""
    arrivals = np.arange(481) / 24.16 + np.random.default_rng(seed).exponential(0.03, 481)
    found = frame_rate("C", captured([3750 * n for n in range(481)], sorted(arrivals.tolist())))
    assert found.U is not None
    assert abs(found.value - 24.16) <= found.U  # type: ignore[operator]


def test_where_arrivals_scatter_too_much_to_show_the_rate_it_is_proved_conditionally() -> None:
    ticks = [3600 * n for n in range(101)]
    for spread, reserved in ((0.004, 0), (0.1, 1)):
        arrivals = np.arange(101) / 25 + np.random.default_rng(1).exponential(spread, 101)
        found = frame_rate("C", captured(ticks, sorted(arrivals.tolist())))
        assert found.invalid == ""
        assert len(found.reservations) == reserved


def test_pictures_sent_in_the_order_of_decoding_have_the_rate_they_are_shown_at() -> None:
    ticks = [3600 * (n + shift) for n in range(0, 99, 3) for shift in (2, 0, 1)]
    assert frame_rate("C", captured(ticks, jittery(99, 0.04))).value == 25.0


def test_one_wild_stamp_changes_nothing() -> None:
    ticks = [3600 * n for n in range(101)]
    ticks[50] += 90_000_000
    found = frame_rate("C", captured(ticks, jittery(101, 0.04)))
    assert found.value == pytest.approx(25.0, rel=0.011)
    assert "1 帧的时间戳" in found.deviations[0]


@pytest.mark.parametrize(("distinct", "valid"), [(100, True), (50, False), (1, False)])
def test_pictures_that_are_sent_twice_or_stand_still_are_not_counted_as_pictures(
    distinct: int, valid: bool
) -> None:
    seen = Distinct(100, distinct, 0.04)
    found = frame_rate("C", captured([3600 * n for n in range(101)], jittery(101, 0.04), seen))
    assert (found.invalid == "") is valid


@pytest.mark.parametrize(
    ("damaged", "lost", "valid", "reserved"),
    [(0, 0, True, 0), (2, 0, True, 0), (6, 0, True, 1), (30, 0, False, 0), (30, 1, True, 0)],
)
def test_pictures_that_came_damaged_are_no_pictures(
    damaged: int, lost: int, valid: bool, reserved: int
) -> None:
    """Where packets were lost on the way, the loss is stated, and its rows judge it."""
    seen = Distinct(101 - damaged, 101 - damaged, 0.04)
    capture = captured([3600 * n for n in range(101)], jittery(101, 0.04), seen)
    found = frame_rate("C", replace(capture, damaged=damaged, lost=lost))
    assert (found.invalid == "") is valid
    assert len(found.reservations) == reserved


@pytest.mark.parametrize(
    ("moved", "halted", "valid", "reserved"),
    [(99, 0, True, False), (95, 4, True, True), (10, 2, True, True), (50, 49, False, True)],
    ids=["all move", "one in 25 repeats", "a still view", "coded twice"],
)
def test_only_movement_shows_that_pictures_were_taken_anew(moved, halted, valid, reserved) -> None:
    """All of them differ, because the coder goes on refining a picture that is sent again."""
    seen = Distinct(100, 100, 0.04, moved, halted)
    found = frame_rate("C", captured([3600 * n for n in range(101)], jittery(101, 0.04), seen))
    assert (found.invalid == "", bool(found.reservations)) == (valid, reserved)


def held(*pieces: tuple[float, float]) -> list[int]:
    """RTP times of pictures at so many a second, for so many seconds each."""
    at, ticks = 0.0, []
    for fps, seconds in pieces:
        ticks += [round(90_000 * (at + n / fps)) for n in range(round(fps * seconds))]
        at += seconds
    return ticks


@pytest.mark.parametrize(
    ("pieces", "changed"),
    [
        ([(25, 60)], False),
        ([(30, 30), (20, 30)], True),
        ([(29, 55), (5, 5)], True),
        ([(25, 56), (0.5, 4)], True),
        ([(25, 4)], False),
        ([(30, 2), (20, 2)], True),
        ([(12, 3)], False),
    ],
)
def test_a_rate_that_changed_meanwhile_is_proved_conditionally(pieces, changed: bool) -> None:
    """The mean of 30 and 20 is 25."""
    ticks = held(*pieces)
    found = frame_rate("C", captured(ticks, [one / 90_000 + 0.01 for one in ticks]))
    assert [one.text.startswith("帧率在观察期间变化") for one in found.reservations] == [True] * changed


def test_pictures_that_do_not_keep_their_size_are_counted_conditionally() -> None:
    whole = captured([3600 * n for n in range(101)], jittery(101, 0.04))
    bits = Bitstream("Main", "4", ((1280, 720), (640, 360)), 1, "h264")
    (said,) = frame_rate("C", replace(whole, bitstream=bits)).reservations
    assert "1280×720、640×360" in said.text


def test_coded_pictures_that_are_sent_again_with_new_stamps_are_no_pictures() -> None:
    seen = Distinct(100, 100, 0.04, 99, 0, sent_again=20)
    found = frame_rate("C", captured([3600 * n for n in range(101)], jittery(101, 0.04), seen))
    assert "20 帧的码流与前一帧逐位相同" in found.invalid


def test_a_second_reader_that_sees_less_closes_the_gate() -> None:
    capture = captured([3600 * n for n in range(101)], jittery(101, 0.04))
    assert "两种读取器不一致" in frame_rate("C", capture, None, SecondReading(50, 12.5, 1280, 720)).invalid


@pytest.mark.parametrize(
    ("fps", "behind_s", "invalid", "reserved"),
    [
        (25.0, 3.0, False, False),
        (12.5, 0.1, True, False),
        (12.5, 3.0, False, True),
        (50.0, 3.0, True, False),
    ],
    ids=["they agree", "it kept up", "it fell behind", "it saw more"],
)
def test_what_a_second_reader_missed_by_falling_behind_is_not_held_against_the_camera(
    fps: float, behind_s: float, invalid: bool, reserved: bool
) -> None:
    """Nor does it confirm the rate; who falls behind sees no more than there is."""
    capture = captured([3600 * n for n in range(101)], jittery(101, 0.04))
    second = SecondReading(100, fps, 1280, 720, behind_s=behind_s)
    found = frame_rate("C", capture, None, second)
    assert ("两种读取器不一致" in found.invalid, ["落后" in one.text for one in found.reservations]) == (
        invalid,
        [True] * reserved,
    )
