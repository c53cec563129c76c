# SPDX-License-Identifier: Apache-2.0
"""Streams that are not as they should be: told in words, never a crash and never a figure nobody measured."""

from __future__ import annotations

import contextlib
import datetime as dt
import ipaddress
import random
import socket
import ssl
import threading
from collections.abc import Iterator

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.support.video_bench import Planted, Running, running
from yanshou import evaluation as evaluate
from yanshou.acquisition.media import StreamOrder
from yanshou.acquisition.receiver import StreamReceiver
from yanshou.drivers.onvif.camera import OnvifCamera
from yanshou.drivers.stream.live import read_by_opencv
from yanshou.model import Connection, Device, DeviceKind, RigFault, System
from yanshou.protocols.rtsp import Depacketiser, RtpPacket
from yanshou.protocols.rtsp.depacketise import MAX_FRAME, codec_of

PASSWORD = "demo-only"


def camera(site: Running, name: str = "NVR-1", **options: object) -> OnvifCamera:
    """The recorder shows all cameras of the emulated site; each of them has its own address as well."""
    host, port = site.soap(name)
    connection = Connection("onvif", host, port, user="admin", options=options)
    return OnvifCamera(Device(name, DeviceKind.CAMERA, System.VIDEO, name, connection=connection), PASSWORD)


def order(site: Running, name: str, **changes: object) -> StreamOrder:
    host, port = site.rtsp(name)
    stated = {"user": "admin", "password": PASSWORD, "device": name, "seconds": 0.4, "timeout_s": 2.0}
    return StreamOrder(**{"uri": f"rtsp://{host}:{port}/live/{name}", **stated, **changes})


@pytest.fixture(scope="module")
def odd() -> Iterator[Running]:
    """Three cameras, each with a stream of its own kind of wrong."""
    faults = [
        Planted("CAM-1", "change_resolution", 0.9),
        Planted("CAM-2", "garbage", 0.3),
        Planted("CAM-2", "wrong_description"),
        Planted("CAM-3", "reset_timestamps", 1.0),
        Planted("CAM-3", "declared", "7680x4320"),
    ]
    with running(*faults) as site:
        yield site


def test_a_change_of_resolution_is_seen(odd):
    with camera(odd, "CAM-1") as one:
        capture = one.capture(2.2, pictures=1)
    assert capture.bitstream.sizes == ((1280, 720), (640, 360))


def test_garbage_and_a_description_that_lies_are_survived(odd):
    with camera(odd, "CAM-2") as one:
        capture, declared = one.capture(2.5, pictures=1), one.declared_stream()
    assert capture.reception.garbage > 0
    assert any(not frame.complete for frame in capture.frames)
    assert (capture.codec, capture.bitstream.described) == ("h264", "hevc")
    assert evaluate.frame_rate("CAM-2", capture, declared).value is not None


def test_time_stamps_that_begin_anew_give_no_rate_and_eight_k_on_paper_is_no_picture(odd):
    with camera(odd, "CAM-3") as one:
        capture, declared = one.capture(2.0, pictures=1), one.declared_stream()
    assert evaluate.frame_rate("CAM-3", capture, declared).invalid
    made = evaluate.stream_pixels("CAM-3", capture, declared)
    assert (made.value, made.details["because"]) == (1280 * 720, "设备声明 7680×4320")
    assert (
        "分辨率 1280×720，声明 7680×4320"
        in evaluate.frame_rate("CAM-3", capture, declared).details["differs"]
    )


@pytest.fixture(scope="module")
def refusing() -> Iterator[Running]:
    faults = [
        Planted("CAM-1", "motion_jpeg"),
        Planted("CAM-2", "stop_stream", 0),
        Planted("CAM-3", "session_limit", 1),
        Planted("NVR-1", "rtsp_silent"),
    ]
    with running(*faults) as site:
        yield site


def test_motion_jpeg_is_said_clearly(refusing):
    with camera(refusing, "CAM-1") as one, pytest.raises(RigFault, match=r"JPEG.*Motion JPEG"):
        one.capture(0.5)


def test_a_larger_profile_in_motion_jpeg_is_passed_over_and_that_is_said():
    with running(attributes={"CAM-2": {"jpeg_profile": True}}) as site, camera(site, "CAM-2") as one:
        declared = one.declared_stream()
        capture = one.capture(1.2, pictures=1)
    assert (declared.codec, declared.width) == ("h264", 1280)
    reported = "最大的配置为 mjpeg 2560×1440，本机不接收；所测为 h264 1280×720 的配置"
    assert evaluate.frame_rate("CAM-2", capture, declared).deviations == (reported,)
    assert evaluate.stream_pixels("CAM-2", capture, declared).deviations == (reported,)


def test_a_silent_stream_is_told_by_us_and_not_by_a_library(capfd):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        result = read_by_opencv(f"rtsp://127.0.0.1:{silent.getsockname()[1]}/live", 0.1)
    assert result.why == "OpenCV could not open the stream"
    assert capfd.readouterr().err == ""


def test_a_stream_of_no_frames_is_no_frame_rate(refusing):
    with StreamReceiver(order(refusing, "CAM-2", first_s=1.0)) as receiver:
        receiver.open()
        receiver.finish()
    assert receiver.frames == []
    assert "silence" in receiver.ended["stopped"]
    with camera(refusing, "CAM-2") as one:
        asked, seen = one.first_picture(0.6)
    assert seen is None
    assert asked.earliest > 0


def test_a_server_that_never_answers_ends_in_time(refusing):
    silent = StreamReceiver(order(refusing, "NVR-1", timeout_s=0.4))
    with silent as receiver, pytest.raises(RigFault, match="no answer within"):
        receiver.open()


def test_a_camera_with_one_session_is_asked_one_after_the_other(refusing):
    with camera(refusing, "CAM-3") as one:
        for _ in range(2):
            assert one.capture(0.3).frames
        with StreamReceiver(order(refusing, "CAM-3", seconds=5.0)) as first:
            first.open()
            with pytest.raises(RigFault, match="no session or bandwidth") as refused:
                one.capture(0.3)
            assert refused.value.status == 453
        assert one.capture(0.3).frames  # given back as the first was left


def test_a_wrong_password_is_one_try(refusing):
    wrong = StreamReceiver(order(refusing, "CAM-3", password="wrong"))
    with wrong as receiver, pytest.raises(RigFault, match="user name or password refused") as refused:
        receiver.open()
    assert refused.value.final


def test_h265_is_declared_by_the_second_media_service_alone():
    with running(attributes={"CAM-2": {"codec": "h265"}}) as site, camera(site, "CAM-2") as one:
        declared = one.declared_stream()
        assert (declared.codec, declared.service, declared.gop) == ("hevc", "media2", 25)
        for transport in ("tcp", "udp"):
            capture = one.capture(1.3, pictures=1, transport=transport)
            assert (capture.codec, capture.width, capture.height) == ("hevc", 1280, 720)
            assert capture.reception.transport == transport
            assert all(frame.complete for frame in capture.frames)
        assert one.snapshot().startswith(b"\xff\xd8")
    assert capture.bitstream.profile == "Main"


@contextlib.contextmanager
def tls_before(address: tuple[str, int], folder) -> Iterator[int]:
    """A port that speaks TLS with a certificate of its own and passes everything on."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(_certificate(folder))
    listener = socket.create_server(("127.0.0.1", 0))
    ended = threading.Event()

    def pump(source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                sink.sendall(data)
        for one in (source, sink):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def pass_on(secured: socket.socket, behind: socket.socket) -> None:
        with secured, behind:
            answers = threading.Thread(target=pump, args=(behind, secured), daemon=True)
            answers.start()
            pump(secured, behind)
            answers.join()

    def serve() -> None:
        while not ended.is_set():
            with contextlib.suppress(OSError):
                client, _ = listener.accept()
                secured = context.wrap_socket(client, server_side=True)
                behind = socket.create_connection(address)
                threading.Thread(target=pass_on, args=(secured, behind), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield listener.getsockname()[1]
    finally:
        ended.set()
        listener.close()


def _certificate(folder):
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "camera")])
    now = dt.datetime.now(dt.UTC)
    until = now + dt.timedelta(days=1)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(until)
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    path = folder / "camera.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


def test_rtsps_is_received_and_its_certificate_checked_where_asked(tmp_path):
    with running() as site, tls_before(site.rtsp("CAM-1"), tmp_path) as port:
        secured = {"uri": f"rtsps://127.0.0.1:{port}/live/CAM-1"}
        with StreamReceiver(order(site, "CAM-1", **secured)) as receiver:
            receiver.open()
            receiver.finish()
        assert len(receiver.frames) > 5
        checking = StreamReceiver(order(site, "CAM-1", tls_verify=True, **secured))
        with checking as receiver, pytest.raises(RigFault, match="certificate"):
            receiver.open()


@pytest.mark.parametrize("codec", ["h264", "hevc"])
def test_mutilated_packets_never_break_the_depacketiser(codec):
    """Seeded: pieces of real packet shapes cut, joined, repeated and overwritten; memory stays bounded."""
    chance = random.Random(20261124)
    heads = [
        b"\x67\x64\x00\x1f",
        b"\x78\x00\x05",
        b"\x7c\x85",
        b"\x7c\x45",
        b"\x42\x01",
        b"\x62\x01\x93",
        b"\x60\x01",
    ]
    depacketiser, largest = Depacketiser(codec), 0
    for number in range(20_000):
        payload = bytearray(chance.choice(heads) + chance.randbytes(chance.randrange(0, 120)))
        for _ in range(chance.randrange(3)):
            payload[chance.randrange(len(payload))] = chance.randrange(256)
        cut = bytes(payload[: chance.randrange(len(payload) + 1)])
        packet = RtpPacket(
            number & 0xFFFF, chance.randrange(2**32), chance.random() < 0.2, 96, 1, cut, number / 1e3
        )
        for unit in depacketiser.push(packet, gap=chance.random() < 0.1):
            largest = max(largest, unit.size)
    assert 0 < largest < MAX_FRAME
    assert depacketiser.dropped > 0


def test_parameter_sets_tell_their_codec():
    assert codec_of(b"\x67\x4d\x00\x1f") == "h264"
    assert codec_of(b"\x78\x00\x04\x67\x64\x00\x1f") == "h264"
    assert codec_of(b"\x42\x01\x01") == "hevc"
    assert codec_of(b"\x60\x01\x00\x18\x40\x01\x0c") == "hevc"
    assert codec_of(b"\x41\x9a") == codec_of(b"") == codec_of(b"\x78\x00") == ""
