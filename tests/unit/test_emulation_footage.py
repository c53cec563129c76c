# SPDX-License-Identifier: Apache-2.0
"""What an emulated recorder replays of a camera that writes its clock into the picture."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.support.onvif_devices import recorder
from tests.support.video_bench import Planted, running
from yanshou.drivers.onvif.recorder import OnvifRecorder
from yanshou.evaluation import PictureTime
from yanshou.evaluation.taken_anew import repeats
from yanshou.imaging.copies import fingerprint, one_picture
from yanshou.model.recording import Playback

WRITTEN = {"CAM-2": {"osd": "大厅 02"}}
AT = datetime.now(UTC).replace(microsecond=0) - timedelta(days=3, hours=5)
READ = PictureTime("Asia/Shanghai")


def played(nvr: OnvifRecorder, seconds: float, *, intra: bool = True) -> Playback:
    listed = nvr.channels(AT - timedelta(days=40), AT + timedelta(days=4))
    channel = next(one for one in listed if one.source == "CAM-2")
    return nvr.play(channel, AT, seconds, intra=intra)


@pytest.mark.parametrize(
    ("planted", "ahead_s"),
    [
        ([], 0),
        ([Planted("NVR-1", "footage_osd_ahead", -7200)], -7200),
        ([Planted("CAM-2", "clock_offset", 75)], 75),
        ([Planted("NVR-1", "clock_offset", 90)], -90),  # asked by its labels; the camera's clock is right
    ],
    ids=["sound", "planted", "camera's clock", "recorder's clock"],
)
def test_a_replayed_picture_shows_when_the_camera_took_it(planted, ahead_s):
    with running(*planted, attributes=WRITTEN) as site, recorder(site) as nvr:
        play = played(nvr, 2.0)
    assert play.first == AT
    assert play.picture is not None
    assert READ(play.picture) == AT + timedelta(seconds=ahead_s)


def test_each_export_of_written_pictures_is_the_same_to_the_byte_and_its_rate_is_kept():
    with running(attributes=WRITTEN) as site, recorder(site) as nvr:
        first, second = (played(nvr, 2.0, intra=False) for _ in range(2))
    assert first.sha256 == second.sha256 != ""
    assert (first.frames, first.decoded) == (50, 50)


@pytest.mark.parametrize(("planted", "share"), [([], 1.0), ([Planted("NVR-1", "recorded_twice", True)], 0.5)])
def test_pictures_recorded_twice_are_counted_as_the_pictures_they_are(planted, share):
    with running(*planted) as site, recorder(site) as nvr:
        play = played(nvr, 2.0, intra=False)
    assert play.distinct is not None
    assert play.distinct.decoded == play.frames == 50
    # the coder refines some of the repetitions (they differ then), but in none of them does anything move
    assert play.distinct.moved == pytest.approx(49 * share, abs=1)
    assert bool(repeats(play.distinct)) is (share < 1.0)


@pytest.mark.parametrize(
    ("planted", "moves"), [([], True), ([Planted("NVR-1", "footage_repeats", 0)], False)]
)
def test_of_twelve_seconds_of_key_frames_all_three_are_seen_and_tell_whether_they_change(planted, moves):
    with running(*planted) as site, recorder(site) as nvr:
        play = played(nvr, 12.0)
    assert [frame.utc for frame in play.frames_played] == [AT + timedelta(seconds=n) for n in (0, 4, 8)]
    assert (play.frames, play.decoded, len(play.between)) == (3, 3, 1)
    assert one_picture(fingerprint(play.picture), fingerprint(play.later)) is not moves
