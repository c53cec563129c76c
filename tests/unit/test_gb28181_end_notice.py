# SPDX-License-Identifier: Apache-2.0
"""MediaStatus 121 at the end of what a device of GB/T 28181 sends: of which call it is, and when it comes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.support.gb_site import PLATFORM, RECORDER, SITE, write_gb_site
from tests.support.gb_streamer import Habits, MediaHabits, StreamingDevice
from yanshou.drivers.gb28181.call import ChannelLine, PlayedCall, Wanted
from yanshou.drivers.gb28181.platform import SitePlatform
from yanshou.equipment.gb_calls import wait_end
from yanshou.evaluation.gb_download import Download, download_complete
from yanshou.evaluation.gb_media import PlaybackControl, notice_wrong, playback_control
from yanshou.model import now
from yanshou.protocols.gb28181.media_offer import CallKind
from yanshou.site import DEMO_PASSWORD, load_site

START = datetime(2026, 11, 29, 2, 0, tzinfo=UTC)
LASTS_S = 4.0


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
    with StreamingDevice(
        platform.inner.port, RECORDER, DEMO_PASSWORD, PLATFORM[:10], PLATFORM, Habits(keepalive_s=1.0)
    ) as opened:
        assert platform.inner.wait(0, {"device": "NVR-1", "kind": "registered"}, until=now() + 10)
        yield opened


def early_s(platform: SitePlatform, device: StreamingDevice, *notices: tuple[float, str]) -> float | None:
    """How long media came after the notice that counts, by a call with another one of the channel before."""
    own = platform.site.own_platform
    assert own is not None
    line = ChannelLine(platform.inner, own, platform.address(platform.site.devices["CAM-1"]))
    begin = int(START.timestamp())
    for lasts_s, sent in ((0.5, ()), (LASTS_S, notices)):
        device.media = MediaHabits(lasts_s=lasts_s, notices=sent)
        wanted = Wanted(CallKind.DOWNLOAD, start=begin, end=begin + 30, speed=4)
        with PlayedCall(line, wanted, seconds=20.0, first_s=10.0, idle_s=20.0) as call:
            call.open()
            if sent:
                notice = wait_end(call, until=now() + 15.0, silent_s=4.0)
            call.stop_early()
    arrivals = call.packets["arrival"]
    assert arrivals[-1] - arrivals[0] > LASTS_S - 0.5, "the call was ended before its media"
    return None if notice is None else float(arrivals[-1]) - notice.latest


@pytest.mark.parametrize(
    ("notices", "early"),
    [
        ([(4.2, "call")], -0.2),
        ([(4.2, "outside")], -0.2),
        ([(6.5, "call")], -2.5),  # it looks for its end first
        ([(1.0, "outside"), (4.5, "outside")], -0.5),  # the first one is of the call before
        ([(1.0, "outside"), (4.5, "call")], -0.5),
        ([(1.0, "before"), (4.5, "call")], -0.5),
        ([(4.2, "before")], None),
        ([(1.0, "call")], 3.0),
        ([(1.0, "call"), (4.2, "call")], 3.0),
        ([(1.0, "outside")], 3.0),
    ],
)
def test_the_notice_that_counts_is_that_of_this_call(
    platform: SitePlatform, device: StreamingDevice, notices: list[tuple[float, str]], early: float | None
) -> None:
    found = early_s(platform, device, *notices)
    assert found == (early if early is None else pytest.approx(early, abs=0.5))
    assert bool(notice_wrong(found)) is (early is None or early > 0)


def download(early: float) -> Download:
    frames = [(n / 25, 100.0 + n / 100) for n in range(750)]
    whole = Download(START, START + timedelta(seconds=30), 4, 200, 4, None, frames, 9000, 25.0)
    return replace(whole, notice=True, bye=200, notice_early_s=early)


@pytest.mark.parametrize(("early", "right"), [(-3.0, True), (0.0, True), (0.9, True), (1.5, False)])
def test_a_notice_before_the_media_are_sent_is_wrong(early: float, *, right: bool) -> None:
    found = download_complete("NVR-1", download(early))
    assert found.value is right
    assert ("媒体结束通知之后" in found.details["because"]) is not right
    statuses = dict.fromkeys(("INVITE", "PAUSE", "PLAY", "Scale/Range", "BYE"), 200)
    played = PlaybackControl(statuses, 75, 0, 70, 12.0, 2.0, 6.2, 6.2 - early, 140)
    assert playback_control("NVR-1", played).value is right
