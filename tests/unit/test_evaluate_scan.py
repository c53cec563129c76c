# SPDX-License-Identifier: Apache-2.0
"""Health and on-screen display from one scan of a camera: what is measured, and what is not made up."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import cv2
import numpy as np
import pytest

from yanshou.emulation.video.live import LivePictures
from yanshou.emulation.video.osd import OsdStyle as Written
from yanshou.emulation.video.scene import Scene
from yanshou.emulation.video.spoil import Spoil
from yanshou.equipment.accepted_views import accepted_path, load_accepted
from yanshou.evaluation import (
    Display,
    Expected,
    PictureTime,
    ViewScan,
    accepted_of,
    osd_clock_offset,
    osd_complete,
    picture_change,
    picture_signal,
    picture_still,
)
from yanshou.imaging.health import ViewChange
from yanshou.metrology.utc import KnownUtc, UtcReference
from yanshou.model import Component, Instant, RigFault, UsageError
from yanshou.model.stream import FrameStamp, StreamCapture

AT = 1795595412.38  # 2026-11-25 16:30:12.38 in China: half a picture from the change of a second
ZONE = "Asia/Shanghai"
NAME = "走廊 02"


def scan(
    written: Written | None = None,
    spoil: Spoil | None = None,
    *,
    seconds: float = 4.4,
    frozen: bool = False,
    gop: int = 25,
) -> ViewScan:
    """25 pictures a second of an emulated camera, as they would come from its stream."""
    live = LivePictures(
        Scene("CAM-2", with_chart=False, spoil=spoil or Spoil()), written or Written(NAME, ZONE)
    )
    stamps, pictures, chroma = [], [], {}
    for number in range(int(seconds * 25)):
        shown = 0 if frozen else number
        picture = live.draw(shown, AT + shown / 25)
        key = number % gop == 0
        stamps.append(FrameStamp(number * 3600, 100.0 + number / 25, key, 1000, complete=True))
        pictures.append((number, picture[:720]))
        if key:
            half = picture[720:].reshape(2, 360, 640)  # the two planes, as a coder would hand them over
            chroma[number] = (half[0], half[1])
    ends = Instant(100.0, 100.0 + seconds)
    return ViewScan(
        "CAM-2", StreamCapture("h264", 1280, 720, 90000, stamps, pictures, 1000, 0, ends, ends, chroma=chroma)
    )


# A time reference that is right: UTC at ``model.now`` 100 s is when the scan began.
REFERENCE = KnownUtc(
    UtcReference(AT - 100.0), (Component("reference", "B", "normal", 0.01, math.inf),), "TIME-1"
)


def display(seen: ViewScan, name: str = NAME) -> Display:
    return Display(seen, Expected(name, None, ZONE))


HEALTHY = scan()


@pytest.fixture(scope="module")
def shown() -> Display:
    """The healthy camera's display; its lines are read once."""
    return display(HEALTHY)


def test_the_healthy_camera_shows_all_and_its_clock_is_right_within_what_is_stated(shown: Display):
    complete = osd_complete(shown)
    assert complete.value is True
    assert not complete.invalid
    offset = osd_clock_offset(shown, REFERENCE)
    assert offset.U is not None
    assert abs(offset.details["signed_s"]) <= offset.U
    assert offset.n >= 4


@pytest.mark.parametrize("ahead", [-7.0, 12.0, 3600.0])
def test_a_wrong_clock_is_measured_with_its_sign(ahead: float):
    offset = osd_clock_offset(display(scan(Written(NAME, ZONE, ahead=ahead))), REFERENCE)
    assert offset.value == pytest.approx(abs(ahead), abs=offset.U)
    assert math.copysign(1, offset.details["signed_s"]) == math.copysign(1, ahead)


@pytest.mark.parametrize("sigma", [6.0, 16.0])
def test_a_noisy_picture_shows_the_same_clock(sigma: float):
    noisy = display(scan(spoil=Spoil(noise=sigma)))
    complete = osd_complete(noisy)
    assert complete.value is True, complete.invalid
    offset = osd_clock_offset(noisy, REFERENCE, 0.04)
    assert offset.U is not None
    assert abs(offset.details["signed_s"]) <= offset.U
    assert offset.n >= 4


def test_a_picture_known_to_be_young_has_the_smaller_uncertainty(shown: Display):
    old, young = (osd_clock_offset(shown, REFERENCE, age) for age in (0.5, 0.04))
    assert young.U < old.U / 3
    assert abs(young.details["signed_s"]) <= young.U


def test_no_clock_no_name_another_name_and_a_clock_that_stands():
    for written, text in (
        (Written(NAME, ZONE, with_clock=False), "无日期和时间"),
        (Written("", ZONE), "未见标识"),
        (Written("东门外 17", ZONE), "东门外"),
        (Written(NAME, ZONE, stands=AT), "停走"),
    ):
        found = osd_complete(display(scan(written)))
        assert found.value is False
        assert not found.invalid
        assert text in found.details["because"]


def painted(white: int, ground: int, text: str, noise: float = 1.5) -> ViewScan:
    """A view of one code, with a line of writing of another at its top; not drawn by the emulation."""
    seen, draw, pictures = scan(seconds=2.5), np.random.default_rng(9), []
    for number, picture in seen.capture.pictures:
        shown = np.clip(draw.normal(ground, noise, picture.shape), 0, 255).astype(np.uint8)
        cv2.putText(shown, text, (40, 50), cv2.FONT_HERSHEY_SIMPLEX, 1.2, white, 2, cv2.LINE_AA)
        pictures.append((number, shown))
    return replace(seen, capture=replace(seen.capture, pictures=pictures))


@pytest.mark.parametrize(("white", "ground"), [(235, 226), (235, 234), (255, 250), (255, 255)])
def test_white_writing_on_a_white_ground_is_not_known_to_be_missing(white: int, ground: int):
    found = osd_complete(display(painted(white, ground, "2026-11-25 16:30:12 CAM 02"), "CAM 02"))
    assert "会掩盖白色文字的过亮区域" in found.invalid or "不能判读的文字" in found.invalid  # if it is faint
    assert found.value is not True


@pytest.mark.parametrize(
    ("ink", "ground"), [(16, 22), (30, 20), (2, 9), (126, 120), (114, 120), (128, 120), (200, 206)]
)
def test_writing_of_little_contrast_is_not_known_to_be_missing(ink: int, ground: int):
    found = osd_complete(display(painted(ink, ground, "2026-11-25 16:30:12 CAM 02"), "CAM 02"))
    assert "不能判读的文字" in found.invalid
    assert found.value is not True


@pytest.mark.parametrize("kind", ["tiles", "fence", "fog"])
def test_faint_detail_is_no_writing(kind: str):
    seen = painted(235, 120, "")
    for _, picture in seen.capture.pictures:
        rows, columns = np.mgrid[: picture.shape[0], : picture.shape[1]]
        faint = {
            "tiles": 6 * ((columns % 60 < 2) | (rows % 60 < 2)),
            "fence": 8 * (columns % 24 < 3),
            "fog": 5 * np.sin(columns / 40) * np.sin(rows / 30),
        }[kind]
        picture[:] = np.clip(picture - faint, 0, 255).astype(np.uint8)
    found = osd_complete(display(seen, "CAM 02"))
    assert (found.value, found.invalid) == (False, "")


@pytest.mark.parametrize("ground", [20, 120, 200])
def test_where_white_writing_would_be_seen_it_is_missing(ground: int):
    found = osd_complete(display(painted(235, ground, ""), "CAM 02"))
    assert (found.value, found.invalid) == (False, "")
    assert "无日期和时间" in found.details["because"]


def test_a_lamp_hides_no_line_of_writing():
    seen = painted(235, 120, "")
    for _, picture in seen.capture.pictures:
        picture[300:420, 600:680] = 255  # too narrow for a date and time, and for the name
    found = osd_complete(display(seen, "东门外一号通道"))
    assert (found.value, found.invalid) == (False, "")


def test_a_name_read_almost_right_is_unreadable_and_not_wrong():
    found = osd_complete(display(HEALTHY, name="走廊 08"))
    assert found.invalid
    assert "走廊" in found.invalid


@pytest.mark.parametrize(
    ("name", "others", "text", "states"),
    [
        ("枪机 1", (), "枪机1", True),
        ("枪机 1", (), "一层大厅枪机 1", True),
        ("枪机 1", (), "枪机 12", False),
        ("1 号门", (), "11号门", False),
        ("CAM0", (), "CAM03", False),
        ("Gate", (), "Gateway", False),
        ("Gate", (), "Gate 3", True),
        ("营业厅", (), "中国农业银行营业厅", True),
        ("营业厅", ("营业厅东侧", "大门"), "营业厅东侧", False),
        ("营业厅", ("营业厅东侧", "大门"), "营业厅", True),
        ("营业厅东侧", ("营业厅",), "营业厅东侧", True),
    ],
)
def test_a_name_is_no_part_of_a_longer_one(name: str, others: tuple[str, ...], text: str, states: bool):
    assert Expected(name, None, ZONE, others).named(text) is states


@pytest.mark.parametrize(
    ("name", "text", "states"),
    [
        ("CAM03", "CAM032026-11-2516:30:12", True),
        ("CAM 03", "2026-11-25 16:30:12 CAM03", True),
        ("走廊", "走廊 2026-11-25 16:30:12", True),
        ("CAM0", "CAM03 2026-11-25 16:30:12", False),
        ("25", "2026-11-25 16:30:12", False),
        ("走廊", "大厅 2026-11-25 16:30:12", False),
    ],
)
def test_the_name_may_stand_in_the_line_of_the_clock(name: str, text: str, states: bool):
    expected = Expected(name, None, ZONE)
    assert expected.named_beside_clock(text) is states
    if states:
        assert expected.stamp(text) == datetime(2026, 11, 25, 16, 30, 12)  # noqa: DTZ001 - as shown


class OneLine(Written):
    """Name and clock in one line, as many cameras have them."""

    def _clock(self, second: int) -> str:
        return f"CAM03 {datetime.fromtimestamp(second, ZoneInfo(ZONE)):%Y-%m-%d %H:%M:%S}"


def test_a_camera_with_one_line_of_text_is_complete_and_its_clock_is_read():
    one = scan(OneLine("", ZONE))
    shown = display(one, "CAM03")
    assert osd_complete(shown).value is True
    assert abs(osd_clock_offset(shown, REFERENCE).details["signed_s"]) < 0.5
    assert osd_complete(display(one, "CAM 0")).value is not True
    assert PictureTime(ZONE, None, "CAM03")(one.capture.pictures[0][1]) == datetime.fromtimestamp(
        int(AT), UTC
    )


def test_the_name_of_another_camera_that_holds_this_one_does_not_pass():
    seen = scan(Written("走廊 021", ZONE))
    found = osd_complete(display(seen))
    assert found.invalid == "标识应为“走廊 02”，读作“走廊021”"


def test_a_clock_that_is_not_there_has_no_offset():
    found = osd_clock_offset(display(scan(Written(NAME, ZONE, with_clock=False), seconds=2)), REFERENCE)
    assert found.value is None
    assert found.invalid


def test_a_stream_that_came_late_is_read_in_the_seconds_it_shows_in_part():
    """A busy camera: 2.9 s of the stream came in the time of the scan, with two whole seconds in it."""
    late = display(scan(spoil=Spoil(noise=6.0), seconds=2.92))
    assert [round(tick % 1, 2) for tick in late.ticks] == [0.64, 0.64, 0.64]
    assert late.clock is not None
    assert late.clock.readings == 4
    assert osd_complete(late).value is True


def test_too_short_a_look_does_not_decide():
    short = display(scan(seconds=1.0))
    offset = osd_clock_offset(short, REFERENCE)
    assert (offset.value, offset.invalid) == (None, "只收到 1.0 s 的画面，不足以读出走动的时钟")
    assert osd_complete(short).invalid == offset.invalid


def test_no_picture_is_no_measurement():
    nothing = StreamCapture(
        "h264", 0, 0, 90000, [], [], 0, 0, Instant(0, 1), Instant(1, 2), stopped_early="断流"
    )
    empty = ViewScan("CAM-2", nothing)
    assert osd_complete(display(empty)).invalid == "断流"
    assert picture_signal(empty).value is None
    assert picture_still(empty).invalid == "断流"
    assert picture_change(empty, accepted_of(HEALTHY), ViewChange.NOISE).invalid == "断流"
    with pytest.raises(RigFault):
        accepted_of(empty)


def test_a_frozen_picture_is_still_for_the_whole_look_and_a_living_one_is_not():
    assert picture_still(HEALTHY).value < 0.2
    frozen = picture_still(scan(frozen=True))
    assert frozen.value == pytest.approx(frozen.details["watched_s"])


@pytest.mark.parametrize(
    ("spoil", "what", "least", "most"),
    [
        (Spoil(noise=6), ViewChange.NOISE, 5.0, 7.0),
        (Spoil(gain=0.6), ViewChange.BRIGHTNESS, 30.0, 70.0),
        (Spoil(stripes=5), ViewChange.STRIPES, 3.5, 7.0),
        (Spoil(cover=0.75), ViewChange.OCCLUSION, 40.0, 95.0),
        (Spoil(moved=3), ViewChange.SHIFT, 2.8, 3.2),
    ],
)
def test_a_change_is_measured_and_the_healthy_view_has_none(spoil, what, least, most):
    accepted = accepted_of(HEALTHY)
    found = picture_change(scan(spoil=spoil), accepted, what)
    assert least < found.value < most
    assert found.n == 5
    same = picture_change(HEALTHY, accepted, what)
    assert same.value <= same.U


def test_a_view_of_another_size_is_not_compared():
    accepted = accepted_of(HEALTHY)
    small = HEALTHY.capture.pictures[0][1][::2, ::2].copy()
    stamps = [FrameStamp(0, 100.0, key=True, size=1, complete=True)]
    ends = Instant(100, 101)
    seen = ViewScan("CAM-2", StreamCapture("h264", 640, 360, 90000, stamps, [(0, small)], 1, 0, ends, ends))
    assert "尺寸" in picture_change(seen, accepted, ViewChange.NOISE).invalid


def test_an_accepted_view_is_found_missing_or_broken(tmp_path: Path):
    with pytest.raises(RigFault, match="yanshou accept"):
        load_accepted(tmp_path, "CAM-2", "day")
    path = accepted_path(tmp_path, "CAM-2", "day")
    path.parent.mkdir()
    for broken in ("", "[]", '{"schema": "x"}', '{"schema": "yanshou-accepted-view/1", "size": [1, 2]}'):
        path.write_text(broken, encoding="utf-8")
        with pytest.raises(UsageError):
            load_accepted(tmp_path, "CAM-2", "day")


def test_a_lost_signal_is_named():
    found = picture_signal(scan(Written("", ZONE, with_clock=False), Spoil(no_signal="black")))
    assert found.value is False
    assert found.details["because"] == "黑屏"
    assert picture_signal(HEALTHY).value is True
    assert np.isfinite(picture_still(HEALTHY).U)


def test_the_time_of_one_played_picture_is_read_or_said_to_be_illegible():
    read = PictureTime(ZONE)
    picture = HEALTHY.capture.pictures[0][1]
    assert read(picture) == datetime(2026, 11, 25, 8, 30, 12, tzinfo=UTC)
    assert read(scan(Written(NAME, ZONE, with_clock=False), seconds=0.1).capture.pictures[0][1]) is None


@pytest.mark.parametrize("gop", [50, 100])
def test_few_key_frames_are_joined_by_pictures_between_them(gop: int):
    """The spread of two has a coverage factor of 14, and one has none: U was 0.09 or nothing."""
    accepted = accepted_of(HEALTHY)
    many, few = (
        picture_change(one, accepted, ViewChange.SHARPNESS)
        for one in (scan(spoil=Spoil()), scan(spoil=Spoil(), gop=gop))
    )
    assert few.n >= 4
    assert any(part.kind == "A" for part in few.budget)
    assert abs(few.value - many.value) <= math.hypot(few.U, many.U)
    assert few.U <= 2 * many.U


def test_after_a_loss_key_frames_stand_alone():
    seen = scan(gop=50)
    torn = replace(seen.capture, lost=3)
    assert len(ViewScan("CAM-2", torn).sampled) == 3
    assert len(seen.sampled) > 3
