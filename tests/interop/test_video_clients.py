# SPDX-License-Identifier: Apache-2.0
"""Clients nobody here wrote, against the emulated devices: FFmpeg by PyAV and OpenCV, onvif-zeep, zeep."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import av
import cv2
import pytest

from tests.support.video_bench import Running, running
from yanshou.emulation.video.scene import read_counter


@pytest.fixture(scope="module")
def sound() -> Iterator[Running]:
    with running() as site:
        yield site


@pytest.mark.parametrize("transport", ["tcp", "udp"])
def test_pyav_reads_the_declared_picture_and_rate(sound: Running, transport: str):
    host, port = sound.rtsp("CAM-1")
    url = f"rtsp://admin:demo-only@{host}:{port}/live/CAM-1"
    with av.open(url, options={"rtsp_transport": transport}, timeout=5) as stream:
        frames = [frame for frame, _ in zip(stream.decode(video=0), range(52), strict=False)][1:]
    assert {(frame.width, frame.height) for frame in frames} == {(1280, 720)}
    assert not any(frame.is_corrupt for frame in frames)
    rate = (len(frames) - 1) / (frames[-1].time - frames[0].time)
    assert rate == pytest.approx(25, rel=0.02)
    counters = [read_counter(frame.to_ndarray()[:720]) for frame in frames]
    assert all((b - a) % 50 == 1 for a, b in itertools.pairwise(counters))


def test_opencv_reads_the_stream(sound: Running):
    host, port = sound.rtsp("NVR-1")
    capture = cv2.VideoCapture(f"rtsp://admin:demo-only@{host}:{port}/live/CAM-2", cv2.CAP_FFMPEG)
    try:
        pictures = [capture.read() for _ in range(50)]
    finally:
        capture.release()
    assert all(done and picture.shape == (720, 1280, 3) for done, picture in pictures)


def test_onvif_zeep_understands_the_camera(sound: Running):
    from onvif import ONVIFCamera

    host, port = sound.soap("CAM-1")
    camera = ONVIFCamera(host, port, "admin", "demo-only", no_cache=True)
    assert camera.devicemgmt.GetDeviceInformation().Model == "EMU-IPC"
    media = camera.create_media_service()
    profile = media.GetProfiles()[0]
    assert "_raw_elements" not in profile
    assert profile.VideoEncoderConfiguration.Resolution.Width == 1280
    assert profile.VideoEncoderConfiguration.RateControl.FrameRateLimit == 25
    setup = {"Stream": "RTP-Unicast", "Transport": {"Protocol": "RTSP"}}
    uri = media.GetStreamUri({"StreamSetup": setup, "ProfileToken": profile.token}).Uri
    assert uri == f"rtsp://{host}:{sound.rtsp('CAM-1')[1]}/live/CAM-1"


def service(site: Running, device: str, wsdl: str, binding: str, address: str = "") -> Any:
    """A strict zeep proxy of one service, from the WSDL files of ONVIF."""
    import onvif
    import zeep

    host, port = site.soap(device)
    path = Path(onvif.__file__).parents[1] / "wsdl" / f"{wsdl}.wsdl"
    token = zeep.wsse.username.UsernameToken("admin", "demo-only", use_digest=True)
    client = zeep.Client(str(path), wsse=token, settings=zeep.Settings(strict=True))
    name = "device" if wsdl == "devicemgmt" else wsdl
    address = address or f"http://{host}:{port}/onvif/{name}_service"
    return client.create_service(f"{{http://www.onvif.org/ver10/{name}/wsdl}}{binding}", address)


@pytest.mark.parametrize(
    ("wsdl", "binding", "calls"),
    [
        (
            "devicemgmt",
            "DeviceBinding",
            {
                "GetServices": {"IncludeCapability": True},
                "GetCapabilities": {"Category": "All"},
                "GetServiceCapabilities": {},
                "GetSystemDateAndTime": {},
                "GetScopes": {},
                "GetNetworkInterfaces": {},
                "GetNetworkProtocols": {},
                "GetNTP": {},
                "GetHostname": {},
            },
        ),
        (
            "media",
            "MediaBinding",
            {
                "GetServiceCapabilities": {},
                "GetProfile": {"ProfileToken": "PROFILE-CAM-1"},
                "GetVideoSources": {},
                "GetVideoSourceConfigurations": {},
                "GetVideoEncoderConfigurations": {},
                "GetVideoEncoderConfiguration": {"ConfigurationToken": "ENCODER-CAM-2"},
                "GetSnapshotUri": {"ProfileToken": "PROFILE-CAM-1"},
            },
        ),
        (
            "recording",
            "RecordingBinding",
            {
                "GetServiceCapabilities": {},
                "GetRecordings": {},
                "GetRecordingConfiguration": {"RecordingToken": "REC-CAM-1"},
                "GetRecordingJobs": {},
                "GetRecordingJobConfiguration": {"JobToken": "JOB-ALARM-CAM-1"},
                "GetRecordingJobState": {"JobToken": "JOB-ALARM-CAM-1"},
            },
        ),
        (
            "search",
            "SearchBinding",
            {
                "GetServiceCapabilities": {},
                "GetRecordingSummary": {},
                "GetRecordingInformation": {"RecordingToken": "REC-CAM-1"},
                "GetMediaAttributes": {
                    "RecordingTokens": ["REC-CAM-1"],
                    "Time": datetime(2026, 1, 1, tzinfo=UTC),
                },
            },
        ),
        ("replay", "ReplayBinding", {"GetServiceCapabilities": {}, "GetReplayConfiguration": {}}),
        ("events", "EventBinding", {"GetServiceCapabilities": {}, "GetEventProperties": {}}),
    ],
)
def test_answers_keep_to_the_wsdl(sound: Running, wsdl: str, binding: str, calls: dict[str, dict[str, Any]]):
    proxy = service(sound, "NVR-1", wsdl, binding)
    for operation, arguments in calls.items():
        assert "_raw_elements" not in str(proxy[operation](**arguments)), operation


def test_searches_and_their_events_keep_to_the_wsdl(sound: Running):
    search, now = service(sound, "NVR-1", "search", "SearchBinding"), datetime.now(UTC)
    keep, wait = timedelta(seconds=10), timedelta(seconds=2)
    token = search.FindEvents(
        StartPoint=now,
        EndPoint=now - timedelta(days=40),
        Scope={"IncludedRecordings": ["REC-CAM-1"]},
        SearchFilter={},
        IncludeStartState=True,
        KeepAliveTime=keep,
    )
    found = search.GetEventSearchResults(SearchToken=token, WaitTime=wait)
    assert found.SearchState == "Completed"
    items = [row.Event.Message._value_1.Data.SimpleItem[0] for row in found.Result]
    assert [(item.Name, item.Value) for item in items] == [
        ("IsRecording", "true"),
        ("IsDataPresent", "true"),
    ] * 2
    search.EndSearch(SearchToken=token)


def test_pull_point_tells_a_job_that_becomes_active(sound: Running):
    created = service(sound, "NVR-1", "events", "EventBinding").CreatePullPointSubscription()
    address = created.SubscriptionReference.Address._value_1
    point = service(sound, "NVR-1", "events", "PullPointSubscriptionBinding", address)
    first = point.PullMessages(Timeout=timedelta(seconds=2), MessageLimit=50)
    assert len(first.NotificationMessage) == 6
    sound.recording.add("CAM-3")
    try:
        (message,) = point.PullMessages(Timeout=timedelta(seconds=2), MessageLimit=50).NotificationMessage
    finally:
        sound.recording.clear()
    reported = {
        item.get("Name"): item.get("Value") for item in message.Message._value_1.iter("{*}SimpleItem")
    }
    assert reported == {"RecordingJobToken": "JOB-ALARM-CAM-3", "State": "Active"}
    service(sound, "NVR-1", "events", "SubscriptionManagerBinding", address).Unsubscribe()
