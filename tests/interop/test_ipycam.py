# SPDX-License-Identifier: Apache-2.0
"""The camera driver against ipycam, a virtual camera that nobody here wrote (ONVIF, its own RTSP server)."""

from __future__ import annotations

import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator

import pytest

from tests.support.ports import free_port
from yanshou.drivers.clock.offset import measure_offset, wall_clock_reference
from yanshou.drivers.onvif.camera import OnvifCamera
from yanshou.model import Connection, Device, DeviceKind, RigFault, System

pytestmark = pytest.mark.needs("ffmpeg")

CAMERA = textwrap.dedent(
    """
    import sys, threading, time
    import numpy as np
    from ipycam import CameraConfig, IPCamera

    onvif, rtsp = map(int, sys.argv[1:])
    camera = IPCamera(CameraConfig(
        local_ip="127.0.0.1", onvif_port=onvif, rtsp_port=rtsp, username="admin", password="secret",
        main_width=640, main_height=360, main_fps=25, sub_width=320, sub_height=180, hw_accel="cpu",
    ))
    camera.start()
    threading.Thread(target=lambda: (sys.stdin.read(), camera.stop(), sys.exit()), daemon=True).start()
    print("ready", flush=True)
    began, number = time.time(), 0
    while camera.is_running:
        frame = np.zeros((360, 640, 3), np.uint8)
        left = number * 8 % 640
        frame[:, left : left + 40] = 255
        camera.stream(frame)
        number += 1
        time.sleep(max(0.0, began + number / 25 - time.time()))
    """
)


@pytest.fixture(scope="module")
def address(tmp_path_factory) -> Iterator[int]:
    onvif, rtsp = free_port(), free_port()
    process = subprocess.Popen(
        [sys.executable, "-c", CAMERA, str(onvif), str(rtsp)],
        cwd=tmp_path_factory.mktemp("ipycam"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        for line in process.stdout:
            if "ready" in line:
                break
        else:
            pytest.fail("ipycam did not start")
        yield onvif
    finally:
        process.stdin.close()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)
        process.stdout.close()


def camera(port: int, password: str = "secret") -> OnvifCamera:
    connection = Connection("onvif", "127.0.0.1", port, user="admin")
    return OnvifCamera(
        Device("CAM-9", DeviceKind.CAMERA, System.VIDEO, "ipycam", connection=connection), password
    )


def first_snapshot(cam: OnvifCamera) -> bytes:
    """Its snapshot, asked again until it has a picture to give: 503 before that."""
    end = time.monotonic() + 30
    while True:
        try:
            return cam.snapshot()
        except RigFault:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)


def test_identity_stream_clock_and_snapshot(address):
    with camera(address) as cam:
        assert cam.identity()["Manufacturer"] == "PythonCam"
        stream = cam.declared_stream()
        assert (stream.codec, stream.width, stream.height) == ("h264", 640, 360)
        assert first_snapshot(cam).startswith(b"\xff\xd8")
        found = measure_offset(cam, wall_clock_reference(U=0.01))
        assert found.low <= 0.0 <= found.high  # the same machine; its time() is up to a kernel tick behind


def test_live_session(address):
    with camera(address) as cam:
        capture = cam.capture(3.0, pictures=1)
    assert (capture.codec, capture.width, capture.height) == ("h264", 640, 360)
    assert capture.lost == 0
    assert capture.pictures[0][1].shape == (360, 640)
    span = capture.frames[-1].rtp_ticks - capture.frames[0].rtp_ticks
    assert (len(capture.frames) - 1) * capture.clock_rate / span == pytest.approx(25, rel=0.02)


def test_wrong_password(address):
    with camera(address, "wrong") as cam, pytest.raises(RigFault, match="user name or password refused"):
        cam.identity()
