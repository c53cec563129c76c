# SPDX-License-Identifier: Apache-2.0
"""A download of GB/T 28181: what of it is missing, how fast it came, and how it ended."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from yanshou.evaluation.gb_download import Download, download_complete, download_speed, unproven
from yanshou.model import Measurement
from yanshou.protocols.gb28181.media_offer import read_answer

START = datetime(2026, 11, 29, 2, 0, 0, tzinfo=UTC)
END = START + timedelta(seconds=40)


def sent(seconds: float = 40.0, speed: float = 4.0, every: float = 0.04) -> list[tuple[float, float]]:
    """Frames of so many seconds of a recording, at so many times its speed."""
    return [(n * every, 100.0 + n * every / speed) for n in range(round(seconds / every))]


def download(**other: Any) -> Download:
    right = Download(
        START,
        END,
        4,
        200,
        4,
        None,
        sent(),
        9000,
        25.0,
        (START, END - timedelta(seconds=1)),
        notice=True,
        bye=200,
        own_view=True,
    )
    return replace(right, **other)


def test_a_whole_download_at_its_speed_conforms() -> None:
    found = download_complete("NVR-1", download(inner=[(13.0, START + timedelta(seconds=12))]))
    assert (found.value, found.deviations, unproven(download())) == (True, (), [])
    speed = download_speed("NVR-1", download())
    assert isinstance(speed, Measurement)
    assert (speed.value, speed.deviations) == (True, ())


@pytest.mark.parametrize(
    ("seen", "why"),
    [
        (download(status=404), "INVITE Download 的应答为 404"),
        (download(frames=()), "没有画面"),
        (download(whose="CAM-2", own_view=False), "画面与 CAM-2 的实时画面同一视场"),
        (download(frames=sent(35.0)), "只收到 35.0 s"),
        (download(frames=sent()[:300] + sent()[400:]), "中间缺"),
        (download(frames=sent(every=1.0)), "只有 40 幅画面"),
        (download(shown=(START - timedelta(hours=1), END)), "首幅画面的时钟"),
        (download(shown=(START, END - timedelta(seconds=5))), "末幅画面的时钟"),
        (download(shown=(None, END - timedelta(seconds=5))), "末幅画面的时钟"),
        (download(inner=[(13.0, START + timedelta(seconds=5))]), "第 13 s 画面的时钟"),
        (download(notice=False), "MediaStatus 121"),
        (download(bye=0), "BYE 的应答为 无"),
    ],
)
def test_each_departure_makes_a_download_incomplete(seen: Download, why: str) -> None:
    found = download_complete("NVR-1", seen)
    assert found.value is False
    assert why in found.details["because"]


def test_damaged_pictures_of_a_download_are_told_and_leave_it_open() -> None:
    some = download_complete("NVR-1", download(damaged=3, decoded=147))
    assert some.value is True
    assert "3 幅已损坏" in some.reservations[0].text
    assert "3 幅已损坏" in some.details["because"]
    broken = download_complete("NVR-1", download(damaged=150, decoded=0))
    assert broken.value is False
    assert "画面均已损坏" in broken.details["because"]


def test_what_this_computer_lost_itself_is_not_held_against_the_device() -> None:
    found = download_complete("NVR-1", download(frames=sent(35.0), own_loss="本机丢包"))
    assert found.invalid == "本机丢包"


def test_a_device_that_ends_the_call_itself_needs_no_answer_to_bye() -> None:
    assert download_complete("NVR-1", download(bye=None)).value is True


def test_a_size_that_does_not_fit_what_came_is_noted() -> None:
    assert "文件大小" in download_complete("NVR-1", download(size=12_000)).deviations[0]
    assert download_complete("NVR-1", download(size=9_100)).deviations == ()


@pytest.mark.parametrize(
    ("granted", "came", "keeps"),
    [(4, 4.0, True), (4, 1.0, False), (4, 2.0, False), (None, 1.0, False), (None, 8.0, True), (1, 1.0, True)],
)
def test_the_speed_is_that_of_the_answer_or_of_the_request(
    granted: int | None, came: float, keeps: bool
) -> None:
    found = download_speed("NVR-1", download(granted=granted, frames=sent(speed=came)))
    assert isinstance(found, Measurement)
    assert found.value is keeps
    assert bool(found.deviations) == (granted == 1)


def test_a_speed_is_not_told_of_nearly_nothing() -> None:
    assert "无从计算" in str(download_speed("NVR-1", download(frames=sent(3.0))))
    assert "未被接受" in str(download_speed("NVR-1", download(status=0)))


def test_a_download_in_which_no_view_is_recognised_stays_unproven() -> None:
    assert "其他通道" in unproven(download(own_view=False))[0]
    assert unproven(download(own_view=None)) == []  # there is no live picture to compare it with
    assert "通道对应" in download_complete("NVR-1", download(own_view=None)).deviations[0]


def test_without_a_clock_and_a_playback_it_stays_unproven() -> None:
    assert len(unproven(download(shown=(None, None), playback_fps=None))) == 2


def test_an_answer_names_speed_and_size_wherever_they_stand() -> None:
    body = (
        b"v=0\r\ns=Download\r\na=filesize:123456\r\nm=video 6000 RTP/AVP 96\r\na=downloadspeed:2\r\ny=1\r\n"
    )
    found = read_answer(body)
    assert (found.speed, found.size) == (2, 123_456)
    nothing = read_answer(b"m=video 6000 RTP/AVP 96\r\na=downloadspeed:fast\r\na=filesize:-1\r\n")
    assert (nothing.speed, nothing.size) == (None, None)
