# SPDX-License-Identifier: Apache-2.0
"""Emulated cameras and recorders: chart, coding, time lines, live streams, replay, planted faults."""

from __future__ import annotations

import itertools
import math
import socket
import struct
import time
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pytest

from tests.support.onvif_devices import recorder
from tests.support.patience import HUNG_S
from tests.support.video_bench import Planted, Rtsp, Running, ask_soap, ends, fitted_sigma, running, texts
from yanshou.emulation.video import (
    FAULT_KINDS,
    archive,
    chart,
    coding,
    rtp,
)
from yanshou.emulation.video.faults import Behaviour, behaviour_of
from yanshou.emulation.video.scene import Scene, read_counter
from yanshou.emulation.video.soap import EmulatedSoapFault, parse_call, parse_duration, parse_time, time_text
from yanshou.imaging.recoded import Kin, change, kinship
from yanshou.model.trouble import UsageError

DAY = 86400.0


@pytest.fixture(scope="module")
def sound() -> Iterator[Running]:
    with running() as site:
        yield site


# --- parts without network


def test_every_fault_kind_has_a_field_and_a_description():
    assert set(FAULT_KINDS) == {item.name for item in fields(Behaviour)}
    assert all(FAULT_KINDS.values())


def test_faults_are_read_for_their_device_alone():
    planted = [Planted("A", "gap", "3:60"), Planted("A", "gap", "1.5:10"), Planted("B", "fps", 12)]
    planted += [Planted("A", "alarm_delay", 2.0), Planted("A", "resolution", "640x360")]
    found = behaviour_of(["A"], planted)
    assert found.gap == ((3.0, 60.0), (1.5, 10.0))
    assert found.resolution == (640, 360)
    assert found.fps is None


def test_all_senseless_fault_values_are_told_at_once():
    planted = [Planted("A", "fps", 0), Planted("A", "drop", 2.0), Planted("A", "gap", "soon")]
    with pytest.raises(UsageError) as caught:
        behaviour_of(["A"], planted)
    assert [("fps" in str(m), "drop" in str(m), "gap" in str(m)) for m in caught.value.mistakes] == [
        (True, False, False),
        (False, True, False),
        (False, False, True),
    ]


def decoded(scene: Scene, number: int = 0) -> np.ndarray:
    """Luma of frame ``number`` of a coded loop, by FFmpeg's decoder."""
    loop = coding.coded_loop(scene)
    stream = b"".join(
        b"\0\0\1" + unit for unit in (loop.sets.sps, loop.sets.pps, *(f.nals[0] for f in loop.frames))
    )
    codec = av.CodecContext.create("h264", "r")
    packets = [*codec.parse(stream), *codec.parse(b"")]
    frames = [frame for packet in packets for frame in codec.decode(packet)] + codec.decode(None)
    assert len(frames) == scene.count
    assert frames[0].color_range == 2  # full range
    return frames[number].to_ndarray()[: scene.height]


@pytest.mark.parametrize("blur", [0.0, 1.5])
def test_chart_edges_have_the_stated_blur_after_coding(blur: float):
    luma = decoded(Scene("C", with_chart=True, blur_px=blur))
    wanted = math.hypot(chart.SIGMA_PX, blur)
    sides = ("left", "right", "top", "bottom")
    assert [fitted_sigma(luma, side) for side in sides] == pytest.approx([wanted] * 4, rel=0.012)


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (640, 360)])
def test_chart_markers_are_found_at_the_corners_of_the_chart(width: int, height: int):
    luma = decoded(Scene("C", True, width, height))
    dictionary = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_50)
    corners, ids, _ = cv2.aruco.ArucoDetector(dictionary).detectMarkers(luma)
    place = chart.Placing(width, height)
    found = {
        int(number): four.reshape(4, 2).mean(axis=0)
        for number, four in zip(ids.ravel(), corners, strict=True)
    }
    assert set(found) == {0, 1, 2, 3, 4, 5}
    for number, where in enumerate(chart.MARKERS):
        assert found[number] == pytest.approx(place.pixel(*where), abs=0.5)


def test_pictures_of_a_loop_all_differ_and_tell_their_number():
    assert [read_counter(decoded(Scene("C", False), number)) for number in (0, 1, 24, 49)] == [0, 1, 24, 49]


def test_fragments_make_the_nal_unit_again():
    unit = bytes([0x65]) + bytes(range(256)) * 20
    parts = list(rtp.fragment(unit))
    assert all(len(part) <= 1400 for part in parts)
    assert [part[1] >> 6 for part in parts] == [2, *[0] * (len(parts) - 2), 1]
    assert bytes([parts[0][0] & 0xE0 | parts[0][1] & 0x1F]) + b"".join(part[2:] for part in parts) == unit


def test_gaps_and_retention_make_the_time_line():
    now = 1_800_000_000.4
    line = archive.time_line(now, Behaviour(retention_days=10, gap=((2.0, 60.0), (5.0, 3600.0))))
    whole = math.floor(now)
    assert line.segments(now) == (
        (whole - 10 * DAY, whole - 5 * DAY),
        (whole - 5 * DAY + 3600, whole - 2 * DAY),
        (whole - 2 * DAY + 60, whole),
    )
    assert not line.present_at(whole - 2 * DAY + 59, now)
    assert line.playable(whole - 2 * DAY, whole - 2 * DAY + 60, now) == []


def test_frames_of_a_replay_bear_the_flags_of_their_section():
    frames = list(archive.frames([(100.5, 102.0), (110.0, 111.0)], 120.0))
    assert frames[0].utc == 100.0  # the clean point before what was asked for
    assert [frame.utc for frame in frames if frame.discontinuity] == [100.0, 110.0]
    assert [frame.utc for frame in frames if frame.end] == pytest.approx([101.96, 110.96])
    assert [frame.utc for frame in frames if frame.terminal] == pytest.approx([110.96])
    intra = list(archive.frames([(100.0, 110.0)], 110.0, 4.0))
    assert [frame.utc for frame in intra] == [100.0, 104.0, 108.0]
    reverse = [frame.utc for frame in archive.backwards([(100.0, 102.0)], 0.0)]
    assert reverse == [101.0, 100.0]


@pytest.mark.parametrize(
    "bad",
    [
        b"not xml",
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
        b"<a/>",
        b'<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body/></s:Envelope>',
    ],
)
def test_what_is_no_soap_call_is_refused(bad: bytes):
    with pytest.raises(EmulatedSoapFault):
        parse_call(bad, "/")


def test_times_and_durations_of_xml_schema():
    assert parse_duration("P1DT2H3M4.5S", 0) == pytest.approx(93784.5)
    assert parse_duration("nonsense", 7.0) == 7.0
    assert parse_time(time_text(1_800_000_000.123)) == pytest.approx(1_800_000_000.123, abs=1e-3)
    assert parse_time("2026-01-01T08:00:00+08:00") == parse_time("2026-01-01T00:00:00Z")
    assert parse_time("yesterday") is None


# --- live streams


def test_stream_begins_with_a_report_and_runs_at_25_frames_a_second(sound: Running):
    with Rtsp(sound.rtsp("CAM-1"), "live/CAM-1") as client:
        client.set_up()
        assert client.ask("PLAY")[0] == 200
        frames = client.frames(26)
        first = client.packets[0]
    assert (first.channel, first.data[1]) == (1, 200)
    seconds, fraction, stamp = struct.unpack("!III", first.data[8:20])
    assert seconds - rtp.NTP_EPOCH_S + fraction / 2**32 == pytest.approx(time.time(), abs=3)
    assert stamp == frames[0].timestamp
    steps = {(b.timestamp - a.timestamp) % 2**32 for a, b in itertools.pairwise(frames)}
    assert steps == {3600}
    media = [packet for packet in client.packets if packet.channel == 0]
    assert [(p.sequence - media[0].sequence) % 65536 for p in media] == list(range(len(media)))


def test_wrong_stream_password_path_feature_and_transport_are_refused(sound: Running):
    where = sound.rtsp("CAM-1")
    with Rtsp(where, "live/CAM-1", "guess") as client:
        assert client.ask("OPTIONS")[0] == 200
        assert client.ask("DESCRIBE")[0] == 401
    with Rtsp(where, "live/CAM-9") as client:
        assert client.ask("DESCRIBE")[0] == 404
    with Rtsp(where, "live/CAM-1") as client:
        assert client.ask("SETUP", Transport="RTP/AVP;multicast")[0] == 461
        assert client.ask("PLAY")[0] == 454
        status, headers, _ = client.ask("SETUP", Transport="RTP/AVP/TCP", Require="onvif-replay")
        assert (status, headers["unsupported"]) == (551, "onvif-replay")
        assert client.ask("RECORD")[0] == 405


def test_what_is_no_rtsp_ends_only_its_own_connection(sound: Running):
    with socket.create_connection(sound.rtsp("CAM-1"), timeout=HUNG_S) as raw:
        raw.sendall(b"\x00\x01garbage\r\n\r\n")
        assert raw.recv(100) == b""
    with Rtsp(sound.rtsp("CAM-1"), "live/CAM-1") as client:
        assert client.ask("DESCRIBE")[0] == 200


def test_paused_stream_is_silent_and_goes_on(sound: Running):
    with Rtsp(sound.rtsp("CAM-2"), "live/CAM-2") as client:
        client.set_up()
        client.ask("PLAY")
        client.frames(3)
        assert client.ask("PAUSE")[0] == 200
        before = len(client.packets)
        assert len(client.take(lambda _: False, timeout=0.2)) == before
        client.file = client.socket.makefile("rb")  # a reader that timed out cannot be read again
        assert client.ask("PLAY")[0] == 200
        assert client.ask("PLAY")[0] == 200  # again: changes nothing
        stamps = [packet.timestamp for packet in client.frames(6)]
        steps = [(b - a) % 2**32 for a, b in itertools.pairwise(stamps)]
        assert max(steps) < 3 * rtp.CLOCK_HZ
        assert min(steps) >= 3600
        assert client.ask("TEARDOWN")[0] == 200


def test_faults_of_a_stream_do_what_they_say():
    planted = [
        Planted("CAM-1", "fps", 10),
        Planted("CAM-1", "resolution", "640x360"),
        Planted("CAM-1", "no_sender_reports"),
        Planted("CAM-2", "stop_stream", 0.4),
        Planted("CAM-3", "drop", 0.3),
        Planted("CAM-3", "freeze", 0.0),
    ]
    with running(*planted) as site:
        with Rtsp(site.rtsp("CAM-1"), "live/CAM-1") as client:
            client.set_up()
            client.ask("PLAY")
            frames = client.frames(4)
            assert (frames[1].timestamp - frames[0].timestamp) % 2**32 == 9000
            assert all(packet.channel == 0 for packet in client.packets)
        with Rtsp(site.rtsp("CAM-2"), "live/CAM-2") as client:
            client.set_up()
            client.ask("PLAY")
            client.take(lambda _: False, timeout=0.5)
            assert len(ends(client.packets)) == 10
        with Rtsp(site.rtsp("CAM-3"), "live/CAM-3") as client:
            client.set_up()
            client.ask("PLAY")
            packets = [p for p in client.take(lambda packets: len(packets) > 200) if p.channel == 0]
            sent = (packets[-1].sequence - packets[0].sequence) % 65536 + 1
            assert 1 - len(packets) / sent == pytest.approx(0.3, abs=0.1)
            assert {p.payload[0] & 0x1F for p in packets} <= {
                24,
                28,
            }  # intra frames alone: the picture stands still
        _wait_for(lambda: len(site.truth.of("frame_rate_sent")) == 3)
    started = {row["camera"]: row for row in site.truth.of("stream_started")}
    assert (started["CAM-1"]["fps"], started["CAM-1"]["size"]) == (10, "640x360")
    assert site.truth.of("packets_lost")


def _wait_for(reached: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 5
    while not reached() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert reached()


# --- replay


def test_replay_gives_the_frames_of_the_time_asked_for(sound: Running):
    start = math.floor(time.time()) - 3 * DAY
    with Rtsp(sound.rtsp("NVR-1"), "replay/REC-CAM-2") as client:
        frames = client.replayed(start, start + 3)
    marks = [packet.mark for packet in frames]
    assert [utc - start for utc, _, _ in marks] == pytest.approx([n / 25 for n in range(75)], abs=1e-6)
    assert [n for n, (_, flags, _) in enumerate(marks) if flags & 0x80] == [0, 25, 50]
    assert marks[0][1] & 0x20
    assert marks[-1][1] & 0x70 == 0x10
    assert {cseq for _, _, cseq in marks} == {client.cseq}
    assert (frames[1].timestamp - frames[0].timestamp) % 2**32 == 3600


def test_replay_of_intra_frames_and_backwards(sound: Running):
    start = math.floor(time.time()) - DAY
    with Rtsp(sound.rtsp("NVR-1"), "replay/REC-CAM-1") as client:
        frames = client.replayed(start, start + 20, Frames="intra/4000")
    assert [packet.mark[0] - start for packet in frames] == pytest.approx([0, 4, 8, 12, 16])
    with Rtsp(sound.rtsp("NVR-1"), "replay/REC-CAM-1") as client:
        client.set_up(Require="onvif-replay")
        client.replay(start + 3, start, Frames="intra", Scale="-1.0")
        frames = client.frames(3)
    assert [packet.mark[0] - start for packet in frames] == pytest.approx([2, 1, 0])


def test_rate_control_and_a_second_play_in_one_session(sound: Running):
    start = math.floor(time.time()) - DAY
    with Rtsp(sound.rtsp("NVR-1"), "replay/REC-CAM-3") as client:
        client.set_up(Require="onvif-replay")
        begun = time.monotonic()
        assert client.replay(start, start + 10, Rate_Control="yes") == 200
        client.frames(6)
        assert time.monotonic() - begun >= 0.2
        del client.packets[:]
        assert client.replay(start - 100, start - 99, Immediate="yes") == 200
        second = client.cseq
        client.take(lambda p: bool(p) and bool(p[-1].mark[1] & 0x10 and p[-1].marker))
    newer = [packet.mark[0] for packet in ends(client.packets) if packet.mark[2] == second]
    assert [newer[0] - start, newer[-1] - start] == pytest.approx([-100, -99.04])


def test_what_was_not_recorded_cannot_be_replayed():
    planted = [
        Planted("CAM-1", "gap", "2:3600"),
        Planted("CAM-2", "retention_days", 5),
        Planted("CAM-3", "unplayable", 4),
        Planted("CAM-3", "replay_time_shift", 8.0),
    ]
    with running(*planted) as site:
        base = site.truth.of("segments")[0]["segments"][-1][1]
        for camera, days_ago, length in (("CAM-1", 2, 3600), ("CAM-2", 6, 10), ("CAM-3", 5, 10)):
            with Rtsp(site.rtsp("NVR-1"), f"replay/REC-{camera}") as client:
                client.set_up(Require="onvif-replay")
                start = base - days_ago * DAY
                assert client.replay(start + 5, start + length - 5) == 457
                assert client.replay(base + 3600, base + 3610) == 457
        gap = next(line for line in site.truth.of("segments") if line["recording"] == "REC-CAM-1")[
            "segments"
        ][0][1]
        with Rtsp(site.rtsp("NVR-1"), "replay/REC-CAM-1") as client:  # around the gap
            frames = client.replayed(gap - 1, gap + 3601, Frames="intra")
        assert [(p.mark[0] - gap, p.mark[1]) for p in frames] == [(-1, 0xE0), (3600, 0xB0)]
        with Rtsp(site.rtsp("NVR-1"), "replay/REC-CAM-3") as client:
            frames = client.replayed(base - DAY, base - DAY + 1)
        assert frames[0].mark[0] == pytest.approx(base - DAY + 8)


def test_refused_replay_and_absent_recording_services():
    with (
        running(Planted("NVR-1", "replay_refused")) as site,
        Rtsp(site.rtsp("NVR-1"), "replay/REC-CAM-1") as client,
    ):
        assert client.ask("SETUP", Transport="RTP/AVP/TCP", Require="onvif-replay")[0] == 551
    with running(Planted("NVR-1", "no_recording_service")) as site:
        _, body = ask_soap(site.soap("NVR-1"), "device", "<x:GetServices/>")
        assert not any("recording" in text or "search" in text for text in texts(body, "Namespace"))
        assert ask_soap(site.soap("NVR-1"), "recording", "<x:GetRecordings/>")[0] == 500


@pytest.mark.parametrize(
    ("planted", "shown"), [([], "CAM-3"), ([Planted("CAM-3", "wrong_channel", "CAM-2")], "CAM-2")]
)
def test_a_recording_holds_its_camera_unless_the_wrong_channel_is_planted(planted: list[Planted], shown: str):
    start = math.floor(time.time() / 2) * 2 - DAY  # a loop begins at every even second
    with running(*planted) as site, Rtsp(site.rtsp("NVR-1"), "replay/REC-CAM-3") as client:
        client.replayed(start, start + 1, Frames="intra")
    seen = replayed_picture([packet.payload for packet in client.packets])
    distinguished = {name: np.abs(seen - Scene(name, False).still()).mean() for name in ("CAM-2", "CAM-3")}
    assert min(distinguished, key=lambda name: distinguished[name]) == shown
    assert distinguished[shown] < 5  # noise, coding, and what moves in view


@pytest.mark.parametrize(
    ("planted", "same"), [([], False), ([Planted("NVR-1", "footage_repeats", DAY)], True)]
)
def test_no_two_days_of_a_recording_are_alike_unless_that_is_planted(planted: list[Planted], same: bool):
    start = math.floor(time.time()) - 5 * DAY
    seen = []
    with running(*planted) as site:
        for begin in (start, start + 3 * DAY):
            with Rtsp(site.rtsp("NVR-1"), "replay/REC-CAM-3") as client:
                client.replayed(begin, begin + 1, Frames="intra")
            seen.append(replayed_picture([packet.payload for packet in client.packets]))
    assert np.array_equal(*seen) is same
    assert np.abs(seen[0] - seen[1]).mean() < 2  # the scene is still: its noise differs, and no more


def test_one_day_coded_anew_under_every_date_is_planted_and_found():
    start = math.floor(time.time()) - 5 * DAY
    with running(Planted("NVR-1", "footage_recoded", 20)) as site, recorder(site) as nvr:
        begin = datetime.fromtimestamp(start, UTC)
        listed = nvr.channels(begin - timedelta(days=1), begin + timedelta(days=4))
        channel = next(one for one in listed if one.source == "CAM-3")
        plays = [nvr.play(channel, begin + timedelta(days=later)) for later in (0, 1)]
    assert plays[0].qp != plays[1].qp
    one, other = (change(play.picture, play.later, play.qp) for play in plays if play.picture is not None)
    assert one is not None
    assert other is not None
    assert kinship(one, other) is Kin.COPY


def replayed_picture(payloads: list[bytes]) -> np.ndarray:
    """Luma of the intra picture in RTP payloads of H.264 (RFC 6184: aggregates, fragments, single units)."""
    stream = b""
    for payload in payloads:
        kind = payload[0] & 0x1F
        if kind == 24:
            place = 1
            while place < len(payload):
                size = int.from_bytes(payload[place : place + 2])
                stream += b"\0\0\0\1" + payload[place + 2 : place + 2 + size]
                place += 2 + size
        elif kind == 28:
            head = bytes((payload[0] & 0xE0 | payload[1] & 0x1F,))
            stream += (b"\0\0\0\1" + head if payload[1] & 0x80 else b"") + payload[2:]
        else:
            stream += b"\0\0\0\1" + payload
    codec = av.CodecContext.create("h264", "r")
    frames = [*codec.decode(av.Packet(stream)), *codec.decode(None)]
    return frames[0].to_ndarray()[: frames[0].height].astype(np.float64)


def test_a_loop_that_was_coded_before_is_read_without_drawing_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.setattr(coding.tempfile, "gettempdir", lambda: str(tmp_path))
    scene = Scene("CAM-KEPT", False, 352, 288)
    coded = coding.coded_loop(scene)
    coding.coded_loop.cache_clear()
    monkeypatch.setattr(Scene, "still", lambda _scene: pytest.fail("it was drawn again"))
    assert coding.coded_loop(scene).frames == coded.frames


@pytest.mark.parametrize("changed", [{"noise": 1.0}, {"twice": True}, {"label": "CAM-2"}, {"qp": 30}])
def test_another_scene_is_never_read_from_the_loop_of_this_one(changed: dict[str, Any]):
    scene = Scene("CAM-1", False, 352, 288)
    assert coding._cache_path(replace(scene, **changed), "h264") != coding._cache_path(scene, "h264")
