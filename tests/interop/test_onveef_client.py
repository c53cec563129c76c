# SPDX-License-Identifier: Apache-2.0
"""onveef, an ONVIF client nobody here wrote, against the emulated camera and recorder."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import cv2
import numpy as np
import pytest
from onveef import OnvifClient
from onveef.exceptions import OnvifAuthError, OnvifError

from tests.support.video_bench import Planted, Running, running

GAP_DAYS, GAP_S = 3.0, 1800.0


@pytest.fixture(scope="module")
def site() -> Iterator[Running]:
    with running(Planted("CAM-1", "gap", f"{GAP_DAYS}:{GAP_S}")) as emulated:
        yield emulated


def client_of(site: Running, device: str, password: str = "demo-only") -> OnvifClient:
    host, port = site.soap(device)
    return OnvifClient(host, port, "admin", password, timeout_s=5)


@pytest.fixture
def camera(site: Running) -> Iterator[OnvifClient]:
    with client_of(site, "CAM-1") as client:
        yield client


@pytest.fixture
def recorder(site: Running) -> Iterator[OnvifClient]:
    with client_of(site, "NVR-1") as client:
        yield client


def test_identity_and_network(camera: OnvifClient, site: Running):
    information = camera.get_device_information()
    assert "EMU-IPC" in information.values()
    assert any("type/NVT" in str(scope) for scope in camera.get_scopes())
    ports = str(camera.get_network_protocols())
    assert str(site.rtsp("CAM-1")[1]) in ports
    assert camera.get_network_interfaces()


def test_profiles_of_both_media_services(camera: OnvifClient, site: Running):
    host, rtsp = site.rtsp("CAM-1")
    profile = camera.get_profiles()[0]
    assert profile["token"] == "PROFILE-CAM-1"
    assert camera.media2_get_profiles()[0]["token"] == "PROFILE-CAM-1"
    assert camera.get_stream_uri(profile_token="PROFILE-CAM-1") == f"rtsp://{host}:{rtsp}/live/CAM-1"
    configuration = str(camera.get_video_encoder_configurations()[0])
    assert "1280" in configuration
    assert "25" in configuration


def test_snapshot(camera: OnvifClient):
    data, kind = camera.get_snapshot(profile_token="PROFILE-CAM-1")
    assert kind.startswith("image/jpeg")
    assert cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR).shape == (720, 1280, 3)


def test_wrong_password(site: Running):
    with client_of(site, "CAM-1", "guess") as client, pytest.raises(OnvifAuthError):
        client.get_device_information()


def test_camera_has_no_recordings(camera: OnvifClient):
    with pytest.raises(OnvifError):
        camera.get_recordings()


def test_recordings_and_jobs(recorder: OnvifClient, site: Running):
    assert [row["token"] for row in recorder.get_recordings()] == ["REC-CAM-1", "REC-CAM-2", "REC-CAM-3"]
    source = recorder.get_recording_configuration(recording_token="REC-CAM-2")["Source"]
    assert source["SourceId"] == "CAM-2"
    site.recording.add("CAM-2")
    try:
        jobs = {row["token"]: row["configuration"]["Mode"] for row in recorder.get_recording_jobs()}
    finally:
        site.recording.clear()
    assert jobs == {"JOB-ALARM-CAM-1": "Idle", "JOB-ALARM-CAM-2": "Active", "JOB-ALARM-CAM-3": "Idle"}


def test_search_of_recordings(recorder: OnvifClient):
    summary = recorder.get_recording_summary()
    assert summary["NumberRecordings"] == "3"
    token = recorder.find_recordings(included_recordings=["REC-CAM-2"])
    found = recorder.get_recording_search_results(search_token=token)
    recorder.end_search(search_token=token)
    assert found["state"] == "Completed"
    (row,) = found["results"]
    kept = datetime.fromisoformat(row["LatestRecording"]) - datetime.fromisoformat(row["EarliestRecording"])
    assert kept / timedelta(days=1) == pytest.approx(35, abs=0.01)


def test_search_of_gaps_by_event(recorder: OnvifClient):
    start = datetime.now(UTC) - timedelta(days=10)
    token = recorder.find_events(
        start_point=start.isoformat(),
        end_point=datetime.now(UTC).isoformat(),
        included_recordings=["REC-CAM-1"],
        filter_expression="tns1:RecordingHistory/Track/State",
        include_start_state=True,
    )
    found = recorder.get_event_search_results(search_token=token)
    recorder.end_search(search_token=token)
    rows = [row for row in found["results"] if "IsDataPresent" in str(row)]
    assert [row["StartStateEvent"] for row in rows] == ["true", "false", "false"]
    moments = [datetime.fromisoformat(row["Time"]).timestamp() for row in rows]
    assert moments[2] - moments[1] == pytest.approx(GAP_S)
    assert time.time() - moments[1] == pytest.approx(GAP_DAYS * 86400, abs=60)


def test_replay_address(recorder: OnvifClient, site: Running):
    host, rtsp = site.rtsp("NVR-1")
    assert recorder.get_replay_uri(recording_token="REC-CAM-1") == f"rtsp://{host}:{rtsp}/replay/REC-CAM-1"


def test_pull_point_is_made_renewed_and_ended(recorder: OnvifClient):
    # its pull itself fails inside onveef 0.6.0 with httpx 0.28 (httpx.Timeout is called wrongly)
    created = recorder.events_create_pull_point(termination_time="PT30S")
    url = str(created["subscription_url"])
    recorder.events_renew(subscription_url=url, termination_time="PT60S")
    recorder.events_set_synchronization_point(subscription_url=url)
    recorder.events_unsubscribe(subscription_url=url)
    with pytest.raises(OnvifError):
        recorder.events_renew(subscription_url=url, termination_time="PT60S")
