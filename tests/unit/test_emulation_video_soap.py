# SPDX-License-Identifier: Apache-2.0
"""The ONVIF services of emulated devices: access, clock, recording, search, snapshots, planted faults."""

from __future__ import annotations

import http.client
import re
import struct
import time
from collections.abc import Iterator

import cv2
import numpy as np
import pytest
from lxml import etree

from tests.support.patience import HUNG_S
from tests.support.video_bench import Planted, Rtsp, Running, ask_soap, fitted_sigma, md5, running, texts
from yanshou.emulation.video import (
    chart,
    rtp,
)
from yanshou.emulation.video.soap import parse_time


@pytest.fixture(scope="module")
def sound() -> Iterator[Running]:
    with running() as site:
        yield site


# --- SOAP


def test_a_wrong_password_is_told_as_onvif_asks(sound: Running):
    where = sound.soap("CAM-1")
    for password in ("guess", None):
        status, body = ask_soap(where, "device", "<x:GetDeviceInformation/>", password)
        assert status == 400
        assert "ter:NotAuthorized" in texts(body, "Value")
    assert ask_soap(where, "device", "<x:GetSystemDateAndTime/>", None)[0] == 200
    status, body = ask_soap(where, "device", "<x:GetDeviceInformation/>")
    assert (status, texts(body, "Model")) == (200, ["EMU-IPC"])


def test_faults_of_access():
    planted = [
        Planted("CAM-1", "wrong_password"),
        Planted("CAM-2", "open_access"),
        Planted("CAM-3", "strict_clock"),
    ]
    with running(*planted) as site:
        assert ask_soap(site.soap("CAM-1"), "device", "<x:GetDeviceInformation/>")[0] == 400
        with Rtsp(site.rtsp("CAM-1"), "live/CAM-1") as client:
            assert client.ask("DESCRIBE")[0] == 401
        assert ask_soap(site.soap("CAM-2"), "device", "<x:GetDeviceInformation/>", None)[0] == 200
        assert ask_soap(site.soap("CAM-3"), "device", "<x:GetDeviceInformation/>")[0] == 200
        late = time.time() - 400
        assert ask_soap(site.soap("CAM-3"), "device", "<x:GetDeviceInformation/>", created=late)[0] == 400


def shown_utc(site: Running, device: str) -> float | None:
    _, body = ask_soap(site.soap(device), "device", "<x:GetSystemDateAndTime/>")
    found = next(etree.fromstring(body).iter("{*}UTCDateTime"), None)
    if found is None:
        return None
    part = {
        name: int(found.findtext(f".//{{*}}{name}"))
        for name in ("Year", "Month", "Day", "Hour", "Minute", "Second")
    }
    text = "{Year:04d}-{Month:02d}-{Day:02d}T{Hour:02d}:{Minute:02d}:{Second:02d}Z".format(**part)
    return parse_time(text)


def test_faults_of_the_clock():
    planted = [
        Planted("CAM-1", "clock_offset", 337.4),
        Planted("CAM-2", "no_utc"),
        Planted("CAM-3", "local_time_as_utc"),
    ]
    with running(*planted) as site:
        assert shown_utc(site, "NVR-1") == pytest.approx(time.time(), abs=1.5)
        assert shown_utc(site, "CAM-1") == pytest.approx(time.time() + 337.4, abs=1.5)
        assert shown_utc(site, "CAM-2") is None
        assert shown_utc(site, "CAM-3") == pytest.approx(time.time() + 8 * 3600, abs=1.5)
        with Rtsp(site.rtsp("CAM-1"), "live/CAM-1") as client:
            client.set_up()
            client.ask("PLAY")
            client.frames(1)
        seconds = struct.unpack("!I", client.packets[0].data[8:12])[0] - rtp.NTP_EPOCH_S
        assert seconds == pytest.approx(time.time() + 337.4, abs=2)
        assert 337.4 in site.truth.of("clock_offset")


def test_faults_of_soap():
    with running(Planted("CAM-1", "soap_garbage"), Planted("CAM-2", "soap_hang", "GetProfiles")) as site:
        status, body = ask_soap(site.soap("CAM-1"), "device", "<x:GetDeviceInformation/>")
        assert status == 200
        with pytest.raises(etree.XMLSyntaxError):
            etree.fromstring(body)
        assert ask_soap(site.soap("CAM-2"), "device", "<x:GetDeviceInformation/>")[0] == 200
        with pytest.raises(TimeoutError):
            ask_soap(site.soap("CAM-2"), "media", "<x:GetProfiles/>", timeout=0.5)


def job_states(site: Running) -> dict[str, str]:
    found = {}
    for number in (1, 2, 3):
        token = f"<x:JobToken>JOB-ALARM-CAM-{number}</x:JobToken>"
        inner = f"<x:GetRecordingJobState>{token}</x:GetRecordingJobState>"
        _, body = ask_soap(site.soap("NVR-1"), "recording", inner)
        found[texts(body, "Token")[0]] = texts(body, "State")[1]
    return found


def test_alarm_recording_is_shown_by_its_job(sound: Running):
    assert job_states(sound) == {"CAM-1": "Idle", "CAM-2": "Idle", "CAM-3": "Idle"}
    sound.recording.add("CAM-2")
    try:
        assert job_states(sound) == {"CAM-1": "Idle", "CAM-2": "Active", "CAM-3": "Idle"}
    finally:
        sound.recording.clear()


@pytest.mark.parametrize(("named", "records"), [("", "CAM-3"), ("CAM-1", "CAM-1")])
def test_wrong_channel_records_another_camera(named: str, records: str):
    with running(Planted("NVR-1", "wrong_channel", named)) as site:
        site.recording.add("CAM-2")
        assert [camera for camera, state in job_states(site).items() if state == "Active"] == [records]


def test_recordings_are_safe_from_deletion_unless_planted(sound: Running):
    delete = "<x:DeleteRecording><x:RecordingToken>REC-CAM-1</x:RecordingToken></x:DeleteRecording>"
    status, body = ask_soap(sound.soap("NVR-1"), "recording", delete)
    assert status == 500
    assert "ter:CannotDelete" in texts(body, "Value")
    with running(Planted("NVR-1", "record_edit_allowed")) as site:
        assert ask_soap(site.soap("NVR-1"), "recording", delete)[0] == 200
        _, body = ask_soap(site.soap("NVR-1"), "recording", "<x:GetRecordings/>")
        assert texts(body, "RecordingToken") == ["REC-CAM-2", "REC-CAM-3"]


def find(site: Running, keep_alive: str = "PT10S") -> str:
    inner = f"<x:FindRecordings><x:Scope/><x:KeepAliveTime>{keep_alive}</x:KeepAliveTime></x:FindRecordings>"
    _, body = ask_soap(site.soap("NVR-1"), "search", inner)
    return texts(body, "SearchToken")[0]


def results(site: Running, token: str, limits: str = "") -> tuple[int, bytes]:
    asked = f"<x:SearchToken>{token}</x:SearchToken>{limits}"
    inner = f"<x:GetRecordingSearchResults>{asked}</x:GetRecordingSearchResults>"
    return ask_soap(site.soap("NVR-1"), "search", inner)


def test_search_results_come_in_pages(sound: Running):
    token = find(sound)
    pages, state = [], ""
    while state != "Completed":
        limits = "<x:MaxResults>2</x:MaxResults><x:WaitTime>PT2S</x:WaitTime>"
        status, body = results(sound, token, limits)
        assert status == 200
        state = texts(body, "SearchState")[0]
        pages.append(texts(body, "RecordingToken"))
    assert pages == [["REC-CAM-1", "REC-CAM-2"], ["REC-CAM-3"]]
    end = f"<x:EndSearch><x:SearchToken>{token}</x:SearchToken></x:EndSearch>"
    assert ask_soap(sound.soap("NVR-1"), "search", end)[0] == 200
    assert results(sound, token)[0] == 400


def test_a_search_nobody_asks_for_expires(sound: Running):
    token = find(sound, "PT0.2S")
    assert results(sound, token)[0] == 200
    time.sleep(0.3)
    status, body = results(sound, token)
    assert status == 400
    assert "ter:InvalidToken" in texts(body, "Value")


def test_snapshot_wants_a_password_and_shows_the_chart(sound: Running):
    host, port = sound.soap("CAM-1")
    connection = http.client.HTTPConnection(host, port, timeout=HUNG_S)
    connection.request("GET", "/snapshot/CAM-1.jpg")
    answer = connection.getresponse()
    answer.read()
    assert answer.status == 401
    nonce = re.search(r'nonce="(\w+)"', answer.headers["WWW-Authenticate"])[1]
    first, second = md5("admin:yanshou-emulation:demo-only"), md5("GET:/snapshot/CAM-1.jpg")
    response = md5(f"{first}:{nonce}:00000001:abc:auth:{second}")
    authorization = (
        f'Digest username="admin", realm="yanshou-emulation", nonce="{nonce}", uri="/snapshot/CAM-1.jpg", '
        f'qop=auth, nc=00000001, cnonce="abc", response="{response}"'
    )
    connection.request("GET", "/snapshot/CAM-1.jpg", headers={"Authorization": authorization})
    answer = connection.getresponse()
    picture = cv2.imdecode(np.frombuffer(answer.read(), np.uint8), cv2.IMREAD_GRAYSCALE)
    connection.close()
    assert picture.shape == (720, 1280)
    assert fitted_sigma(picture, "left") == pytest.approx(chart.SIGMA_PX, rel=0.03)


def test_a_camera_without_snapshots_says_so():
    inner = "<x:GetSnapshotUri><x:ProfileToken>PROFILE-CAM-1</x:ProfileToken></x:GetSnapshotUri>"
    with running(Planted("CAM-1", "no_snapshot")) as site:
        status, body = ask_soap(site.soap("CAM-1"), "media", inner)
    assert status == 500
    assert "ter:ActionNotSupported" in texts(body, "Value")
