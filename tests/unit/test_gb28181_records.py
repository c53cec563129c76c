# SPDX-License-Identifier: Apache-2.0
"""Recordings by GB/T 28181: what RecordInfo lists, what it leaves unknown, and what Playback gives."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import cycle
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.support.gb_site import CAMERA, PLATFORM, RECORDER, SITE, write_gb_site
from tests.support.gb_streamer import Habits, MediaHabits, StreamingDevice
from tests.support.patience import HUNG_S
from yanshou.drivers.capabilities import Camera, Recorder
from yanshou.drivers.gb28181.camera import GbCamera
from yanshou.drivers.gb28181.platform import SitePlatform
from yanshou.drivers.gb28181.recorder import GbRecorder
from yanshou.evaluation.gb_records import RecordList
from yanshou.model import RigFault, now
from yanshou.model.recording import RecordedChannel, Segment
from yanshou.site import DEMO_PASSWORD, load_site

DAY = datetime(2026, 11, 20, tzinfo=ZoneInfo("Asia/Shanghai"))
HOURS = (
    ("2026-11-20T01:00:00", "2026-11-20T02:00:00"),
    ("2026-11-20 02:00:00.000", "2026-11-20T03:00:00+08:00"),
    ("2026-11-20T05:00:00", "2026-11-20T06:30:00"),
)


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SitePlatform]:
    folder: Path = tmp_path_factory.mktemp("gb")
    site = load_site(write_gb_site(folder, SITE))
    assert site.own_platform is not None
    opened = SitePlatform(replace(site, own_platform=replace(site.own_platform, port=0)), ordinary=True)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def device(platform: SitePlatform) -> Iterator[StreamingDevice]:
    habits = Habits(keepalive_s=1.0)
    with StreamingDevice(
        platform.inner.port, RECORDER, DEMO_PASSWORD, PLATFORM[:10], PLATFORM, habits
    ) as opened:
        assert platform.inner.wait(0, {"device": "NVR-1", "kind": "registered"}, until=now() + 10)
        yield opened


@pytest.fixture
def recorder(platform: SitePlatform) -> GbRecorder:
    return GbRecorder(platform, platform.site.devices["NVR-1"])


def listed(recorder: GbRecorder, device: StreamingDevice, **habits: Any) -> RecordedChannel:
    device.media = MediaHabits(**habits)
    (channel,) = recorder.channels(DAY, DAY + timedelta(days=1))
    return channel


def test_it_is_a_recorder_and_a_camera(platform: SitePlatform, recorder: GbRecorder) -> None:
    assert isinstance(recorder, Recorder)
    assert isinstance(GbCamera(platform, platform.site.devices["CAM-1"]), Camera)


def test_periods_in_any_form_of_time_are_local_and_joined(
    recorder: GbRecorder, device: StreamingDevice
) -> None:
    channel = listed(recorder, device, records=HOURS)
    spans = [(one.start - DAY.astimezone(UTC), one.end - DAY.astimezone(UTC)) for one in channel.segments]
    assert [(one.total_seconds() / 3600, two.total_seconds() / 3600) for one, two in spans] == [
        (1, 3),
        (5, 6.5),
    ]
    assert (channel.token, channel.source, channel.unclear) == (CAMERA, "CAM-1", "")


def test_files_told_to_the_second_touch_and_what_lies_further_apart_does_not() -> None:
    """Files of five minutes that end at :59 would be 288 gaps of a second a day, 0.3 % of it."""
    files = [
        (DAY + timedelta(minutes=5 * n), DAY + timedelta(minutes=5 * n + 5, seconds=-1)) for n in range(9)
    ]
    files[6] = (files[6][0] + timedelta(seconds=1), files[6][1])
    answered = RecordList((*reversed(files), files[3]))
    day = (DAY, DAY + timedelta(days=1))
    segments, seams = answered.held(*day)
    assert segments == (Segment(DAY, files[5][1]), Segment(files[6][0], files[8][1]))
    assert seams == tuple(files[n][0] for n in (1, 2, 3, 4, 5, 7, 8))


def test_nothing_recorded_is_known(recorder: GbRecorder, device: StreamingDevice) -> None:
    channel = listed(recorder, device)
    assert (channel.segments, channel.unclear) == ((), "")


@pytest.mark.parametrize(
    ("habits", "why"),
    [
        ({"records": (("2026-11-20T01:00:00", "gestern"), *HOURS)}, "时间不可读"),
        ({"records": (("2026-11-20T02:00:00", "2026-11-20T01:00:00"),)}, "时间不可读"),
        ({"records": HOURS, "record_code": RECORDER}, "属于"),
    ],
)
def test_what_cannot_be_read_is_unknown_and_not_absent(
    recorder: GbRecorder, device: StreamingDevice, habits: dict[str, Any], why: str
) -> None:
    assert why in listed(recorder, device, **habits).unclear


def test_a_list_shorter_than_its_sum_is_unknown(
    recorder: GbRecorder, platform: SitePlatform, device: StreamingDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(platform, "query_s", 1.0)
    assert "不完整" in listed(recorder, device, records=HOURS, sum_more=2).unclear


@pytest.mark.parametrize("pages", [(10,), (-10,), (10, -10), (-10, 10, 10)])
def test_a_list_that_is_cut_without_a_word_is_asked_for_to_its_end(
    recorder: GbRecorder, device: StreamingDevice, pages: tuple[int, ...]
) -> None:
    """Files of a quarter of an hour from 01:00 to 11:00, but for the one at 05:00; ten of them at a time."""
    at = [DAY.replace(tzinfo=None) + timedelta(minutes=60 + 15 * n) for n in range(40) if n != 16]
    files = tuple((one.isoformat(), (one + timedelta(minutes=15)).isoformat()) for one in at)
    channel = listed(recorder, device, records=files, pages=cycle(pages))
    hour = timedelta(hours=1)
    spans = [((one.start - DAY) / hour, (one.end - DAY) / hour) for one in channel.segments]
    assert spans == [(1, 5), (5.25, 11)]


def test_a_playback_is_decoded_and_proves_no_time_by_itself(
    recorder: GbRecorder, device: StreamingDevice
) -> None:
    channel = listed(recorder, device, records=HOURS)
    at = DAY + timedelta(hours=1, minutes=10)
    play = recorder.play(channel, at, 4.0)
    assert (play.refused, play.first, play.last) == ("", None, None)
    assert play.decoded >= 2
    assert play.picture is not None
    assert play.picture.shape == (240, 320)
    offer = device.offers[-1]
    assert f"t={at.timestamp():.0f} {at.timestamp() + 4:.0f}" in offer
    assert re.search(rf"s=Playback.*u={CAMERA}:0.*y=1", offer, re.DOTALL)
    assert device.sending[-1].wait(HUNG_S), "the playback was not ended by BYE"


def test_what_is_not_found_is_refused_and_a_busy_recorder_is_a_fault(
    recorder: GbRecorder, device: StreamingDevice
) -> None:
    channel = listed(recorder, device, records=HOURS)
    device.media.plays["Playback"] = "404 Not Found"
    assert "404" in recorder.play(channel, DAY, 1.0).refused
    device.media.plays["Playback"] = "486 Busy Here"
    with pytest.raises(RigFault, match="486"):
        recorder.play(channel, DAY, 1.0)


def test_a_playback_without_pictures_is_nothing(
    recorder: GbRecorder, device: StreamingDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("yanshou.drivers.gb28181.recorder._FIRST_S", 1.0)
    channel = listed(recorder, device, records=HOURS, sends=False)
    play = recorder.play(channel, DAY + timedelta(hours=1), 1.0)
    assert (play.frames, play.decoded) == (0, 0)
    assert "no picture came" in play.refused
