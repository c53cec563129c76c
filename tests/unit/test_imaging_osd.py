# SPDX-License-Identifier: Apache-2.0
"""The time written into a picture: what may be believed, and that nothing else is."""

from __future__ import annotations

from datetime import datetime, timedelta

import cv2
import numpy as np
import pytest
import skimage.data
from hypothesis import given
from hypothesis import strategies as st

from yanshou.imaging.health.life import cut
from yanshou.imaging.osd import (
    DateOrder,
    StampReading,
    believed,
    find_lines,
    read_line,
    read_shown,
    stamp_of,
    tick_times,
)
from yanshou.imaging.osd.reader import read_crop

MONDAY = datetime(2026, 11, 23, 16, 30, 12)  # noqa: DTZ001 - what a screen shows has no zone
CHINESE, ENGLISH = "一二三四五六日", ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
shown = st.datetimes(min_value=datetime(1995, 1, 1), max_value=datetime(2090, 1, 1)).map(  # noqa: DTZ001
    lambda when: when.replace(microsecond=0)
)


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-23 16:30:12",
        "2026-11-2316:30:12",
        "2026年11月23日 星期一 16:30:12",
        "2026年11月23日星期—16：30：12",
        "11-23-2026 Mon 16:30:12",
        "23/11/2026 16:30:12",
        "２０２６-11-23 04:30:12 PM",
        "2026-11-23 下午04:30:12",
        "16:30:12 2026-11-23",
        "16:30:12 23/11/2026",
        "16:30:122026年11月23日",
    ],
)
def test_the_ways_cameras_write_it(text: str):
    assert stamp_of(text) == MONDAY


@pytest.mark.parametrize(
    "text",
    [
        "",
        "CAM 01 大厅",
        "2026-11-23 16:30",  # no seconds
        "2026-11-23 16:30:1",  # a digit was lost
        "2026-11-23 星期二 16:30:12",  # the weekday disagrees
        "2026-13-23 16:30:12",
        "2026-02-30 16:30:12",
        "2026-11-23 25:30:12",
        "2026-11-23 16:30:12 PM",
        "05-06-2026 16:30:12",  # May or June?
        "201005 2023-11-22",  # its colons were not read: not 2010-05-20 23:11:22
        "2026-112-3 16:30:12",
        "2026-11-23 163:01:2",
    ],
)
def test_what_is_not_whole_or_contradicts_is_unreadable(text: str):
    assert stamp_of(text) is None


def test_a_stated_order_decides_what_the_digits_cannot():
    assert stamp_of("05-06-2026 16:30:12", DateOrder.MDY) == datetime(2026, 5, 6, 16, 30, 12)  # noqa: DTZ001
    assert stamp_of("05-06-2026 16:30:12", DateOrder.DMY) == datetime(2026, 6, 5, 16, 30, 12)  # noqa: DTZ001


@given(shown)
def test_every_time_is_read_back(when: datetime):
    assert stamp_of(f"{when:%Y-%m-%d %H:%M:%S}") == when
    assert stamp_of(f"{when:%Y年%m月%d日} 星期{CHINESE[when.weekday()]} {when:%H:%M:%S}") == when
    assert stamp_of(f"{when:%m-%d-%Y} {ENGLISH[when.weekday()]} {when:%H:%M:%S}", DateOrder.MDY) == when


@given(shown, st.integers(0, 13), st.integers(1, 9))
def test_a_misread_digit_beside_a_weekday_is_never_the_same_week_day_of_another_date(when, place, change):
    """One digit of the date off: unreadable, unless the wrong date falls on the very same weekday."""
    digits = list(f"{when:%Y%m%d%H%M%S}")
    digits[place] = str((int(digits[place]) + change) % 10)
    wrong = "".join(digits)
    read = stamp_of(f"{wrong[:8]} 星期{CHINESE[when.weekday()]} {wrong[8:]}")
    assert read is None or read.weekday() == when.weekday()


def readings(*seconds: float, error: dict[int, timedelta] | None = None) -> list[StampReading]:
    errors = error or {}
    return [
        StampReading(at, MONDAY + timedelta(seconds=int(at)) + errors.get(place, timedelta()))
        for place, at in enumerate(seconds)
    ]


def test_a_digit_that_the_ground_closes_is_not_read_as_another():
    """All three preparations in the size of the picture read 18:56 here."""
    ground = cv2.resize(cv2.cvtColor(skimage.data.coffee(), cv2.COLOR_RGB2GRAY), (640, 360))[100:180]
    picture = ground + np.random.default_rng(60).normal(0, 10, ground.shape)
    ink = np.zeros((30, 273), np.uint8)
    style = (cv2.FONT_HERSHEY_DUPLEX, 26 / 30, 255, 2, cv2.LINE_AA)
    cv2.putText(ink, "2026-10-08 10:56:01", (2, 25), *style)
    part = picture[16 : 16 + ink.shape[0], 20 : 20 + ink.shape[1]]
    part += (250 - part) * (ink / 255)
    jpeg = cv2.imencode(".jpg", np.clip(picture, 0, 255).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, 85])[1]
    seen = np.asarray(cv2.imdecode(jpeg, cv2.IMREAD_GRAYSCALE), np.uint8)
    box = (14, 10, 12 + ink.shape[1], 12 + ink.shape[0])
    assert read_crop(cut(seen, box)) == "2026-10-08 1856:01"
    for text in (read_line(seen, box), read_shown([seen] * 4, box)):
        assert stamp_of(text) in {None, datetime(2026, 10, 8, 10, 56, 1)}  # noqa: DTZ001 - as shown


def test_readings_that_advance_with_the_stream_are_believed():
    clock = believed(readings(0.0, 1.5, 3.0))
    assert clock is not None
    assert (clock.shown, clock.readings, clock.unread) == (MONDAY, 3, 0)


@pytest.mark.parametrize(
    "read",
    [
        [],
        readings(0.0),
        readings(0.0, 1.0),  # not two seconds apart
        readings(0.0, 3.0, error={1: timedelta(days=10)}),  # 12 was read as 22
        readings(0.0, 3.0, 6.0, error={1: timedelta(hours=1), 2: timedelta(minutes=1)}),
        [*readings(0.0, 3.0), StampReading(4.0, None), StampReading(5.0, None)],  # half of it unread
        [StampReading(0.0, MONDAY), StampReading(3.0, MONDAY)],  # the clock stands still
    ],
)
def test_anything_else_is_not_believed(read: list[StampReading]):
    assert believed(read) is None


def test_one_wrong_reading_among_many_is_outvoted_and_counted():
    clock = believed(readings(0.0, 2.0, 4.0, 6.0, error={2: timedelta(days=10)}))
    assert clock is not None
    assert (clock.shown, clock.unread) == (MONDAY, 1)


@given(st.lists(st.tuples(st.floats(0, 60), st.integers(-(10**6), 10**6)), max_size=8))
def test_what_is_believed_is_what_most_readings_say(pairs):
    read = [StampReading(at, MONDAY + timedelta(seconds=offset)) for at, offset in sorted(pairs)]
    clock = believed(read)
    if clock is not None:
        offset = (clock.shown - MONDAY).total_seconds() - clock.at
        agreeing = [one for one in read if abs((one.shown - MONDAY).total_seconds() - one.at - offset) <= 1.7]
        assert len(agreeing) >= 2 / 3 * len(read)


def test_the_lines_of_a_picture_are_found_and_read_without_a_network():
    picture = np.random.default_rng(1).normal(90, 12, (360, 640)).clip(0, 255).astype(np.uint8)
    for text, at in (("2026-11-23 16:30:12", (20, 40)), ("CAM-07", (480, 340))):
        cv2.putText(picture, text, at, cv2.FONT_HERSHEY_DUPLEX, 0.9, 0, 6, cv2.LINE_AA)
        cv2.putText(picture, text, at, cv2.FONT_HERSHEY_DUPLEX, 0.9, 255, 2, cv2.LINE_AA)
    lines = find_lines(picture)
    assert stamp_of(lines[0].text) == MONDAY
    assert lines[-1].text == "CAM-07"
    assert stamp_of(read_line(picture, lines[0].box)) == MONDAY


def clock_pictures(sigma: float, *, moves: bool = False, runs: bool = True, renewed: bool = False) -> list:
    """4.4 s at 25 pictures a second, 0.3 s into a second: a clock over a ground, with noise.

    ``renewed`` keeps the noise of a picture for half a second, as a coder at a low rate does.
    """
    draw = np.random.default_rng(7)
    ground = cv2.GaussianBlur(draw.normal(0, 1, (64, 1000)), (0, 0), 5)
    ground = 110 + 35 * ground / ground.std()
    noise = draw.normal(0, sigma, (64, 420))
    pictures = []
    for number in range(110):
        second = int(0.3 + number / 25) if runs else 0
        left = 4 * number if moves else 0
        picture = ground[:, left : left + 420].clip(0, 255).astype(np.uint8)
        text = f"{MONDAY + timedelta(seconds=second):%Y-%m-%d %H:%M:%S}"
        cv2.putText(picture, text, (20, 40), cv2.FONT_HERSHEY_DUPLEX, 0.9, 0, 6, cv2.LINE_AA)
        cv2.putText(picture, text, (20, 40), cv2.FONT_HERSHEY_DUPLEX, 0.9, 255, 2, cv2.LINE_AA)
        if not renewed or number % 12 == 5:
            noise = draw.normal(0, sigma, picture.shape)
        pictures.append((number / 25, (picture + noise).clip(0, 255).astype(np.uint8)))
    return pictures


CLOCK = (10, 8, 400, 48)


@pytest.mark.parametrize("sigma", [0.0, 6.0, 20.0])
@pytest.mark.parametrize("moves", [False, True])
def test_the_change_of_the_second_is_found_under_noise_and_over_a_moving_ground(sigma: float, moves: bool):
    found = tick_times(clock_pictures(sigma, moves=moves), CLOCK)
    assert set(found) <= {0.72, 1.72, 2.72, 3.72}
    assert len(found) >= (3 if moves else 4)


def test_noise_that_is_drawn_anew_now_and_then_is_no_change_of_the_second():
    assert tick_times(clock_pictures(12, renewed=True), CLOCK) == [0.72, 1.72, 2.72, 3.72]


@pytest.mark.parametrize("renewed", [False, True])
@pytest.mark.parametrize("moves", [False, True])
def test_a_clock_that_stands_has_no_change_of_the_second(moves: bool, renewed: bool):
    assert tick_times(clock_pictures(12, moves=moves, runs=False, renewed=renewed), CLOCK) == []


@pytest.mark.parametrize("box", [(-10, 8, 5, 48), (500, 8, 100, 48), (10, 200, 400, 48)])
def test_a_clock_outside_the_picture_has_no_change_and_no_text(box: tuple[int, int, int, int]):
    pictures = clock_pictures(0)
    assert tick_times(pictures, box) == []
    assert read_shown([luma for _, luma in pictures], box) == ""


def test_several_noisy_pictures_are_read_where_one_is_not():
    pictures = [luma for at, luma in clock_pictures(60) if 0.72 <= at < 1.72]
    assert stamp_of(read_shown(pictures, CLOCK)) == MONDAY + timedelta(seconds=1)


def test_pictures_of_two_seconds_give_no_reading():
    pictures = [luma for at, luma in clock_pictures(4) if 0.3 <= at < 1.2]
    assert read_shown(pictures, CLOCK) == ""


def test_noise_is_no_text():
    noise = np.random.default_rng(2).integers(0, 255, (240, 320), np.uint8)
    assert all(stamp_of(line.text) is None for line in find_lines(noise))
    assert stamp_of(read_line(noise, (10, 10, 200, 40))) is None
