# SPDX-License-Identifier: Apache-2.0
"""Live calls of GB/T 28181: what a device sends is received, decoded and told, however it behaves."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.support.gb_site import PLATFORM, RECORDER, SITE, write_gb_site
from tests.support.gb_streamer import Habits, MediaHabits, StreamingDevice
from tests.support.patience import HUNG_S
from yanshou.drivers.gb28181.call import CallRefused, ChannelLine, PlayedCall, Wanted
from yanshou.drivers.gb28181.camera import GbCamera
from yanshou.drivers.gb28181.platform import SitePlatform
from yanshou.model import RigFault, now
from yanshou.model.call import CallFacts
from yanshou.model.stream import StreamCapture
from yanshou.protocols.gb28181.media_offer import MediaWay, read_answer
from yanshou.site import DEMO_PASSWORD, load_site

REALM = PLATFORM[:10]
Call = Callable[..., StreamCapture]


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SitePlatform]:
    folder: Path = tmp_path_factory.mktemp("gb")
    site = load_site(write_gb_site(folder, SITE))
    assert site.own_platform is not None
    site = replace(site, own_platform=replace(site.own_platform, port=0))
    opened = SitePlatform(site, ordinary=True)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def device(platform: SitePlatform) -> Iterator[StreamingDevice]:
    with StreamingDevice(
        platform.inner.port, RECORDER, DEMO_PASSWORD, REALM, PLATFORM, Habits(keepalive_s=1.0)
    ) as opened:
        assert platform.inner.wait(0, {"device": "NVR-1", "kind": "registered"}, until=now() + 10)
        yield opened


@pytest.fixture
def camera(platform: SitePlatform, device: StreamingDevice) -> Iterator[Call]:
    """Calls the channel of a device with these habits."""

    def call(
        seconds: float = 0.6, way: str = "udp", *, first_s: float = HUNG_S, **habits: Any
    ) -> StreamCapture:
        device.media = MediaHabits(**habits)
        with GbCamera(platform, platform.site.devices["CAM-1"]) as found:
            return found.capture(seconds, pictures=2, transport=way, first_s=first_s)

    yield call
    for one in device.sending:
        one.set()


def facts(capture: StreamCapture) -> CallFacts:
    assert capture.call is not None
    return capture.call


def oddities(capture: StreamCapture) -> set[str]:
    container = facts(capture).container
    assert container is not None
    return {one.name for one in container.oddities}


@pytest.mark.parametrize(("way", "codec"), [("udp", "h264"), ("tcp", "hevc")])
def test_a_healthy_camera(camera: Call, device: StreamingDevice, way: str, codec: str) -> None:
    capture = camera(way=way, codec=codec)
    called = facts(capture)
    assert (capture.width, capture.height, capture.codec) == (320, 240, codec)
    assert len(capture.pictures) == 2
    assert capture.lost == 0
    assert len(capture.frames) >= 10
    assert all(one.complete for one in capture.frames[:-1])
    assert called.container is not None
    assert oddities(capture) == set()
    assert (called.container.mapped, called.container.video) == (codec, 0xE0)
    assert set(called.sources) == {called.offered_ssrc} == {called.answered_ssrc}
    assert set(called.types) == {96}
    assert (called.bye, called.set_aside, called.after_bye) == (200, 0, 0)
    offer = device.offers[-1]
    assert re.search(r"s=Play\r\n.*t=0 0\r\n.*y=01000\d{5}\r\n$", offer, re.DOTALL)
    assert ("TCP/RTP/AVP" in offer) == (way == "tcp")


def test_the_platform_connects_where_the_device_listens(
    platform: SitePlatform, device: StreamingDevice, camera: Call
) -> None:
    camera(0.1)
    device.media = MediaHabits(write=7)
    found = GbCamera(platform, platform.site.devices["CAM-1"])
    with found.ended_call(MediaWay.TCP_ACTIVE, 0.4, watch_s=1.0) as call:
        call.open()
        call.finish()
        assert call.frames
        assert call.frames[0].complete
        assert call.call_facts().bye == 200
    assert "a=setup:active" in device.offers[-1]


def test_split_writes_over_tcp_lose_nothing(camera: Call) -> None:
    capture = camera(way="tcp", write=11)
    assert (capture.lost, capture.width) == (0, 320)
    assert all(one.complete for one in capture.frames[:-1])


def test_a_foreign_source_is_told(camera: Call) -> None:
    called = facts(camera(ssrc=4711))
    assert set(called.sources) == {4711}
    assert called.answered_ssrc == called.offered_ssrc != 4711


def test_packets_of_a_second_source_are_set_aside_and_counted(camera: Call) -> None:
    capture = camera(beside=815)
    called = facts(capture)
    assert called.sources[815] >= 5
    assert called.set_aside >= called.sources[815] - 1
    assert capture.lost == 0
    assert all(one.complete for one in capture.frames[:-1])
    assert oddities(capture) == set()


@pytest.mark.parametrize("habits", [{"container": "ts", "payload_type": 33}, {"container": "ts"}])
def test_a_transport_stream_is_no_picture_of_the_agreed_payload(
    platform: SitePlatform, device: StreamingDevice, habits: dict[str, Any]
) -> None:
    device.media = MediaHabits(**habits)
    found = GbCamera(platform, platform.site.devices["CAM-1"])
    with found.ended_call(MediaWay.UDP, 0.3, watch_s=1.0, first_s=4.0) as call:
        call.open()
        call.finish()
        called = call.call_facts()
    assert (call.frames, called.status) == ([], 200)
    assert called.container is not None
    assert "TRANSPORT_STREAM" in {one.name for one in called.container.oddities}
    assert set(called.types) == {habits.get("payload_type", 96)}


def test_two_frames_with_one_time_stamp_are_found(camera: Call) -> None:
    assert "TIMESTAMP_SHARED" in oddities(camera(frames_per_stamp=2))


def test_a_stream_without_a_map_is_received_and_found(camera: Call) -> None:
    capture = camera(with_map=False)
    assert capture.width == 320
    assert "BEFORE_MAP" in oddities(capture)


def test_a_wrong_stream_type_is_told_beside_what_the_stream_is(camera: Call) -> None:
    called = facts(camera(codec="hevc", stream_type=0x1B)).container
    assert called is not None
    assert (called.mapped, called.shown) == ("h264", "hevc")


def test_lost_packets_are_counted_and_their_frames_incomplete(camera: Call) -> None:
    capture = camera(0.8, loses=9, chunk=150)
    assert capture.lost > 0
    assert any(not one.complete for one in capture.frames)


def test_media_from_another_host_is_no_stream(
    platform: SitePlatform, device: StreamingDevice, camera: Call
) -> None:
    device.media = MediaHabits()
    with pytest.raises(RigFault, match="no picture came"):
        camera(host="127.0.0.2", says_sdp=False, first_s=1.5)


def test_a_stream_that_never_comes_after_200(camera: Call) -> None:
    with pytest.raises(RigFault, match="no picture came"):
        camera(sends=False, first_s=1.5)


def test_a_refused_call_says_its_status(camera: Call) -> None:
    with pytest.raises(CallRefused, match="486 Busy Here") as refused:
        camera(status="486 Busy Here")
    assert refused.value.status == 486


def test_a_bye_that_is_ignored_is_seen(platform: SitePlatform, device: StreamingDevice) -> None:
    for habits, goes_on in (({"ends_on_bye": False}, True), ({}, False)):
        device.media = MediaHabits(**habits)
        found = GbCamera(platform, platform.site.devices["CAM-1"])
        with found.ended_call(MediaWay.UDP, 0.3, watch_s=1.5) as call:
            call.open()
            call.finish()
            assert (call.call_facts().after_bye > 0) is goes_on
        for one in device.sending:
            one.set()


def test_a_device_that_ends_the_call_is_named(camera: Call) -> None:
    capture = camera(3.0, hangs_up_after_s=0.4)
    assert facts(capture).ended_by_device
    assert "BYE" in (capture.stopped_early + str(capture.reception and capture.reception.stopped))


def test_the_walls_of_an_answer_are_read() -> None:
    said = read_answer(b"v=0\nm=audio 1 RTP/AVP 8\nm=video 6000 RTP/AVP 96 98\na=rtpmap:96 PS/90000\n"
                       b"a=rtpmap:98 H264/90000\nc=IN IP4 10.0.0.1\ny=0000000000\nf=v/2/5\n")  # fmt: skip
    assert (said.host, said.port, said.program_streams, said.ssrc, said.flaws) == (
        "10.0.0.1",
        6000,
        (96,),
        0,
        (),
    )
    assert read_answer(b"").flaws
    assert read_answer(b"m=video x RTP/AVP\ny=abc").flaws == (
        "the answer has no readable m=video",
        "y=abc is no SSRC",
    )


def test_a_media_connection_that_is_reset_is_counted(platform: SitePlatform, device: StreamingDevice) -> None:
    device.media = MediaHabits(reconnects_s=0.3)
    found = GbCamera(platform, platform.site.devices["CAM-1"])
    with found.refused_call(1.5) as call:
        call.open()
        call.finish()
        called = call.call_facts()
    for one in device.sending:
        one.set()
    gaps = [after - before for before, after in pairwise(called.connections)]
    assert len(gaps) >= 2
    assert all(one >= 0.29 for one in gaps)
    assert call.frames == []


def test_a_call_ends_at_once_though_nothing_comes_any_more(
    platform: SitePlatform, device: StreamingDevice
) -> None:
    device.media = MediaHabits()
    own = platform.site.own_platform
    assert own is not None
    line = ChannelLine(platform.inner, own, platform.address(platform.site.devices["CAM-1"]))
    with PlayedCall(line, Wanted(), seconds=60.0, first_s=10.0, idle_s=60.0) as call:
        call.open()
        assert next(call.live(), None) is not None
        for one in device.sending:
            one.set()
        began = now()
        call.stop_early()
    assert now() - began < 20.0
