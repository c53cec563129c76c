# SPDX-License-Identifier: Apache-2.0
"""Camera and recorder drivers against the emulated site, faults planted one by one."""

from __future__ import annotations

import itertools
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.support.onvif_devices import camera, of, recorder
from tests.support.patience import HUNG_S
from tests.support.slanted_edge import true_mtf50
from tests.support.video_bench import Planted, running
from yanshou.drivers.capabilities import Camera, Recorder
from yanshou.drivers.clock.offset import measure_offset, wall_clock_reference
from yanshou.evaluation.image import frames_of
from yanshou.imaging import read_chart
from yanshou.model import Instant, RigFault, now
from yanshou.model.recording import RecordedChannel
from yanshou.protocols import http
from yanshou.protocols.rtsp import RtspRefused


@pytest.fixture(scope="module")
def healthy():
    with running() as site:
        yield site


def test_the_drivers_are_what_a_suite_asks_for(healthy):
    assert isinstance(camera(healthy), Camera)
    assert isinstance(recorder(healthy), Recorder)


def test_identity_stream_and_snapshot(healthy):
    with camera(healthy) as cam:
        assert cam.identity()["Model"] == "EMU-IPC"
        stream = cam.declared_stream()
        assert (stream.codec, stream.width, stream.height, stream.frame_rate) == ("h264", 1280, 720, 25.0)
        assert cam.snapshot().startswith(b"\xff\xd8")


def test_a_camera_that_encodes_a_snapshot_only_when_asked_has_time_for_it(healthy, monkeypatch):
    granted, exchange = {}, http.exchange

    def noted(session, method, address, *, limits, **how):
        granted[method] = limits
        return exchange(session, method, address, limits=replace(limits, read_s=HUNG_S), **how)

    monkeypatch.setattr(http, "exchange", noted)
    with camera(healthy, timeout_s=5.0) as cam:
        assert cam.snapshot().startswith(b"\xff\xd8")
    assert granted["POST"].read_s == 5.0
    assert granted["GET"].read_s == 15.0
    assert granted["GET"].total_s > granted["GET"].read_s


def test_one_session_gives_stamps_pictures_and_the_chart(healthy):
    with camera(healthy) as cam:
        capture = cam.capture(2.0, pictures=2)
    assert (capture.width, capture.height, capture.stopped_early) == (1280, 720, "")
    first, last = capture.frames[0], capture.frames[-1]
    rate = (len(capture.frames) - 1) * capture.clock_rate / (last.rtp_ticks - first.rtp_ticks)
    assert rate == pytest.approx(25, rel=0.001)
    assert all(a.arrival <= b.arrival for a, b in zip(capture.frames, capture.frames[1:], strict=False))
    assert capture.lost == 0
    assert [capture.frames[index].key for index, _ in capture.pictures] == [True, True]
    assert capture.started.earliest <= first.arrival <= capture.ended.latest
    assert (capture.full_range, capture.matrix) == (True, "bt709")
    chart, gates = read_chart(frames_of(capture))
    assert gates == ()
    assert abs(chart.mtf50.value - true_mtf50(5, 0.6)) <= chart.mtf50.U


def test_pictures_in_a_row(healthy):
    with camera(healthy, "CAM-2") as cam:
        capture = cam.capture(1.5, pictures=5, key_frames_only=False)
    indices = [index for index, _ in capture.pictures]
    assert indices == list(range(indices[0], indices[0] + 5))


def test_what_the_bitstream_shows_counts_and_not_what_is_declared():
    with running(Planted("CAM-2", "resolution", "640x360"), Planted("CAM-3", "fps", 12.5)) as site:
        with camera(site, "CAM-2") as cam:
            assert cam.declared_stream().width == 1280
            capture = cam.capture(1.2)
            assert (capture.width, capture.height) == (640, 360)
        with camera(site, "CAM-3") as cam:
            capture = cam.capture(2.0)
            span = capture.frames[-1].rtp_ticks - capture.frames[0].rtp_ticks
            assert (len(capture.frames) - 1) * 90000 / span == pytest.approx(12.5, rel=0.02)


def test_a_stream_that_stops_is_told():
    with running(Planted("CAM-2", "stop_stream", 1.0)) as site, camera(site, "CAM-2") as cam:
        capture = cam.capture(4.0)
    assert "silence" in capture.stopped_early
    assert 10 < len(capture.frames) < 40


def test_a_camera_without_snapshot_gives_its_key_frame():
    with running(Planted("CAM-2", "no_snapshot")) as site, camera(site, "CAM-2") as cam:
        assert cam.snapshot().startswith(b"\xff\xd8")
        assert any("snapshot" in remark for remark in cam.remarks)


def test_a_wrong_password_is_a_rig_fault_in_words(healthy):
    with camera(healthy, password="not-this-one") as cam:
        with pytest.raises(RigFault, match="user name or password refused") as caught:
            cam.identity()
        assert caught.value.device == "CAM-1"
        assert "not-this-one" not in str(caught.value)


def test_a_camera_open_to_everybody_is_measured_without_a_password():
    with running(Planted("CAM-2", "open_access")) as site:
        with camera(site, "CAM-2", password="not-this-one") as cam:
            assert cam.identity()["Model"] == "EMU-IPC"
            assert len(cam.capture(0.6).frames) > 5
        with camera(site, "CAM-1", password="not-this-one") as closed, pytest.raises(RigFault):
            closed.identity()


@pytest.mark.parametrize("kind", ["soap_garbage", "soap_hang"])
def test_broken_answers_are_rig_faults(kind):
    with running(Planted("CAM-2", kind, "GetProfiles")) as site, camera(site, "CAM-2", timeout_s=0.5) as cam:
        assert cam.identity()["Model"]
        with pytest.raises(RigFault):
            cam.declared_stream()


def test_clock_offset_is_bracketed_to_milliseconds():
    with running(Planted("CAM-2", "clock_offset", 337.4)) as site, camera(site, "CAM-2") as cam:
        found = measure_offset(cam, wall_clock_reference())
    assert found.low <= 337.4 <= found.high
    assert found.half_width < 0.1


def test_a_camera_far_off_in_time_is_still_signed_for():
    planted = (Planted("CAM-2", "clock_offset", -86400 * 365.0), Planted("CAM-2", "strict_clock", 5.0))
    with running(*planted) as site, camera(site, "CAM-2") as cam:
        assert cam.identity()["Model"] == "EMU-IPC"


def test_a_clock_without_utc_is_read_by_local_time():
    with running(Planted("CAM-2", "no_utc")) as site, camera(site, "CAM-2") as cam:
        reading = cam.read_clock()
        assert abs(reading.shown_utc - datetime.now(UTC)) < timedelta(seconds=3)
        assert cam.remarks


# --- recorder


def days(before, after=0.0):
    end = datetime.now(UTC)
    return end - timedelta(days=before), end - timedelta(days=after)


def test_channels_and_their_segments(healthy):
    start, end = days(30)
    with recorder(healthy) as nvr:
        found = nvr.channels(start, end)
        assert {channel.source for channel in found} == {"CAM-1", "CAM-2", "CAM-3"}
        assert nvr.remarks == []
        assert nvr.without_segments == set()
    for channel in found:
        (segment,) = channel.segments
        assert segment.start == start
        assert end - segment.end < timedelta(seconds=3)
        assert channel.latest - channel.earliest > timedelta(days=34.9)


def test_planted_gaps_are_found_and_merged():
    planted = (Planted("NVR-1", "gap", "3.5:3600"), Planted("NVR-1", "gap", "10:60"))
    with running(*planted) as site, recorder(site) as nvr:
        found = of(nvr.channels(*days(30)), "CAM-1").segments
    gaps = [(b.start - a.end).total_seconds() for a, b in itertools.pairwise(found)]
    assert gaps == [60.0, 3600.0]


def test_playing_gives_real_pictures_with_their_utc(healthy):
    with recorder(healthy) as nvr:
        channel = of(nvr.channels(*days(1)), "CAM-2")
        for back in (0.5, 30.0):
            at = datetime.now(UTC) - timedelta(days=back)
            played = nvr.play(channel, at, intra=False)
            assert played.refused == ""
            assert played.frames >= 50
            assert played.decoded == played.frames
            assert timedelta(0) <= at - played.first < timedelta(seconds=1.1)
            assert abs(played.last - at - timedelta(seconds=2)) < timedelta(seconds=0.1)
            assert played.picture.shape == (720, 1280)


def test_listed_but_not_playable_is_refused_in_words():
    with running(Planted("NVR-1", "unplayable", 20.0)) as site, recorder(site) as nvr:
        channel = of(nvr.channels(*days(30)), "CAM-2")
        assert len(channel.segments) == 1
        played = nvr.play(channel, datetime.now(UTC) - timedelta(days=25))
        assert (played.frames, played.first, played.picture) == (0, None, None)
        assert "no picture" in played.refused
        gone = RecordedChannel("REC-NONE", "x", "x", (), None, None)
        assert nvr.play(gone, datetime.now(UTC)).refused


@pytest.mark.parametrize("status", [404, 457])
def test_what_a_recorder_says_it_does_not_have_is_not_played(healthy, monkeypatch, status):
    """No such recording, and nothing in that range: an answer about what was listed, and no fault."""
    with recorder(healthy) as nvr:
        channel = of(nvr.channels(*days(3)), "CAM-2")
        monkeypatch.setattr("yanshou.drivers.onvif.recorder.replayed", refusing(status))
        played = nvr.play(channel, datetime.now(UTC) - timedelta(days=1))
    assert (played.frames, played.picture, played.refused) == (0, None, f"PLAY: {status}")


@pytest.mark.parametrize("status", [453, 500, 503, 551])
def test_a_recorder_that_cannot_play_just_now_says_nothing_of_what_it_holds(healthy, monkeypatch, status):
    with recorder(healthy) as nvr:
        channel = of(nvr.channels(*days(3)), "CAM-2")
        monkeypatch.setattr("yanshou.drivers.onvif.recorder.replayed", refusing(status))
        with pytest.raises(RigFault, match=str(status)):
            nvr.play(channel, datetime.now(UTC) - timedelta(days=1))


def refusing(status):
    """A replay that the recorder refuses."""

    def refused(*_, **__):
        raise RtspRefused(f"PLAY: {status}", status=status)

    return refused


def test_a_shifted_time_stamp_shows():
    with running(Planted("NVR-1", "replay_time_shift", 3600.0)) as site, recorder(site) as nvr:
        at = datetime.now(UTC) - timedelta(days=2)
        played = nvr.play(of(nvr.channels(*days(3)), "CAM-1"), at)
    assert played.first is not None
    assert played.first - at > timedelta(seconds=3500)


def test_a_recorder_that_cannot_replay_is_a_rig_fault():
    with running(Planted("NVR-1", "replay_refused")) as site, recorder(site) as nvr:
        channel = of(nvr.channels(*days(1)), "CAM-1")
        with pytest.raises(RigFault, match="does not support the asked option"):
            nvr.play(channel, datetime.now(UTC) - timedelta(hours=5))


def test_a_recorder_without_profile_g_is_a_rig_fault():
    planted = Planted("NVR-1", "no_recording_service")
    with (
        running(planted) as site,
        recorder(site) as nvr,
        pytest.raises(RigFault, match="no search service"),
    ):
        nvr.channels(*days(1))


def test_alarm_recording_is_timed(healthy):
    with recorder(healthy) as nvr:
        assert not nvr.is_recording("CAM-2")
        began = now()
        since = Instant(began, began)
        stamped = []

        def alarm():
            stamped.append(now())
            healthy.recording.add("CAM-2")

        timer = threading.Timer(0.4, alarm)
        timer.start()
        try:
            seen = nvr.wait_recording("CAM-2", since=since, within=5)
            timer.join()
            assert seen.earliest - 0.005 <= stamped[0] <= seen.latest
            assert nvr.is_recording("CAM-2")
            assert not nvr.is_recording("CAM-3")
            assert nvr.wait_recording("CAM-3", since=since, within=0.6) is None
        finally:
            healthy.recording.discard("CAM-2")


def test_a_job_never_seen_idle_proves_nothing(healthy):
    healthy.recording.add("CAM-1")
    try:
        with recorder(healthy) as nvr, pytest.raises(RigFault, match="already active"):
            nvr.wait_recording("CAM-1", since=Instant(now(), now()), within=1)
    finally:
        healthy.recording.discard("CAM-1")


def test_a_camera_without_job_is_a_rig_fault(healthy):
    with recorder(healthy) as nvr, pytest.raises(RigFault, match="no recording job of CAM-9"):
        nvr.is_recording("CAM-9")


def test_events_that_are_not_told_are_not_read_as_gaps():
    planted = Planted("NVR-1", "soap_garbage", "FindEvents")
    with running(planted) as site, recorder(site) as nvr, pytest.raises(RigFault):
        nvr.channels(*days(1))


def test_naive_times_are_refused(healthy):
    with recorder(healthy) as nvr, pytest.raises(ValueError, match="time zone"):
        nvr.channels(datetime(2026, 1, 1), datetime(2026, 1, 2))  # noqa: DTZ001
